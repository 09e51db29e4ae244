//! Which releases `prune` finds, wherever they are.

use duat_tests::github::{GitHub, Repository};

use crate::{REPOSITORY, scene_of, stage};

fn pre_releases(repository: Repository<'_>, count: usize) {
    for number in 1..=count {
        repository.published(&format!("1.2.3-rc.{number}"), &[]);
    }
}

#[test]
fn pre_releases_on_later_pages_are_old_ones_too() {
    let (scene, github) = stage();
    let repository = github.repository(REPOSITORY);
    repository.published("1.2.2", &[]);
    pre_releases(repository, 230);
    let arguments = ["prune", "--keep", "229"];
    github.call(&scene, arguments).run().prints("1.2.3-rc.1\n");
    let releases = repository.releases();
    assert_eq!(releases.len(), 230);
    assert!(!releases.iter().any(|one| one.tag == "1.2.3-rc.1"));
}

#[test]
fn a_renamed_repository_is_pruned_under_its_new_name() {
    let scene = scene_of("1.2.3");
    let github = GitHub::start();
    let repository = github.repository("owner/renamed").push(&scene);
    pre_releases(repository, 2);
    repository.formerly(REPOSITORY);
    github
        .call(&scene, ["prune", "--keep", "1"])
        .run()
        .prints("1.2.3-rc.1\n")
        .says("the repository `owner/tool` is called `owner/renamed` now");
    assert_eq!(repository.releases().len(), 1);
}
