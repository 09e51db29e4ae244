//! What templates may ask of the world: included files, `Env.*` and `duat.*`, each looked up only
//! when a template names it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::{DateTime, SecondsFormat};
use duat::Version;
use duat::file;
use duat::git::{Hash, Repository};
use duat::name::ImageName;
use duat::name::remote::RemoteUrl;
use duat_shell::{Code, Failure, Failures, Project, Talk, clock, environment, project};
use duat_template::{Host, Value};

use crate::{args, cloud};

/// The names below `duat`.
const NAMES: [&str; 18] = [
    "awsecr",
    "gitBranch",
    "gitDate",
    "gitDir",
    "gitHash",
    "gitShort",
    "gitTag",
    "gitURL",
    "imageName",
    "major",
    "minor",
    "module",
    "patch",
    "prerelease",
    "userGroupID",
    "userID",
    "userName",
    "version",
];

/// The world as the command line opens it.
pub(crate) struct World {
    args: args::World,
    /// The folder of the template, that of all templates, then those of `--template-path`.
    folders: Vec<PathBuf>,
    started: Instant,
    talk: Talk,
    /// What this template has read, for `--depfile`.
    read: Mutex<Vec<PathBuf>>,
    /// The lookups that have failed.
    failed: Mutex<Vec<Failure>>,
    /// What all templates have asked for, for `--watch`.
    asked: Arc<Mutex<Vec<PathBuf>>>,
}

impl World {
    /// Returns the world of a template that includes are looked up for in `folders`; what it asks
    /// for is added to `asked`.
    pub(crate) fn new(
        args: &args::World,
        folders: Vec<PathBuf>,
        asked: Arc<Mutex<Vec<PathBuf>>>,
        talk: Talk,
    ) -> Self {
        Self {
            args: args.clone(),
            folders,
            started: clock::start(),
            talk,
            read: Mutex::default(),
            failed: Mutex::default(),
            asked,
        }
    }

    /// Returns the files that templates have read so far.
    pub(crate) fn files_read(&self) -> Vec<PathBuf> {
        self.read
            .lock()
            .map(|read| read.clone())
            .unwrap_or_default()
    }

    /// Returns the lookups that have failed so far.
    pub(crate) fn failed_lookups(&self) -> Vec<Failure> {
        let failed = self.failed.lock();
        failed.map(|failed| failed.clone()).unwrap_or_default()
    }

    fn note(&self, path: &Path) {
        if let Ok(mut read) = self.read.lock() {
            read.push(path.to_owned());
        }
        self.ask(path);
    }

    fn ask(&self, path: &Path) {
        if let Ok(mut asked) = self.asked.lock() {
            asked.push(path.to_owned());
        }
    }

    fn project(&self) -> Result<Project, Failure> {
        Project::open(self.args.git.as_deref()).map_err(Failures::into_first)
    }

    fn repository(&self) -> Result<Repository, Failure> {
        self.project()?.repository()
    }

    fn version(&self) -> Result<Version, Failure> {
        let source = self.project()?.source(&self.args.file, self.talk)?;
        self.note(&source);
        project::read_version(&source)
    }

    fn module(&self) -> Result<String, Failure> {
        match &self.args.module {
            Some(module) => Ok(module.clone()),
            None => Ok(environment::absolute(Path::new(""))?
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default()),
        }
    }

    /// Refuses what a hermetic run was not told where to find: the repository around it, and who
    /// runs it.
    fn permit(&self, name: &str) -> Result<(), Failure> {
        let args = &self.args;
        let repository = args.git.is_some();
        let (told, way) = match name {
            _ if !args.hermetic => return Ok(()),
            "awsecr" | "userID" | "userGroupID" | "userName" => (false, "a value of your own"),
            "version" | "major" | "minor" | "patch" | "prerelease" => {
                (repository || !args.file.is_empty(), "`--file`")
            }
            "module" => (args.module.is_some(), "`--module`"),
            "imageName" => (
                repository && args.module.is_some(),
                "`--git` and `--module`",
            ),
            _ => (repository, "`--git`"),
        };
        if told {
            return Ok(());
        }
        Err(Failure::new(
            Code::Failed,
            format!("`--hermetic` forbids to look for it; give {way}"),
        ))
    }

    fn duat(&self, name: &str) -> Result<Option<Value>, Failure> {
        if !NAMES.contains(&name) {
            return Ok(None);
        }
        self.permit(name)?;
        let text = |text: String| Ok(Some(Value::from(text)));
        let number = |number: u64| Ok(Some(Value::Integer(i128::from(number))));
        match name {
            "version" => text(self.version()?.to_string()),
            "major" => number(self.version()?.major()),
            "minor" => number(self.version()?.minor()),
            "patch" => number(self.version()?.patch()),
            "prerelease" => text(self.version()?.pre().to_owned()),
            "module" => text(self.module()?),
            "gitBranch" => text(self.branch()?),
            "gitHash" => text(self.head()?.to_string()),
            "gitShort" => text(self.head()?.short()),
            "gitDate" => self.date(),
            "gitTag" => text(self.tag()?),
            "gitURL" => text(self.remote()?.to_string()),
            "gitDir" => text(self.directory()?),
            "imageName" => text(self.image()?),
            "userID" => number(u64::from(environment::user().id)),
            "userGroupID" => number(u64::from(environment::user().group)),
            "userName" => text(environment::user().name),
            "awsecr" => text(cloud::own_registry()?),
            _ => Ok(None),
        }
    }

    fn branch(&self) -> Result<String, Failure> {
        let named = self.args.branch.as_deref();
        // the variables of a CI service are environment, too
        let hint = (named.is_some() || !self.args.hermetic)
            .then(|| environment::branch_hint(named))
            .flatten();
        let branch = self.repository()?.branch(hint.as_ref())?;
        self.talk.explain(format_args!("the branch is {branch}"));
        Ok(branch.name.to_string())
    }

    fn head(&self) -> Result<Hash, Failure> {
        let head = self.repository()?.head()?;
        head.hash
            .ok_or_else(|| Failure::new(Code::NotFound, "there is no commit yet"))
    }

    fn remote(&self) -> Result<RemoteUrl, Failure> {
        let remote = self.repository()?.remote()?;
        remote
            .and_then(|remote| remote.url)
            .ok_or_else(|| Failure::new(Code::NotFound, "the repository has no remote"))
    }

    /// When the commit at HEAD was made, in UTC.
    fn date(&self) -> Result<Option<Value>, Failure> {
        let committed = self.repository()?.committed_at(&self.head()?)?;
        let instant = DateTime::from_timestamp(committed, 0);
        Ok(instant.map(|instant| Value::from(instant.to_rfc3339_opts(SecondsFormat::Secs, true))))
    }

    /// The tag at HEAD: that of the highest version, else the first; empty where there is none, as
    /// scripts expect it.
    fn tag(&self) -> Result<String, Failure> {
        let project = self.project()?;
        let repository = project.repository()?;
        let Some(head) = repository.head()?.hash else {
            return Ok(String::new());
        };
        let tags = repository.tags_at(&head)?;
        let prefix = project.tag_prefix(None);
        let version = |tag: &&String| Version::from_tag(tag, prefix);
        let versions = tags.iter().filter_map(|tag| Some((version(&tag)?, tag)));
        Ok(versions
            .max()
            .map(|(_, tag)| tag)
            .or(tags.first())
            .cloned()
            .unwrap_or_default())
    }

    fn directory(&self) -> Result<String, Failure> {
        let repository = self.repository()?;
        let root = repository.root().unwrap_or_else(|| repository.git_dir());
        Ok(root.to_string_lossy().into_owned())
    }

    fn image(&self) -> Result<String, Failure> {
        let url = self.remote()?;
        let (Some(owner), Some(name)) = (url.owner(), url.name()) else {
            return Err(Failure::new(
                Code::NotFound,
                format!("`{url}` names no owner and repository"),
            ));
        };
        Ok(ImageName::new(owner, name, Some(&self.module()?))?.to_string())
    }
}

impl Host for World {
    fn template(&self, name: &str) -> Result<Option<String>, String> {
        for folder in &self.folders {
            let path = folder.join(name);
            self.ask(&path);
            if !file::exists(&path).map_err(|error| error.to_string())? {
                continue;
            }
            if self.args.hermetic
                && !file::within(folder, name).map_err(|error| error.to_string())?
            {
                let folder = if folder.as_os_str().is_empty() {
                    "the current directory".to_owned()
                } else {
                    format!("`{}`", folder.display())
                };
                return Err(format!(
                    "it leads out of {folder}, which `--hermetic` forbids"
                ));
            }
            self.note(&path);
            let bytes = file::read(&path).map_err(|error| error.to_string())?;
            return match String::from_utf8(bytes) {
                Ok(text) => Ok(Some(text)),
                Err(_) => Err(format!("`{}` is not UTF-8", path.display())),
            };
        }
        Ok(None)
    }

    fn roots(&self) -> Vec<String> {
        vec!["duat".to_owned(), "Env".to_owned()]
    }

    fn names(&self, root: &str) -> Vec<String> {
        match root {
            "duat" => NAMES.iter().map(ToString::to_string).collect(),
            "Env" if self.args.hermetic => Vec::new(),
            "Env" => environment::all()
                .into_iter()
                .map(|(name, _)| name)
                .collect(),
            _ => Vec::new(),
        }
    }

    fn lookup(&self, root: &str, name: &str) -> Result<Option<Value>, String> {
        match root {
            "duat" => self.duat(name).map_err(|failure| {
                let reason = failure.in_one_line();
                if let Ok(mut failed) = self.failed.lock() {
                    failed.push(failure);
                }
                reason
            }),
            "Env" => Ok(environment::given(name).map(Value::from)),
            _ => Ok(None),
        }
    }

    fn random(&self, bytes: &mut [u8]) -> Result<(), String> {
        environment::random(bytes).map_err(|error| error.to_string())
    }

    fn expired(&self) -> bool {
        let limit = self.args.max_time.map(Duration::from_secs);
        limit.is_some_and(|limit| self.started.elapsed() > limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_answered() {
        let folder = tempfile::tempdir().unwrap();
        let args = args::World {
            git: Some(folder.path().to_owned()),
            ..args::World::default()
        };
        let world = World::new(
            &args,
            vec![folder.path().to_owned()],
            Arc::default(),
            Talk::new(true, 0, anstream::ColorChoice::Never),
        );
        for name in NAMES {
            // outside a repository some are errors; none is unknown
            assert_ne!(world.lookup("duat", name), Ok(None), "{name}");
        }
        assert_eq!(world.lookup("duat", "nonsense"), Ok(None));
    }
}
