//! What was said to be secret is shown nowhere but in the output.

use duat_tests::{Outcome, Scene};

const SECRET: &str = "hunter2-Tr0ub4dor&3";
/// The secret as people derive it: Base64 in both alphabets, hexadecimal, percent-encoded, upper and
/// lower case, reversed, and its SHA-256.
const DERIVED: [&str; 8] = [
    SECRET,
    "aHVudGVyMi1UcjB1YjRkb3ImMw",
    "68756e746572322d",
    "hunter2-Tr0ub4dor%263",
    "HUNTER2-TR0UB4DOR",
    "hunter2-tr0ub4dor",
    "3&rod4bu0rT-2retnuh",
    "Tr0ub4dor",
];

fn scene() -> Scene {
    let scene = Scene::new();
    scene.write("pw", format!("{SECRET}\n"));
    scene
}

/// Runs with the secret as `TOKEN` and as `db.pw`.
fn run(scene: &Scene, arguments: &[&str], stdin: &str) -> Outcome {
    let call =
        scene
            .stencil(arguments)
            .args(["--secret-env", "TOKEN", "--secret-file", "db.pw=pw"]);
    call.env("TOKEN", SECRET).stdin(stdin).run()
}

#[track_caller]
fn conceals(outcome: &Outcome) {
    for form in DERIVED {
        outcome.conceals(form);
    }
}

#[test]
fn the_output_has_it() {
    let scene = scene();
    run(&scene, &[], "{{ TOKEN }} {{ db.pw }}\n").prints(&format!("{SECRET} {SECRET}\n"));
    run(&scene, &[], "{{ TOKEN | b64enc }}\n").prints("aHVudGVyMi1UcjB1YjRkb3ImMw==\n");
}

#[test]
fn errors_do_not_have_it() {
    let scene = scene();
    for template in [
        "{{ fail(message=TOKEN) }}",
        "{{ fail(message=TOKEN | b64enc) }}",
        "{{ fail(message=\"x\" ~ db.pw ~ \"y\") }}",
        "{{ fail(message=TOKEN | hex_encode) }}",
        "{{ fail(message=TOKEN | urlencode) }}",
        "{{ fail(message=TOKEN | upper) }}",
        "{{ fail(message=TOKEN | lower) }}",
        "{{ fail(message=TOKEN | reverse) }}",
        "{{ fail(message=TOKEN | quote) }}",
        "{{ fail(message=db | json_encode) }}",
        "{{ fail(message=[TOKEN] | to_yaml) }}",
        "{{ TOKEN | int }}",
        "{{ TOKEN + 1 }}",
        "{{ TOKEN | date }}",
        "{{ TOKEN | from_json }}",
        "{{ TOKEN | semver }}",
        "{{ \"x\" | regex_replace(pattern=TOKEN ~ \"(\", rep=\"\") }}",
        "{{ db[TOKEN] }}",
        "{% include TOKEN %}",
        "{{ __tera_context }}",
    ] {
        let outcome = run(&scene, &[], template);
        outcome.fails(1).prints_nothing();
        conceals(&outcome);
    }
}

#[test]
fn a_secret_in_the_template_itself_is_hidden_in_its_line() {
    let scene = scene();
    let outcome = run(
        &scene,
        &[],
        &format!("password: {SECRET} {{{{ nothing }}}}\n"),
    );
    outcome.fails(1).says("password: [secret] {{ nothing }}\n");
    conceals(&outcome);
}

#[test]
fn listings_do_not_have_it() {
    let scene = scene();
    scene.write(
        "a.in",
        "a: {{ TOKEN }}\nb: {{ db.pw | b64enc }}\nc: hunter2-Tr0ub4dor&3\n",
    );
    scene.write("v.yaml", format!("copy: {SECRET}\n"));
    for arguments in [
        &["values", "--values", "v.yaml"][..],
        &[
            "values",
            "--explain",
            "--values",
            "v.yaml",
            "--set",
            "x=hunter2-Tr0ub4dor&3",
        ],
        &[
            "values",
            "--json",
            "--values",
            "v.yaml",
            "--set",
            "copy=other",
        ],
        &["vars", "a.in"],
        &["vars", "a.in", "--json"],
        &["explain", "a:1", "-i", "a.in"],
        &["explain", "a:2", "-i", "a.in", "--json"],
        &["explain", "a:3", "-i", "a.in"],
        &["-v", "-i", "a.in", "-o", "a", "--values", "v.yaml"],
        &["-i", "a.in", "-o", "a", "--values", "v.yaml", "--json"],
    ] {
        let outcome = run(&scene, arguments, "");
        outcome.succeeds();
        conceals(&outcome);
    }
    run(&scene, &["values", "--explain"], "").prints(
        "TOKEN = [secret] (environment TOKEN)\n\
         db.pw = [secret] (--secret-file db.pw=pw)\n",
    );
}

#[test]
fn differences_do_not_have_it() {
    let scene = scene();
    scene.write(
        "a.in",
        "token: {{ TOKEN }}\nb64: {{ TOKEN | b64enc }}\nx: 2\n",
    );
    scene.write("a", format!("token: {SECRET}\nx: 1\n"));
    let outcome = run(&scene, &["-i", "a.in", "-o", "a", "--diff"], "");
    outcome.shows(
        "
        --- stderr ---
        --- a/a
        +++ b/a
        @@ -1,2 +1,3 @@
         token: [secret]
        -x: 1
        +b64: [secret]==
        +x: 2
        ",
    );
    conceals(&outcome);
}

#[test]
fn bad_values_files_do_not_show_it() {
    let scene = scene();
    scene.write("v.json", format!("{{\"a\": \"{SECRET}\" oops}}"));
    scene.write("v.yaml", format!("a: {SECRET}\na: {SECRET}\n"));
    for name in ["v.json", "v.yaml"] {
        let outcome = run(&scene, &["--values", name], "");
        outcome.fails(1).says("[secret]");
        conceals(&outcome);
    }
    let outcome = run(&scene, &["--set", "hunter2-Tr0ub4dor&3"], "");
    outcome.fails(2);
    conceals(&outcome);
}

#[test]
fn a_secret_of_many_lines_is_hidden_line_by_line() {
    let scene = Scene::new();
    scene.write(
        "key",
        "-----BEGIN KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----\n",
    );
    scene.write("a.in", "{{ key }}\n");
    scene.write("a", "");
    let call = scene.stencil([
        "-i",
        "a.in",
        "-o",
        "a",
        "--diff",
        "--secret-file",
        "key=key",
    ]);
    let outcome = call.run();
    outcome.succeeds();
    for line in ["MIIEvQIBADANBg", "kqhkiG9w0BAQEF"] {
        outcome.conceals(line);
    }
}

#[test]
fn a_secret_that_is_missing_is_said() {
    let scene = Scene::new();
    scene
        .stencil(["--secret-env", "NONE", "--secret-file", "a=none"])
        .run()
        .shows(
            "
        --- stderr ---
        error: failed to read the secret `NONE`: the environment has no such variable
        error: `none` does not exist
        [exit status: 5]
        ",
        );
}
