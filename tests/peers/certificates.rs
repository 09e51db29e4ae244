//! Keys and certificates of Go templates, judged by `openssl`.

use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use duat_tests::{Scene, peer};

/// Runs `openssl` in a scene; returns what it prints on both streams.
fn openssl(scene: &Scene, arguments: &[&str]) -> String {
    run("openssl", scene, arguments)
}

fn run(program: &str, scene: &Scene, arguments: &[&str]) -> String {
    let output = Command::new(peer(program))
        .args(arguments)
        .current_dir(scene.path(""))
        .output()
        .expect("the program can be started");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(output.status.success(), "{arguments:?}\n{said}");
    said
}

/// Writes what an expression gives to files of the scene: `NAME=EXPRESSION`.
fn make(scene: &Scene, prelude: &str, files: &[(&str, &str)]) {
    let parts = files.iter().map(|(_, value)| format!("{{{{ {value} }}}}"));
    let template = [prelude, &parts.collect::<Vec<_>>().join("\n#\n")].concat();
    let call = scene.tool("stencil").args(["--dialect", "go"]);
    let outcome = call.stdin(template).run();
    outcome.succeeds();
    let text = outcome.stdout();
    let made: Vec<&str> = text.split("\n#\n").collect();
    assert_eq!(made.len(), files.len(), "{text}");
    for ((name, _), text) in files.iter().zip(made) {
        scene.write(name, text);
    }
}

#[test]
#[ignore = "asks openssl: see tests/peers/run"]
fn certificates_are_those_of_their_authority() {
    for key in ["rsa", "ecdsa", "ed25519"] {
        let scene = Scene::new();
        let prelude = format!(
            "{{{{- $ca := genCAWithKey \"authority\" 10 (genPrivateKey \"{key}\") -}}}}
             {{{{- $names := list \"a.example.org\" \"*.b.example.org\" -}}}}
             {{{{- $leaf := genSignedCertWithKey \"example.org\" (list \"10.0.0.1\" \"::1\") $names 5 $ca \
             (genPrivateKey \"{key}\") -}}}}
             {{{{- $self := genSelfSignedCertWithKey \"self.example.org\" nil nil 5 \
             (genPrivateKey \"{key}\") -}}}}"
        );
        let files = [
            ("ca.pem", "$ca.Cert"),
            ("leaf.pem", "$leaf.Cert"),
            ("leaf.key", "$leaf.Key"),
            ("self.pem", "$self.Cert"),
        ];
        make(&scene, &prelude, &files);
        openssl(
            &scene,
            &["verify", "-x509_strict", "-CAfile", "ca.pem", "leaf.pem"],
        );
        for name in ["a.example.org", "x.b.example.org"] {
            let asked = ["verify", "-CAfile", "ca.pem", "-verify_hostname", name];
            openssl(&scene, &[&asked[..], &["leaf.pem"]].concat());
        }
        for address in ["10.0.0.1", "::1"] {
            let asked = ["verify", "-CAfile", "ca.pem", "-verify_ip", address];
            openssl(&scene, &[&asked[..], &["leaf.pem"]].concat());
        }
        openssl(&scene, &["verify", "-CAfile", "self.pem", "self.pem"]);
        openssl(&scene, &["pkey", "-in", "leaf.key", "-noout", "-check"]);
        let public = openssl(&scene, &["pkey", "-in", "leaf.key", "-pubout"]);
        let certified = openssl(&scene, &["x509", "-in", "leaf.pem", "-noout", "-pubkey"]);
        assert_eq!(public, certified, "{key}");
        let dates = openssl(&scene, &["x509", "-in", "leaf.pem", "-checkend", "431000"]);
        assert!(dates.contains("will not expire"), "{dates}");
    }
}

#[test]
#[ignore = "asks openssl: see tests/peers/run"]
fn keys_are_read() {
    let scene = Scene::new();
    let files = [
        ("rsa", "genPrivateKey \"rsa\""),
        ("dsa", "genPrivateKey \"dsa\""),
        ("ecdsa", "genPrivateKey \"ecdsa\""),
        ("ed25519", "genPrivateKey \"ed25519\""),
    ];
    make(&scene, "", &files);
    openssl(&scene, &["rsa", "-in", "rsa", "-noout", "-check"]);
    openssl(&scene, &["dsa", "-in", "dsa", "-noout"]);
    openssl(&scene, &["ec", "-in", "ecdsa", "-noout", "-check"]);
    openssl(&scene, &["pkey", "-in", "ed25519", "-noout", "-check"]);
}

#[test]
#[ignore = "asks openssl and htpasswd: see tests/peers/run"]
fn what_is_sealed_is_opened() {
    let scene = Scene::new();
    let key = "thirty-two bytes make a key here";
    let sealed = format!("encryptAES \"{key}\" \"plain text\"");
    make(
        &scene,
        "",
        &[
            ("sealed", &sealed),
            ("users", "htpasswd \"me\" \"my password\""),
        ],
    );
    run("htpasswd", &scene, &["-vb", "users", "me", "my password"]);

    let sealed = STANDARD.decode(scene.read("sealed")).expect("it is base64");
    let (start, rest) = sealed.split_at(16);
    scene.write("rest", rest);
    let hex = |bytes: &[u8]| {
        let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
        digits.collect::<Vec<_>>().concat()
    };
    let (key, start) = (hex(key.as_bytes()), hex(start));
    let asked = [
        "enc",
        "-d",
        "-aes-256-cbc",
        "-K",
        &key,
        "-iv",
        &start,
        "-in",
        "rest",
    ];
    assert_eq!(openssl(&scene, &asked), "plain text");
}
