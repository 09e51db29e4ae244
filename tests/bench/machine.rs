//! What the measurements were made on.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Returns the kind of the machine: processor, number of cores, system.
pub(crate) fn kind() -> String {
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processors.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        (name.trim() == "model name").then(|| value.trim().to_owned())
    });
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let system = first_line("uname", &["-srm"]).unwrap_or_default();
    let model = model.unwrap_or_else(|| "a processor".to_owned());
    format!("{model}, {cores} cores, {system}")
}

/// Returns the load of the last minute.
pub(crate) fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or_default().to_owned()
}

/// Returns today's date.
pub(crate) fn date() -> String {
    first_line("date", &["-u", "+%Y-%m-%d"]).unwrap_or_default()
}

/// Returns the first line that a program prints, if it runs.
pub(crate) fn first_line(program: impl AsRef<Path>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program.as_ref())
        .args(arguments)
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().find(|line| !line.trim().is_empty())?;
    output.status.success().then(|| line.trim().to_owned())
}

/// Returns the kind of file system that a file is on.
pub(crate) fn file_system(path: &Path) -> String {
    let path = path.display().to_string();
    first_line("stat", &["--file-system", "--format=%T", &path]).map_or_else(
        || "unknown".to_owned(),
        |kind| kind.replace("ext2/ext3", "ext4"),
    )
}
