//! One asset on its way: sent, watched, and after every doubt compared with what arrived.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use duat_shell::progress::Item;
use duat_shell::{Code, Failure, clock};
use http::Method;
use serde_json::json;
use tokio::time::{MissedTickBehavior, interval};
use url::{Url, form_urlencoded};

use super::watch::Watch;
use super::{Carried, Done, unreadable, wrong_bytes};
use crate::api::{Fault, Kind};
use crate::asset::{Asset, Match};
use crate::body::{AssetBody, Sent};
use crate::desired::Desired;
use crate::draft::{delete, refusal};
use crate::model;
use crate::name;
use crate::plan::{Action, Step};
use crate::session::Session;

/// How often a straggler, or an upload whose bytes arrived wrong, is begun again.
const AGAIN: u32 = 2;

/// One asset on its way.
pub(super) struct Sending<'a> {
    pub session: &'a Session,
    pub release: &'a model::Release,
    pub desired: &'a Desired,
    pub url: &'a Url,
    pub asset: Asset,
}

impl Sending<'_> {
    /// Does what its step of the plan says.
    pub(super) async fn carry_out(mut self, step: &Step) -> Result<Carried, Failure> {
        for id in &step.broken {
            self.delete(*id).await?;
        }
        let name = self.asset.name_there.clone();
        let progress = self
            .session
            .progress
            .item(name.as_str(), Some(self.asset.size));
        let done = match step.action {
            Action::Keep(_) => {
                progress.skip(format_args!("`{name}` is there"));
                Done::Kept
            }
            Action::Upload => match self.put(&name, &progress).await {
                Ok(()) => {
                    progress.finish(format_args!("uploaded `{name}`"));
                    Done::Uploaded
                }
                Err(failure) => return Err(failed(&name, progress, failure)),
            },
            Action::Replace(old) => {
                let replaced = match self.put_beside(&progress).await {
                    Ok(sent) => self.swap(sent, Some(old)).await,
                    Err(failure) => Err(failure),
                };
                match replaced {
                    Ok(()) => progress.finish(format_args!("replaced `{name}`")),
                    Err(failure) => return Err(failed(&name, progress, failure)),
                }
                Done::Replaced
            }
            Action::Resume(sent, old) => match self.swap(sent, old).await {
                Ok(()) => {
                    progress.skip(format_args!("replaced `{name}`, which was sent before"));
                    Done::Replaced
                }
                Err(failure) => return Err(failed(&name, progress, failure)),
            },
        };
        Ok(Carried {
            done,
            sha256: self.asset.sha256,
        })
    }

    /// Sends the asset under a name that nobody has, and returns its number there.
    async fn put_beside(&mut self, progress: &Item) -> Result<u64, Failure> {
        let word = crate::session::random_word()?;
        let name = name::temporary(&self.asset.name_there, &word);
        self.put(&name, progress).await?;
        let there = self.find(&name).await?;
        there.map(|there| there.id).ok_or_else(|| vanished(&name))
    }

    /// Puts what was sent under another name in the place of `old`. Interrupted anywhere, the old or
    /// the new bytes are there, and the next run goes on.
    async fn swap(&self, sent: u64, old: Option<u64>) -> Result<(), Failure> {
        if let Some(old) = old {
            self.delete(old).await?;
        }
        let name = &self.asset.name_there;
        let path = format!("{}/releases/assets/{sent}", self.session.slug().path());
        let body = json!({"name": name, "label": self.asset.label_there().unwrap_or_default()});
        let renamed = self
            .session
            .retrying(async || {
                self.session.pace.write().await;
                self.session
                    .api
                    .call(Method::PATCH, &path, Some(&body))
                    .await
            })
            .await;
        if let Err(fault) = renamed {
            // a second try finds what the first, whose answer was lost, has done
            let there = self.find(name).await?;
            if there.is_none_or(|there| there.id != sent) {
                return Err(fault.failure(&format!("rename the new `{name}`")));
            }
        }
        Ok(())
    }

    async fn delete(&self, asset: u64) -> Result<(), Failure> {
        let path = format!("{}/releases/assets/{asset}", self.session.slug().path());
        delete(self.session, &path)
            .await
            .map_err(|fault| fault.failure(&format!("delete the old `{}`", self.asset.name_there)))
    }

    /// Sends the asset until it is there with the right bytes.
    async fn put(&mut self, name: &str, progress: &Item) -> Result<(), Failure> {
        let what = format!("upload `{name}`");
        let mut attempt = 1;
        let mut corrupt = 0;
        let mut straggled = 0;
        loop {
            self.session.pace.write().await;
            progress.set_position(0);
            let fault = match self.send(name, progress, straggled < AGAIN).await {
                Ok(there) => match self.compare(&there).await? {
                    Match::Digest | Match::Size => {
                        self.session.pace.succeeded();
                        return Ok(());
                    }
                    // it is ours, and wrong
                    Match::Differs if corrupt < AGAIN => {
                        corrupt += 1;
                        self.delete(there.id).await?;
                        continue;
                    }
                    Match::Differs => {
                        self.delete(there.id).await?;
                        return Err(wrong_bytes(&self.asset, &there));
                    }
                    Match::Unread | Match::Broken => Fault::stalled("the upload is not complete"),
                },
                Err(Trouble::Fatal(failure)) => return Err(failure),
                Err(Trouble::Fault(fault)) => fault,
                Err(Trouble::Straggler(fault)) => {
                    straggled += 1;
                    fault
                }
            };
            match fault.kind {
                Kind::Limited | Kind::Renewed => {}
                Kind::Unsure | Kind::NotFound | Kind::Invalid => {
                    let is_taken = fault.says("already_exists");
                    if fault.kind == Kind::Invalid && !is_taken {
                        return Err(refusal(&fault, &what, self.desired, None));
                    }
                    if self.reconcile(name).await? {
                        return Ok(());
                    }
                }
                Kind::Denied | Kind::Moved | Kind::Unsendable => return Err(fault.failure(&what)),
            }
            self.session
                .wait(&fault, &mut attempt)
                .await
                .map_err(|fault| {
                    let failure = fault.failure(&what);
                    match fault.kind {
                        Kind::Limited | Kind::Unsure => failure,
                        // it was there a moment ago, and may be again
                        _ => failure
                            .with_code(Code::TryAgain)
                            .hint("run this again: it goes on where it stopped."),
                    }
                })?;
        }
    }

    /// Compares the asset with what is there, reading it where its bytes are not known yet.
    async fn compare(&mut self, there: &model::Asset) -> Result<Match, Failure> {
        if self.asset.compare(there) == Match::Unread {
            self.measure().await?;
        }
        Ok(self.asset.compare(there))
    }

    /// Reads and hashes the asset beside all that is under way.
    async fn measure(&mut self) -> Result<(), Failure> {
        let mut asset = self.asset.clone();
        let size = asset.size;
        let hashing = tokio::task::spawn_blocking(move || (asset.measure(), asset));
        let (measured, asset) = hashing.await.map_err(|error| {
            Failure::new(Code::Failed, "failed to hash a file").caused_by(&error)
        })?;
        measured.map_err(|error| unreadable(&self.asset, &error))?;
        if asset.size != size {
            return Err(changed(&self.asset));
        }
        self.asset = asset;
        Ok(())
    }

    /// Looks what has become of an upload: true if it is there. What is broken of it is removed.
    async fn reconcile(&mut self, name: &str) -> Result<bool, Failure> {
        let Some(there) = self.find(name).await? else {
            return Ok(false);
        };
        match self.compare(&there).await? {
            Match::Digest | Match::Size => Ok(true),
            Match::Broken => {
                self.delete(there.id).await?;
                Ok(false)
            }
            Match::Unread | Match::Differs => Err(Failure::new(
                Code::Refused,
                format!(
                    "refused to replace `{name}`: somebody else has sent other bytes meanwhile"
                ),
            )
            .hint("two jobs send assets of one name; run this again to replace what is there.")),
        }
    }

    async fn find(&self, name: &str) -> Result<Option<model::Asset>, Failure> {
        let assets = self.session.assets(self.release.id).await?;
        let mut assets = assets.unwrap_or_default().into_iter();
        Ok(assets.find(|there| there.name == name))
    }

    /// Sends the asset once, watching it.
    async fn send(
        &mut self,
        name: &str,
        progress: &Item,
        may_straggle: bool,
    ) -> Result<model::Asset, Trouble> {
        if self.asset.seal().is_none() {
            self.measure().await.map_err(Trouble::Fatal)?;
        }
        let Self { session, asset, .. } = &*self;
        let Some(seal) = asset.seal() else {
            return Err(Trouble::Fatal(changed(asset)));
        };
        let sent = Arc::new(Sent::default());
        let body = AssetBody::new(&asset.content, asset.size, seal, &sent)
            .map_err(|error| Trouble::Fatal(unreadable(asset, &error)))?;
        let url = self.address(name);
        let start = clock::start();
        let request = session
            .api
            .upload(&url, asset.content_type(), asset.size, body);
        let mut request = pin!(request);
        let mut ticks = interval(session.stall.min(Duration::from_secs(1)) / 4);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut watch = Watch::new();
        let answer = loop {
            tokio::select! {
                biased;
                answer = &mut request => break answer,
                _ = ticks.tick() => {
                    let bytes = sent.bytes();
                    progress.set_position(bytes);
                    let is_sent = bytes == asset.size;
                    let limit = if is_sent { session.timeout } else { session.stall };
                    if watch.is_still(bytes, limit) {
                        let why = if is_sent { "no answer came to an upload" } else { "an upload stood still" };
                        break Err(Fault::stalled(why));
                    }
                    let floor = session.pace.straggling().filter(|_| may_straggle && !is_sent);
                    if floor.is_some_and(|floor| watch.is_slow(bytes, floor)) {
                        return Err(Trouble::Straggler(Fault::stalled("an upload was much slower than others")));
                    }
                }
            }
        };
        if sent.has_changed() {
            let failure = changed(asset);
            // nothing of it is kept: the last piece was never sent
            let _ = self.reconcile(name).await;
            return Err(Trouble::Fatal(failure));
        }
        if let Some(error) = sent.unread() {
            let failure = unreadable(asset, error);
            let _ = self.reconcile(name).await;
            return Err(Trouble::Fatal(failure));
        }
        // if there is doubt now, it is about these bytes
        if let Some(sha256) = sent.sha256() {
            self.asset.sha256 = Some(sha256.to_owned());
        }
        let there = answer
            .and_then(|answer| answer.read::<model::Asset>())
            .map_err(Trouble::Fault)?;
        progress.set_position(self.asset.size);
        self.session.pace.finished(self.asset.size, start.elapsed());
        Ok(there)
    }

    fn address(&self, name: &str) -> Url {
        let encode = |text: &str| {
            let text: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
            text.replace('+', "%20")
        };
        // a name that GitHub has nothing to change about: the label shows the one it has here
        let mut query = format!("name={}", encode(name));
        if let Some(label) = self.asset.label_there() {
            query.push_str("&label=");
            query.push_str(&encode(label));
        }
        let mut url = self.url.clone();
        url.set_query(Some(&query));
        url
    }
}

/// Why an upload did not succeed at once.
enum Trouble {
    /// Another try will not help.
    Fatal(Failure),
    Fault(Fault),
    Straggler(Fault),
}

/// Ends the progress of an asset that did not arrive; why is said at the end of the run.
fn failed(name: &str, progress: Item, failure: Failure) -> Failure {
    progress.fail(format_args!("failed to send `{name}`"));
    failure
}

fn changed(asset: &Asset) -> Failure {
    let path = asset.path.as_deref().unwrap_or(&asset.name);
    Failure::new(
        Code::Failed,
        format!("failed to upload `{path}`: it has changed while it was sent"),
    )
    .hint("let whatever writes it come to its end, then run this again.")
}

fn vanished(name: &str) -> Failure {
    let message = format!("failed to find `{name}`, which was sent a moment ago");
    Failure::new(Code::TryAgain, message).hint("run this again: it goes on where it stopped.")
}
