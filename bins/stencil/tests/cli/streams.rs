//! Input and output of every kind.

use std::fs::File;
use std::process::Stdio;

use duat_tests::Scene;

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let scene = Scene::new();
    scene.write(
        "a.in",
        "{% for i in range(end=100000) %}a line of some length\n{% endfor %}",
    );
    let mut command = scene.stencil(["-i", "a.in"]).into_command();
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_failure_that_says_what_was_done() {
    let scene = Scene::new();
    scene.write("a.in", "x\n");
    let mut command = scene
        .stencil(["-i", "a.in", "-o", "a", "-i", "a.in", "-o", "-"])
        .into_command();
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = command.stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: failed to write the answer to stdout\n\
         caused by: No space left on device (os error 28)\n\
         hint: `a` was written; only the answer was lost.\n"
    );
}

#[test]
fn what_is_no_text_is_said() {
    let scene = Scene::new();
    scene.write("a.in", b"abc\xff\xfe\0");
    let call = scene.stencil([] as [&str; 0]);
    call.stdin(b"\xff\xfe\0".to_vec()).run().shows(
        "
        --- stderr ---
        error: failed to read stdin: it is not UTF-8, from byte 0 on
        [exit status: 1]
        ",
    );
    for arguments in [
        ["-i", "a.in"],
        ["--values", "a.in"],
        ["--set-file", "x=a.in"],
    ] {
        scene.stencil(arguments).run().shows(
            "
            --- stderr ---
            error: failed to read `a.in`: it is not UTF-8, from byte 3 on
            [exit status: 1]
            ",
        );
    }
    scene.write("b.in", "{% include \"a.in\" %}");
    scene
        .stencil(["-i", "b.in"])
        .run()
        .fails(1)
        .says("`a.in` is not UTF-8");
}

#[test]
fn a_line_of_ten_megabytes_is_a_line() {
    let scene = Scene::new();
    let long = "x".repeat(10_000_000);
    scene.write("a.in", format!("{long}{{{{ y }}}}\n"));
    let outcome = scene.stencil(["-i", "a.in", "--set", "y=1"]).run();
    assert_eq!(outcome.succeeds().stdout().len(), long.len() + 2);
    let outcome = scene.stencil(["-i", "a.in"]).run();
    outcome.fails(1).says(" --> a.in:1:10000004\n");
    assert!(outcome.stderr().len() < 1_000);
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_a_matter_of_permission() {
    use std::os::unix::fs::PermissionsExt;
    let scene = Scene::new();
    scene.write("a.in", "x");
    let path = scene.path("a.in");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o0)).unwrap();
    if std::fs::read(&path).is_ok() {
        // the superuser may read everything
        return;
    }
    scene.stencil(["-i", "a.in"]).run().fails(4).says("`a.in`");
}

#[cfg(unix)]
#[test]
fn a_name_that_is_no_text_is_a_name() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let scene = Scene::new();
    let name = OsStr::from_bytes(b"a\xff.in");
    std::fs::write(scene.path("").join(name), "x {{ 1 }}\n").unwrap();
    scene
        .stencil([OsStr::new("-i"), name])
        .run()
        .prints("x 1\n");
}

#[test]
fn colour_is_for_terminals() {
    let scene = Scene::new();
    let outcome = scene.stencil(["eval", "x"]).run();
    outcome.fails(1).conceals("\u{1b}");
    let outcome = scene.stencil(["--color", "always", "eval", "x"]).run();
    outcome.fails(1).says("\u{1b}[");
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_command_prints_is_read_where_the_shell_hands_it_over() {
    let scene = Scene::new();
    let shell = |script: &str| {
        let stencil = duat_tests::binary("stencil");
        let script = format!("stencil() {{ '{}' \"$@\"; }}\n{script}", stencil.display());
        scene.command("/bin/bash").args(["-c", &script]).run()
    };
    shell("stencil -i <(echo '{{ x }}{{ y }}') --values <(echo 'x: 1') --set-file y=/dev/fd/3 3< <(echo 2) -o a --depfile a.d")
        .prints("");
    assert_eq!(scene.read("a"), "12\n\n");
    assert_eq!(scene.read("a.d"), "a: \n");
    // more than a pipe holds
    shell("stencil -i <(head -c 200000 /dev/zero | tr '\\0' x) | wc -c").prints("200000\n");
    for (ask, option) in [
        ("be written in place", "--in-place"),
        ("be watched", "--watch"),
    ] {
        shell(&format!("stencil -i <(echo) {option}"))
            .fails(2)
            .says("error: the pipe `/dev/fd/")
            .says(&format!("cannot {ask}\nhint: name a file instead.\n"));
    }
    // one that is closed, and one that nobody has opened
    shell("stencil -i /dev/fd/77").fails(5).says("`/dev/fd/77`");
    shell("mkfifo pipe && stencil -i pipe")
        .fails(1)
        .says("error: `pipe` is a pipe, socket or device, not a file\nhint: `<(cat pipe)` hands over what it gives.\n");
    // a file that is handed over is that file
    shell("echo file > f; stencil -i /dev/fd/3 3< f").prints("file\n");
}
