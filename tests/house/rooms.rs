//! Who may touch the world: each thing has one room.

use crate::tree;

/// What may be said in some rooms only.
struct Rule {
    /// What it is about, for the message.
    about: &'static str,
    /// Files the rule is about: those in these folders.
    house: &'static [&'static str],
    /// Folders and files where it may be said.
    rooms: &'static [&'static str],
    words: &'static [&'static str],
}

const RULES: &[Rule] = &[
    Rule {
        about: "only duat::git speaks to the git library",
        house: &["crates/", "bins/"],
        rooms: &["crates/duat/src/git.rs", "crates/duat/src/git/"],
        words: &["git2::", "use git2"],
    },
    Rule {
        about: "only duat::file writes files, and duat_registry::layout writes layouts",
        house: &["crates/", "bins/"],
        rooms: &[
            "crates/duat/src/file.rs",
            "crates/duat/src/file/",
            // a layout is a place of images, and the registry's client imports nothing of ours
            "crates/registry/src/layout/disk.rs",
            "crates/registry/src/layout/under_way.rs",
        ],
        words: &[
            "fs::write",
            "fs::copy",
            "fs::rename",
            "fs::remove_",
            "fs::create_dir",
            "fs::hard_link",
            "fs::set_permissions",
            "File::create",
            "File::options",
            "OpenOptions",
            "os::unix::fs::symlink",
        ],
    },
    Rule {
        about: "only duat_shell::environment reads the environment",
        house: &["crates/", "bins/"],
        rooms: &["crates/shell/src/"],
        words: &[
            "env::var",
            "env::vars",
            "env::current_dir",
            "env::set_",
            "env::home_dir",
        ],
    },
    Rule {
        about: "only duat_shell::clock reads the clock",
        house: &["crates/", "bins/"],
        rooms: &["crates/shell/src/"],
        words: &["SystemTime::now", "Utc::now", "Local::now"],
    },
    Rule {
        about: "only the registry's transport, and what AWS brings along, opens connections",
        house: &["crates/"],
        rooms: &[
            "crates/registry/src/transport.rs",
            "crates/registry/src/transport/",
            "crates/ecr/",
        ],
        words: &[
            "reqwest::Client",
            "hyper::",
            "TcpStream",
            "TcpListener",
            "UdpSocket",
            "UnixStream",
            "lookup_host",
            "ToSocketAddrs",
        ],
    },
    Rule {
        about: "the registry runs nothing but credential helpers",
        house: &["crates/registry/"],
        rooms: &["crates/registry/src/credential/program.rs"],
        words: &["Command::new", "process::Command"],
    },
    Rule {
        about: "the library neither prints nor reads arguments",
        house: &["crates/duat/"],
        rooms: &[],
        words: &[
            "println!",
            "eprintln!",
            "print!(",
            "io::stdout",
            "io::stderr",
            "env::args",
            "clap",
        ],
    },
];

#[test]
fn each_thing_is_done_in_its_room_alone() {
    let mut found = Vec::new();
    for name in tree::files_in("", ".rs") {
        if !is_product(&name) {
            continue;
        }
        let text = tree::text(&name).expect("a source is UTF-8");
        for rule in RULES.iter().filter(|rule| rule.concerns(&name)) {
            for (number, line) in tree::product_lines(&text).iter().enumerate() {
                if let Some(word) = rule.words.iter().find(|word| line.contains(**word)) {
                    found.push(format!("{name}:{}: `{word}`: {}", number + 1, rule.about));
                }
            }
        }
    }
    tree::none_of("said in the wrong room", &found);
}

impl Rule {
    fn concerns(&self, name: &str) -> bool {
        let within = |folders: &[&str]| folders.iter().any(|folder| name.starts_with(folder));
        within(self.house) && !within(self.rooms)
    }
}

/// Tells whether a source is part of what is released: tests, benchmarks, fuzz targets and build
/// scripts are not.
fn is_product(name: &str) -> bool {
    name.contains("/src/")
        && !name.ends_with("/tests.rs")
        && !name.contains("/tests/")
        && !name.contains("/fuzz/")
}
