use super::*;

#[test]
fn a_version_file_is_the_version() {
    check(
        &Format::Version,
        &[
            ("1.2.3", "9.8.7"),
            (
                "\u{feff}\n v1.2.3\r\n\u{a0}\n",
                "\u{feff}\n v9.8.7\r\n\u{a0}\n",
            ),
        ],
    );
    assert_eq!(
        replace(&Format::Version, b"", "1.0.0"),
        Ok(b"1.0.0".to_vec())
    );
    assert_eq!(
        replace(&Format::Version, b"\n", "1.0.0"),
        Ok(b"1.0.0\n".to_vec())
    );
    refuse(
        &Format::Version,
        &[
            (
                "",
                "1:1: the file is empty, and no other place here holds a version",
            ),
            (
                "1.2.3\n1.2.3\n",
                "1:1: `1.2.3 1.2.3` is not a version: unexpected `\\n` at character 6",
            ),
        ],
    );
}

#[test]
fn a_python_project_carries_its_version() {
    check(
        &Format::Pyproject,
        &[
            (
                "[project]\nversion = \"1.2.3\" # c\ndependencies = [\"a==1.2.3\"]\n",
                "[project]\nversion = \"9.8.7\" # c\ndependencies = [\"a==1.2.3\"]\n",
            ),
            (
                "[tool.poetry]\nversion = '1.2.3'\n[tool.x]\nversion = '1.2.3'\n",
                "[tool.poetry]\nversion = '9.8.7'\n[tool.x]\nversion = '1.2.3'\n",
            ),
            (
                "project.version='1.2.3'\ntool.poetry.version='1.2.3'",
                "project.version='9.8.7'\ntool.poetry.version='9.8.7'",
            ),
        ],
    );
    refuse(
        &Format::Pyproject,
        &[
            (
                "[project]\ndynamic = [\"version\"]\n",
                "2:12: no version here: `project.dynamic` leaves it to the build tool",
            ),
            (
                "[build-system]\n",
                "no version here: expected `project.version` or `tool.poetry.version`, or a line with a version and `x-release-please-version`",
            ),
        ],
    );
}

#[test]
fn a_chart_carries_its_versions() {
    check(
        &Format::Chart,
        &[
            (
                "apiVersion: v2\nversion: 1.2.3 # 1.2.3\nappVersion: \"v1.2.3\"\ndependencies:\n- name: a\n  version: 1.2.3\n",
                "apiVersion: v2\nversion: 9.8.7 # 1.2.3\nappVersion: \"v9.8.7\"\ndependencies:\n- name: a\n  version: 1.2.3\n",
            ),
            (
                "# é ü\r\nversion:   '1.2.3'\r\n",
                "# é ü\r\nversion:   '9.8.7'\r\n",
            ),
            (
                "---\n{a: {version: 0.0.1}, \"version\": 1.2.3}\n---\nversion: 0.0.2\n",
                "---\n{a: {version: 0.0.1}, \"version\": 9.8.7}\n---\nversion: 0.0.2\n",
            ),
            ("version: |\n  1.2.3\n", "version: |\n  9.8.7\n"),
            (
                "a: [version, 0.0.1]
version: 1.2.3
",
                "a: [version, 0.0.1]
version: 9.8.7
",
            ),
            (
                "version: 1.2.3\nappVersion: \"\"\n",
                "version: 9.8.7\nappVersion: \"9.8.7\"\n",
            ),
            (
                "version:\nappVersion: 1.2.3\n",
                "version: 9.8.7\nappVersion: 9.8.7\n",
            ),
            (
                "version: 1.2.3\nappVersion: # none yet\n",
                "version: 9.8.7\nappVersion: 9.8.7 # none yet\n",
            ),
            (
                "{version: , appVersion: 1.2.3}\n",
                "{version: 9.8.7 , appVersion: 9.8.7}\n",
            ),
        ],
    );
    let not_plain =
        "`version` is not written plainly, without escapes, folds, tags, anchors or comments";
    refuse(
        &Format::Chart,
        &[
            ("a: &v 1.2.3\nversion: *v\n", &format!("2:10: {not_plain}")),
            ("version: !!str 1.2.3\n", &format!("1:10: {not_plain}")),
            ("version: &v 1.2.3\n", &format!("1:10: {not_plain}")),
            (
                "version: &v\nappVersion: 1.2.3\n",
                &format!("1:10: {not_plain}"),
            ),
            ("version: \"1.2\\x2e3\"\n", &format!("1:10: {not_plain}")),
            ("version: [1.2.3]\n", "1:10: `version` is not a string"),
            (
                "version: 1.2.3\nversion: 1.2.3\n",
                "2:10: `version` is given twice",
            ),
            (
                "version: 1.2.3\nappVersion: latest\n",
                "2:13: `latest` is not a version: unexpected `l` at character 1",
            ),
            (
                "- version\n- 1.2.3\n",
                "no version here: expected `version` or `appVersion`, or a line with a version and `x-release-please-version`",
            ),
            (
                "a: 1\n---\nversion: 1.2.3\n",
                "no version here: expected `version` or `appVersion`, or a line with a version and `x-release-please-version`",
            ),
            (
                "version: 1.2.3\n\0",
                "2:1: this is not YAML: unexpected NUL",
            ),
        ],
    );
}

#[test]
fn a_pom_carries_the_projects_own_version() {
    check(
        &Format::Pom,
        &[
            (
                "<project><parent><version>0.1</version></parent><version>1.2.3</version><dependencies><dependency><version>1.2.3</version></dependency></dependencies></project>",
                "<project><parent><version>0.1</version></parent><version>9.8.7</version><dependencies><dependency><version>1.2.3</version></dependency></dependencies></project>",
            ),
            (
                "\u{feff}<?xml version=\"1.0\"?>\r\n<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\r\n<version>\r\n 1.2.3 </version></project>",
                "\u{feff}<?xml version=\"1.0\"?>\r\n<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\r\n<version>\r\n 9.8.7 </version></project>",
            ),
            (
                "<project><version>${revision}</version><properties><revision>1.2.3</revision></properties></project>",
                "<project><version>${revision}</version><properties><revision>9.8.7</revision></properties></project>",
            ),
        ],
    );
    assert_eq!(
        replace(
            &Format::Pom,
            b"<project><version></version></project>",
            "1.0.0"
        ),
        Ok(b"<project><version>1.0.0</version></project>".to_vec())
    );
    let not_plain = "1:10: `/project/version` is not written plainly, without escapes, folds, tags, anchors or comments";
    refuse(
        &Format::Pom,
        &[
            ("<project><version>1.2&#46;3</version></project>", not_plain),
            (
                "<project><version>1.2<!-- x -->.3</version></project>",
                not_plain,
            ),
            (
                "<project><version><![CDATA[1.2.3]]></version></project>",
                not_plain,
            ),
            ("<project><version/></project>", not_plain),
            (
                "<project>\n<version>${revision}</version></project>",
                "2:1: the version is `${revision}`, and `/project/properties` here does not define that",
            ),
            (
                "<project><version>1</version><version>1</version></project>",
                "1:30: `/project/version` is given twice",
            ),
            (
                "<x><version>1</version></x>",
                "no version here: expected `/project/version`, or a line with a version and `x-release-please-version`",
            ),
            (
                "<project>",
                "1:1: this is not XML: the root node was opened but never closed",
            ),
        ],
    );
}

#[test]
fn a_properties_file_carries_the_version() {
    for text in [
        "version=1.2.3",
        "a=1\n  version : 1.2.3 \t\r\nversions=1.2.3\n",
        "version 1.2.3\r# version=0.0.1\r! version=0.0.1\r",
        "version\t=\x0c v1.2.3\n",
        "v\\u0065rsi\\\n  on=\\\n  1.2.3\n",
        "# comment \\\nversion=1.2.3\n",
        "\n\n\\\nversion=1.2.3",
        "x=\\\\\nversion=1.2.3",
        "\u{e9}=\u{e9}\nversion=1.2.3\n",
    ] {
        let after = text.replacen("1.2.3", "9.8.7", 1);
        check(&Format::GradleProperties, &[(text, &after)]);
    }
    check(
        &Format::GradleProperties,
        &[("a=b\\\\\nversion=1.2.3\n", "a=b\\\\\nversion=9.8.7\n")],
    );
    check(
        &Format::GradleProperties,
        &[(
            "version=1.2.3\nversion=1.2.3\nversion=",
            "version=9.8.7\nversion=9.8.7\nversion=9.8.7",
        )],
    );
    refuse(
        &Format::GradleProperties,
        &[
            (
                "a=\\\nversion=1.2.3\n",
                "no version here: expected the key `version`, or a line with a version and `x-release-please-version`",
            ),
            (
                "a=b\\\nversion=1.2.3\n",
                "no version here: expected the key `version`, or a line with a version and `x-release-please-version`",
            ),
            (
                "a=b\\\r\nversion=1.2.3\r\n",
                "no version here: expected the key `version`, or a line with a version and `x-release-please-version`",
            ),
            (
                "a=b\\\\\\\nversion=1.2.3\n",
                "no version here: expected the key `version`, or a line with a version and `x-release-please-version`",
            ),
            (
                "a=\\\r\nversion=1.2.3\r\n",
                "no version here: expected the key `version`, or a line with a version and `x-release-please-version`",
            ),
            (
                "version=1.2\\\n.3\n",
                "1:9: `version` is not written plainly, without escapes, folds, tags, anchors or comments",
            ),
            (
                "version=1.2\\u002e3",
                "1:9: `version` is not written plainly, without escapes, folds, tags, anchors or comments",
            ),
            (
                "version=x",
                "1:9: `x` is not a version: unexpected `x` at character 1",
            ),
        ],
    );
}
