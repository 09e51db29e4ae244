//! What a process has used: time on the clock and time of a processor.

use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{io, thread};

/// What one run of a process has used.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    /// On the clock, from before it is started until it is waited for.
    pub(crate) wall: Duration,
    /// Of processors, in user and kernel mode, together with the processes it waited for.
    pub(crate) processor: Duration,
}

/// Runs a command with nobody to read it, and tells what it used.
pub(crate) fn of(command: &mut Command) -> io::Result<(Usage, ExitStatus)> {
    silence(command);
    let before = children();
    let start = Instant::now();
    let status = command.status()?;
    let wall = start.elapsed();
    let processor = children().saturating_sub(before);
    Ok((Usage { wall, processor }, status))
}

/// Runs a command like [`of`], but no longer than `limit`; nothing where it is stopped for that.
pub(crate) fn within(limit: Duration, command: &mut Command) -> io::Result<Option<Usage>> {
    silence(command);
    let before = children();
    let start = Instant::now();
    let mut child = command.spawn()?;
    while child.try_wait()?.is_none() {
        if start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(5));
    }
    let wall = start.elapsed();
    let processor = children().saturating_sub(before);
    Ok(Some(Usage { wall, processor }))
}

/// Runs a command and returns the most memory it held at any time, where the system tells.
pub(crate) fn peak(command: &mut Command) -> io::Result<Option<u64>> {
    silence(command);
    let mut child = command.spawn()?;
    let place = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait()?.is_none() {
        // it only grows: what is read last is the peak, but for the last moment
        let status = std::fs::read_to_string(&place).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        peak = kilobytes.map(|kilobytes| kilobytes * 1024).or(peak);
        thread::sleep(Duration::from_millis(5));
    }
    Ok(peak)
}

fn silence(command: &mut Command) {
    command.stdout(Stdio::null());
    command.stderr(Stdio::null());
}

/// Returns the processor time of all processes waited for until now.
#[cfg(unix)]
fn children() -> Duration {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeVal;

    let duration = |time: TimeVal| {
        let seconds = Duration::from_secs(u64::try_from(time.tv_sec()).unwrap_or(0));
        seconds + Duration::from_micros(u64::try_from(time.tv_usec()).unwrap_or(0))
    };
    getrusage(UsageWho::RUSAGE_CHILDREN).map_or(Duration::ZERO, |usage| {
        duration(usage.user_time()) + duration(usage.system_time())
    })
}

/// Elsewhere only the clock is read.
#[cfg(not(unix))]
fn children() -> Duration {
    Duration::ZERO
}
