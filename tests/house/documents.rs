//! What the documents promise.

use std::collections::BTreeSet;

use crate::tree;

#[test]
fn every_link_leads_somewhere() {
    let files = tree::files();
    let mut found = Vec::new();
    for name in files.iter().filter(|name| is_document(name)) {
        let text = tree::text(name).expect("a document is UTF-8");
        for (number, target) in links(&text) {
            if let Err(why) = follow(name, &target, &files) {
                found.push(format!("{name}:{number}: `{target}`: {why}"));
            }
        }
    }
    tree::none_of("these links lead nowhere", &found);
}

#[test]
fn the_exit_codes_are_those_of_the_table() {
    let (table, source) = ("docs/exit-codes.md", "crates/shell/src/exit.rs");
    let files = tree::files();
    let exists = |wanted: &str| files.iter().any(|name| name == wanted);
    assert_eq!(
        exists(table),
        exists(source),
        "{table} and {source} describe each other: one of them is missing"
    );
    if !exists(source) {
        return;
    }
    let code = tree::text(source).expect("a source is UTF-8");
    let documented = tree::text(table).expect("a document is UTF-8");
    let constants = constants(&code);
    assert!(
        !constants.is_empty(),
        "{source} has no line `Name = <code>,`"
    );
    // 101 is what Rust itself ends a bug with
    let mut rows = rows(&documented);
    rows.remove(&101);
    assert_eq!(
        rows, constants,
        "the rows of {table} and the codes of {source}"
    );
}

#[test]
fn the_architecture_names_every_module_of_a_library() {
    let page = tree::text("docs/architecture.md").expect("a document is UTF-8");
    let mut found = Vec::new();
    for room in ["duat", "template"] {
        let heading = format!("\nIn `crates/{room}`:\n");
        let (_, section) = page.split_once(&heading).expect("each library has a table");
        let listed = modules_in(section);
        let library = format!("crates/{room}/src/lib.rs");
        let code = tree::text(&library).expect("a source is UTF-8");
        let public = public_modules(&code);
        assert!(!public.is_empty(), "{library} has no line `pub mod name;`");
        let differences = listed.symmetric_difference(&public);
        found.extend(differences.map(|name| format!("{room}: {name}")));
    }
    tree::none_of(
        "a module without a row in docs/architecture.md, or the other way round",
        &found,
    );
}

/// Returns the names in the first cells of the first table of a text.
fn modules_in(section: &str) -> BTreeSet<String> {
    let rows = section
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'));
    let cells = rows.filter_map(|row| row.split('|').nth(1));
    let names = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    names.map(str::to_owned).collect()
}

/// Returns what a library opens to others.
fn public_modules(code: &str) -> BTreeSet<String> {
    tree::product_lines(code)
        .iter()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .map(str::to_owned)
        .collect()
}

fn is_document(name: &str) -> bool {
    name.ends_with(".md") && (name == "README.md" || name.starts_with("docs/"))
}

/// Returns the numbers of an enum or of constants: `Name = 3,` and `pub const NAME: u8 = 3;`.
fn constants(code: &str) -> BTreeSet<u32> {
    tree::product_lines(code)
        .iter()
        .filter_map(|line| line.split_once(" = "))
        .filter_map(|(_, value)| value.trim().trim_end_matches([',', ';']).parse().ok())
        .collect()
}

/// Returns the numbers that the rows of a Markdown table start with, plain or as code.
fn rows(document: &str) -> BTreeSet<u32> {
    document
        .lines()
        .filter_map(|line| line.trim().strip_prefix('|'))
        .filter_map(|row| row.split('|').next())
        .filter_map(|cell| cell.trim().trim_matches(['`', '*']).parse().ok())
        .collect()
}

/// Returns the targets of the inline links and images of a Markdown text, with their lines.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut links = Vec::new();
    for (number, line) in prose(text) {
        let line = without_code(line);
        for after in line.split("](").skip(1) {
            let target = after.split([')', ' ']).next().unwrap_or_default();
            links.push((number, target.to_owned()));
        }
    }
    links
}

/// Returns the lines of a Markdown text outside its code blocks, numbered from 1.
fn prose(text: &str) -> Vec<(usize, &str)> {
    let mut fence: Option<&str> = None;
    let mut prose = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let code = line.trim_start();
        match fence {
            Some(mark) if code.starts_with(mark) => fence = None,
            Some(_) => {}
            None => {
                fence = ["```", "~~~"]
                    .into_iter()
                    .find(|mark| code.starts_with(mark));
                if fence.is_none() {
                    prose.push((index + 1, line));
                }
            }
        }
    }
    prose
}

/// Returns a line without what is between backticks.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

fn follow(document: &str, target: &str, files: &[String]) -> Result<(), String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return Ok(());
    }
    let (path, anchor) = match target.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (target, None),
    };
    let name = if path.is_empty() {
        document.to_owned()
    } else {
        resolve(document, path).ok_or("it leaves the repository")?
    };
    let is_folder = || {
        let folder = format!("{}/", name.trim_end_matches('/'));
        files.iter().any(|file| file.starts_with(&folder))
    };
    if !files.contains(&name) {
        return if is_folder() {
            Ok(())
        } else {
            Err(format!("there is no {name}"))
        };
    }
    match anchor {
        Some(anchor) if name.ends_with(".md") => {
            let text = tree::text(&name).ok_or("it is not UTF-8")?;
            if anchors(&text).contains(anchor) {
                Ok(())
            } else {
                Err(format!("{name} has no heading for it"))
            }
        }
        _ => Ok(()),
    }
}

/// Returns the path that a link in `document` means, relative to the root.
fn resolve(document: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = document.split('/').collect();
    parts.pop();
    if path.starts_with('/') {
        parts.clear();
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Returns the anchors of a document's headings, as GitHub makes them, and those it sets itself.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    for (_, line) in prose(text) {
        if let Some(id) = line
            .split("id=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
        {
            anchors.insert(id.to_owned());
        }
        let heading = line.trim_start_matches('#');
        if heading.len() == line.len() || !heading.starts_with(' ') {
            continue;
        }
        let anchor: String = heading
            .trim()
            .chars()
            .flat_map(char::to_lowercase)
            .filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter))
            .map(|letter| if letter == ' ' { '-' } else { letter })
            .collect();
        // the second heading of a name gets `-1`, the third `-2`
        let mut name = anchor.clone();
        let mut number = 0;
        while !anchors.insert(name.clone()) {
            number += 1;
            name = format!("{anchor}-{number}");
        }
    }
    anchors
}

#[test]
fn a_link_is_followed_as_a_reader_would() {
    let text = "# One `two`, three!\n[a](b.md#c) ![d](../e.png \"title\") `[f](g)`\n\
                ```\n[h](i)\n# No heading\n```\n## Same\n## Same\n";
    assert_eq!(
        links(text),
        [(2, "b.md#c".to_owned()), (2, "../e.png".to_owned())]
    );
    let anchors = anchors(text);
    let anchors: Vec<&str> = anchors.iter().map(String::as_str).collect();
    assert_eq!(anchors, ["one-two-three", "same", "same-1"]);
    assert_eq!(
        resolve("docs/guide.md", "../README.md").as_deref(),
        Some("README.md")
    );
    assert_eq!(
        resolve("docs/guide.md", "a/./b.md").as_deref(),
        Some("docs/a/b.md")
    );
    assert_eq!(resolve("docs/guide.md", "../../x"), None);
}

#[test]
fn a_code_is_read_from_either_form() {
    let code = "//! Zero = 0\nDone = 0,\npub const REFUSED: u8 = 3;\nlet x = 4 + 1;\n";
    assert_eq!(constants(code), BTreeSet::from([0, 3]));
    let table = "| code | meaning |\n| ---: | --- |\n| 0 | done |\n| `3` | refused |\n";
    assert_eq!(rows(table), BTreeSet::from([0, 3]));
}

#[test]
fn a_table_of_modules_is_read_to_its_end() {
    let page = "\n| module | what |\n|---|---|\n| `a`, `b` | `c` |\n\n| `d` | e |\n";
    let names = ["a", "b"].map(str::to_owned);
    assert_eq!(modules_in(page), BTreeSet::from(names));
    let code = "mod x;\npub mod a;\n// pub mod c;\npub mod b;\npub use y::z;\n";
    assert_eq!(public_modules(code), modules_in(page));
}
