//! How outputs reach files and stdout: all of them are known before the first is written.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use duat::file::{self, Edit};
use duat_shell::project::split;
use duat_shell::{Code, Failure, Failures, Talk, answer, diff};
use duat_template::Redactor;
use serde::Serialize;

use crate::args;
use crate::job::Stream;

/// A template's output, rendered and not yet written.
#[derive(Clone, Debug)]
pub(crate) struct Product {
    pub input: Stream,
    pub output: Stream,
    pub text: String,
}

/// What became of an output.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Landed<'a> {
    /// The template, `-` for stdin.
    pub template: String,
    /// The output, `-` for stdout.
    pub output: String,
    /// The output, where it goes to stdout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<&'a str>,
    /// Whether it differs from what was there; always on stdout.
    pub changed: bool,
    /// Bytes of output.
    pub bytes: usize,
}

/// What a run did, as `--json` tells it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Report<'a> {
    pub outputs: Vec<Landed<'a>>,
    /// Files of the output folder that no template makes.
    pub stale: Vec<PathBuf>,
    /// Nothing was written.
    pub dry_run: bool,
}

/// A product, and what its file holds now.
struct Pending<'a> {
    product: &'a Product,
    path: &'a Path,
    old: Option<Vec<u8>>,
}

impl Pending<'_> {
    fn differs(&self) -> bool {
        self.old.as_deref() != Some(self.product.text.as_bytes())
    }
}

/// Writes what differs, or shows it; then answers on stdout.
pub(crate) fn land(
    products: &[Product],
    stale: Vec<PathBuf>,
    args: &args::Render,
    secrets: &Redactor,
    talk: Talk,
) -> Result<Code, Failures> {
    let landing = &args.landing;
    let mode = landing.chmod.as_deref().map(parse_mode).transpose()?;
    let files = products
        .iter()
        .filter_map(|product| Some((product, product.output.path()?)));
    let (pending, failures) = split(files.map(|(product, path)| {
        let old = if file::exists(path)? {
            Some(file::read(path)?)
        } else {
            None
        };
        Ok(Pending { product, path, old })
    }));
    Failures::of(failures)?;
    let writes = landing.writes();
    if pending.is_empty() && (landing.check || landing.diff) && !products.is_empty() {
        let option = if landing.check { "--check" } else { "--diff" };
        return Err(Failure::new(
            Code::Usage,
            format!("there is nothing to compare with: `{option}` is about files, and the output goes to stdout"),
        )
        .hint("name the file with `--output`.")
        .into());
    }
    for each in pending.iter().filter(|each| each.differs()) {
        let path = each.path.display();
        if landing.diff {
            let diff = diff::unified(
                &path.to_string(),
                each.old.as_deref().unwrap_or_default(),
                each.product.text.as_bytes(),
            );
            talk.diff(&secrets.redact(&diff));
        } else if landing.check {
            talk.say(format_args!("`{path}` is out of date"));
        } else if landing.dry_run {
            talk.tell(format_args!("`{path}` would be written"));
        }
    }
    tell_stale(&stale, args.warnings, talk)?;
    if writes {
        write(&pending, args.files.output_dir.is_some(), mode)?;
        for each in pending.iter().filter(|each| each.differs()) {
            talk.explain(format_args!("`{}` is written", each.path.display()));
        }
    }
    let differs = pending.iter().any(Pending::differs);
    let report = report(products, &pending, stale, !writes);
    let answers: Vec<&str> = products
        .iter()
        .filter(|product| product.output == Stream::Standard && !landing.check)
        .map(|product| product.text.as_str())
        .collect();
    let text = match answers.as_slice() {
        [only] => Cow::Borrowed(*only),
        several => Cow::Owned(several.concat()),
    };
    let written: Vec<String> = pending
        .iter()
        .filter(|each| each.differs())
        .map(|each| format!("`{}`", each.path.display()))
        .collect();
    let done =
        (writes && !written.is_empty()).then(|| format!("{} was written", written.join(", ")));
    args.output.give(&text, &report, done.as_deref())?;
    let checked = landing.check || landing.exit_code;
    Ok(if checked && differs {
        Code::Differs
    } else {
        Code::Done
    })
}

/// Names the files of the output folder that no template makes, or fails for them.
fn tell_stale(stale: &[PathBuf], args: args::Warnings, talk: Talk) -> Result<(), Failures> {
    let told = stale
        .iter()
        .map(|path| format!("`{}` is stale: no template makes it", path.display()));
    if args.error_warnings {
        let failures = told.map(|text| {
            Failure::new(Code::Failed, text).hint("remove it, or leave out `--error-warnings`.")
        });
        return Failures::of(failures.collect());
    }
    if !args.suppress_warnings {
        told.for_each(|text| talk.warn(text));
    }
    Ok(())
}

fn report<'a>(
    products: &'a [Product],
    pending: &[Pending<'_>],
    stale: Vec<PathBuf>,
    dry_run: bool,
) -> Report<'a> {
    let outputs = products.iter().map(|product| {
        let known = pending
            .iter()
            .find(|each| std::ptr::eq(each.product, product));
        Landed {
            template: product.input.to_string(),
            output: product.output.to_string(),
            text: known.is_none().then_some(product.text.as_str()),
            changed: known.is_none_or(Pending::differs),
            bytes: product.text.len(),
        }
    });
    Report {
        outputs: outputs.collect(),
        stale,
        dry_run,
    }
}

/// Writes what differs: files that are there change together or not at all, then new ones are made.
fn write(pending: &[Pending<'_>], makes_folders: bool, mode: Option<u32>) -> Result<(), Failures> {
    let differing = || pending.iter().filter(|each| each.differs());
    let (there, new): (Vec<&Pending<'_>>, Vec<&Pending<'_>>) =
        differing().partition(|each| each.old.is_some());
    for each in &new {
        let folder = each.path.parent().unwrap_or(Path::new(""));
        if makes_folders {
            file::make_folders(folder)?;
        } else if !folder.as_os_str().is_empty() && !file::exists(folder)? {
            return Err(Failure::new(
                Code::NotFound,
                format!(
                    "failed to write `{}`: there is no folder `{}`",
                    each.path.display(),
                    folder.display()
                ),
            )
            .hint(format!("`mkdir -p {}` makes it.", folder.display()))
            .into());
        }
    }
    if !there.is_empty() {
        let mut locked = file::lock(there.iter().map(|each| each.path))?;
        for each in &there {
            if Some(locked.bytes(each.path)?) != each.old.as_deref() {
                return Err(Failure::new(
                    Code::Refused,
                    format!(
                        "`{}` was changed by someone else meanwhile",
                        each.path.display()
                    ),
                )
                .hint("nothing was changed; run this again.")
                .into());
            }
        }
        let edits: Vec<Edit> = there.iter().map(|each| edit(each)).collect();
        locked.replace_all(&edits)?;
    }
    let (_, failures) = split(new.iter().map(|each| {
        file::create(each.path, each.product.text.as_bytes())?;
        if let Some(template) = each.product.input.path().filter(|_| mode.is_none()) {
            file::take_mode(each.path, template)?;
        }
        Ok(())
    }));
    Failures::of(failures)?;
    if let Some(mode) = mode {
        for each in pending {
            file::set_mode(each.path, mode)?;
        }
    }
    Ok(())
}

fn edit(pending: &Pending<'_>) -> Edit {
    Edit {
        path: pending.path.to_owned(),
        bytes: pending.product.text.clone().into_bytes(),
    }
}

fn parse_mode(text: &str) -> Result<u32, Failure> {
    const HIGHEST: u32 = 0o7777;
    u32::from_str_radix(text, 8)
        .ok()
        .filter(|mode| *mode <= HIGHEST)
        .ok_or_else(|| {
            Failure::new(
                Code::Usage,
                format!("failed to read `--chmod {text}`: it is not a mode in octal"),
            )
            .hint("`--chmod 755` makes a script executable.")
        })
}

/// Writes which files each output depends on, as make reads it.
pub(crate) fn depfile(path: &Path, rules: &[(String, Vec<PathBuf>)]) -> Result<(), Failure> {
    let escape = |name: &str| {
        name.replace('\\', "\\\\")
            .replace(' ', "\\ ")
            .replace('$', "$$")
            .replace('#', "\\#")
    };
    let rules = rules.iter().filter(|(output, _)| output != "-");
    let rules = rules.map(|(output, files)| {
        let files: Vec<String> = files
            .iter()
            .map(|file| escape(&file.to_string_lossy()))
            .collect();
        format!("{}: {}", escape(output), files.join(" "))
    });
    let text = answer::lines(rules);
    if file::exists(path)? {
        let mut locked = file::lock([path])?;
        let edit = Edit {
            path: path.to_owned(),
            bytes: text.into_bytes(),
        };
        Ok(locked.replace_all(&[edit])?)
    } else {
        Ok(file::create(path, text.as_bytes())?)
    }
}
