//! Signatures of the checksums, made by a program of the user's.

use std::process::{Command, Stdio};

use duat::file;
use duat_shell::{Code, Failure};

use crate::asset::Asset;
use crate::body::Content;
use crate::model;

/// What stands for the file in the command.
const PLACE: &str = "{}";
/// What the program has no business with.
const SECRETS: [&str; 6] = [
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "GH_ENTERPRISE_TOKEN",
    "GITHUB_ENTERPRISE_TOKEN",
    "DUAT_GITHUB_RELEASE_GITHUB_TOKEN",
    "ACTIONS_RUNTIME_TOKEN",
];

/// Tells whether the release has these checksums with a signature already: another one would only
/// have other bytes. In a draft one whose upload broke off is made again, with all others.
pub(crate) fn is_signed(checksums: &Asset, there: &[model::Asset], is_draft: bool) -> bool {
    let same =
        |it: &model::Asset| it.name == checksums.name_there && checksums.compare(it).is_same();
    let is_signature = |it: &&model::Asset| {
        let rest = it.name.strip_prefix(&checksums.name_there);
        rest.is_some_and(|rest| {
            rest.starts_with('.') && rest.len() > 1 && !rest.starts_with(".duat-tmp-")
        })
    };
    let (whole, broken): (Vec<&model::Asset>, Vec<&model::Asset>) = there
        .iter()
        .filter(is_signature)
        .partition(|it| it.is_uploaded());
    there.iter().any(same) && !whole.is_empty() && (broken.is_empty() || !is_draft)
}

/// Lets `command` sign the checksums, and returns what it wrote beside them.
pub(crate) fn sign(command: &str, checksums: &Asset) -> Result<Vec<Asset>, Failure> {
    let failed = |why: String| {
        Failure::new(
            Code::Failed,
            format!("failed to sign `{}`: {why}", checksums.name),
        )
    };
    let Content::Text(text) = &checksums.content else {
        return Err(failed("it is no text of ours".to_owned()));
    };
    let folder = tempfile::tempdir()
        .map_err(|error| failed("no temporary folder".to_owned()).caused_by(&error))?;
    let path = folder.path().join(&checksums.name);
    file::create(&path, text)?;
    let quoted = quoted(&path.to_string_lossy());
    let line = if command.contains(PLACE) {
        command.replace(PLACE, &quoted)
    } else {
        format!("{command} {quoted}")
    };
    let mut shell = shell(&line);
    for name in SECRETS {
        shell.env_remove(name);
    }
    // stdout is for the answer
    let status = shell
        .stdout(Stdio::from(std::io::stderr()))
        .status()
        .map_err(|error| failed("the command cannot be started".to_owned()).caused_by(&error))?;
    if !status.success() {
        return Err(failed(format!("the command ended with {status}"))
            .hint("it stands in `--sign`; try it by hand on a file."));
    }
    let mut signatures = Vec::new();
    for name in file::tree(folder.path())? {
        let Some(name) = name.to_str().filter(|name| *name != checksums.name) else {
            continue;
        };
        let bytes = file::read(folder.path().join(name))?;
        let content = Content::Text(bytes.into());
        let mut asset = Asset::new(name.to_owned(), None, content);
        asset.is_last = true;
        asset
            .measure()
            .map_err(|error| failed(format!("`{name}` cannot be read")).caused_by(&error))?;
        if asset.size > 0 {
            signatures.push(asset);
        }
    }
    if signatures.is_empty() {
        return Err(failed("the command wrote no file beside it".to_owned())
            .hint("let it write a detached signature, such as `gpg --armor --detach-sign {}`."));
    }
    Ok(signatures)
}

/// Returns the command of a shell that does what a line says.
#[cfg(not(windows))]
fn shell(line: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", line]);
    shell
}

/// Returns the command of a shell that does what a line says: the line as it is, since `cmd` does not
/// know the quotes that other programs read an argument by. With `/S` it takes off the pair around the
/// whole and leaves all others.
#[cfg(windows)]
fn shell(line: &str) -> Command {
    use std::os::windows::process::CommandExt as _;
    let mut shell = Command::new("cmd");
    shell
        .args(["/D", "/S", "/C"])
        .raw_arg(format!("\"{line}\""));
    shell
}

/// Returns a path as the shell has to be given it.
fn quoted(path: &str) -> String {
    if cfg!(windows) {
        format!("\"{path}\"")
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checksums() -> Asset {
        let mut asset = Asset::new("SHA256SUMS".into(), None, Content::Text("abc".into()));
        asset.measure().unwrap();
        asset
    }

    #[test]
    fn a_signature_counts_for_the_same_checksums_only() {
        let asset = checksums();
        let there = |name: &str, digest: &str| model::Asset {
            name: name.into(),
            state: "uploaded".into(),
            size: 3,
            digest: Some(format!("sha256:{digest}")),
            ..model::Asset::default()
        };
        let same = there("SHA256SUMS", asset.sha256.as_deref().unwrap());
        let other = there("SHA256SUMS", "0");
        let signature = there("SHA256SUMS.minisig", "1");
        assert!(is_signed(&asset, &[same.clone(), signature.clone()], true));
        assert!(!is_signed(&asset, &[other, signature.clone()], true));
        assert!(!is_signed(&asset, std::slice::from_ref(&same), true));
        let broken = model::Asset {
            state: "starter".into(),
            ..there("SHA256SUMS.pem", "")
        };
        let half = [same, signature, broken];
        assert!(!is_signed(&asset, &half, true));
        assert!(is_signed(&asset, &half, false));
    }

    #[cfg(unix)]
    #[test]
    fn what_the_command_writes_beside_the_file_is_the_signature() {
        let signed = sign("cp {} {}.sig", &checksums()).unwrap();
        assert_eq!(signed.len(), 1);
        assert_eq!(signed[0].name, "SHA256SUMS.sig");
        assert_eq!(signed[0].size, 3);
        assert!(signed[0].is_last);
        assert!(
            sign("true", &checksums())
                .unwrap_err()
                .message()
                .contains("wrote no file")
        );
        assert!(sign("exit 3", &checksums()).is_err());
    }
}
