//! The laws of a promotion, over worlds of tags.

use std::collections::BTreeMap;

use duat::Version;
use duat::name::ImageName;
use duat_registry::Digest;
use duat_registry::reference::Tag;
use proptest::prelude::*;

use super::{Float, Move, Plan, Refusal, Seen};
use crate::home::Home;
use crate::job::Image;

/// The tags of one repository.
type World = BTreeMap<String, Digest>;

fn digest(name: &str) -> Digest {
    Digest::of(name.as_bytes())
}

fn tag(text: &str) -> Tag {
    text.parse().unwrap()
}

fn version(text: &str) -> Version {
    text.parse().unwrap()
}

fn floats(also: &[&str], release: &Version) -> Vec<Float> {
    let floats = also.iter().filter_map(|text| Float::of(tag(text), release));
    floats.collect()
}

/// Returns what a survey of one repository sees.
fn seen(world: &World, tested: &str, release: &Version, also: &[&str]) -> Seen {
    let image = Image {
        module: "server".to_owned(),
        name: ImageName::new("owner", "tool", Some("server")).unwrap(),
    };
    let home: Home = "registry.test/acme".parse().unwrap();
    let address = home.of(&image, false).unwrap();
    let floats = floats(also, release).into_iter();
    Seen {
        image,
        from: address.clone(),
        to: address,
        tested: world.get(tested).cloned(),
        released: world.get(&release.to_string()).cloned(),
        floats: floats
            .map(|float| {
                let now = world.get(float.tag.as_str()).cloned();
                (float, now)
            })
            .collect(),
        tags: Some(world.keys().cloned().collect()),
        repository_missing: false,
    }
}

fn plan(world: &World, tested: &str, release: &str, also: &[&str]) -> Result<Plan, Vec<Refusal>> {
    let release = version(release);
    let name = tag(&release.to_string());
    Plan::of(
        vec![seen(world, tested, &release, also)],
        &name,
        &release,
        false,
    )
}

/// Carries a plan out on a world.
fn carry_out(plan: &Plan, world: &mut World) {
    for step in &plan.steps {
        for Move { tag, before } in &step.moves {
            let known = world.insert(tag.to_string(), step.digest.clone());
            assert_eq!(known, *before);
        }
    }
}

fn world(tags: &[(&str, &str)]) -> World {
    let tags = tags
        .iter()
        .map(|(tag, image)| ((*tag).to_owned(), digest(image)));
    tags.collect()
}

#[test]
fn a_release_that_is_not_there_gets_its_tag() {
    let world = world(&[("0.0.2-rc.1", "new")]);
    let plan = plan(&world, "0.0.2-rc.1", "0.0.2", &[]).unwrap();
    let step = &plan.steps[0];
    assert_eq!(
        step.moves,
        [Move {
            tag: tag("0.0.2"),
            before: None
        }]
    );
    assert!(!step.copies);
}

#[test]
fn the_same_image_under_the_release_leaves_nothing_to_do() {
    let world = world(&[("0.0.2-rc.1", "new"), ("0.0.2", "new"), ("latest", "new")]);
    let plan = plan(&world, "0.0.2-rc.1", "0.0.2", &["latest"]).unwrap();
    assert!(plan.is_done());
    assert_eq!(plan.steps[0].stand, [tag("0.0.2"), tag("latest")]);
}

#[test]
fn another_image_under_the_release_is_refused() {
    let world = world(&[("0.0.2-rc.1", "new"), ("0.0.2", "old")]);
    let refused = plan(&world, "0.0.2-rc.1", "0.0.2", &["latest"]).unwrap_err();
    assert_eq!(
        refused,
        [Refusal::Conflict {
            index: 0,
            tested: digest("new"),
            released: digest("old"),
        }]
    );
}

#[test]
fn no_tested_image_is_refused() {
    let refused = plan(&world(&[]), "0.0.2-rc.1", "0.0.2", &[]).unwrap_err();
    assert_eq!(refused, [Refusal::NoSource { index: 0 }]);
}

#[test]
fn a_float_tag_stays_with_a_newer_release_of_its_range() {
    let world = world(&[
        ("1.0.5-rc.1", "fix"),
        ("1.1.0", "newer"),
        ("1", "newer"),
        ("latest", "newer"),
        ("1.0", "old"),
        ("1.0.4", "old"),
    ]);
    let plan = plan(&world, "1.0.5-rc.1", "1.0.5", &["latest", "1", "1.0"]).unwrap();
    let step = &plan.steps[0];
    assert_eq!(
        step.kept,
        [
            (tag("latest"), version("1.1.0")),
            (tag("1"), version("1.1.0"))
        ]
    );
    let moving: Vec<&str> = step.moves.iter().map(|each| each.tag.as_str()).collect();
    assert_eq!(moving, ["1.0.5", "1.0"]);
}

#[test]
fn a_newer_pre_release_keeps_no_float_tag() {
    let world = world(&[("1.0.5-rc.1", "fix"), ("2.0.0-rc.1", "far")]);
    let plan = plan(&world, "1.0.5-rc.1", "1.0.5", &["latest"]).unwrap();
    assert!(plan.steps[0].kept.is_empty());
}

#[test]
fn versions_and_other_releases_numbers_are_no_float_tags() {
    let release = version("1.2.3");
    for (text, floats) in [
        ("latest", true),
        ("stable", true),
        ("1", true),
        ("1.2", true),
        ("v1.2", true),
        ("2", false),
        ("1.3", false),
        ("1.2.3", false),
        ("v1.2.4", false),
        ("1.2.3-rc.1", false),
    ] {
        assert_eq!(Float::of(tag(text), &release).is_some(), floats, "{text}");
    }
}

proptest! {
    #[test]
    fn a_plan_carried_out_leaves_nothing_to_plan(
        images in prop::collection::vec(0..3_u8, 6),
        also in prop::sample::subsequence(vec!["latest", "0", "0.1", "stable"], 0..4),
    ) {
        let names = ["0.1.2-rc.1", "0.1.2", "latest", "0.1", "0.2.0", "0.1.1"];
        let mut world: World = names
            .iter()
            .zip(&images)
            .filter(|(_, image)| **image > 0)
            .map(|(name, image)| ((*name).to_owned(), digest(&image.to_string())))
            .collect();
        let before = world.clone();
        let Ok(first) = plan(&world, "0.1.2-rc.1", "0.1.2", &also) else { return Ok(()) };
        carry_out(&first, &mut world);
        // whatever was a version stays what it was
        for name in ["0.1.2-rc.1", "0.2.0", "0.1.1"] {
            prop_assert_eq!(before.get(name), world.get(name));
        }
        if let Some(released) = before.get("0.1.2") {
            prop_assert_eq!(Some(released), world.get("0.1.2"));
        }
        prop_assert_eq!(world.get("0.1.2"), world.get("0.1.2-rc.1"));
        // with 0.2.0 there, what is about it too does not go back to 0.1.2
        if before.contains_key("0.2.0") {
            prop_assert_eq!(before.get("latest"), world.get("latest"));
        }
        let second = plan(&world, "0.1.2-rc.1", "0.1.2", &also).unwrap();
        prop_assert!(second.is_done());
    }
}
