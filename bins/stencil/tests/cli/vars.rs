//! Which variables templates name.

use duat_tests::Scene;

#[test]
fn variables_are_listed_with_their_places() {
    let scene = Scene::new();
    scene.write("a.in", "{{ image.tag }} {{ port | default(value=80) }}\n{% for h in hosts %}{{ h.name }}{% endfor %}{{ duat.version }} {{ Env.HOME }}\n{% include \"b.in\" %}");
    scene.write("b.in", "{{ deep }}\n");
    scene
        .stencil(["vars", "a.in", "--set", "image.tag=1"])
        .run()
        .prints(
            "a.in:1:4: image.tag\n\
         a.in:1:20: port (optional)\n\
         a.in:2:13: hosts (missing)\n\
         a.in:2:48: duat.version\n\
         a.in:2:67: Env.HOME\n\
         b.in:1:4: deep (missing)\n",
        );
    let call = scene.stencil(["vars", "-"]);
    call.stdin("{{ x }}").run().prints("-:1:4: x (missing)\n");
    scene.stencil(["vars"]).run().fails(2).says("<TEMPLATES>");
}

#[test]
fn names_that_the_template_sets_are_none_where_it_has_set_them() {
    let scene = Scene::new();
    scene.write(
        "a.in",
        "{{ x }}{% set x = x %}{{ x }}{% for h in hosts %}{{ h }}{% include \"b.in\" %}{% endfor %}{{ h }}\n{{ render_file(path=\"c.in\", y=1) }}",
    );
    scene.write("b.in", "{{ h }}{{ x }}{{ deep }}\n");
    scene.write("c.in", "{{ y }}{{ deeper }}\n");
    scene.stencil(["vars", "a.in"]).run().prints(
        "a.in:1:4: x (missing)\n\
         a.in:1:19: x (missing)\n\
         a.in:1:42: hosts (missing)\n\
         a.in:1:92: h (missing)\n\
         b.in:1:18: deep (missing)\n\
         c.in:1:11: deeper (missing)\n",
    );
}

#[test]
fn nothing_is_looked_up() {
    // outside of a repository there is no version, and none is needed
    let scene = Scene::new();
    let call = scene.stencil(["vars", "-"]);
    call.stdin("{{ duat.version }}")
        .run()
        .prints("-:1:4: duat.version\n")
        .says_nothing();
}
