//! What is to be promoted: the version, its release and the images, all of it local knowledge.

use std::path::{Path, PathBuf};

use duat::Version;
use duat::name::ImageName;
use duat_registry::reference::Tag;
use duat_shell::project::{read_version, split};
use duat_shell::{Code, Failure, Failures, Project, Talk, environment};

use crate::args;

/// One module and the name of its image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Image {
    /// As it was given.
    pub module: String,
    /// `<owner>/<repository>/<module>`.
    pub name: ImageName,
}

impl Image {
    /// Returns the folder that the image has where several share one.
    pub(crate) fn folder(&self) -> &str {
        self.name.as_str().rsplit('/').next().unwrap_or_default()
    }
}

/// What a run is about.
pub(crate) struct Job {
    pub project: Project,
    /// The file that carries the version.
    pub source: PathBuf,
    /// What it carries.
    pub version: Version,
    /// The release it is a pre-release of, or the version itself.
    pub release: Version,
    pub images: Vec<Image>,
    /// Where records of promotions are kept.
    pub git_dir: PathBuf,
}

impl Job {
    /// Gathers what a run is about, or all that is wrong with it.
    pub(crate) fn gather(args: &args::Images, talk: Talk) -> Result<Self, Failures> {
        let project = Project::open(args.git.as_deref())?;
        let repository = project.repository()?;
        let source = project.source(&args.file, talk)?;
        let version = read_version(&source)?;
        let images = images(&project, args, talk)?;
        talk.explain(format_args!(
            "the version is `{version}`; its release is `{}`",
            version.release()
        ));
        Ok(Self {
            git_dir: repository.git_dir().to_owned(),
            release: version.release(),
            project,
            source,
            version,
            images,
        })
    }

    /// Tells whether the version still is a pre-release.
    pub(crate) fn is_open(&self) -> bool {
        self.version.is_prerelease()
    }

    /// Returns the tag of a version.
    pub(crate) fn tag(&self, version: &Version) -> Result<Tag, Failure> {
        let Some(image) = self.images.first() else {
            return Err(Failure::new(Code::Usage, "no module is named"));
        };
        tag(&image.name.tag(version)?)
    }
}

/// Reads a tag.
pub(crate) fn tag(text: &str) -> Result<Tag, Failure> {
    text.parse()
        .map_err(|error: duat_registry::reference::ReferenceError| {
            Failure::new(Code::Usage, format!("failed to read `{text}` as a tag")).caused_by(&error)
        })
}

/// Returns the images of the modules that were named, or else of duat.toml's, or else of the current
/// directory; each once.
fn images(project: &Project, args: &args::Images, talk: Talk) -> Result<Vec<Image>, Failures> {
    let repository = project.repository()?;
    let remote = repository.remote().map_err(Failure::from)?;
    let url = remote.as_ref().and_then(|remote| remote.url.as_ref());
    let Some((owner, name)) = url.and_then(|url| Some((url.owner()?, url.name()?))) else {
        return Err(Failure::new(
            Code::NotFound,
            "failed to name the image: no remote of the repository tells its owner and name",
        )
        .hint("`git remote add origin URL` adds one.")
        .into());
    };
    let named: Vec<&str> = args
        .modules
        .iter()
        .chain(&args.module)
        .map(|module| module.trim())
        .filter(|module| !module.is_empty())
        .collect();
    let modules = if !named.is_empty() {
        named.iter().map(|module| module_of(module)).collect()
    } else if !project.config().image.modules.is_empty() {
        Ok(project.config().image.modules.clone())
    } else {
        let module = module_of(".")?;
        talk.explain(format_args!(
            "the module is `{module}`, the name of the current directory"
        ));
        Ok(vec![module])
    }?;
    // what was typed, unless it is the remote's names that cannot be used
    let is_typed = !named.is_empty() && ImageName::new(owner, name, None).is_ok();
    let (found, failures) = split(modules.into_iter().map(|module| {
        let name = ImageName::new(owner, name, Some(&module)).map_err(|error| {
            let failure = Failure::from(error);
            if is_typed {
                failure.with_code(Code::Usage)
            } else {
                failure
            }
        })?;
        Ok(Image { module, name })
    }));
    Failures::of(failures)?;
    let mut images: Vec<Image> = Vec::new();
    for image in found {
        if images.iter().all(|known| known.name != image.name) {
            images.push(image);
        }
    }
    Ok(images)
}

/// Returns the name of a module, which may be given as a directory.
fn module_of(given: &str) -> Result<String, Failure> {
    let path = Path::new(given);
    let has_a_folder = path.components().count() > 1 || matches!(given, "." | "..");
    if !has_a_folder {
        return Ok(given.to_owned());
    }
    let path = environment::absolute(path)?;
    // `..` is kept by what does not look at links
    let path = std::fs::canonicalize(&path).unwrap_or(path);
    let name = path.file_name().map(|name| name.to_string_lossy());
    name.map(std::borrow::Cow::into_owned).ok_or_else(|| {
        Failure::new(
            Code::Usage,
            format!("failed to name a module after `{given}`"),
        )
        .hint("name it with `--module`.")
    })
}
