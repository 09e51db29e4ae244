//! The same facts for programs.

use duat_tests::Scene;

#[test]
fn what_was_written_and_what_was_printed() {
    let scene = Scene::new();
    scene.write("a.in", "a\n");
    scene.write("b.in", "b\n");
    let call = scene.stencil(["-i", "a.in", "-o", "a", "-i", "b.in", "-o", "-", "--json"]);
    call.clone().run().prints(
        "{\"outputs\":[{\"template\":\"a.in\",\"output\":\"a\",\"changed\":true,\"bytes\":2},\
         {\"template\":\"b.in\",\"output\":\"-\",\"text\":\"b\\n\",\"changed\":true,\"bytes\":2}],\
         \"stale\":[],\"dry_run\":false}\n",
    );
    let outcome = call.arg("-n").run();
    assert!(
        outcome.succeeds().stdout().starts_with(
            "{\"outputs\":[{\"template\":\"a.in\",\"output\":\"a\",\"changed\":false,"
        )
    );
}

#[test]
fn lists() {
    let scene = Scene::new();
    scene.write("a.in", "{{ x }}");
    scene.stencil(["vars", "a.in", "--json"]).run().prints(
        "{\"variables\":[{\"name\":\"x\",\"file\":\"a.in\",\"line\":1,\"column\":4,\"provided\":false,\"optional\":false}]}\n",
    );
    scene.stencil(["values", "--json", "--set", "x=1"]).run().prints(
        "{\"values\":[{\"path\":\"x\",\"value\":\"1\",\"origin\":{\"argument\":{\"option\":\"--set\",\"text\":\"x=1\"}}}]}\n",
    );
    scene
        .stencil(["eval", "1 + 1", "--json"])
        .run()
        .prints("{\"value\":\"2\"}\n");
    scene.stencil(["explain", "a:1", "-i", "a.in", "--set", "x=1", "--json"]).run().prints(
        "{\"output\":\"a\",\"line\":1,\"parts\":[{\"template\":\"a.in\",\"line\":1,\"column\":1,\"text\":\"{{ x }}\",\
         \"values\":[{\"name\":\"x\",\"value\":\"1\",\"origin\":\"--set x=1\"}]}]}\n",
    );
    let outcome = scene.stencil(["functions", "--json"]).run();
    assert!(
        outcome
            .succeeds()
            .stdout()
            .starts_with("{\"functions\":[{\"name\":")
    );
}

#[test]
fn github_actions_gets_the_facts() {
    let scene = Scene::new();
    let path = scene.path("github");
    let call = scene.stencil(["eval", "1 + 1", "--github-output"]);
    call.clone().env("GITHUB_OUTPUT", &path).run().prints("2\n");
    assert_eq!(scene.read("github"), "value=2\n");
    call.run().fails(2).says("`GITHUB_OUTPUT` is not set");
}
