//! What outputs depend on, for make and ninja.

use duat_tests::Scene;

#[test]
fn every_file_that_took_part_is_named() {
    let scene = Scene::new();
    scene.write("t/a b.in", "{% include \"part\" %}{{ x }}{{ cert }}\n");
    scene.write("t/part", "p\n");
    scene.write("v.yaml", "x: 1\n");
    scene.write("ca.pem", "c\n");
    let call = scene.stencil(["-i", "t/a b.in", "-o", "a b", "--depfile", "a.d"]);
    let call = call.args(["--values", "v.yaml", "--set-file", "cert=ca.pem"]);
    for _ in 0..2 {
        call.clone().run().prints("");
        assert_eq!(
            scene.read("a.d"),
            "a\\ b: ca.pem t/a\\ b.in t/part v.yaml\n"
        );
    }
}

#[test]
fn the_file_of_the_version_is_one() {
    let scene = crate::repository();
    scene.write("a.in", "{{ duat.version }}\n");
    scene
        .stencil(["-i", "a.in", "-o", "a", "--depfile", "a.d"])
        .run()
        .prints("");
    assert_eq!(scene.read("a.d"), "a: README.md a.in\n");
}

#[test]
fn it_is_not_written_where_nothing_is() {
    let scene = Scene::new();
    scene.write("a.in", "a\n");
    for option in ["--check", "--diff", "--dry-run"] {
        let call = scene.stencil(["-i", "a.in", "-o", "a", "--depfile", "a.d", option]);
        let _ = call.run();
    }
    assert_eq!(scene.files(""), ["a.in"]);
}
