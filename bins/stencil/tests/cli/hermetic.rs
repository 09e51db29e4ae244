//! A run that draws on nothing but what it was given.

use duat_tests::Scene;

use crate::{evaluates, repository};

#[track_caller]
fn forbids(expression: &str, says: &str) {
    let scene = repository();
    let call = scene.stencil(["eval", expression, "--hermetic"]);
    let outcome = call.env("PLANTED", "planted-value").run();
    outcome.fails(1).prints_nothing().says(says);
    outcome.conceals("PLANTED_").conceals("planted-value");
}

#[test]
fn the_world_is_out_of_reach() {
    forbids(
        "Env.PLANTED",
        "the environment is not allowed here; give the value with `--set`",
    );
    forbids("now()", "fix the time with `--now` or `SOURCE_DATE_EPOCH`");
    forbids("uuidv4()", "which is not allowed here");
    forbids(
        "duat.userName",
        "`--hermetic` forbids to look for it; give a value of your own",
    );
    forbids(
        "duat.version",
        "`--hermetic` forbids to look for it; give `--file`",
    );
    forbids(
        "duat.module",
        "`--hermetic` forbids to look for it; give `--module`",
    );
    forbids(
        "duat.gitURL",
        "`--hermetic` forbids to look for it; give `--git`",
    );
    forbids(
        "duat.imageName",
        "`--hermetic` forbids to look for it; give `--git` and `--module`",
    );
}

#[test]
fn the_names_of_variables_are_not_told() {
    let scene = Scene::new();
    for expression in ["Env", "Env | keys", "Env.PLANTE"] {
        let call = scene.stencil(["eval", expression, "--hermetic"]);
        let outcome = call.env("PLANTED", "planted-value").run();
        outcome.fails(1).prints_nothing();
        outcome.conceals("PLANTED").conceals("planted-value");
    }
}

#[test]
fn what_was_given_is_in_reach() {
    let scene = repository();
    let eval = |expression: &str, more: &[&str]| {
        let call = scene.stencil(["eval", expression, "--hermetic"]).args(more);
        call.run()
    };
    eval("duat.version", &["--file", "README.md"]).prints("1.2.3-rc.1\n");
    eval("duat.gitBranch", &["--git", "."]).prints("main\n");
    eval("duat.module", &["--module", "m"]).prints("m\n");
    eval("now()", &["--now", "0"]).prints("1970-01-01T00:00:00Z\n");
    evaluates("now()", &["--hermetic"], "2019-04-04T00:38:00Z");
}

#[test]
fn files_outside_the_templates_folder_are_out_of_reach() {
    let scene = Scene::new();
    scene.write("t/part", "inside\n");
    scene.write("outside", "outside\n");
    let run = |template: &str| {
        scene.write("t/a.in", template);
        scene.stencil(["-i", "t/a.in", "--hermetic"]).run()
    };
    run("{% include \"part\" %}").prints("inside\n");
    run("{% include \"../outside\" %}").shows(
        "
        --- stderr ---
        error: template `../outside` cannot be read: it leads out of `t`, which `--hermetic` forbids
         --> t/a.in:1:12
          |
        1 | {% include \"../outside\" %}
          |            ^^^^^^^^^^^^
        [exit status: 1]
        ",
    );
    run("{% include \"/etc/passwd\" %}")
        .fails(1)
        .conceals("root:");
    run("{{ render_file(path=\"../outside\") }}")
        .fails(1)
        .conceals("outside\n");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../outside", scene.path("t/link")).unwrap();
        run("{% include \"link\" %}").fails(1).prints_nothing();
    }
}

#[test]
fn what_would_open_it_is_a_contradiction() {
    for arguments in [["--env-prefix", "APP_"], ["--allow", "net"]] {
        let scene = Scene::new();
        let call = scene.stencil(["--hermetic"]).args(arguments);
        call.run()
            .fails(2)
            .says("`--hermetic` forbids it\n")
            .says("hint: leave one of them out.\n");
    }
}
