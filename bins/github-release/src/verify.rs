//! Does GitHub have what it should, byte by byte?

use std::fmt::Write as _;

use duat::Version;
use duat_shell::{Code, Failure, Failures, Talk};
use serde::Serialize;

use crate::args;
use crate::asset::{Asset, Match};
use crate::input;
use crate::life::block_on;
use crate::local::Local;
use crate::model::{self, Release};
use crate::observe::observe;
use crate::publish::{self, download};
use crate::session::Session;

/// The most bytes of checksums that are read: three times those of a thousand assets with the longest
/// names.
const LONGEST: u64 = 1 << 20;

/// What is wrong with bytes that nothing is known of.
const NO_DIGEST: &str = "GitHub tells no digest: use `--download`";

/// What `verify` says.
#[derive(Serialize)]
struct Report {
    version: Version,
    tag: String,
    repository: String,
    state: &'static str,
    /// Whether all that was compared agrees.
    verified: bool,
    assets: Vec<Verdict>,
}

/// What is found of one asset.
#[derive(Serialize)]
struct Verdict {
    name: String,
    size: u64,
    /// As GitHub tells it, or as it was downloaded; null where neither is known.
    sha256: Option<String>,
    /// What it was compared with: `file`, `checksums`, `digest`, or `nothing`.
    against: &'static str,
    /// What is wrong; null where nothing is.
    problem: Option<String>,
}

impl Verdict {
    /// Says it to a person. What was compared with nothing is not called verified.
    fn in_words(&self) -> &str {
        match (&self.problem, self.against) {
            (Some(problem), _) => problem,
            (None, "nothing") => "it is there, and nothing tells what it should be",
            (None, _) => "verified",
        }
    }
}

pub(crate) fn run(args: &args::Verify, talk: Talk) -> Result<Code, Failures> {
    // all that is wrong here is said at once, before any request
    let (mut assets, more) = input::typed(&args.files, args.null, false);
    let more = more.into_iter().chain(input::clashes(&assets));
    let local = match (args.output.check(), Local::read(&args.source, talk)) {
        (Ok(()), Ok(local)) => {
            Failures::of(more.collect())?;
            local
        }
        (Err(failure), local) => {
            let failures = Failures::from(failure);
            return Err(failures.and(local.err().into_iter().flatten()).and(more));
        }
        (Ok(()), Err(failures)) => return Err(failures.and(more)),
    };
    for asset in &mut assets {
        asset
            .measure()
            .map_err(|error| crate::upload::unreadable(asset, &error))?;
    }
    let prepared = Session::prepare(&args.place, local.here.git.as_ref(), false, talk)?;
    let open = || Session::open(prepared, &args.place.waits, 1, talk);
    let report = block_on(open, async |session| {
        compare(session, &local, &assets, args.download).await
    })?;
    let mut text = String::new();
    for verdict in &report.assets {
        let _ = writeln!(text, "{}: {}", verdict.name, verdict.in_words());
    }
    args.output.give(&text, &report, None)?;
    if report.verified {
        return Ok(Code::Done);
    }
    Err(Failure::new(
        Code::Unverified,
        format!("failed to verify the release `{}`: not all of it is as it should be", report.tag),
    )
    .hint("`github-release --replace changed FILE...` sends the right bytes, unless the release is immutable.")
    .into())
}

async fn compare(
    session: &mut Session,
    local: &Local,
    assets: &[Asset],
    is_downloaded: bool,
) -> Result<Report, Failures> {
    let observed = observe(session, &local.tag, &local.format, |_: &Release| false).await?;
    let Some(release) = observed.release() else {
        return Err(Failure::new(
            Code::NotFound,
            format!(
                "failed to find the release `{}` of `{}`",
                local.tag,
                session.slug()
            ),
        )
        .hint(
            "`github-release FILE...` makes it; a draft is seen only with a token that may write.",
        )
        .into());
    };
    let own = if assets.is_empty() {
        checksums(session, &observed.assets).await?
    } else {
        None
    };
    let sums = own.as_ref().map_or_else(Vec::new, |own| sums(&own.text));
    let mut verdicts = Vec::new();
    for there in &observed.assets {
        let expected = assets.iter().find(|asset| asset.name_there == there.name);
        let sum = sums
            .iter()
            .find(|(name, _)| *name == there.name)
            .map(|(_, sum)| sum.as_str());
        let is_asked = assets.is_empty() || expected.is_some();
        if is_asked {
            let read = match &own {
                Some(own) if own.id == there.id => Some(own.read.clone()),
                _ if is_downloaded && there.is_uploaded() => {
                    let read = publish::read(session, there).await?;
                    Some((read.size, read.sha256))
                }
                _ => None,
            };
            verdicts.push(verdict(there, expected, sum, read));
        }
    }
    let missing = assets
        .iter()
        .map(|asset| asset.name_there.clone())
        .chain(sums.iter().map(|(name, _)| name.clone()))
        .filter(|name| !observed.assets.iter().any(|there| there.name == *name));
    verdicts.extend(missing.map(|name| Verdict {
        name,
        size: 0,
        sha256: None,
        against: "nothing",
        problem: Some("it is not there".to_owned()),
    }));
    // GitHub lists them as they came in
    verdicts.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Report {
        version: local.version.clone(),
        tag: local.tag.clone(),
        repository: session.slug().to_string(),
        state: if release.draft { "draft" } else { "published" },
        verified: verdicts.iter().all(|verdict| verdict.problem.is_none()),
        assets: verdicts,
    })
}

/// Judges one asset. `read` are size and hash of the bytes that were downloaded.
fn verdict(
    there: &model::Asset,
    expected: Option<&Asset>,
    sum: Option<&str>,
    read: Option<(u64, String)>,
) -> Verdict {
    let mut sha256 = there.sha256().map(str::to_ascii_lowercase);
    let mut size = there.size;
    let mut problem = None;
    let mut against = "nothing";
    if !there.is_uploaded() {
        problem = Some("its upload is not complete".to_owned());
    } else if let Some((read, hash)) = read {
        if read != there.size {
            problem = Some(format!(
                "{read} bytes were downloaded, and GitHub says {}",
                there.size
            ));
        } else if let Some(digest) = sha256.as_deref().filter(|digest| **digest != *hash) {
            problem = Some(format!(
                "its bytes have the digest {hash}, and GitHub says {digest}"
            ));
        }
        if sha256.is_some() {
            against = "digest";
        }
        size = read;
        sha256 = Some(hash);
    }
    if let Some(expected) = expected {
        against = "file";
        let read = model::Asset {
            size,
            digest: sha256.as_ref().map(|hash| format!("sha256:{hash}")),
            ..there.clone()
        };
        if problem.is_none() {
            let path = expected.path.as_deref().unwrap_or_default();
            problem = match expected.compare(&read) {
                Match::Differs => Some(format!("it has other bytes than `{path}`")),
                // the size alone proves nothing
                Match::Size => Some(NO_DIGEST.to_owned()),
                Match::Digest | Match::Unread | Match::Broken => None,
            };
        }
    } else if let Some(sum) = sum {
        against = "checksums";
        if problem.is_none() {
            match &sha256 {
                Some(hash) if hash == sum => {}
                Some(_) => problem = Some("it is not what the checksums say".to_owned()),
                None => problem = Some(NO_DIGEST.to_owned()),
            }
        }
    }
    Verdict {
        name: there.name.clone(),
        size,
        sha256,
        against,
        problem,
    }
}

/// The release's own checksums.
struct Checksums {
    id: u64,
    text: String,
    /// Size and SHA-256 of the bytes.
    read: (u64, String),
}

/// Reads the release's own checksums.
async fn checksums(
    session: &Session,
    assets: &[model::Asset],
) -> Result<Option<Checksums>, Failure> {
    let Some(asset) = assets
        .iter()
        .find(|asset| asset.name == args::CHECKSUMS && asset.is_uploaded())
    else {
        return Ok(None);
    };
    let too_long = |size: u64| {
        let message = format!(
            "failed to read the checksums: `{}` has {size} bytes, and checksums have no more than {LONGEST}",
            asset.name
        );
        Failure::new(Code::Unverified, message)
            .hint("name the files to compare with: `github-release verify FILE...`.")
    };
    if asset.size > LONGEST {
        return Err(too_long(asset.size));
    }
    // whatever size was told, no more than that is held
    let read = download(session, asset, |text: &mut Vec<u8>, piece| {
        let room = usize::try_from(LONGEST).map_or(0, |most| most.saturating_sub(text.len()));
        text.extend(piece.iter().take(room));
    })
    .await?;
    if read.size > LONGEST {
        return Err(too_long(read.size));
    }
    let text = String::from_utf8_lossy(&read.made).into_owned();
    Ok(Some(Checksums {
        id: asset.id,
        text,
        read: (read.size, read.sha256),
    }))
}

/// Reads what `sha256sum` writes; other lines say nothing.
fn sums(text: &str) -> Vec<(String, String)> {
    text.lines()
        .filter_map(|line| {
            let (sum, name) = line.split_once(' ')?;
            let name = name.strip_prefix([' ', '*']).unwrap_or(name);
            let is_sum = sum.len() == 64 && sum.bytes().all(|byte| byte.is_ascii_hexdigit());
            is_sum.then(|| (name.to_owned(), sum.to_ascii_lowercase()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_read_as_they_are_written() {
        let sum = "A".repeat(64);
        let text = format!("{sum}  a b.gz\n{sum} *c\nnonsense\nabc  d\n");
        let sum = sum.to_ascii_lowercase();
        assert_eq!(
            sums(&text),
            [("a b.gz".to_owned(), sum.clone()), ("c".to_owned(), sum)]
        );
    }
}
