use super::*;

#[test]
fn a_package_carries_its_version() {
    check(
        &Format::PackageJson,
        &[
            ("{\"version\":\"1.2.3\"}", "{\"version\":\"9.8.7\"}"),
            (
                "\u{feff}{\r\n\t\"x\": {\"version\": \"0\"},\r\n\t\"version\" : \"v1.2.3\" ,\r\n\t\"dependencies\": {\"y\": \"1.2.3\"}}\n",
                "\u{feff}{\r\n\t\"x\": {\"version\": \"0\"},\r\n\t\"version\" : \"v9.8.7\" ,\r\n\t\"dependencies\": {\"y\": \"1.2.3\"}}\n",
            ),
            (
                "{\"v\\u0065rsion\":\"1.2.3\"}",
                "{\"v\\u0065rsion\":\"9.8.7\"}",
            ),
        ],
    );
    refuse(
        &Format::PackageJson,
        &[
            (
                "{\"private\":true}",
                "no version here: expected `version`, or a line with a version and `x-release-please-version`",
            ),
            (
                "{\"version\":\"1.2.3\",\n\"version\":\"1.2.3\"}",
                "2:11: `version` is given twice",
            ),
            (
                "{\"version\":\"1.2\\u002e3\"}",
                "1:12: `version` is not written plainly, without escapes, folds, tags, anchors or comments",
            ),
            ("{\"version\":1}", "1:12: `version` is not a string"),
            (
                "{\n\"é\" \"version\"}",
                "2:5: this is not JSON: expected `:`",
            ),
            (
                "[]",
                "1:1: this is not JSON: invalid type: sequence, expected an object",
            ),
            (
                "{\"version\":\"\"}",
                "1:13: `version` is empty, and no other place here holds a version",
            ),
        ],
    );
}

#[test]
fn a_lock_file_carries_the_version_of_one_package() {
    let root = Format::of(Path::new("package-lock.json"));
    let inner = Format::PackageLock {
        packages: ["packages/a".to_owned()].into(),
    };
    let text = r#"{"version":"1.2.3","packages":{"":{"version":"1.2.3"},"packages/a":{"version":"1.2.3"},"node_modules/a":{"resolved":"packages/a","link":true}}}"#;
    check(
        &root,
        &[
            (
                text,
                r#"{"version":"9.8.7","packages":{"":{"version":"9.8.7"},"packages/a":{"version":"1.2.3"},"node_modules/a":{"resolved":"packages/a","link":true}}}"#,
            ),
            (
                r#"{"version":"1.2.3","lockfileVersion":1}"#,
                r#"{"version":"9.8.7","lockfileVersion":1}"#,
            ),
        ],
    );
    check(
        &inner,
        &[(
            text,
            r#"{"version":"1.2.3","packages":{"":{"version":"1.2.3"},"packages/a":{"version":"9.8.7"},"node_modules/a":{"resolved":"packages/a","link":true}}}"#,
        )],
    );
    refuse(
        &inner,
        &[
            (
                r#"{"version":"1.2.3"}"#,
                "no version here: expected the `version` of the package, or a line with a version and `x-release-please-version`",
            ),
            (
                r#"{"packages":[]}"#,
                "1:13: this is not JSON: invalid type: sequence, expected an object",
            ),
        ],
    );
}
