//! Which release GitHub calls the latest, checked after publishing, because it has been seen to
//! choose another than it was told.

use http::Method;
use serde_json::json;

use crate::draft::pause;
use crate::model::Release;
use crate::session::Session;

/// How often it is looked at.
const LOOKS: u32 = 3;

/// Returns whether GitHub's latest release is the one it should be, after setting it right where it
/// is not: `expected` is a release's number.
///
/// The release is published by now; that it is not the latest is no reason to fail.
pub(crate) async fn settle(session: &Session, expected: u64) -> bool {
    let path = format!("{}/releases/latest", session.slug().path());
    for look in 0..LOOKS {
        let latest = session
            .get::<Release>(&path, "read the latest release")
            .await;
        match latest {
            Ok(Some(latest)) if latest.id == expected => return true,
            Ok(_) => {}
            Err(failure) => {
                session.aside(|talk| talk.explain(failure.in_one_line()));
                return false;
            }
        }
        // the first time GitHub may only be slow
        if look > 0 {
            session.aside(|talk| {
                talk.explain("GitHub shows another latest release: telling it again");
            });
            let release = format!("{}/releases/{expected}", session.slug().path());
            let body = json!({"make_latest": "true"});
            session.pace.write().await;
            if let Err(fault) = session.api.call(Method::PATCH, &release, Some(&body)).await {
                session.aside(|talk| talk.explain(fault.summary()));
            }
        }
        pause(session, look).await;
    }
    let latest = session
        .get::<Release>(&path, "read the latest release")
        .await;
    matches!(latest, Ok(Some(latest)) if latest.id == expected)
}
