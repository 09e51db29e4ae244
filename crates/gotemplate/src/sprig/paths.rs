//! Slash-separated paths. The `os*` variants follow the rules of Unix on every platform.

use super::Table;
use crate::args::bytes;
use crate::func::Type;

pub(super) fn add(table: &mut Table) {
    const TEXT: &[Type] = &[Type::String];
    for name in ["base", "osBase"] {
        table.plain(name, TEXT, |_, a| Ok(base(bytes(a, 0)).into()));
    }
    for name in ["dir", "osDir"] {
        table.plain(name, TEXT, |_, a| {
            let path = bytes(a, 0);
            let end = path.iter().rposition(|&b| b == b'/').map_or(0, |at| at + 1);
            Ok(clean(path.get(..end).unwrap_or_default()).into())
        });
    }
    for name in ["clean", "osClean"] {
        table.plain(name, TEXT, |_, a| Ok(clean(bytes(a, 0)).into()));
    }
    for name in ["ext", "osExt"] {
        table.plain(name, TEXT, |_, a| Ok(ext(bytes(a, 0)).to_vec().into()));
    }
    for name in ["isAbs", "osIsAbs"] {
        table.plain(name, TEXT, |_, a| Ok(bytes(a, 0).starts_with(b"/").into()));
    }
}

/// `path.Base`
fn base(path: &[u8]) -> Vec<u8> {
    if path.is_empty() {
        return b".".to_vec();
    }
    let end = path.iter().rposition(|&b| b != b'/').map_or(0, |at| at + 1);
    let trimmed = path.get(..end).unwrap_or_default();
    let last = trimmed.rsplit(|&b| b == b'/').next().unwrap_or_default();
    if last.is_empty() {
        b"/".to_vec()
    } else {
        last.to_vec()
    }
}

/// `path.Ext`
fn ext(path: &[u8]) -> &[u8] {
    let name = path.rsplit(|&b| b == b'/').next().unwrap_or_default();
    name.iter()
        .rposition(|&b| b == b'.')
        .and_then(|at| name.get(at..))
        .unwrap_or_default()
}

/// `path.Clean`
pub(crate) fn clean(path: &[u8]) -> Vec<u8> {
    let rooted = path.starts_with(b"/");
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|&b| b == b'/') {
        match part {
            b"" | b"." => {}
            b".." if parts.last().is_some_and(|last| *last != b"..") => {
                parts.pop();
            }
            b".." if rooted => {}
            part => parts.push(part),
        }
    }
    let mut out = if rooted { b"/".to_vec() } else { Vec::new() };
    out.extend_from_slice(&parts.join(&b'/'));
    if out.is_empty() { b".".to_vec() } else { out }
}
