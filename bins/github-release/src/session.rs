//! One run's talk with GitHub: requests that are tried again where that is safe.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use duat::file;
use duat::git::Repository as Git;
use duat_shell::{Code, Failure, Progress, Talk, environment};
use serde::de::DeserializeOwned;

use crate::api::{Api, Fault, Kind, Renew, Road};
use crate::args;
use crate::model::{Asset, Repository};
use crate::pace::Pace;
use crate::repository::{self, Slug, Target};
use crate::token;

/// The way to one repository, and what is known of the run on it.
pub(crate) struct Session {
    pub api: Api,
    pub pace: Pace,
    pub talk: Talk,
    pub progress: Progress,
    /// The first wait before something is tried again.
    pub unit: Duration,
    /// How long an upload may stand still.
    pub stall: Duration,
    /// How long an answer may take.
    pub timeout: Duration,
    slug: Slug,
    state: Rc<RefCell<State>>,
}

/// How far the run has come, for who interrupts it.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    /// What was changed at GitHub last, as a sentence.
    pub sentence: Option<String>,
    pub done: usize,
    pub of: usize,
}

impl Session {
    /// Finds repository and token; no request is made. Who reads only may do without a token.
    pub(crate) fn prepare(
        args: &args::Place,
        git: Option<&Git>,
        needs_token: bool,
        talk: Talk,
    ) -> Result<Prepared, Failure> {
        let target = repository::target(args, git, talk)?;
        let token = token::find(args.github_token.as_deref(), &target, talk)?;
        if token.is_none() && needs_token {
            return Err(token::missing(&target));
        }
        let certificates = args.cacert.as_ref().map(file::read).transpose()?;
        let renew: Renew = {
            let (given, target) = (args.github_token.clone(), target.clone());
            Box::new(move || token::find(given.as_deref(), &target, talk).ok().flatten())
        };
        Ok(Prepared {
            target,
            // who asks without a token may do so
            renew: token.is_some().then_some(renew),
            token,
            certificates,
        })
    }

    /// Opens the way.
    pub(crate) fn open(
        prepared: Prepared,
        waits: &args::Waits,
        jobs: u64,
        talk: Talk,
    ) -> Result<Self, Failure> {
        let timeout = Duration::from_secs(waits.timeout);
        let api = Api::new(
            Road {
                base: &prepared.target.api,
                token: prepared.token,
                renew: prepared.renew,
                certificates: prepared.certificates,
                timeout,
            },
            talk,
        )?;
        Ok(Self {
            api,
            pace: Pace::new(
                Duration::from_millis(waits.retry_delay),
                Duration::from_secs(waits.patience),
                usize::try_from(jobs).unwrap_or(1),
            ),
            talk,
            progress: Progress::new(talk),
            unit: Duration::from_millis(waits.retry_delay),
            stall: Duration::from_secs(waits.stall),
            timeout,
            slug: prepared.target.slug,
            state: Rc::default(),
        })
    }

    /// Returns the repository.
    pub(crate) fn slug(&self) -> &Slug {
        &self.slug
    }

    /// Takes the name that the repository has now.
    pub(crate) fn rename(&mut self, full_name: &str) -> Result<(), Failure> {
        let now = Slug::parse(&format!("{}/{full_name}", self.slug.host));
        let now = now.ok_or_else(|| self.unstable(full_name))?;
        self.talk.warn(format_args!(
            "the repository `{}` is called `{now}` now",
            self.slug
        ));
        self.talk
            .hint(format_args!("`git remote set-url origin …` tells git."));
        self.slug = now;
        Ok(())
    }

    /// Returns the failure of a repository whose name changes under our hands.
    pub(crate) fn unstable(&self, name: &str) -> Failure {
        let message = format!(
            "failed to read the repository `{}`: it is called `{name}` now",
            self.slug
        );
        Failure::new(Code::Failed, message).hint("name it with `--repo OWNER/NAME`.")
    }

    /// Reads the repository, following it where it was renamed.
    pub(crate) async fn repository(&self) -> Result<Repository, Failure> {
        let what = format!("read the repository `{}`", self.slug);
        let mut path = self.slug.path();
        for _ in 0..3 {
            match self.ask::<Repository>(&path).await {
                Ok(repository) => return Ok(repository),
                Err(Fault {
                    kind: Kind::Moved,
                    location: Some(location),
                    ..
                }) => path = location,
                Err(fault) if fault.kind == Kind::NotFound => {
                    return Err(fault
                        .failure(&what)
                        .hint("correct its name with `--repo`, or use a token that may see it."));
                }
                Err(fault) => return Err(fault.failure(&what)),
            }
        }
        Err(Failure::new(
            Code::Failed,
            format!("failed to {what}: it is moved without end"),
        ))
    }

    /// Reads `path`; nothing where there is nothing.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        what: &str,
    ) -> Result<Option<T>, Failure> {
        match self.ask(path).await {
            Ok(found) => Ok(Some(found)),
            Err(fault) if fault.kind == Kind::NotFound => Ok(None),
            Err(fault) => Err(fault.failure(what)),
        }
    }

    /// Reads one page of a list, and the path of the next.
    pub(crate) async fn page<T: DeserializeOwned>(
        &self,
        path: &str,
        what: &str,
    ) -> Result<(Vec<T>, Option<String>), Failure> {
        self.retrying(async || {
            let answer = self.api.get(path).await?;
            Ok((answer.read()?, answer.next))
        })
        .await
        .map_err(|fault| fault.failure(what))
    }

    /// Lists all assets of a release, broken uploads included; nothing where there is no such release.
    pub(crate) async fn assets(&self, release: u64) -> Result<Option<Vec<Asset>>, Failure> {
        let mut next = Some(format!(
            "{}/releases/{release}/assets?per_page=100",
            self.slug.path()
        ));
        let mut assets = Vec::new();
        while let Some(path) = next.take() {
            let page = self
                .retrying(async || {
                    let answer = self.api.get(&path).await?;
                    Ok((answer.read::<Vec<Asset>>()?, answer.next))
                })
                .await;
            match page {
                Ok((more, after)) => {
                    assets.extend(more);
                    next = after;
                }
                Err(fault) if fault.kind == Kind::NotFound => return Ok(None),
                Err(fault) => return Err(fault.failure("list the assets")),
            }
        }
        Ok(Some(assets))
    }

    async fn ask<T: DeserializeOwned>(&self, path: &str) -> Result<T, Fault> {
        self.retrying(async || self.api.get(path).await?.read())
            .await
    }

    /// Does what changes nothing, or can be done twice, until there is an answer.
    pub(crate) async fn retrying<T>(
        &self,
        request: impl AsyncFn() -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut attempt = 1;
        loop {
            self.pace.read().await;
            let fault = match request().await {
                Ok(value) => return Ok(value),
                Err(fault) => fault,
            };
            if !matches!(fault.kind, Kind::Limited | Kind::Renewed | Kind::Unsure) {
                return Err(fault);
            }
            self.wait(&fault, &mut attempt).await?;
        }
    }

    /// Waits before another try, saying why; the fault itself where patience is at its end.
    pub(crate) async fn wait(&self, fault: &Fault, attempt: &mut u32) -> Result<(), Fault> {
        let reason = fault.summary();
        if fault.kind == Kind::Renewed {
            self.aside(|talk| talk.explain(format_args!("trying a new token: {reason}")));
            return Ok(());
        }
        if fault.kind == Kind::Limited {
            let time = fault
                .wait
                .map(|wait| format!(" {} seconds", wait.as_secs()))
                .unwrap_or_default();
            self.aside(|talk| talk.warn(format_args!("waiting{time}: {reason}")));
        } else {
            self.aside(|talk| talk.explain(format_args!("trying again: {reason}")));
        }
        let waited = self.pace.again(fault, *attempt).await;
        if fault.kind != Kind::Limited {
            *attempt += 1;
        }
        waited.map_err(|_| fault.clone())
    }

    /// Says something with the bars out of the way.
    pub(crate) fn aside(&self, speak: impl FnOnce(Talk)) {
        self.progress.aside(|| speak(self.talk));
    }

    /// Notes what was changed, for who interrupts the run.
    pub(crate) fn note(&self, note: impl FnOnce(&mut State)) {
        note(&mut self.state.borrow_mut());
    }

    /// Returns how far the run has come.
    pub(crate) fn share_state(&self) -> Rc<RefCell<State>> {
        Rc::clone(&self.state)
    }
}

/// What is found before the first request.
pub(crate) struct Prepared {
    target: Target,
    token: Option<token::Token>,
    renew: Option<Renew>,
    certificates: Option<Vec<u8>>,
}

/// Returns a word that no other run draws.
pub(crate) fn random_word() -> Result<String, Failure> {
    let mut bytes = [0; 8];
    environment::random(&mut bytes)?;
    Ok(crate::body::hexadecimal(&bytes))
}
