//! What a request is sent with: the token, and the client that adds it. A token that has expired in
//! the middle of a run is looked for once more, where others may have put a new one.

use std::cell::RefCell;

use duat_shell::{Code, Failure};
use octocrab::Octocrab;
use tokio::sync::OnceCell;
use url::Url;

use crate::token::Token;

/// Looks for the token again.
pub(crate) type Renew = Box<dyn Fn() -> Option<Token> + Send>;

/// The token and the client of the API, as they are now.
pub(super) struct Access {
    held: RefCell<Held>,
    /// Taken by the one who looks.
    renew: RefCell<Option<Renew>>,
    looked: OnceCell<()>,
}

#[derive(Clone)]
pub(super) struct Held {
    pub token: Option<Token>,
    pub crab: Octocrab,
}

impl Access {
    pub(super) fn new(
        http: &reqwest::Client,
        base: &Url,
        token: Option<Token>,
        renew: Option<Renew>,
    ) -> Result<Self, Failure> {
        let crab = crab(http, base, token.as_ref())?;
        Ok(Self {
            held: RefCell::new(Held { token, crab }),
            renew: RefCell::new(renew),
            looked: OnceCell::new(),
        })
    }

    /// Returns what a request is sent with.
    pub(super) fn now(&self) -> Held {
        self.held.borrow().clone()
    }

    /// Tells whether there is another token than the one that was refused. Whoever comes while it
    /// is looked for waits for the same.
    pub(super) async fn is_renewed(
        &self,
        http: &reqwest::Client,
        base: &Url,
        refused: Option<&Token>,
    ) -> bool {
        let look = async || {
            let Some(renew) = self.renew.take() else {
                return;
            };
            // it may ask other programs
            let found = tokio::task::spawn_blocking(renew).await;
            if let Ok(Some(token)) = found
                && let Ok(crab) = crab(http, base, Some(&token))
            {
                let token = Some(token);
                *self.held.borrow_mut() = Held { token, crab };
            }
        };
        self.looked.get_or_init(look).await;
        self.held.borrow().token.as_ref() != refused
    }
}

/// Returns octocrab for the origin of `url`: it adds the token there and nowhere else.
pub(super) fn crab(
    http: &reqwest::Client,
    url: &Url,
    token: Option<&Token>,
) -> Result<Octocrab, Failure> {
    let failed = |error: octocrab::Error| {
        Failure::new(Code::Failed, "failed to prepare the connection to GitHub").caused_by(&error)
    };
    // of the base URI only the origin is wanted: paths are whole here
    let origin = url.origin().ascii_serialization();
    let mut builder = Octocrab::builder()
        .base_uri(origin.as_str())
        .and_then(|builder| builder.upload_uri(origin.as_str()))
        .map_err(failed)?;
    if let Some(token) = token {
        builder = builder.personal_token(token.secret());
    }
    builder.build_with_reqwest(http.clone()).map_err(failed)
}
