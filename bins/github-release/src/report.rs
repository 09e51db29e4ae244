//! What a run says: the answer, the plan, the summary.

use std::fmt::Write as _;

use duat::{Version, file};
use duat_shell::{Code, Failure, answer, environment};
use serde::Serialize;

use crate::args;
use crate::asset::{Asset, Match};
use crate::desired::Desired;
use crate::model;
use crate::plan::{Action, Base, End, Plan, short};
use crate::repository::Slug;
use crate::upload::Done;

const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// What a release is in the end, or would be.
#[derive(Debug, Serialize)]
pub(crate) struct Facts {
    pub version: Version,
    pub tag: String,
    /// `[HOST/]OWNER/NAME`.
    pub repository: String,
    /// `published` or `draft`.
    pub state: &'static str,
    /// The number of the release; null where it is not made yet.
    pub id: Option<u64>,
    /// Its page; null for a draft, whose page moves.
    pub url: Option<String>,
    pub prerelease: bool,
    /// Whether this run made it the latest release.
    pub latest: bool,
    pub immutable: bool,
    /// Whether anything was changed, or with a plan would be.
    pub changed: bool,
    /// How many assets are still to come.
    pub missing: usize,
    pub assets: Vec<AssetFacts>,
    /// Nothing was changed.
    pub dry_run: bool,
}

/// What an asset is in the end.
#[derive(Debug, Serialize)]
pub(crate) struct AssetFacts {
    /// The name at GitHub.
    pub name: String,
    pub label: Option<String>,
    /// The file; null where the tool made it.
    pub path: Option<String>,
    pub size: u64,
    pub sha256: String,
    pub content_type: &'static str,
    /// `kept`, `uploaded`, `replaced`.
    pub action: Done,
    pub id: Option<u64>,
    /// Where it is downloaded; null for a draft.
    pub url: Option<String>,
}

impl AssetFacts {
    pub(crate) fn new(
        asset: &Asset,
        action: Done,
        there: Option<&model::Asset>,
        is_published: bool,
    ) -> Self {
        Self {
            name: asset.name_there.clone(),
            label: asset.label_there().map(str::to_owned),
            path: asset.path.clone(),
            size: asset.size,
            sha256: asset.sha256.clone().unwrap_or_default(),
            content_type: asset.content_type(),
            action,
            id: there.map(|there| there.id),
            url: there
                .filter(|_| is_published)
                .map(|there| there.browser_download_url.clone()),
        }
    }
}

/// Returns what a plan would come to.
pub(crate) fn planned(
    desired: &Desired,
    plan: &Plan,
    slug: &Slug,
    there: &[model::Asset],
) -> Facts {
    let id = match plan.base {
        Base::Create => None,
        Base::Draft(id) | Base::Published(id) => Some(id),
    };
    let is_published = plan.base == Base::Published(id.unwrap_or_default());
    let assets = desired.assets.iter().zip(&plan.steps).map(|(asset, step)| {
        let action = match step.action {
            Action::Keep(_) => Done::Kept,
            Action::Upload => Done::Uploaded,
            Action::Replace(_) | Action::Resume(..) => Done::Replaced,
        };
        let there = there.iter().find(|there| there.name == asset.name_there);
        AssetFacts::new(asset, action, there, is_published)
    });
    Facts {
        version: desired.version.clone(),
        tag: desired.tag.clone(),
        repository: slug.to_string(),
        state: match plan.end {
            End::Publish { .. } | End::Published => "published",
            End::Draft | End::Waiting(_) => "draft",
        },
        id,
        url: None,
        prerelease: desired.prerelease,
        latest: plan.promote || plan.end == End::Publish { latest: true },
        immutable: false,
        changed: !plan.is_nothing(),
        missing: match plan.end {
            End::Waiting(missing) => missing,
            _ => 0,
        },
        assets: assets.collect(),
        dry_run: true,
    }
}

/// Returns a plan as a person reads it, a line for each step.
pub(crate) fn plan_text(desired: &Desired, plan: &Plan) -> String {
    let tag = &desired.tag;
    let mut lines = Vec::new();
    match plan.base {
        Base::Create => lines.push(format!("make a draft of `{tag}`")),
        Base::Draft(id) => lines.push(format!("complete the draft {id} of `{tag}`")),
        Base::Published(_) => lines.push(format!("`{tag}` is published")),
    }
    for id in &plan.leftovers {
        lines.push(format!(
            "delete the empty draft {id} of `{tag}`, which an interrupted run has left"
        ));
    }
    for (asset, step) in desired.assets.iter().zip(&plan.steps) {
        let (name, size) = (&asset.name_there, asset.size);
        for _ in &step.broken {
            lines.push(format!(
                "delete what is left of a broken upload of `{name}`"
            ));
        }
        lines.push(match step.action {
            Action::Keep(Match::Size) => {
                format!("keep `{name}`: it is there with the same size, and no digest tells more")
            }
            Action::Keep(_) => format!("keep `{name}`: it is there with the same bytes"),
            Action::Upload => format!("upload `{name}`, {size} bytes"),
            Action::Replace(_) => format!("replace `{name}`, {size} bytes"),
            Action::Resume(..) => format!("replace `{name}` by what was sent before"),
        });
    }
    if desired.sign.is_some() {
        lines.push("sign the checksums, unless a signature is there".to_owned());
    }
    if plan.edit {
        lines.push("change its title or notes".to_owned());
    }
    if plan.promote {
        lines.push("make it the latest release".to_owned());
    }
    match plan.end {
        End::Publish { latest } => {
            let mut line = "publish it".to_owned();
            if desired.prerelease {
                line.push_str(" as a pre-release");
            } else if latest {
                line.push_str(" as the latest release");
            }
            if let Some(commit) = &plan.tag_at {
                let _ = write!(line, ", and make its tag at {}", short(commit));
            }
            lines.push(line);
        }
        End::Draft => lines.push("leave it a draft".to_owned()),
        End::Waiting(missing) => lines.push(format!(
            "leave it a draft until {missing} more assets are there"
        )),
        End::Published => {}
    }
    if plan.is_nothing() {
        lines.push("nothing is to be done".to_owned());
    }
    answer::lines(lines)
}

/// Appends a summary for people to the file that GitHub Actions shows. `done` says what was changed by
/// then, for the error where it is lost.
pub(crate) fn summarise(
    answer: args::Answer,
    facts: &Facts,
    done: Option<&str>,
) -> Result<(), Failure> {
    if !answer.step_summary {
        return Ok(());
    }
    let appended =
        summary_file().and_then(|path| Ok(file::append(path, summary(facts).as_bytes())?));
    appended.map_err(|failure| match done {
        // every other code promises that nothing was changed
        Some(done) => failure
            .with_code(Code::Failed)
            .hint(format!("{done}; only the summary was lost.")),
        None => failure,
    })
}

/// Fails where the answer could not be given, before anything is changed.
pub(crate) fn check(answer: args::Answer) -> Result<(), Failure> {
    answer.output.check()?;
    if answer.step_summary {
        summary_file()?;
    }
    Ok(())
}

fn summary_file() -> Result<std::path::PathBuf, Failure> {
    environment::path(STEP_SUMMARY).ok_or_else(|| {
        Failure::new(
            Code::Usage,
            format!("failed to write the summary: `{STEP_SUMMARY}` is not set"),
        )
        .hint("leave out `--step-summary` outside GitHub Actions.")
    })
}

fn summary(facts: &Facts) -> String {
    let title = match &facts.url {
        Some(url) => format!("[{}]({url})", facts.tag),
        None => facts.tag.clone(),
    };
    let mut text = format!("### Release {title}: {}\n\n", facts.state);
    if !facts.assets.is_empty() {
        text.push_str("| asset | bytes | SHA-256 | |\n|---|---:|---|---|\n");
    }
    for asset in &facts.assets {
        let name = match &asset.url {
            Some(url) => format!("[{}]({url})", asset.name),
            None => asset.name.clone(),
        };
        let action = match asset.action {
            Done::Kept => "kept",
            Done::Uploaded => "uploaded",
            Done::Replaced => "replaced",
        };
        let _ = writeln!(
            text,
            "| {name} | {} | `{}` | {action} |",
            asset.size, asset.sha256
        );
    }
    text.push('\n');
    text
}
