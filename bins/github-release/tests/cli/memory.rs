//! What a run needs of the machine.

use std::fs::read_to_string;
use std::thread::sleep;
use std::time::Duration;

use crate::stage;

/// The size of the asset.
const LARGE: usize = 96 << 20;

#[test]
fn an_asset_is_sent_without_being_held() {
    let (scene, github) = stage();
    scene.write("large.bin", vec![7; LARGE]);
    let running = github.call(&scene, ["large.bin"]).start();
    let status = format!("/proc/{}/status", running.id());
    let mut peak = 0;
    // what has ended has no memory any more
    while let Some(now) = read_to_string(&status).ok().as_deref().and_then(held) {
        peak = peak.max(now);
        sleep(Duration::from_millis(10));
    }
    running.wait().prints("1.2.3\n");
    assert!(
        (1..64 << 10).contains(&peak),
        "{peak} kB for {} kB",
        LARGE >> 10
    );
}

/// Returns the most kilobytes that a process has held.
fn held(status: &str) -> Option<usize> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}
