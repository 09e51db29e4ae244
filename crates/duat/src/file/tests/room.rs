//! Real limits: on the length of files, on the size of a file system, and mount points.

use super::*;

const OLD: usize = 3_000;
const NEW: usize = 20_000;

fn set(directory: &Path) -> [PathBuf; 3] {
    let paths = ["target", "linked", "source"].map(|name| directory.join(name));
    for path in &paths {
        fs::write(path, "o".repeat(OLD)).unwrap();
    }
    fs::hard_link(&paths[1], directory.join("twin")).unwrap();
    paths
}

/// All files are to grow, and there is no room.
fn assert_refused(directory: &Path) {
    let paths = ["target", "linked", "source"].map(|name| directory.join(name));
    for some in [&paths[..], &paths[..1], &paths[1..2]] {
        let mut locked = lock(some).unwrap();
        let edits: Vec<_> = some
            .iter()
            .map(|path| edit(path, &"n".repeat(NEW)))
            .collect();
        let error = locked.replace_all(&edits).unwrap_err();
        assert!(matches!(error, FileError::NoSpace { .. }), "{error:?}");
    }
    assert!(matches!(
        create(directory.join("new"), "n".repeat(NEW).as_bytes()),
        Err(FileError::NoSpace { .. })
    ));
}

fn assert_unchanged(directory: &Path) {
    assert_listing(directory, &["linked", "source", "target", "twin"]);
    for name in ["linked", "source", "target", "twin"] {
        assert_eq!(text(&directory.join(name)), "o".repeat(OLD));
    }
}

/// The role of a process that may not write long files.
pub(super) fn no_room(directory: &str) {
    assert_refused(Path::new(directory));
}

#[test]
fn a_limit_on_the_length_of_files_changes_nothing() {
    let directory = scene();
    set(directory.path());
    let role = ["no room", directory.path().to_str().unwrap()];
    let player = player(&this_program(), &role);
    // 16 blocks are 8 KiB in one shell and 16 KiB in another
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 16; exec \"$0\" \"$@\""])
        .arg(player.get_program())
        .args(player.get_args())
        .env(ROLE, role.join("\n"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_unchanged(directory.path());
}

/// Something mounted, until it is dropped.
struct Mounted(PathBuf);

impl Mounted {
    fn new(arguments: &[&str], place: &Path) -> Self {
        let status = Command::new("mount").args(arguments).arg(place).status();
        assert!(status.unwrap().success());
        Self(place.to_owned())
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
#[ignore = "needs root to mount a tmpfs"]
fn a_full_disk_changes_nothing() {
    for pages in 4..20 {
        let directory = scene();
        let place = directory.path().join("small");
        fs::create_dir(&place).unwrap();
        let size = format!("size={}k", 4 * pages);
        let _mounted = Mounted::new(&["-t", "tmpfs", "-o", &size, "tmpfs"], &place);
        let paths = set(&place);
        // as much as the three need, but for a little
        let edits = paths.clone().map(|path| edit(&path, &"n".repeat(NEW)));
        let result = lock(&paths).unwrap().replace_all(&edits);
        assert!(
            matches!(result, Err(FileError::NoSpace { .. })),
            "{result:?}"
        );
        assert_unchanged(&place);
        if pages < 8 {
            assert_refused(&place);
            assert_unchanged(&place);
        }
    }
}

#[test]
#[ignore = "needs root to mount a file"]
fn a_mounted_file_is_written_in_place() {
    let directory = scene();
    let (outside, inside) = (
        put(&directory, "outside", "1\n"),
        put(&directory, "inside", ""),
    );
    let other = put(&directory, "other", "1\n");
    let _mounted = Mounted::new(&["--bind", outside.to_str().unwrap()], &inside);
    replace(&inside, "22\n").unwrap();
    assert_eq!(
        (text(&inside), text(&outside)),
        ("22\n".into(), "22\n".into())
    );
    for pair in [[&inside, &other], [&other, &inside]] {
        let mut locked = lock(pair).unwrap();
        locked
            .replace_all(&pair.map(|path| edit(path, "3\n")))
            .unwrap();
        assert_eq!((text(&outside), text(&other)), ("3\n".into(), "3\n".into()));
        locked
            .replace_all(&pair.map(|path| edit(path, "1\n")))
            .unwrap();
    }
    assert_listing(directory.path(), &["inside", "other", "outside"]);
}
