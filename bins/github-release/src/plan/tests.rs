use bytes::Bytes;

use super::*;
use crate::args::{Proof, Whether};
use crate::body::Content;
use crate::local::TagFormat;
use crate::model::Repository;

const HEAD: &str = "1111111111111111111111111111111111111111";

fn asset(name: &str, sha256: &str) -> Asset {
    let mut asset = Asset::new(name.into(), None, Content::Text(Bytes::new()));
    asset.size = 3;
    asset.sha256 = Some(sha256.into());
    asset
}

/// An asset at GitHub: its number, its name, its digest. Without a digest it never arrived.
fn there(id: u64, name: &str, sha256: &str) -> model::Asset {
    model::Asset {
        id,
        name: name.into(),
        state: if sha256.is_empty() {
            "starter"
        } else {
            "uploaded"
        }
        .into(),
        size: 3,
        digest: Some(format!("sha256:{sha256}")),
        ..model::Asset::default()
    }
}

fn desired(assets: &[(&str, &str)]) -> Desired {
    Desired {
        version: "1.2.3".parse().unwrap(),
        format: TagFormat::plain(),
        tag: "1.2.3".into(),
        head: Some(HEAD.into()),
        title: None,
        notes: Notes::Unsaid,
        notes_are_typed: false,
        prerelease: false,
        latest: Whether::Auto,
        discussion: None,
        draft: false,
        expect: None,
        create_tag: false,
        replace: None,
        proof: Proof::Digest,
        assets: assets
            .iter()
            .map(|(name, sha256)| asset(name, sha256))
            .collect(),
        checksums: None,
        sign: None,
    }
}

fn nothing_there() -> Observed {
    Observed {
        repository: Repository {
            full_name: "owner/tool".into(),
            archived: false,
            permissions: None,
        },
        tag: TagThere::At {
            commit: HEAD.into(),
            message: None,
        },
        published: None,
        drafts: Vec::new(),
        assets: Vec::new(),
        latest: None,
        highest: None,
    }
}

fn release(id: u64, draft: bool) -> Release {
    Release {
        id,
        tag_name: "1.2.3".into(),
        draft,
        ..Release::default()
    }
}

fn draft(assets: Vec<model::Asset>) -> Observed {
    Observed {
        drafts: vec![release(7, true)],
        assets,
        ..nothing_there()
    }
}

fn published(assets: Vec<model::Asset>) -> Observed {
    Observed {
        published: Some(release(7, false)),
        assets,
        ..nothing_there()
    }
}

fn immutable(assets: Vec<model::Asset>) -> Observed {
    let frozen = Release {
        immutable: Some(true),
        ..release(7, false)
    };
    Observed {
        published: Some(frozen),
        ..published(assets)
    }
}

/// Returns what is done with the only asset, or the code of the refusal.
fn action(desired: &Desired, observed: &Observed) -> Result<Action, Code> {
    let plan = decide(desired, observed).map_err(|failures| failures.code())?;
    Ok(plan.steps[0].action)
}

fn refusal(desired: &Desired, observed: &Observed) -> (Code, String) {
    let failures = decide(desired, observed).unwrap_err();
    let messages: Vec<&str> = failures.iter().map(Failure::message).collect();
    (failures.code(), messages.join("\n"))
}

#[test]
fn where_there_is_nothing_all_is_made_and_published() {
    let plan = decide(&desired(&[("a", "1"), ("b", "2")]), &nothing_there()).unwrap();
    assert_eq!(plan.base, Base::Create);
    assert!(plan.steps.iter().all(|step| step.action == Action::Upload));
    assert_eq!(plan.end, End::Publish { latest: true });
    assert_eq!(plan.tag_at, None);
    assert!(!plan.is_nothing());
}

#[test]
fn a_complete_release_is_left_as_it_is() {
    let plan = decide(
        &desired(&[("a", "1")]),
        &published(vec![there(1, "a", "1")]),
    )
    .unwrap();
    assert!(plan.is_nothing());
    assert_eq!(plan.end, End::Published);
    let plan = decide(
        &desired(&[("a", "1")]),
        &immutable(vec![there(1, "a", "1")]),
    )
    .unwrap();
    assert!(plan.is_nothing());
}

#[test]
fn other_bytes_are_replaced_in_drafts_and_elsewhere_on_request() {
    use Replace::{Always, Changed, Never};
    let same = || vec![there(1, "a", "1")];
    let other = || vec![there(1, "a", "2")];
    let keep = Ok(Action::Keep(Match::Digest));
    let replace = Ok(Action::Replace(1));
    let refused = Err(Code::Refused);
    for (replacing, observed, expected) in [
        (None, draft(same()), keep),
        (None, draft(other()), replace),
        (Some(Never), draft(other()), refused),
        (Some(Always), draft(same()), replace),
        (None, published(other()), refused),
        (Some(Never), published(same()), keep),
        (Some(Changed), published(other()), replace),
        (Some(Changed), published(same()), keep),
        (Some(Always), published(same()), replace),
        (Some(Changed), immutable(other()), refused),
        (Some(Changed), immutable(Vec::new()), refused),
        (None, published(Vec::new()), Ok(Action::Upload)),
    ] {
        let wish = Desired {
            replace: replacing,
            ..desired(&[("a", "1")])
        };
        assert_eq!(
            action(&wish, &observed),
            expected,
            "{replacing:?} {observed:?}"
        );
    }
}

#[test]
fn an_interrupted_replacement_is_brought_to_its_end() {
    let wish = desired(&[("a", "1")]);
    for (assets, expected, broken) in [
        // the new bytes are sent, the old ones still there
        (
            vec![there(1, "a", "2"), there(2, "a.duat-tmp-x", "1")],
            Action::Resume(2, Some(1)),
            vec![],
        ),
        // the old ones are gone
        (
            vec![there(2, "a.duat-tmp-x", "1")],
            Action::Resume(2, None),
            vec![],
        ),
        // it came to its end, and something is left
        (
            vec![there(1, "a", "1"), there(2, "a.duat-tmp-x", "1")],
            Action::Keep(Match::Digest),
            vec![2],
        ),
        // what was sent is not what is wished for now
        (vec![there(2, "a.duat-tmp-x", "3")], Action::Upload, vec![2]),
        (vec![there(2, "a.duat-tmp-x", "")], Action::Upload, vec![2]),
        // a broken upload of the asset itself
        (vec![there(3, "a", "")], Action::Upload, vec![3]),
    ] {
        let plan = decide(&wish, &draft(assets.clone())).unwrap();
        assert_eq!(
            plan.steps,
            [Step {
                broken,
                action: expected
            }],
            "{assets:?}"
        );
    }
}

#[test]
fn without_a_digest_the_size_tells() {
    let no_digest = model::Asset {
        digest: None,
        ..there(1, "a", "2")
    };
    let found = action(&desired(&[("a", "1")]), &published(vec![no_digest]));
    assert_eq!(found, Ok(Action::Keep(Match::Size)));
}

#[test]
fn the_tag_is_where_head_is() {
    let elsewhere = Observed {
        tag: TagThere::At {
            commit: "2222222222".into(),
            message: None,
        },
        ..nothing_there()
    };
    let (code, message) = refusal(&desired(&[]), &elsewhere);
    assert_eq!(code, Code::Refused);
    assert!(
        message.contains("is at 2222222 at GitHub, and `HEAD` is 1111111"),
        "{message}"
    );

    let missing = Observed {
        tag: TagThere::Missing,
        ..nothing_there()
    };
    assert_eq!(refusal(&desired(&[]), &missing).0, Code::NotFound);
    let create = Desired {
        create_tag: true,
        ..desired(&[])
    };
    let plan = decide(&create, &missing).unwrap();
    assert_eq!(plan.tag_at.as_deref(), Some(HEAD));
    assert_eq!(decide(&create, &nothing_there()).unwrap().tag_at, None);
    let nowhere = Desired {
        head: None,
        ..create
    };
    assert_eq!(refusal(&nowhere, &missing).0, Code::NotFound);
}

#[test]
fn jobs_wait_for_each_other() {
    let wish = |draft, expect| Desired {
        draft,
        expect,
        ..desired(&[("a", "1")])
    };
    let two = || draft(vec![there(1, "b", "2"), there(2, "c", "3")]);
    for (wish, expected) in [
        (wish(false, None), End::Publish { latest: true }),
        (wish(true, None), End::Draft),
        (wish(true, Some(4)), End::Waiting(1)),
        (wish(false, Some(4)), End::Waiting(1)),
        (wish(true, Some(3)), End::Publish { latest: true }),
    ] {
        assert_eq!(decide(&wish, &two()).unwrap().end, expected, "{wish:?}");
    }
    assert_eq!(refusal(&wish(true, Some(2)), &two()).0, Code::Refused);
}

#[test]
fn the_latest_is_the_highest() {
    let with = |highest: Option<&str>| Observed {
        highest: highest.map(|version| version.parse().unwrap()),
        ..nothing_there()
    };
    for (highest, wish, prerelease, expected) in [
        (None, Whether::Auto, false, true),
        (Some("1.2.2"), Whether::Auto, false, true),
        (Some("1.10.0"), Whether::Auto, false, false),
        (Some("1.10.0"), Whether::True, false, true),
        (Some("1.0.0"), Whether::False, false, false),
        (None, Whether::Auto, true, false),
    ] {
        let desired = Desired {
            latest: wish,
            prerelease,
            ..desired(&[])
        };
        assert_eq!(
            is_latest(&desired, &with(highest)),
            expected,
            "{highest:?} {wish:?}"
        );
    }
}

#[test]
fn a_published_text_changes_on_request_only() {
    let body = |text: &str, release: Release| Release {
        body: Some(text.into()),
        name: Some("1.2.3".into()),
        ..release
    };
    let wish = |text: &str, typed| Desired {
        notes: Notes::Text(text.into()),
        notes_are_typed: typed,
        ..desired(&[])
    };
    let live = body("old\r\ntext", release(7, false));
    assert!(!edits(&wish("new", false), &live));
    assert!(edits(&wish("new", true), &live));
    assert!(!edits(&wish("old\ntext\n", true), &live));
    assert!(edits(&wish("new", false), &body("old", release(7, true))));
    assert!(!edits(&desired(&[]), &live));
    let titled = Desired {
        title: Some("A title".into()),
        ..desired(&[])
    };
    assert!(edits(&titled, &live));
}

#[test]
fn all_that_stands_against_it_is_said_at_once() {
    let mut observed = published(vec![there(1, "a", "9"), there(2, "b", "9")]);
    observed.repository.archived = true;
    let (code, message) = refusal(&desired(&[("a", "1"), ("b", "2")]), &observed);
    assert_eq!(code, Code::Refused);
    assert_eq!(message.lines().count(), 3, "{message}");
}

#[test]
fn a_release_holds_a_thousand_assets() {
    let there = (1..=1000)
        .map(|id| there(id, &format!("n{id}"), "1"))
        .collect();
    let observed = draft(there);
    assert!(decide(&desired(&[("n1", "1")]), &observed).is_ok());
    assert_eq!(
        refusal(&desired(&[("new", "1")]), &observed).0,
        Code::Refused
    );
}
