//! What a template may use up.

use crate::render;

#[test]
fn steps_and_bytes_and_numbers_have_an_end() {
    let loops =
        "{% for i in range(end=1000) %}{% for j in range(end=1000) %}x{% endfor %}{% endfor %}";
    render(loops, &["--max-steps", "1000"])
        .fails(1)
        .prints_nothing()
        .says("error: the template took more than 1000 steps");
    render(loops, &["--max-output", "1000"])
        .fails(1)
        .prints_nothing()
        .says("error: the output is larger than 1000 bytes");
    render("{% for i in range(end=100000000) %}{% endfor %}", &[])
        .fails(1)
        .says("error: 100000000 numbers are too many; 100000 are allowed");
    render("{{ \"x\" | repeat(count=10000000000) }}", &[])
        .fails(1)
        .prints_nothing();
}

#[test]
fn time_has_an_end() {
    let loops = "{% for i in range(end=10000) %}{% for j in range(end=10000) %}{% for k in range(end=10000) %}x{% endfor %}{% endfor %}{% endfor %}";
    render(
        loops,
        &[
            "--max-time",
            "1",
            "--max-steps",
            "1000000000000",
            "--max-output",
            "1000000000",
        ],
    )
    .fails(1)
    .prints_nothing()
    .says("error: the time for rendering is over");
}

#[test]
fn depth_has_an_end() {
    let parentheses = format!("{{{{ {}1{} }}}}", "(".repeat(10_000), ")".repeat(10_000));
    render(&parentheses, &["--dialect", "tera"])
        .fails(1)
        .says("the expression is too complex");
    let blocks = format!(
        "{}x{}",
        "{% if true %}".repeat(5_000),
        "{% endif %}".repeat(5_000)
    );
    render(&blocks, &[]).fails(1).says("too deep");
    let scene = duat_tests::Scene::new();
    for (name, text) in [
        ("v.json", "[".repeat(100_000)),
        ("v.yaml", "[".repeat(100_000)),
        (
            "w.yaml",
            (0..2_000)
                .flat_map(|n| [" ".repeat(n), "a:\n".to_owned()])
                .collect(),
        ),
        ("v.toml", format!("a = {}", "[".repeat(100_000))),
    ] {
        scene.write(name, text);
        let outcome = scene.stencil(["values", "--values", name]).run();
        outcome.fails(1).says(&format!("--> {name}:"));
        assert!(outcome.stderr().len() < 2_000, "{}", outcome.stderr());
    }
}

#[test]
fn a_bomb_of_aliases_does_not_go_off() {
    let scene = duat_tests::Scene::new();
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..10 {
        let aliases = vec![format!("*a{}", n - 1); 9].join(", ");
        let line = format!("a{n}: &a{n} [{aliases}]\n");
        bomb.push_str(&line);
    }
    scene.write("bomb.yaml", bomb);
    let call = scene.stencil(["eval", "1", "--values", "bomb.yaml"]);
    call.run()
        .fails(1)
        .says("error: the aliases make more than 2000000 values\n");
}

#[test]
fn a_circle_of_templates_is_named() {
    let scene = duat_tests::Scene::new();
    scene.write("a.in", "{% include \"b.in\" %}");
    scene.write("b.in", "{% include \"a.in\" %}");
    let call = scene.stencil(["-i", "a.in"]);
    call.run()
        .fails(1)
        .says("error: templates include one another in a circle: a.in -> b.in -> a.in\n");
}
