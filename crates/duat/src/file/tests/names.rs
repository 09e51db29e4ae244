//! What a name may lead to, and what a name may be.

use std::ffi::OsStr;
use std::fs::Permissions;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;

use super::*;

#[test]
fn a_symbolic_link_stays_and_its_target_changes() {
    let directory = scene();
    fs::create_dir(directory.path().join("sub")).unwrap();
    let target = put(&directory, "sub/target", "1\n");
    let (first, second) = (
        directory.path().join("first"),
        directory.path().join("second"),
    );
    symlink("sub/target", &first).unwrap();
    symlink("first", &second).unwrap();
    replace(&second, "2\n").unwrap();
    assert_eq!(text(&target), "2\n");
    assert_eq!(fs::read_link(&first).unwrap(), Path::new("sub/target"));
    assert_eq!(fs::read_link(&second).unwrap(), Path::new("first"));
    assert_listing(directory.path(), &["first", "second", "sub"]);
    assert_listing(&directory.path().join("sub"), &["target"]);
}

#[test]
fn a_hard_link_stays_and_both_names_change() {
    let directory = scene();
    let a = put(&directory, "a", "1\n");
    let b = directory.path().join("b");
    fs::hard_link(&a, &b).unwrap();
    replace(&a, "22\n").unwrap();
    assert_eq!(text(&b), "22\n");
    replace(&b, "3\n").unwrap();
    assert_eq!(text(&a), "3\n");
    assert_eq!(
        fs::metadata(&a).unwrap().ino(),
        fs::metadata(&b).unwrap().ino()
    );
    assert_listing(directory.path(), &["a", "b"]);
}

#[test]
fn two_names_of_one_file_get_one_content() {
    let directory = scene();
    let a = put(&directory, "a", "1\n");
    let hard = directory.path().join("hard");
    let soft = directory.path().join("soft");
    fs::hard_link(&a, &hard).unwrap();
    symlink("a", &soft).unwrap();
    let dotted = directory.path().join("./a");
    for other in [&hard, &soft, &dotted, &a] {
        let mut locked = lock([&a, other]).unwrap();
        locked
            .replace_all(&[edit(&a, "2\n"), edit(other, "2\n")])
            .unwrap();
        assert_eq!(text(&a), "2\n");
        assert!(matches!(
            locked.replace_all(&[edit(&a, "3\n"), edit(other, "4\n")]),
            Err(FileError::SameFile { .. })
        ));
        assert_eq!(text(&a), "2\n");
        locked.replace_all(&[edit(other, "1\n")]).unwrap();
        assert_eq!(text(&a), "1\n");
    }
    assert_listing(directory.path(), &["a", "hard", "soft"]);
}

#[test]
fn modes_stay() {
    let directory = scene();
    for mode in [0o444, 0o600, 0o755, 0o640] {
        let path = put(&directory, "VERSION", "1\n");
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        match replace(&path, "2\n") {
            Ok(()) => assert_eq!(text(&path), "2\n"),
            Err(error) => {
                assert!(mode == 0o444 && matches!(error, FileError::Permission { .. }));
                assert_eq!(text(&path), "1\n");
            }
        }
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, mode);
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn a_private_text_is_never_readable_by_others() {
    let directory = scene();
    let path = put(&directory, "VERSION", "1\n");
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    let mut disk = Disk::announcing(|_, place| {
        if let Ok(metadata) = fs::symlink_metadata(place) {
            assert!(metadata.is_dir() || metadata.mode().trailing_zeros() >= 6);
        }
        Ok(())
    });
    let mut locked = lock_on(&mut disk, [&path]).unwrap();
    locked
        .replace_all_on(&mut disk, &[edit(&path, "2\n")])
        .unwrap();
}

#[test]
fn only_files_are_files() {
    let directory = scene();
    let pipe = directory.path().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    for path in [directory.path(), &pipe, Path::new("/dev/null")] {
        assert!(matches!(read(path), Err(FileError::NotRegular { .. })));
        assert!(matches!(lock([path]), Err(FileError::NotRegular { .. })));
        assert!(matches!(create(path, b""), Err(FileError::Exists { .. })));
    }
    let nowhere = directory.path().join("nowhere");
    symlink("missing", &nowhere).unwrap();
    for path in [&directory.path().join("missing"), &nowhere] {
        assert!(matches!(read(path), Err(FileError::NotFound { path: it }) if it == *path));
        assert!(matches!(lock([path]), Err(FileError::NotFound { path: it }) if it == *path));
        assert!(!exists(path).unwrap());
    }
    assert!(matches!(
        create(&nowhere, b""),
        Err(FileError::Exists { .. })
    ));
    assert_listing(directory.path(), &["nowhere", "pipe"]);
}

#[test]
fn a_file_without_end_is_refused() {
    let directory = scene();
    let path = put(&directory, "VERSION", "1\n");
    fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(contents::LIMIT + 1)
        .unwrap();
    assert!(matches!(read(&path), Err(FileError::TooLarge { .. })));
    assert!(matches!(lock([&path]), Err(FileError::TooLarge { .. })));
}

#[test]
fn any_name_will_do() {
    let directory = scene();
    let long = "x".repeat(255);
    for name in [
        OsStr::new("-rf"),
        OsStr::new(" "),
        OsStr::new("new\nline"),
        OsStr::from_bytes(b"\xff\xfe"),
        OsStr::new(&long),
    ] {
        let path = directory.path().join(name);
        create(&path, b"1\n").unwrap();
        replace(&path, "2\n").unwrap();
        let twin = directory.path().join("twin");
        fs::hard_link(&path, &twin).unwrap();
        replace(&path, "3\n").unwrap();
        assert_eq!(text(&twin), "3\n");
        fs::remove_file(&twin).unwrap();
        assert_eq!(listing(directory.path()).len(), 1);
        fs::remove_file(&path).unwrap();
    }
}

/// The role of a process that names files of its own directory.
pub(super) fn bare_name() {
    let path = Path::new("VERSION");
    create(path, b"1\n").unwrap();
    replace(path, "2\n").unwrap();
    assert_eq!(read("VERSION").unwrap(), b"2\n");
    assert!(within("", path).unwrap() && !within(".", "..").unwrap());
    fs::hard_link("VERSION", "twin").unwrap();
    replace(path, "3\n").unwrap();
}

#[test]
fn a_bare_name_is_in_the_current_directory() {
    let directory = scene();
    let mut player = player(&this_program(), &["bare name"]);
    let output = player.current_dir(directory.path()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(text(&directory.path().join("twin")), "3\n");
    assert_listing(directory.path(), &["VERSION", "twin"]);
}

#[test]
fn a_bare_name_has_its_places_beside_it() {
    let beside = Beside::of(Path::new("VERSION"));
    assert_eq!(beside.staged, Path::new(".VERSION.duat-new"));
    assert_eq!(beside::directory(Path::new("VERSION")), Path::new("."));
    assert_eq!(beside::directory(Path::new("/VERSION")), Path::new("/"));
    let long = |last: &str| Beside::of(Path::new(&("a/".to_owned() + &"x".repeat(250) + last)));
    assert_ne!(long("1").staged, long("2").staged);
    assert_eq!(long("1").staged, Path::new("a/.dead80db67b4aa14.duat-new"));
}

#[test]
fn leftovers_of_a_killed_run_go_and_nothing_else() {
    let directory = scene();
    let path = put(&directory, "VERSION", "1\n");
    put(&directory, ".VERSION.duat-new", "half");
    put(&directory, ".VERSION.duat-old", "old");
    put(&directory, ".README.md.duat-new", "of another file");
    lock([&path]).unwrap();
    assert_listing(directory.path(), &[".README.md.duat-new", "VERSION"]);
}

#[test]
fn a_link_at_a_name_beside_the_file_is_not_followed() {
    for name in [
        ".VERSION.duat-new",
        ".VERSION.duat-old",
        ".VERSION.duat-journal",
    ] {
        let directory = scene();
        let (path, victim) = (
            put(&directory, "VERSION", "1\n"),
            put(&directory, "victim", "!\n"),
        );
        let trap = directory.path().join(name);
        symlink("victim", &trap).unwrap();
        assert!(
            matches!(lock([&path]), Err(FileError::InTheWay { obstacle, .. }) if obstacle == fs::canonicalize(directory.path()).unwrap().join(name))
        );
        assert_eq!(text(&victim), "!\n");
        assert_eq!(text(&path), "1\n");
        fs::remove_file(&trap).unwrap();

        // set up after the lock was taken
        let mut locked = lock([&path]).unwrap();
        symlink("victim", &trap).unwrap();
        let _ = locked.replace_all(&[edit(&path, "2\n")]);
        assert_eq!(text(&victim), "!\n");
    }
}

#[test]
fn a_journal_is_not_believed_once_the_file_was_changed() {
    let directory = scene();
    let path = put(&directory, "VERSION", "restored by hand\n");
    let place = directory.path().join(".VERSION.duat-journal");
    for record in [journal::record(b"1\n", b"2\n"), b"no journal".to_vec()] {
        fs::write(&place, record).unwrap();
        assert!(matches!(lock([&path]), Err(FileError::InTheWay { .. })));
        assert_eq!(read(&path).unwrap(), b"restored by hand\n");
        assert_eq!(text(&path), "restored by hand\n");
        assert!(place.exists());
    }
}

#[test]
fn a_mode_is_given_or_taken_but_never_opened() {
    let directory = scene();
    let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o7777;
    let path = put(&directory, "path", "");
    for wanted in [0o755, 0o600, 0o4750] {
        crate::file::set_mode(&path, wanted).unwrap();
        assert_eq!(mode(&path), wanted);
    }
    let from = put(&directory, "from", "");
    for (own, theirs, expected) in [
        (0o644, 0o755, 0o755),
        (0o755, 0o755, 0o755),
        (0o600, 0o755, 0o700),
        (0o644, 0o640, 0o640),
        (0o644, 0o444, 0o644),
        (0o640, 0o4777, 0o750),
    ] {
        crate::file::set_mode(&path, own).unwrap();
        crate::file::set_mode(&from, theirs).unwrap();
        crate::file::take_mode(&path, &from).unwrap();
        assert_eq!(mode(&path), expected, "{own:o} {theirs:o}");
    }
    for missing in [&path, &from] {
        let gone = directory.path().join("gone");
        assert!(crate::file::set_mode(&gone, 0o600).is_err());
        assert!(crate::file::take_mode(missing, &gone).is_err());
    }
}

#[test]
fn only_a_link_on_the_way_leads_out() {
    let directory = scene();
    fs::create_dir_all(directory.path().join("root/sub")).unwrap();
    put(&directory, "root/inside", "");
    put(&directory, "outside", "");
    let root = directory.path().join("root");
    for (link, to) in [
        ("file", "../outside"),
        ("folder", ".."),
        ("near", "sub"),
        ("nowhere", "gone"),
    ] {
        symlink(to, root.join(link)).unwrap();
    }
    for (path, leads) in [
        ("inside", false),
        ("new", false),
        ("sub/deep/new", false),
        ("near/new", false),
        ("nowhere", false),
        ("file", true),
        ("folder", true),
        ("folder/new", true),
        ("folder/deep/new", true),
        ("../outside", true),
    ] {
        assert_eq!(
            crate::file::leads_out(&root, path).unwrap(),
            leads,
            "{path}"
        );
    }
}

#[test]
fn a_path_is_within_its_root_or_not() {
    let directory = scene();
    let root = directory.path().join("root");
    fs::create_dir(&root).unwrap();
    put(&directory, "root/inside", "");
    put(&directory, "outside", "");
    symlink("../outside", root.join("link")).unwrap();
    symlink("root", directory.path().join("again")).unwrap();
    assert!(within(&root, "inside").unwrap());
    assert!(within(&root, "../again/inside").unwrap());
    assert!(within(directory.path().join("again"), "inside").unwrap());
    for path in ["../outside", "link", "/dev/null"] {
        assert!(!within(&root, path).unwrap(), "{path}");
    }
    assert!(matches!(
        within(&root, "missing"),
        Err(FileError::NotFound { .. })
    ));
}

/// The role of a process whose user owns nothing but the directory `open`.
pub(super) fn not_permitted(directory: &str) {
    let directory = Path::new(directory);
    for path in ["closed/VERSION", "open/read-only"].map(|name| directory.join(name)) {
        let mut locked = lock([&path]).unwrap();
        locked.replace_all(&[edit(&path, "1\n")]).unwrap();
        let error = locked.replace_all(&[edit(&path, "2\n")]).unwrap_err();
        assert!(matches!(error, FileError::Permission { path: it, .. } if it == path));
    }
    let hidden = directory.join("open/secret");
    assert!(matches!(lock([&hidden]), Err(FileError::Permission { .. })));
    assert!(matches!(
        create(directory.join("closed/new"), b""),
        Err(FileError::Permission { .. })
    ));
    // one that may be written to, but not be given away, nor another mode
    crate::file::set_mode(directory.join("open/foreign"), 0o666).unwrap();
    replace(&directory.join("open/foreign"), "2\n").unwrap();
}

#[test]
fn what_is_not_permitted_changes_nothing() {
    const NOBODY: u32 = 65534;
    let directory = scene();
    let root = directory.path();
    let mode = |name: &str, mode| {
        fs::set_permissions(root.join(name), Permissions::from_mode(mode)).unwrap();
    };
    for folder in ["closed", "open"] {
        fs::create_dir(root.join(folder)).unwrap();
    }
    for (name, bits) in [
        ("closed/VERSION", 0o666),
        ("open/read-only", 0o444),
        ("open/secret", 0o000),
        ("open/foreign", 0o666),
    ] {
        put(&directory, name, "1\n");
        mode(name, bits);
    }
    for (name, bits) in [("closed", 0o555), ("open", 0o777), (".", 0o755)] {
        mode(name, bits);
    }
    // a copy, because the other user may not be let to where the program is
    let program = root.join("program");
    fs::copy(this_program(), &program).unwrap();
    mode("program", 0o755);
    let foreign = fs::metadata(root.join("open/foreign")).unwrap();
    let mut command = player(&program, &["not permitted", root.to_str().unwrap()]);
    if foreign.uid() == 0 {
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = loop {
        match command.output() {
            // a process another test has just forked still has the copy open for writing
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => {}
            output => break output.unwrap(),
        }
    };
    mode("closed", 0o755);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(text(&root.join("closed/VERSION")), "1\n");
    assert_eq!(text(&root.join("open/read-only")), "1\n");
    assert_eq!(text(&root.join("open/foreign")), "2\n");
    assert_eq!(
        fs::metadata(root.join("open/foreign")).unwrap().uid(),
        foreign.uid()
    );
    assert_listing(&root.join("closed"), &["VERSION"]);
    assert_listing(&root.join("open"), &["foreign", "read-only", "secret"]);
}
