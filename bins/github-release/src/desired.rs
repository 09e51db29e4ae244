//! The release as it is to be.

use std::path::Path;

use duat::{Version, file};
use duat_shell::{Code, Failure, Failures, Project, Talk};

use crate::args::{self, Proof, Replace, Whether};
use crate::asset::Asset;
use crate::body::Content;
use crate::input;
use crate::local::{Local, TagFormat};
use crate::name;
use crate::notes::{self, Notes};

/// The release as it is to be.
#[derive(Clone, Debug)]
pub(crate) struct Desired {
    pub version: Version,
    pub format: TagFormat,
    pub tag: String,
    /// The commit that is released; nothing outside a repository.
    pub head: Option<String>,
    pub title: Option<String>,
    pub notes: Notes,
    /// The notes were typed: they also replace those of a published release.
    pub notes_are_typed: bool,
    pub prerelease: bool,
    pub latest: Whether,
    pub discussion: Option<String>,
    /// It stays a draft, unless it is complete.
    pub draft: bool,
    /// How many assets make it complete.
    pub expect: Option<usize>,
    pub create_tag: bool,
    pub replace: Option<Replace>,
    pub proof: Proof,
    pub assets: Vec<Asset>,
    /// The name of the checksums, which are made when all else is measured.
    pub checksums: Option<String>,
    pub sign: Option<String>,
}

impl Desired {
    /// Reads all that is known here. Everything that is wrong is reported, not only the first.
    pub(crate) fn read(args: &args::Release, local: &Local, talk: Talk) -> Result<Self, Failures> {
        let mut failures = local.contradictions()?;
        let (assets, more) = assets(args, Some(&local.here.project));
        failures.extend(more);
        for asset in assets.iter().filter(|asset| asset.name != asset.name_there) {
            talk.warn(format_args!(
                "GitHub will call `{}` `{}`",
                asset.name, asset.name_there
            ));
        }
        let mut notes = Notes::Unsaid;
        if !is_stdin_asked_twice(args) {
            match notes::find(&args.about, local) {
                Ok(found) => notes = found,
                Err(failure) => failures.push(failure),
            }
        }
        let prerelease = match args.about.prerelease {
            Whether::Auto => local.version.is_prerelease(),
            Whether::True => true,
            Whether::False => false,
        };
        if prerelease && args.about.latest == Whether::True {
            failures.push(
                Failure::new(Code::Usage, "a pre-release cannot be the latest release")
                    .hint("leave out `--latest`."),
            );
        }
        Failures::of(failures)?;
        let about = &args.about;
        Ok(Self {
            version: local.version.clone(),
            format: local.format.clone(),
            tag: local.tag.clone(),
            head: local.here.head.clone(),
            title: about.title.clone(),
            notes,
            notes_are_typed: about.notes.is_some()
                || about.notes_file.is_some()
                || about.notes_from.is_some(),
            prerelease,
            latest: about.latest,
            discussion: about.discussion.clone(),
            draft: about.draft,
            expect: args
                .assets
                .expect
                .and_then(|expect| usize::try_from(expect).ok()),
            create_tag: about.create_tag,
            replace: args.assets.replace,
            proof: args.verify,
            assets,
            checksums: args.assets.checksums.clone(),
            sign: args.assets.sign.clone(),
        })
    }

    /// Returns what is wrong besides, where there is no version to release: with files and notes.
    pub(crate) fn other_problems(args: &args::Release, project: Option<&Project>) -> Vec<Failure> {
        let (_, mut failures) = assets(args, project);
        if !is_stdin_asked_twice(args) {
            failures.extend(notes::typed(&args.about).err());
        }
        failures
    }

    /// Returns the wish to publish a draft as it is.
    pub(crate) fn as_it_is(args: &args::Publish, local: &Local) -> Self {
        Self {
            version: local.version.clone(),
            format: local.format.clone(),
            tag: local.tag.clone(),
            head: local.here.head.clone(),
            title: None,
            notes: Notes::Unsaid,
            notes_are_typed: false,
            prerelease: local.version.is_prerelease(),
            latest: args.latest,
            discussion: args.discussion.clone(),
            draft: false,
            expect: None,
            create_tag: false,
            replace: None,
            proof: Proof::Digest,
            assets: Vec::new(),
            checksums: None,
            sign: None,
        }
    }

    /// Adds the checksums of the assets, which are measured by now, unless they are there.
    pub(crate) fn add_checksums(&mut self) {
        let Some(name) = &self.checksums else {
            return;
        };
        if self.assets.iter().any(|asset| asset.name == *name) {
            return;
        }
        let text = checksums(&self.assets);
        let mut asset = Asset::new(name.clone(), None, Content::Text(text.into()));
        asset.is_last = true;
        // a text is always read
        let _ = asset.measure();
        self.assets.push(asset);
    }
}

/// Returns the assets that are typed, else those of the configuration, and what is wrong with others.
fn assets(args: &args::Release, project: Option<&Project>) -> (Vec<Asset>, Vec<Failure>) {
    let typed = &args.assets.files;
    let (mut assets, mut failures) = match project {
        Some(project) if typed.is_empty() => {
            input::configured(&project.config().release.assets, project)
        }
        _ => input::typed(
            typed,
            args.assets.null,
            is_stdin(args.about.notes_file.as_deref()),
        ),
    };
    if let Some(name) = &args.assets.as_name {
        failures.extend(rename(&mut assets, name));
    }
    failures.extend(check_checksums(args, &mut assets));
    failures.extend(input::clashes(&assets));
    (assets, failures)
}

/// Tells whether the list of files and the notes are both to come from stdin: then nothing is read of
/// it, since nobody knows which of them it is.
fn is_stdin_asked_twice(args: &args::Release) -> bool {
    let notes = args.about.notes_file.as_deref();
    is_stdin(notes) && args.assets.files.iter().any(|file| file == "-")
}

fn is_stdin(file: Option<&Path>) -> bool {
    file.is_some_and(|file| file.as_os_str() == "-")
}

/// Returns the text of a checksums file: what `sha256sum --check` reads.
fn checksums(assets: &[Asset]) -> String {
    let mut lines: Vec<String> = assets
        .iter()
        // the names that somebody who downloads them has
        .filter_map(|asset| {
            Some(format!(
                "{}  {}\n",
                asset.sha256.as_ref()?,
                asset.name_there
            ))
        })
        .collect();
    lines.sort_by(|a, b| a.get(64..).cmp(&b.get(64..)));
    lines.concat()
}

fn rename(assets: &mut [Asset], name: &str) -> Option<Failure> {
    match assets {
        [asset] if !name.is_empty() && !name.contains(['/', '\\']) => {
            asset.name_there = name::at_github(name);
            name.clone_into(&mut asset.name);
            None
        }
        [_] => Some(Failure::new(
            Code::Usage,
            "`--as` takes the name of a file, not a path",
        )),
        assets => Some(
            Failure::new(
                Code::Usage,
                format!("`--as` names one file, and there are {}", assets.len()),
            )
            .hint("upload that file alone, with `--draft` where more are to come."),
        ),
    }
}

/// Returns what is wrong with the checksums; a file of that name among the assets is an old one of
/// ours, or somebody else's.
fn check_checksums(args: &args::Release, assets: &mut [Asset]) -> Option<Failure> {
    let name = args.assets.checksums.as_deref()?;
    if name != args::CHECKSUMS && file::exists(name).unwrap_or(false) {
        // `--checksums FILE...` would take the first file for the name
        return Some(
            Failure::new(
                Code::Usage,
                format!(
                    "`{name}` exists, and `--checksums` takes it for the name of the checksums"
                ),
            )
            .hint("put `--checksums` last, or give it a name: `--checksums SHA256SUMS`."),
        );
    }
    if name.is_empty() || name::at_github(name) != name {
        return Some(
            Failure::new(
                Code::Usage,
                format!("`{name}` is no name that GitHub keeps for the checksums"),
            )
            .hint("take letters, digits and `-_+@`, with single dots between."),
        );
    }
    if assets.is_empty() {
        return Some(Failure::new(
            Code::Usage,
            "there are no assets to make checksums of",
        ));
    }
    let same = assets.iter().find(|asset| asset.name_there == name)?;
    Some(
        Failure::new(
            Code::Usage,
            format!(
                "`{}` has the name of the checksums that are to be made",
                same.path.as_deref().unwrap_or(name)
            ),
        )
        .hint("remove the file, or leave out `--checksums`."),
    )
}
