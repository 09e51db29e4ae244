//! What made a line.

use duat_tests::Scene;

fn scene() -> Scene {
    let scene = Scene::new();
    scene.write("deploy.in", "kind: Deployment\nimage: {{ image.name }}:{{ image.tag }}\n{% for p in ports %}\n- {{ p }}\n{% endfor %}\n{% include \"part.in\" %}");
    scene.write("part.in", "env: {{ env }}\n");
    scene.write(
        "v.yaml",
        "image: {name: app, tag: 1}\nports: [80, 443]\nenv: prod\n",
    );
    scene
}

const CALL: [&str; 6] = [
    "-i",
    "deploy.in",
    "--values",
    "v.yaml",
    "--set",
    "image.tag=2",
];

#[test]
fn a_line_has_its_template_and_its_values() {
    let scene = scene();
    let explain = |place: &str| scene.stencil(["explain", place]).args(CALL).run();
    explain("out:2").prints(
        "deploy.in:2:1: image: \n\
         deploy.in:2:8: {{ image.name }}\n\
        \x20 image.name = \"app\" (v.yaml:1:15)\n\
         deploy.in:2:24: :\n\
         deploy.in:2:25: {{ image.tag }}\n\
        \x20 image.tag = 2 (--set image.tag=2)\n",
    );
    explain("out:1").prints("deploy.in:1:1: kind: Deployment\n");
    explain("out:8")
        .prints("part.in:1:1: env: \npart.in:1:6: {{ env }}\n  env = \"prod\" (v.yaml:3:6)\n");
}

#[test]
fn what_a_loop_names_leads_to_the_line_of_its_element() {
    let scene = Scene::new();
    let template = "{% for s in services %}{{ s.name }}:{% for p in s.ports %} {{ p }}{% endfor %}\n{% endfor %}";
    scene.write("a.in", template);
    let explain = |values: &str, line: usize| {
        let place = format!("out:{line}");
        let call = scene.stencil(["explain", &place, "-i", "a.in"]);
        let outcome = call.args(["--values", values]).run();
        let stdout = outcome.succeeds().stdout().to_owned();
        let lines = stdout.lines().filter(|line| line.starts_with("  "));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let yaml = "services:\n- name: web\n  ports: [80]\n- name: api\n  ports:\n  - 1\n  - 2\n";
    scene.write("v.yaml", yaml);
    assert_eq!(
        explain("v.yaml", 2),
        [
            "  s.name = services[1].name = \"api\" (v.yaml:4:9)",
            "  p = services[1].ports[0] = 1 (v.yaml:6:5)",
            "  p = services[1].ports[1] = 2 (v.yaml:7:5)",
        ]
    );
    scene.write(
        "v.json",
        "{\"services\": [\n {\"name\": \"web\",\n  \"ports\": [80,\n 81]}]}",
    );
    assert_eq!(
        explain("v.json", 1),
        [
            "  s.name = services[0].name = \"web\" (v.json:2:11)",
            "  p = services[0].ports[0] = 80 (v.json:3:13)",
            "  p = services[0].ports[1] = 81 (v.json:4:2)",
        ]
    );
    scene.write(
        "v.toml",
        "[[services]]\nname = \"web\"\nports = [\n  80,\n]\n",
    );
    assert_eq!(
        explain("v.toml", 1),
        [
            "  s.name = services[0].name = \"web\" (v.toml:2:8)",
            "  p = services[0].ports[0] = 80 (v.toml:4:3)",
        ]
    );
}

#[test]
fn warnings_of_the_rendering_are_said() {
    // outside of a repository
    let scene = Scene::new();
    scene.write("a.in", "{{ duat.gitBranch | default(value=\"none\") }}\n");
    let explain = |more: &[&str]| {
        let call = scene.stencil(["explain", "out:1", "-i", "a.in"]);
        call.args(more).run()
    };
    explain(&[])
        .succeeds()
        .says("warning: `duat.gitBranch` could not be looked up: ");
    explain(&["--suppress-warnings"]).succeeds().says_nothing();
    explain(&["--error-warnings"]).fails(1).prints_nothing();
}

#[test]
fn a_line_that_is_not_there_is_said() {
    let scene = scene();
    let explain = |place: &str| scene.stencil(["explain", place]).args(CALL).run();
    explain("out:99").fails(5).says("error: `out` has ");
    for place in ["out", "out:", "out:x", "out:0"] {
        explain(place).fails(2).says("it is not OUTPUT:LINE\n");
    }
    let call = scene.stencil(["explain", "other:1"]).args(CALL);
    call.args(["-o", "out"]).run().shows(
        "
        --- stderr ---
        error: no template makes `other`
        hint: name the template with `--input` and its output with `--output`.
        [exit status: 5]
        ",
    );
}
