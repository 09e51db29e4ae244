//! A `duat.toml` that tries to get out of its repository.

use crate::trap::Trap;

#[test]
fn no_path_of_it_leaves_the_repository() {
    let outside = [
        "../outside/VERSION",
        "/etc/hostname",
        "a/../../outside/VERSION",
        "..",
        "./../outside",
    ];
    for path in outside {
        for toml in [
            format!("[version]\nfile = '{path}'\n"),
            format!("[version]\ntargets = ['{path}']\n"),
            format!("[version]\ntargets = ['VERSION', '{path}']\n"),
            format!("[release]\nassets = ['{path}']\n"),
            format!("[release]\nassets = ['{path}/*']\n"),
        ] {
            let trap = Trap::new();
            trap.write("VERSION", "1.0.0\n");
            trap.write("duat.toml", toml);
            for (tool, arguments) in [
                ("semver", &["patch"][..]),
                ("semver", &["check"]),
                ("image-promote", &["app"]),
                ("github-release", &[]),
            ] {
                trap.run(tool, arguments)
                    .fails(1)
                    .says("leaves the repository");
            }
            assert_eq!(trap.github.writes(), 0);
        }
    }
}

#[test]
fn notes_of_it_stay_in_the_repository() {
    for path in [
        "../outside/CHANGELOG.md",
        "/etc/passwd",
        "a/../../outside/secret",
    ] {
        let trap = Trap::new();
        trap.write("a/file", "");
        trap.write("duat.toml", format!("[release]\nnotes = '{path}'\n"));
        let outcome = trap.run("github-release", &[]);
        outcome.fails(3).says("leads out of the repository");
        assert_eq!(trap.github.writes(), 0);
    }
}

#[test]
fn what_it_holds_is_shown_as_text() {
    for toml in [
        "[version]\n\"fi\\u001b]0;xle\" = 'a'\n",
        "[version]\nfile = \"a\\u001b]0;x\\n::error:: forged\"\n",
        "[version]\ntag-prefix = \"\\u001b[2J\"\n",
        "[version]\ntag-prefix = \"$(touch $CANARY)\"\n",
        "[version]\ntag-prefix = \"--upload-pack=\"\n",
        "[image]\nregistry = \"\\u001b[2J\"\n",
        "[image]\nregistry = \"evil.example/$(touch $CANARY)\"\n",
        "[image]\nmodules = [\"../../outside\", \"\\u001b[2J\", \"-x\"]\n",
        "[release]\nassets = [\"dist/*\\u001b[2J\"]\n",
        "[release]\nnotes = \"\\n::error::forged\"\n",
        "\u{1b}[2J\n",
        "[\"\\u001b[2J\"]\n",
        "[version]\n# \u{0}\n",
    ] {
        let trap = Trap::new();
        trap.write("duat.toml", toml);
        for (tool, arguments) in [
            ("semver", &["patch"][..]),
            ("semver", &["pre"]),
            ("semver", &["current"]),
            ("semver", &["-g"]),
            ("semver", &["next"]),
            ("stencil", &["eval", "duat.version"]),
            ("stencil", &["eval", "duat.gitTag"]),
            ("github-release", &["plan"]),
            ("image-promote", &["plan"]),
        ] {
            let loud = [arguments, &["-v", "--color", "always"]].concat();
            trap.bears(tool, &loud);
        }
    }
}
