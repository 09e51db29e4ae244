//! Secrets are planted wherever they can be, and looked for in all that a run shows, writes and
//! hands to other programs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use duat_tests::github::{Fault as GitHubFault, GitHub, Route};
use duat_tests::registry::{Fault, Settings, Tokens};
use duat_tests::{Call, Outcome, Scene};

use crate::work::{RELEASE, TESTED, Work};

/// What is planted, by where it is.
const PLANTED: [(&str, &str); 12] = [
    ("a variable", "planted-variable-Zq1"),
    ("AWS's key", "AKIAPLANTEDKEYZQ2AAA"),
    ("AWS's secret", "planted/aws+secret/Zq3"),
    ("AWS's session", "planted-session-Zq4//=="),
    ("the remote's user", "planted-remote-user-Zq5"),
    ("the remote's password", "planted-remote-password-Zq6"),
    ("the registry's password", "planted-registry-password-Zq7"),
    ("--secret-env", "planted-secret-env-Zq8&<'\""),
    ("--secret-file", "planted secret file Zq9"),
    ("gh's login", "ghp_plantedLoginOfGhZq10"),
    ("a proxy's password", "planted-proxy-Zq11"),
    ("git's helper", "ghp_plantedHelperZq12"),
];
const USER: &str = "ada";

fn planted(place: &str) -> &'static str {
    PLANTED.iter().find(|(known, _)| *known == place).unwrap().1
}

/// Programs of the system that write down how they were called, and then do their work.
const SPIES: [&str; 5] = ["git", "gh", "sh", "docker-credential-spy", "signer"];

/// Puts the spies before everything else, and returns the path that leads to them.
fn spied(scene: &Scene) -> String {
    let folder = scene.home().join("spies");
    fs::create_dir_all(&folder).unwrap();
    let log = scene.home().join("calls");
    for spy in SPIES {
        let then = match spy {
            "gh" => format!("echo {}", planted("gh's login")),
            "docker-credential-spy" => {
                let password = planted("the registry's password");
                format!(
                    "cat >/dev/null; echo '{{\"Username\":\"{USER}\",\"Secret\":\"{password}\"}}'"
                )
            }
            "signer" => "echo signature >\"$1.sig\"".to_owned(),
            program => format!("exec /usr/bin/{program} \"$@\""),
        };
        // what can be seen of a process by others is its arguments
        let script = format!(
            "#!/bin/bash\ntr '\\0' ' ' </proc/$$/cmdline >>{log}\necho >>{log}\n{then}\n",
            log = log.display()
        );
        let path = folder.join(spy);
        fs::write(&path, script).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(&path, mode).unwrap();
    }
    format!("{}:/usr/local/bin:/usr/bin:/bin", folder.display())
}

/// Plants everything around a piece of work, and returns the files in which it was planted.
fn plant(work: &Work) -> Vec<PathBuf> {
    let scene = &work.scene;
    let url = format!(
        "https://{}:{}@github.com/owner/tool.git?token={}",
        planted("the remote's user"),
        planted("the remote's password"),
        planted("a variable")
    );
    scene.git(["remote", "set-url", "origin", &url]);
    let login = STANDARD.encode(format!("{USER}:{}", planted("the registry's password")));
    let auths = format!(
        "{{\"auths\":{{\"{}\":{{\"auth\":\"{login}\"}}}}}}",
        work.registry.host()
    );
    let home = scene.home().to_owned();
    for (path, text) in [
        (home.join(".docker/config.json"), auths),
        (
            home.join(".config/gh/hosts.yml"),
            format!("github.com:\n    oauth_token: {}\n", planted("gh's login")),
        ),
        (
            home.join("gitconfig"),
            format!(
                "[credential]\n\thelper = \"!f() {{ echo username=ada; echo password={}; }}; f\"\n",
                planted("git's helper")
            ),
        ),
        (
            home.join("secret"),
            format!("{}\n", planted("--secret-file")),
        ),
    ] {
        scene.write(path, text);
    }
    let mut holds = Vec::new();
    files(&home, &mut holds);
    holds.push(scene.path(".git/config"));
    holds
}

/// Adds the variables in which something is planted.
fn surrounded<'a>(work: &Work, call: Call<'a>, path: &str) -> Call<'a> {
    let proxy = format!("http://ada:{}@127.0.0.1:9", planted("a proxy's password"));
    work.surrounded(call)
        .env("PATH", path)
        .env("APP_PASSWORD", planted("a variable"))
        .env("AWS_ACCESS_KEY_ID", planted("AWS's key"))
        .env("AWS_SECRET_ACCESS_KEY", planted("AWS's secret"))
        .env("AWS_SESSION_TOKEN", planted("AWS's session"))
        .env("AWS_REGION", "eu-central-1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("TOKEN", planted("--secret-env"))
        .env("HTTPS_PROXY", &proxy)
        .env("NO_PROXY", "127.0.0.1,localhost")
}

/// All that must not be seen: what is planted, what the registry and GitHub gave out, and what these
/// look like on their way.
fn secrets(work: &Work) -> Vec<(String, String)> {
    let mut secrets: Vec<(String, String)> = PLANTED
        .iter()
        .map(|(place, secret)| ((*place).to_owned(), (*secret).to_owned()))
        .collect();
    secrets.push(("GitHub's token".to_owned(), GitHub::TOKEN.to_owned()));
    let given = work.registry.secrets();
    secrets.extend(
        given
            .into_iter()
            .map(|secret| ("the registry".to_owned(), secret)),
    );
    let forms = |(place, secret): &(String, String)| {
        let percent: String = secret.bytes().fold(String::new(), |text, byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                text + &char::from(byte).to_string()
            } else {
                text + &format!("%{byte:02X}")
            }
        });
        [
            STANDARD.encode(secret),
            STANDARD.encode(format!("{USER}:{secret}")),
            percent,
            secret.clone(),
        ]
        .map(|form| (place.clone(), form))
    };
    secrets.iter().flat_map(forms).collect()
}

/// Adds the files below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.is_symlink() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Asserts that no secret is in a text.
#[track_caller]
fn conceals(secrets: &[(String, String)], bytes: &[u8], what: &str) {
    let text = String::from_utf8_lossy(bytes);
    for (place, secret) in secrets {
        assert!(
            !text.contains(secret.as_str()),
            "{what} tells the secret of {place}: `{secret}`\n{text}"
        );
    }
}

/// Looks through everything that came of runs.
#[track_caller]
fn look_through(
    work: &Work,
    outcomes: &[Outcome],
    planted: &[PathBuf],
    written_on_purpose: &[&str],
) {
    let secrets = secrets(work);
    for outcome in outcomes {
        let what = |stream: &str| format!("{stream} of {}", outcome.transcript());
        conceals(&secrets, outcome.stdout_bytes(), &what("stdout"));
        conceals(&secrets, outcome.stderr_bytes(), &what("stderr"));
    }
    let top = work.scene.home().parent().unwrap();
    let mut found = Vec::new();
    files(top, &mut found);
    for path in found {
        let on_purpose = written_on_purpose.iter().any(|name| path.ends_with(name));
        if planted.contains(&path)
            || path.starts_with(work.scene.home().join("spies"))
            || on_purpose
        {
            continue;
        }
        let bytes = fs::read(&path).unwrap_or_default();
        conceals(&secrets, &bytes, &path.display().to_string());
    }
}

/// Runs a tool in every loudness.
fn runs(work: &Work, path: &str, commands: &[&[&str]]) -> Vec<Outcome> {
    let manners = [
        &[][..],
        &["-vv"],
        &["--json", "-v"],
        &["--color=always", "-vv"],
    ];
    let mut outcomes = Vec::new();
    for command in commands {
        for manners in manners {
            let call = work.scene.tool(work.tool).args(*command).args(manners);
            outcomes.push(surrounded(work, call, path).run());
        }
    }
    outcomes
}

/// Asserts that at least one of the runs did well, and one did not: both have been looked at.
#[track_caller]
fn both_ways(outcomes: &[Outcome]) {
    let mut codes: BTreeMap<_, usize> = BTreeMap::new();
    for outcome in outcomes {
        *codes.entry(outcome.code()).or_default() += 1;
    }
    assert!(codes.contains_key(&Some(0)) && codes.len() > 1, "{codes:?}");
}

#[test]
fn semver_tells_no_secret() {
    let work = Work::of("semver");
    let path = spied(&work.scene);
    let planted = plant(&work);
    let commands: [&[&str]; 10] = [
        &["current"],
        &["next", "--explain"],
        &["pre"],
        &["rc"],
        &["patch"],
        &["check"],
        &["-g"],
        &["patch", "-f", "missing.md"],
        &["set", "0.0.1"],
        &["nonsense"],
    ];
    let outcomes = runs(&work, &path, &commands);
    both_ways(&outcomes);
    look_through(&work, &outcomes, &planted, &[]);
}

#[test]
fn stencil_tells_no_secret_but_in_its_output() {
    let work = Work::of("stencil");
    let path = spied(&work.scene);
    let planted = plant(&work);
    let scene = &work.scene;
    let file = format!("pw={}", scene.home().join("secret").display());
    let given = ["--secret-env", "TOKEN", "--secret-file", &file];
    scene.write("ok.in", "{{ TOKEN }} {{ pw }} {{ duat.gitURL }}\n");
    let templates = [
        "{{ fail(message=TOKEN ~ pw) }}",
        "{{ fail(message=TOKEN | b64enc) }}",
        "{{ fail(message=pw | upper) }}",
        "{{ TOKEN + 1 }}",
        "{{ nope }} planted secret file Zq9",
        "{% include pw %}",
        "{{ duat.gitURL ~ nope }}",
    ];
    let mut outcomes = Vec::new();
    for (number, template) in templates.iter().enumerate() {
        let name = format!("bad{number}.in");
        scene.write(&name, template);
        let arguments = [&["-i", &name, "-o", "out"][..], &given].concat();
        outcomes.extend(runs(&work, &path, &[&arguments]));
        scene.remove(&name);
    }
    scene.write("out", "old\n");
    let pair = ["-i", "ok.in", "-o", "out"];
    let commands = [
        [&pair[..], &given, &["--diff", "--dry-run"]].concat(),
        [&pair[..], &given, &["--check", "--diff"]].concat(),
        [&["values"][..], &given].concat(),
        [&["values", "--explain"][..], &given].concat(),
        [&["vars", "ok.in"][..], &given].concat(),
        [&["explain", "out:1", "-i", "ok.in"][..], &given].concat(),
        [&pair[..], &given].concat(),
    ];
    let commands: Vec<&[&str]> = commands.iter().map(Vec::as_slice).collect();
    outcomes.extend(runs(&work, &path, &commands));
    both_ways(&outcomes);
    assert!(scene.read("out").starts_with("planted-secret-env-Zq8"));
    assert!(
        !scene
            .read("out")
            .contains(self::planted("the remote's password"))
    );
    look_through(&work, &outcomes, &planted, &["out"]);
}

#[test]
fn image_promote_tells_no_secret() {
    let password = planted("the registry's password");
    let settings = [
        Settings::new().basic(USER, password),
        Settings::new().bearer(Tokens::for_user(USER, password)),
        Settings::new()
            .bearer(Tokens::for_user(USER, password))
            .blobs_elsewhere(),
        Settings::new().basic(USER, "another-registry-password"),
    ];
    for (number, settings) in settings.into_iter().enumerate() {
        let work = Work::with("image-promote", settings);
        let path = spied(&work.scene);
        let planted = plant(&work);
        let host = work.registry.host();
        let into = ["app", "--release-repo", "oci:release", "--from", &host];
        let commands: [&[&str]; 6] = [
            &["plan", "app"],
            &into,
            &["app", "--also", "latest"],
            &["verify", "app", "--deep"],
            &["undo", "app"],
            &["missing"],
        ];
        let mut outcomes = runs(&work, &path, &commands);
        for fault in [
            Fault::on("GET", "/manifests/").answers(500).times(1),
            Fault::on("GET", "/manifests/")
                .refuses(403, "DENIED", "not for you")
                .times(100),
        ] {
            work.scene.write("README.md", crate::work::marked(TESTED));
            work.registry.fault(fault);
            outcomes.extend(runs(&work, &path, &[&["missing", "--deep"]]));
            work.registry.heal();
        }
        // the helper that the file names is told no secret and its own is not told
        let config = format!("{{\"credHelpers\":{{\"{host}\":\"spy\"}}}}");
        work.scene.write("helpers.json", config);
        outcomes.extend(runs(
            &work,
            &path,
            &[&["plan", "app", "--authfile", "helpers.json"]],
        ));
        // through a proxy that is not there
        if number == 0 {
            let far = ["plan", "app", "-vv", "--release-repo", "registry.invalid"];
            let call = surrounded(&work, work.scene.tool(work.tool).args(far), &path);
            let outcome = call.without_env("NO_PROXY").run();
            outcome.fails(6);
            outcomes.push(outcome);
        }
        if number < 3 {
            both_ways(&outcomes);
        } else {
            outcomes[0].fails(4);
        }
        look_through(&work, &outcomes, &planted, &[]);
    }
}

#[test]
fn github_release_tells_no_secret() {
    let work = Work::of("github-release");
    let path = spied(&work.scene);
    let planted = plant(&work);
    let sign = "signer {}";
    let release = [
        "dist/*",
        "--checksums",
        "--sign",
        sign,
        "--notes-from",
        "git",
    ];
    let commands: [&[&str]; 6] = [
        &["plan", "dist/*"],
        &release,
        &["verify", "--download", "dist/*"],
        &["missing"],
        &["--repo", "owner/other", "plan"],
        &["prune", "--keep", "1"],
    ];
    let mut outcomes = runs(&work, &path, &commands);
    for fault in [
        GitHubFault::Unauthorized,
        GitHubFault::Html(502),
        GitHubFault::CutAnswer,
        GitHubFault::Status(403),
    ] {
        work.github.forget();
        for nth in 1..30 {
            work.github.fault(Route::Releases, nth, fault);
        }
        outcomes.extend(runs(&work, &path, &[&["plan", "dist/*"]]));
    }
    work.github.forget();
    // other tokens than that of the variable: one that is typed, gh's, that of git's helper
    let login = work.scene.home().join(".config/gh/hosts.yml");
    for typed in [&["-github-token", self::planted("gh's login")][..], &[]] {
        for manners in ["-vv", "--json"] {
            let call = work
                .scene
                .tool(work.tool)
                .args(["plan", "dist/*", manners])
                .args(typed);
            let call = surrounded(&work, call, &path).without_env("GITHUB_TOKEN");
            outcomes.push(call.run());
        }
    }
    let far = ["plan", "-vv", "--repo", "github.invalid/owner/tool"];
    let call = surrounded(&work, work.scene.tool(work.tool).args(far), &path);
    let call = call.without_env("NO_PROXY").without_env("GITHUB_API_URL");
    let outcome = call.run();
    outcome.fails(6);
    outcomes.push(outcome);
    fs::remove_file(&login).unwrap();
    let call = work.scene.tool(work.tool).args(["plan", "-vv", "dist/*"]);
    let call = surrounded(&work, call, &path).without_env("GITHUB_TOKEN");
    let outcome = call.run();
    outcome.says("git's credential helper");
    outcomes.push(outcome);
    both_ways(&outcomes);
    let calls = fs::read_to_string(work.scene.home().join("calls")).unwrap();
    assert!(
        calls.contains("credential fill") && calls.contains("signer"),
        "{calls}"
    );
    assert_eq!(work.github.repository("owner/tool").release().tag, RELEASE);
    look_through(&work, &outcomes, &planted, &[]);
}
