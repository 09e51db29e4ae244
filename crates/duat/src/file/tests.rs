#![expect(
    clippy::disallowed_methods,
    reason = "the tests set the scene by hand, and start themselves again as other processes"
)]

mod crowd;
mod names;
mod room;
mod steps;

use std::collections::BTreeSet;
use std::process::Command;
use std::{env, fs};

use tempfile::TempDir;

use super::*;

/// The variable by which a test tells a process it starts what to be.
const ROLE: &str = "DUAT_TEST_FILE_ROLE";

fn scene() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn put(directory: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = directory.path().join(name);
    fs::write(&path, text).unwrap();
    path
}

fn edit(path: &Path, text: &str) -> Edit {
    Edit {
        path: path.to_owned(),
        bytes: text.into(),
    }
}

/// Locks one file and gives it a new content.
fn replace(path: &Path, text: &str) -> Result<(), FileError> {
    lock([path])?.replace_all(&[edit(path, text)])
}

fn text(path: &Path) -> String {
    String::from_utf8(fs::read(path).unwrap()).unwrap()
}

fn listing(directory: &Path) -> BTreeSet<String> {
    fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect()
}

fn assert_listing(directory: &Path, names: &[&str]) {
    let names: BTreeSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(listing(directory), names);
}

/// Returns this test program as a command that does nothing but play `role`.
fn player(program: &Path, role: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(["--exact", "file::tests::role", "--nocapture"])
        .env(ROLE, role.join("\n"));
    command
}

fn this_program() -> PathBuf {
    env::current_exe().unwrap()
}

/// What a process started by [`player`] does; nothing in an ordinary run.
#[test]
fn role() {
    let Ok(role) = env::var(ROLE) else { return };
    match role.lines().collect::<Vec<_>>()[..] {
        ["die", scene, directory, step] => steps::die(scene, directory, step),
        ["count", path, times] => crowd::count(path, times),
        ["no room", directory] => room::no_room(directory),
        ["bare name"] => names::bare_name(),
        ["not permitted", directory] => names::not_permitted(directory),
        _ => panic!("no such role: {role}"),
    }
}

#[test]
fn files_change_together() {
    let directory = scene();
    let (a, b) = (put(&directory, "a", "1\n"), put(&directory, "b", "1\n"));
    let mut locked = lock([&a, &b]).unwrap();
    locked
        .replace_all(&[edit(&a, "2\n"), edit(&b, "2\n")])
        .unwrap();
    assert_eq!((text(&a), text(&b)), ("2\n".into(), "2\n".into()));
    assert_eq!(locked.bytes(&a).unwrap(), b"2\n");
    assert_listing(directory.path(), &["a", "b"]);

    locked
        .replace_all(&[edit(&b, "3\n"), edit(&a, "3\n")])
        .unwrap();
    assert_eq!((text(&a), text(&b)), ("3\n".into(), "3\n".into()));
    assert_listing(directory.path(), &["a", "b"]);
}

#[test]
fn what_does_not_change_is_not_written() {
    let directory = scene();
    let (a, b) = (put(&directory, "a", "1\n"), put(&directory, "b", "1\n"));
    let before = fs::metadata(&a).unwrap();
    let mut locked = lock([&a, &b]).unwrap();
    locked
        .replace_all(&[edit(&a, "1\n"), edit(&b, "2\n")])
        .unwrap();
    let after = fs::metadata(&a).unwrap();
    assert_eq!(after.modified().unwrap(), before.modified().unwrap());
    assert_eq!(platform::identity(&after), platform::identity(&before));
    assert_eq!(text(&b), "2\n");
}

#[test]
fn a_change_by_someone_without_a_lock_is_noticed() {
    let directory = scene();
    for replaced in [false, true] {
        let (a, b) = (put(&directory, "a", "1\n"), put(&directory, "b", "1\n"));
        let mut locked = lock([&a, &b]).unwrap();
        if replaced {
            fs::rename(put(&directory, "c", "1\n"), &b).unwrap();
        } else {
            put(&directory, "b", "7\n");
        }
        let error = locked
            .replace_all(&[edit(&a, "2\n"), edit(&b, "2\n")])
            .unwrap_err();
        assert!(matches!(&error, FileError::Changed { path } if *path == b));
        assert_eq!(text(&a), "1\n");
        assert_listing(directory.path(), &["a", "b"]);
    }
}

#[test]
fn an_edit_needs_a_lock() {
    let directory = scene();
    let (a, b) = (put(&directory, "a", "1\n"), put(&directory, "b", "1\n"));
    let mut locked = lock([&a]).unwrap();
    assert!(matches!(
        locked.replace_all(&[edit(&a, "2\n"), edit(&b, "2\n")]),
        Err(FileError::NotLocked { path }) if path == b
    ));
    assert!(matches!(locked.bytes(&b), Err(FileError::NotLocked { .. })));
    assert_eq!(text(&a), "1\n");
}

#[test]
fn a_new_file_is_made_once() {
    let directory = scene();
    let path = directory.path().join("VERSION");
    create(&path, b"1\n").unwrap();
    assert_eq!(text(&path), "1\n");
    assert!(matches!(create(&path, b"2\n"), Err(FileError::Exists { path: it }) if it == path));
    assert_eq!(text(&path), "1\n");
    assert!(matches!(
        create(directory.path().join("missing/VERSION"), b""),
        Err(FileError::NotFound { .. })
    ));
    assert_listing(directory.path(), &["VERSION"]);
}

#[test]
fn a_new_file_is_made_over_a_leftover() {
    let directory = scene();
    put(&directory, ".VERSION.duat-new", "half");
    let path = directory.path().join("VERSION");
    create(&path, b"1\n").unwrap();
    assert_eq!(text(&path), "1\n");
    assert_listing(directory.path(), &["VERSION"]);
}

#[test]
fn many_want_to_make_a_file_and_one_does() {
    let directory = scene();
    let path = directory.path().join("VERSION");
    let made = std::thread::scope(|scope| {
        let makers: Vec<_> = (0..20)
            .map(|maker: u8| {
                let path = &path;
                scope.spawn(move || create(path, &[maker; 5000]).map(|()| maker))
            })
            .collect();
        let results = makers.into_iter().map(|maker| maker.join().unwrap());
        let (made, refused): (Vec<_>, Vec<_>) = results.partition(Result::is_ok);
        assert!(
            refused
                .iter()
                .all(|it| matches!(it, Err(FileError::Exists { .. })))
        );
        made.into_iter().map(Result::unwrap).collect::<Vec<u8>>()
    });
    assert_eq!(made.len(), 1);
    assert_eq!(fs::read(&path).unwrap(), vec![made[0]; 5000]);
    assert_listing(directory.path(), &["VERSION"]);
}

#[test]
fn messages() {
    let path = PathBuf::from("README.md");
    let stranded = |path: &str| Stranded {
        path: path.into(),
        backup: format!(".{path}.duat-old").into(),
    };
    let no_room = FileError::new("write", &path, io::ErrorKind::StorageFull.into());
    assert_eq!(no_room.to_string(), "no room to write `README.md`");
    let missing = FileError::new("open", &path, io::ErrorKind::NotFound.into());
    assert_eq!(missing.to_string(), "`README.md` does not exist");
    let half = FileError::HalfDone {
        new: vec![stranded("a")],
        torn: vec![stranded("b")],
        old: vec!["c".into()],
        cause: Box::new(missing),
    };
    assert_eq!(
        half.to_string(),
        "only a part was done, and it could not be undone: `a` is new (its old text is \
         in `.a.duat-old`), `b` is incomplete (its old text is in `.b.duat-old`), `c` is unchanged"
    );
}

#[test]
fn appending_keeps_what_is_there() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("output");
    super::append(&path, b"a=1\n").unwrap();
    super::append(&path, b"b=2\n").unwrap();
    assert_eq!(super::read(&path).unwrap(), b"a=1\nb=2\n");
}

#[test]
fn a_tree_is_its_files_in_order() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    super::make_folders(root.join("b/c/d")).unwrap();
    super::make_folders(root.join("b/c")).unwrap();
    for name in ["z", "b/y", "b/c/x", "a"] {
        super::create(root.join(name), b"").unwrap();
    }
    let expected = ["a", "b/c/x", "b/y", "z"].map(PathBuf::from);
    assert_eq!(super::tree(root).unwrap(), expected);
    assert!(super::tree(root.join("none")).is_err());
    assert!(super::make_folders(root.join("a/below")).is_err());
}

#[test]
fn a_signature_tells_that_a_file_has_changed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("file");
    assert_eq!(super::signature(&path), None);
    super::create(&path, b"1").unwrap();
    let first = super::signature(&path);
    assert!(first.is_some());
    assert_eq!(super::signature(&path), first);
    super::append(&path, b"2").unwrap();
    assert_ne!(super::signature(&path), first);
}

#[test]
fn patterns_name_folders() {
    let directory = tempfile::tempdir().unwrap();
    for folder in ["crates/a", "crates/b/c", "bins/x[1]"] {
        std::fs::create_dir_all(directory.path().join(folder)).unwrap();
    }
    super::create(directory.path().join("crates/README.md"), b"").unwrap();
    let named = |patterns: &[&str]| {
        let patterns: Vec<String> = patterns.iter().map(ToString::to_string).collect();
        super::directories(directory.path(), &patterns).unwrap()
    };
    assert_eq!(
        named(&["crates/*", "crates/a"]),
        [Path::new("crates/a"), Path::new("crates/b")]
    );
    assert_eq!(
        named(&["missing/*", "bins/x[[]1]"]),
        [Path::new("bins/x[1]")]
    );
    assert!(named(&["crates/README.md", "[", "**x"]).is_empty());
}
