//! How templates are read: delimiters, whitespace, escapes, and the comment that says so.

use crate::render;

#[test]
fn delimiters_are_what_one_wants() {
    let template = "{{ keep }} [[ x ]][% if x %] yes[% endif %][# gone #]\n";
    render(template, &["--delims", "[[ ]]", "--set", "x=1"]).prints("{{ keep }} 1 yes\n");
    render(template, &["--delims", "[[,]]", "--set", "x=1"]).prints("{{ keep }} 1 yes\n");
    let template = "<< x >> <! if x !>yes<! endif !> /* gone */\n";
    let six = "<< >> <! !> /* */";
    render(template, &["--delims", six, "--set", "x=1"]).prints("1 yes \n");
    render("x", &["--delims", "[["]).shows(
        "
        --- stderr ---
        error: failed to read `--delims`: delimiters are two or six words, not 1
        [exit status: 2]
        ",
    );
}

#[test]
fn foreign_brackets_pass_through() {
    let template = "on: {{ x }} ${{ github.ref }} ${{ 'a' }}\n";
    render(template, &["--passthrough", "${{ }}", "--set", "x=1"])
        .prints("on: 1 ${{ github.ref }} ${{ 'a' }}\n");
    render("a", &["--passthrough", "${{"])
        .fails(2)
        .says("a passthrough is two words such as `${{ }}`, not 1");
    render("{{ x }}{% raw %}{{ y }}{% endraw %}\n", &["--set", "x=1"]).prints("1{{ y }}\n");
}

#[test]
fn lines_of_statements_leave_nothing_behind() {
    let template = "a\n  {% if true %}\n  b\n  {% endif %}\nc\n";
    render(template, &[]).prints("a\n  \n  b\n  \nc\n");
    render(template, &["--trim-blocks", "--lstrip-blocks"]).prints("a\n  b\nc\n");
    render(template, &["--trim-blocks"]).prints("a\n    b\n  c\n");
    let magic = format!("# stencil: trim-blocks lstrip-blocks\n{template}");
    render(&magic, &[]).prints("a\n  b\nc\n");
    render("a {%- if true -%} b {%- endif -%} c\n", &[]).prints("abc\n");
}

#[test]
fn a_comment_in_the_first_lines_is_for_us() {
    render("# stencil: delims=\"[[ ]]\"\n[[ 1 ]] {{ x }}\n", &[]).prints("1 {{ x }}\n");
    render(
        "#!/bin/sh\n# stencil: passthrough=\"${{ }}\"\n${{ x }}{{ 1 }}\n",
        &[],
    )
    .prints("#!/bin/sh\n${{ x }}1\n");
    render("<!-- stencil: missing=empty -->\n<{{ x }}>\n", &[]).prints("<>\n");
    render("# stencil: delim=\"[[ ]]\"\n", &[]).shows(
        "
        --- stderr ---
        error: `delim` is not an option of a template
         --> -:1:12
          |
        1 | # stencil: delim=\"[[ ]]\"
          |            ^^^^^
        hint: did you mean `delims`?
        [exit status: 1]
        ",
    );
}

#[test]
fn values_cannot_break_the_format_around_them() {
    let values = [
        "--set-json",
        r#"v={"text":"a: b #c","list":[1,"no"],"n":1}"#,
    ];
    let template = "t: {{ v.text }}\nl: {{ v.list }}\nn: {{ v.n }}\n";
    let with = |mode: &'static str| [&["--escape", mode][..], &values].concat();
    render(template, &with("yaml")).prints("t: \"a: b #c\"\nl: [1,\"no\"]\nn: 1\n");
    render(template, &with("json")).prints("t: \"a: b #c\"\nl: [1,\"no\"]\nn: 1\n");
    render(template, &with("none")).prints("t: a: b #c\nl: [1, \"no\"]\nn: 1\n");
    render(
        "echo {{ x }}\n",
        &["--escape", "shell", "--set-string", "x=it's $HOME"],
    )
    .prints("echo 'it'\\''s $HOME'\n");
    render(
        "echo {{ x | safe }}\n",
        &["--escape", "shell", "--set-string", "x=$HOME"],
    )
    .prints("echo $HOME\n");
    // nothing is escaped for HTML by itself
    render("{{ x }}\n", &["--set-string", "x=<a & 'b'>"]).prints("<a & 'b'>\n");
}

#[test]
fn what_is_not_closed_is_shown_where_it_opens() {
    render("a\n{{ x\nb\n", &[]).shows(
        "
        --- stderr ---
        error: `{{` is never closed
         --> -:2:1
          |
        2 | {{ x
          | ^^
        hint: close it with `}}`, or change the delimiters
        [exit status: 1]
        ",
    );
    render("{% if x %}\n", &[]).fails(1).prints_nothing();
    render("{% endif %}\n", &[]).fails(1).says(" --> -:1:");
}
