use super::*;

fn told(text: &str, format: Format) -> Vec<String> {
    let shown = |problem: &Diagnostic| {
        let line = problem
            .location
            .as_ref()
            .map_or(0, |location| location.place.line);
        format!("{line} {}", problem.message)
    };
    check(&Source::new("out", text), format, None)
        .iter()
        .map(shown)
        .collect()
}

#[test]
fn good_outputs_pass() {
    for (text, format) in [
        ("a: 1\n---\nb: [1]\n", Format::Yaml),
        ("{\"a\": 1}", Format::Json),
        ("a = 1\n", Format::Toml),
        (
            "# escape=`\nARG V=1\nFROM a:$V AS build\nRUN a `\n  b\n# c\nCOPY --from=x . /\nEXPOSE 80/tcp $P\nFROM scratch\nCMD [\"a\", \"b\"]\n",
            Format::Dockerfile,
        ),
        (
            "FROM a\nRUN <<EOF\nnot an instruction\nEOF\nCOPY <<-\"A\" /x\n\tFOO\n\tA\nENV a=b c=d\nENV a b\nHEALTHCHECK NONE\n",
            Format::Dockerfile,
        ),
    ] {
        assert_eq!(told(text, format), [""; 0], "{text}");
    }
}

#[test]
fn bad_outputs_are_told_by_line() {
    for (text, format, expected) in [
        ("a: 1\na: 2\n", Format::Yaml, "2 the key `a` stands twice"),
        (
            "{\"a\": 1,}",
            Format::Json,
            "1 expected a key in double quotes, found `}`",
        ),
        (
            "RUN x\n",
            Format::Dockerfile,
            "1 `RUN` stands before the first `FROM`",
        ),
        (
            "FROM a\nCOPPY a b\n",
            Format::Dockerfile,
            "2 `COPPY` is not an instruction of a Dockerfile",
        ),
        (
            "FROM a\nCOPY a\n",
            Format::Dockerfile,
            "2 `COPY` takes at least 2 arguments, not 1",
        ),
        (
            "FROM a as x\nFROM b as X\n",
            Format::Dockerfile,
            "2 two stages are called `X`",
        ),
        (
            "FROM a b\n",
            Format::Dockerfile,
            "1 `FROM` takes an image, then `AS` and a name",
        ),
        (
            "FROM a\nEXPOSE 99999\n",
            Format::Dockerfile,
            "2 `99999` is not a port",
        ),
        (
            "FROM a\nCMD [\"a\" \"b\"]\n",
            Format::Dockerfile,
            "2 `CMD` looks like a JSON list but is none: docker would hand it to a shell",
        ),
        (
            "FROM a\nRUN <<EOF\nx\n",
            Format::Dockerfile,
            "2 the here-document `EOF` is never closed",
        ),
        ("# c\n", Format::Dockerfile, "1 there is no `FROM`"),
    ] {
        assert_eq!(told(text, format), [expected], "{text}");
    }
}

#[test]
fn a_name_tells_the_format() {
    for (name, format) in [
        ("a/b.yml", Some(Format::Yaml)),
        ("Dockerfile.prod", Some(Format::Dockerfile)),
        ("x.dockerfile", Some(Format::Dockerfile)),
        ("x.txt", None),
    ] {
        assert_eq!(Format::of(name), format);
    }
}
