//! Comparing instead of writing.

use duat_tests::Scene;

fn scene() -> Scene {
    let scene = Scene::new();
    scene.write("a.in", "name: x\nimage: {{ tag }}\n");
    scene.write("a", "name: x\nimage: 1\n");
    scene
}

const PAIR: [&str; 4] = ["-i", "a.in", "-o", "a"];

#[test]
fn a_check_exits_with_8_where_a_file_differs() {
    let scene = scene();
    let call = |tag: &str| scene.stencil(PAIR).args(["--check", "--set", tag]).run();
    call("tag=1").prints("").says_nothing();
    call("tag=2").shows(
        "
        --- stderr ---
        `a` is out of date
        [exit status: 8]
        ",
    );
    scene.remove("a");
    call("tag=1").fails(8).prints_nothing();
    assert!(!scene.has("a"));
}

#[test]
fn a_diff_shows_what_differs_and_writes_nothing() {
    let scene = scene();
    let call = scene.stencil(PAIR).args(["--set", "tag=2", "--diff"]);
    let diff = "
        --- stderr ---
        --- a/a
        +++ b/a
        @@ -1,2 +1,2 @@
         name: x
        -image: 1
        +image: 2
        ";
    call.clone().run().shows(diff);
    call.arg("--check")
        .run()
        .shows(&format!("{diff}[exit status: 8]\n        "));
    assert_eq!(scene.read("a"), "name: x\nimage: 1\n");
}

#[test]
fn a_dry_run_says_what_it_would_do() {
    let scene = scene();
    let call = scene.stencil(PAIR).args(["--set", "tag=2", "-n"]);
    call.clone().run().shows(
        "
        --- stderr ---
        `a` would be written
        ",
    );
    call.arg("--exit-code").run().fails(8);
    let call = scene
        .stencil(PAIR)
        .args(["--set", "tag=1", "-n", "--exit-code"]);
    call.run().prints("").says_nothing();
    scene
        .stencil(["--exit-code"])
        .run()
        .fails(2)
        .says("--dry-run");
    assert_eq!(scene.read("a"), "name: x\nimage: 1\n");
}

#[test]
fn there_must_be_something_to_compare_with() {
    for option in ["--check", "--diff"] {
        crate::render("x\n", &[option]).shows(&format!(
            "
            --- stderr ---
            error: there is nothing to compare with: `{option}` is about files, and the output goes to stdout
            hint: name the file with `--output`.
            [exit status: 2]
            "
        ));
    }
}

#[test]
fn an_error_is_not_a_difference() {
    let scene = scene();
    scene
        .stencil(PAIR)
        .arg("--check")
        .run()
        .fails(1)
        .says("`tag` is not defined");
}
