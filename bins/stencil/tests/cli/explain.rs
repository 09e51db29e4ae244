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
