//! Every step of a replacement fails once, and is the last one once.

use std::cell::Cell;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::ExitStatusExt;

use super::super::disk::Step;
use super::*;

const ENOSPC: i32 = 28;
const EIO: i32 = 5;
const EACCES: i32 = 13;
const EBUSY: i32 = 16;
const SIGABRT: i32 = 6;

/// Files that are to change together, the source last.
struct Scene {
    name: &'static str,
    files: &'static [File],
}

struct File {
    name: &'static str,
    /// Has another name elsewhere, and is written in place.
    linked: bool,
    mode: u32,
    old: fn() -> String,
    new: fn() -> String,
}

const PLAIN: File = File {
    name: "README.md",
    linked: false,
    mode: 0o644,
    old: || "1\n".into(),
    new: || "22\n".into(),
};
const SHARED: File = File {
    name: "shared",
    linked: true,
    mode: 0o600,
    old: || format!("same {}", "o".repeat(200_000)),
    new: || format!("same {}", "n".repeat(210_000)),
};
const SHRINKING: File = File {
    name: "shrinking",
    linked: true,
    mode: 0o755,
    old: || format!("same {}\n", "o".repeat(200_000)),
    new: || format!("same {}\n", "n".repeat(140_000)),
};
const NESTED: File = File {
    name: "sub/VERSION",
    mode: 0o755,
    ..PLAIN
};
const OTHER: File = File {
    name: "other",
    mode: 0o640,
    ..PLAIN
};

const SCENES: [Scene; 6] = [
    Scene {
        name: "one file",
        files: &[PLAIN],
    },
    Scene {
        name: "three files",
        files: &[NESTED, OTHER, PLAIN],
    },
    Scene {
        name: "one growing in place",
        files: &[SHARED],
    },
    Scene {
        name: "one shrinking in place",
        files: &[SHRINKING],
    },
    Scene {
        name: "the source in place",
        files: &[NESTED, OTHER, SHARED],
    },
    Scene {
        name: "a target in place",
        files: &[SHARED, SHRINKING, PLAIN],
    },
];

impl File {
    /// The file holds what an error says it holds.
    fn assert_described(&self, root: &Path, new: &[Stranded], torn: &[Stranded], old: &[PathBuf]) {
        let path = root.join(self.name);
        let find = |list: &[Stranded]| list.iter().find(|it| it.path == path).cloned();
        let content = whole(&path);
        let stranded = match (find(new), find(torn)) {
            (Some(stranded), None) => {
                assert_eq!(content, (self.new)().as_bytes());
                stranded
            }
            (None, Some(stranded)) => {
                assert!(self.linked);
                stranded
            }
            _ => {
                assert!(old.contains(&path));
                assert_eq!(content, (self.old)().as_bytes());
                return;
            }
        };
        let backup = text(&stranded.backup);
        if self.linked {
            assert!(backup.starts_with("duat journal") && backup.contains(&(self.old)()));
        } else {
            assert_eq!(backup, (self.old)());
        }
    }
}

impl Scene {
    fn set(&self) -> TempDir {
        // in memory, where there is such a place: a thousand runs are synced
        let directory = tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| super::scene());
        for folder in ["sub", "elsewhere"] {
            fs::create_dir(directory.path().join(folder)).unwrap();
        }
        for file in self.files {
            let path = put(&directory, file.name, &(file.old)());
            fs::set_permissions(&path, fs::Permissions::from_mode(file.mode)).unwrap();
            if file.linked {
                let other = directory.path().join("elsewhere").join(file.name);
                fs::hard_link(&path, other).unwrap();
            }
        }
        directory
    }

    fn paths(&self, directory: &Path) -> Vec<PathBuf> {
        let path = |file: &File| directory.join(file.name);
        self.files.iter().map(path).collect()
    }

    fn run(&self, directory: &Path, disk: &mut Disk) -> Result<(), FileError> {
        let edits: Vec<_> = self
            .files
            .iter()
            .map(|file| edit(&directory.join(file.name), &(file.new)()))
            .collect();
        lock_on(disk, self.paths(directory))?.replace_all_on(disk, &edits)
    }

    /// Returns which files are new, after checking that all are whole.
    fn news(&self, directory: &Path, read: impl Fn(&Path) -> Vec<u8>) -> Vec<bool> {
        let is_new = |file: &File| {
            let bytes = read(&directory.join(file.name));
            let new = bytes == (file.new)().as_bytes();
            assert!(
                new || bytes == (file.old)().as_bytes(),
                "{} is torn",
                file.name
            );
            new
        };
        self.files.iter().map(is_new).collect()
    }

    fn assert_tidy(&self, directory: &Path) {
        let mut found = listing(directory);
        for name in listing(&directory.join("sub")) {
            found.insert(format!("sub/{name}"));
        }
        let expected: Vec<_> = self.files.iter().map(|file| file.name).collect();
        for name in found {
            let folder = ["sub", "elsewhere"].contains(&name.as_str());
            assert!(
                folder || expected.contains(&name.as_str()),
                "left over: {name}"
            );
        }
        for file in self.files {
            let metadata = fs::metadata(directory.join(file.name)).unwrap();
            assert_eq!(metadata.mode() & 0o7777, file.mode, "{}", file.name);
            if file.linked {
                let other = fs::metadata(directory.join("elsewhere").join(file.name)).unwrap();
                assert_eq!(metadata.ino(), other.ino(), "{}", file.name);
            }
        }
    }

    /// The next run, with nothing in its way, ends well.
    fn assert_next_run_completes(&self, directory: &Path) {
        self.run(directory, &mut Disk::real()).unwrap();
        assert!(self.news(directory, whole).iter().all(|new| *new));
        self.assert_tidy(directory);
    }

    fn steps(&self) -> Vec<Step> {
        let directory = self.set();
        let mut steps = Vec::new();
        let mut disk = Disk::announcing(|step, _| {
            steps.push(step);
            Ok(())
        });
        self.run(directory.path(), &mut disk).unwrap();
        drop(disk);
        self.assert_tidy(directory.path());
        steps
    }
}

fn whole(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap()
}

/// Returns a disk on which the steps that `fails` picks by number fail.
fn failing<'a>(code: i32, fails: impl Fn(usize) -> bool + 'a) -> Disk<'a> {
    let count = Cell::new(0);
    Disk::announcing(move |_, _| {
        let at = count.replace(count.get() + 1);
        if fails(at) {
            Err(io::Error::from_raw_os_error(code))
        } else {
            Ok(())
        }
    })
}

/// Returns a disk on which the first step of this kind fails.
fn failing_once<'a>(kind: Step, code: i32) -> Disk<'a> {
    let mut done = false;
    Disk::announcing(move |step, _| {
        if step == kind && !std::mem::replace(&mut done, true) {
            return Err(io::Error::from_raw_os_error(code));
        }
        Ok(())
    })
}

#[test]
fn a_step_that_fails_leaves_all_as_it_was() {
    for scene in SCENES {
        for at in 0..scene.steps().len() {
            for code in [ENOSPC, EIO, EACCES, EBUSY] {
                let directory = scene.set();
                let root = directory.path();
                let result = scene.run(root, &mut failing(code, |step| step == at));
                let news = scene.news(root, whole);
                match result {
                    Ok(()) => assert!(news.iter().all(|new| *new), "{}, step {at}", scene.name),
                    Err(error) => {
                        assert!(!news.contains(&true), "{}, step {at}: {error}", scene.name);
                        scene.assert_tidy(root);
                    }
                }
                scene.assert_next_run_completes(root);
            }
        }
    }
}

#[test]
fn a_disk_that_dies_is_described_as_it_is() {
    let mut seen = 0;
    for scene in SCENES {
        for at in 0..scene.steps().len() {
            let directory = scene.set();
            let root = directory.path();
            let result = scene.run(root, &mut failing(EIO, |step| step >= at));
            match result {
                Ok(()) => assert!(scene.news(root, whole).iter().all(|new| *new)),
                Err(FileError::HalfDone { new, torn, old, .. }) => {
                    seen += 1;
                    for file in scene.files {
                        file.assert_described(root, &new, &torn, &old);
                    }
                    let news = scene.news(root, |path| read(path).unwrap());
                    assert!(!news.last().unwrap() || !news.contains(&false));
                }
                Err(_) => assert!(!scene.news(root, whole).contains(&true)),
            }
            scene.assert_next_run_completes(root);
        }
    }
    assert!(seen > 10);
}

/// The role of a process that ends in the midst of it.
pub(super) fn die(name: &str, directory: &str, step: &str) {
    let scene = SCENES.iter().find(|scene| scene.name == name).unwrap();
    let last: usize = step.parse().unwrap();
    let mut count = 0;
    let mut disk = Disk::announcing(|_, _| {
        if count == last {
            std::process::abort();
        }
        count += 1;
        Ok(())
    });
    scene.run(Path::new(directory), &mut disk).unwrap();
}

#[test]
fn a_kill_leaves_whole_files_and_the_next_run_completes() {
    for scene in SCENES {
        for at in 0..scene.steps().len() {
            let directory = scene.set();
            let root = directory.path();
            let role = ["die", scene.name, root.to_str().unwrap(), &at.to_string()];
            let output = player(&this_program(), &role).output().unwrap();
            assert_eq!(output.status.signal(), Some(SIGABRT), "{output:?}");

            let news = scene.news(root, |path| read(path).unwrap());
            let source_is_new = *news.last().unwrap();
            assert!(
                !source_is_new || news.iter().all(|new| *new),
                "{}, step {at}",
                scene.name
            );

            // tidying up may be cut off as well
            let failed = (0..9).find(|step| {
                let disk = &mut failing(EIO, |it| it == *step);
                lock_on(disk, scene.paths(root)).is_ok()
            });
            assert!(failed.is_some());
            assert_eq!(news, scene.news(root, whole), "{}, step {at}", scene.name);
            scene.assert_tidy(root);
            scene.assert_next_run_completes(root);
        }
    }
}

#[test]
fn the_source_is_renamed_last_and_after_the_others_are_on_the_disk() {
    let steps = SCENES[1].steps();
    let renames: Vec<_> = (0..steps.len())
        .filter(|at| steps[*at] == Step::Rename)
        .collect();
    assert_eq!(renames.len(), 3);
    assert_eq!(steps[renames[1] + 1..renames[2]], [Step::SyncDirectory; 2]);
    let first = renames[0];
    assert_eq!(
        steps[..first]
            .iter()
            .filter(|step| **step == Step::Sync)
            .count(),
        3
    );
    assert_eq!(steps[renames[2] + 1..], [Step::Remove; 2]);
}

/// A name that something is mounted on cannot be taken, an owner not always be given.
#[test]
fn what_cannot_be_renamed_is_written_in_place() {
    for (step, code) in [(Step::Rename, EBUSY), (Step::Rename, 18), (Step::Owner, 1)] {
        let directory = scene();
        let path = put(&directory, "VERSION", "1\n");
        let inode = fs::metadata(&path).unwrap().ino();
        let mut disk = failing_once(step, code);
        let mut locked = lock_on(&mut disk, [&path]).unwrap();
        locked
            .replace_all_on(&mut disk, &[edit(&path, "22\n")])
            .unwrap();
        assert_eq!(text(&path), "22\n");
        assert_eq!(fs::metadata(&path).unwrap().ino(), inode);
        assert_listing(directory.path(), &["VERSION"]);
    }
}

#[test]
fn a_rename_that_fails_for_another_reason_is_an_error() {
    for code in [ENOSPC, EIO, EACCES] {
        let directory = scene();
        let path = put(&directory, "VERSION", "1\n");
        let mut disk = failing_once(Step::Rename, code);
        let mut locked = lock_on(&mut disk, [&path]).unwrap();
        let result = locked.replace_all_on(&mut disk, &[edit(&path, "22\n")]);
        assert!(result.is_err(), "{code}");
        assert_eq!(text(&path), "1\n");
        assert_listing(directory.path(), &["VERSION"]);
    }
}

#[test]
fn where_one_cannot_go_back_those_before_it_stay() {
    let directory = scene();
    let paths = ["a", "b", "c"].map(|name| put(&directory, name, "1\n"));
    let mut b_is_new = false;
    let mut disk = Disk::announcing(|step, path| {
        let fails = step == Step::Rename
            && (path.ends_with("c")
                || path.ends_with("b") && std::mem::replace(&mut b_is_new, true));
        if fails {
            return Err(io::Error::from_raw_os_error(EIO));
        }
        Ok(())
    });
    let edits = paths.each_ref().map(|path| edit(path, "2\n"));
    let mut locked = lock_on(&mut disk, &paths).unwrap();
    let error = locked.replace_all_on(&mut disk, &edits).unwrap_err();
    let FileError::HalfDone { new, torn, old, .. } = error else {
        panic!("{error}");
    };
    let new: Vec<_> = new.iter().map(|it| &it.path).collect();
    assert_eq!((new, torn.len()), (vec![&paths[1], &paths[0]], 0));
    assert_eq!(old, [paths[2].clone()]);
    assert_eq!(paths.map(|path| text(&path)), ["2\n", "2\n", "1\n"]);
}

/// Somebody takes the name of the new text just before it is made.
#[test]
fn what_stands_where_the_new_text_should_is_named_and_stays() {
    let directory = scene();
    let path = put(&directory, "VERSION", "1\n");
    let mut disk = Disk::announcing(|step, place| {
        if step == Step::Create {
            fs::write(place, "theirs\n")?;
        }
        Ok(())
    });
    let mut locked = lock_on(&mut disk, [&path]).unwrap();
    let error = locked
        .replace_all_on(&mut disk, &[edit(&path, "2\n")])
        .unwrap_err();
    let FileError::InTheWay { obstacle, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(
        (text(&path), text(&obstacle)),
        ("1\n".into(), "theirs\n".into())
    );
}

#[test]
fn a_new_file_is_whole_or_not_there() {
    for code in [ENOSPC, EIO] {
        for at in 0..9 {
            let directory = scene();
            let path = directory.path().join("VERSION");
            let result = create_on(&mut failing(code, |step| step == at), &path, b"1\n");
            assert_eq!(exists(&path).unwrap(), result.is_ok());
            if result.is_ok() {
                assert_eq!(text(&path), "1\n");
                lock([&path]).unwrap();
            }
            assert!(listing(directory.path()).len() <= usize::from(result.is_ok()));
        }
    }
}

/// Where there are no hard links, and where somebody else makes the file just before.
#[test]
fn a_new_file_takes_its_name_without_links_and_from_nobody() {
    for has_links in [true, false] {
        for is_late in [true, false] {
            let directory = scene();
            let path = directory.path().join("VERSION");
            let mut disk = Disk::announcing(|step, _| {
                if step != Step::Link {
                    return Ok(());
                }
                if is_late {
                    put(&directory, "VERSION", "theirs\n");
                }
                if has_links {
                    Ok(())
                } else {
                    Err(io::ErrorKind::Unsupported.into())
                }
            });
            let made = create_on(&mut disk, &path, b"ours\n");
            if is_late {
                assert!(
                    matches!(&made, Err(FileError::Exists { path: named }) if *named == path),
                    "{made:?}"
                );
                assert_eq!(text(&path), "theirs\n");
            } else {
                made.unwrap();
                assert_eq!(text(&path), "ours\n");
            }
            assert_listing(directory.path(), &["VERSION"]);
        }
    }
}
