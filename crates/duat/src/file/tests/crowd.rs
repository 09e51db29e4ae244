//! Many at once.

use std::process::Stdio;

use super::*;

fn increment(paths: &[PathBuf]) {
    let mut locked = lock(paths).unwrap();
    let edits: Vec<Edit> = paths
        .iter()
        .map(|path| {
            let number: u32 = std::str::from_utf8(locked.bytes(path).unwrap())
                .unwrap()
                .trim()
                .parse()
                .unwrap();
            edit(path, &format!("{}\n", number + 1))
        })
        .collect();
    locked.replace_all(&edits).unwrap();
}

/// The role of one of many processes.
pub(super) fn count(path: &str, times: &str) {
    for _ in 0..times.parse().unwrap() {
        increment(&[path.into()]);
    }
}

#[test]
fn threads_lose_no_update() {
    let directory = scene();
    let path = put(&directory, "VERSION", "1\n");
    std::thread::scope(|scope| {
        for _ in 0..100 {
            scope.spawn(|| increment(std::slice::from_ref(&path)));
        }
    });
    assert_eq!(text(&path), "101\n");
    assert_listing(directory.path(), &["VERSION"]);
}

#[test]
fn processes_lose_no_update() {
    let directory = scene();
    let path = put(&directory, "VERSION", "1\n");
    let role = ["count", path.to_str().unwrap(), "10"];
    let start = |_| {
        let mut player = player(&this_program(), &role);
        player.stdout(Stdio::null()).spawn().unwrap()
    };
    let mut processes: Vec<_> = (0..10).map(start).collect();
    for process in &mut processes {
        assert!(process.wait().unwrap().success());
    }
    assert_eq!(text(&path), "101\n");
    assert_listing(directory.path(), &["VERSION"]);
}

/// Two names of one file, a third one between them, asked for in either order.
#[test]
fn nobody_waits_in_a_circle() {
    let directory = scene();
    let a = put(&directory, "a", "1\n");
    let m = put(&directory, "m", "1\n");
    let z = directory.path().join("z");
    fs::hard_link(&a, &z).unwrap();
    std::thread::scope(|scope| {
        for paths in [[&a, &m], [&m, &z], [&z, &m], [&m, &a]] {
            let paths = paths.map(Clone::clone);
            scope.spawn(move || (0..10).for_each(|_| increment(&paths)));
        }
    });
    assert_eq!(
        (text(&a), text(&m), text(&z)),
        ("41\n".into(), "41\n".into(), "41\n".into())
    );
    assert_listing(directory.path(), &["a", "m", "z"]);
}

#[test]
fn readers_see_whole_files() {
    let directory = scene();
    let (old, new) = ("o".repeat(100_000), "n".repeat(90_000));
    let path = put(&directory, "VERSION", &old);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for _ in 0..50 {
                replace(&path, &new).unwrap();
                replace(&path, &old).unwrap();
            }
        });
        while !writer.is_finished() {
            let seen = read(&path).unwrap();
            assert!(seen == old.as_bytes() || seen == new.as_bytes());
        }
    });
}
