//! A shell script of a document, cut into its commands.

/// Returns the simple commands of a shell script, each as its words, as far as documents need it:
/// quotes, continued lines, comments, pipes and lists, commands in `$(…)`.
pub(crate) fn commands(script: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = script.chars().peekable();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (None | Some('"'), '$') if letters.peek() == Some(&'(') => {
                let inner = inner(&mut letters);
                found.extend(commands(&inner));
                word.get_or_insert_default().push_str("1.2.3");
            }
            (None | Some('"'), '\\') => match letters.next() {
                Some('\n') | None => {}
                Some(letter) => word.get_or_insert_default().push(letter),
            },
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, '#') if word.is_none() => {
                letters.by_ref().find(|letter| *letter == '\n');
                end(&mut words, &mut word, &mut found);
            }
            (None, '|' | '&' | ';' | '\n' | '(' | ')' | '>' | '<') => {
                end(&mut words, &mut word, &mut found);
            }
            (None, letter) if letter.is_whitespace() => words.extend(word.take()),
            (_, letter) => word.get_or_insert_default().push(letter),
        }
    }
    end(&mut words, &mut word, &mut found);
    found
}

/// Takes what is between the parentheses that come next.
fn inner(letters: &mut impl Iterator<Item = char>) -> String {
    let mut depth = 0;
    let mut inner = String::new();
    for letter in letters {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        inner.push(letter);
    }
    inner.split_off(1)
}

/// Ends a command; assignments and words of the shell before it are no part of it.
fn end(words: &mut Vec<String>, word: &mut Option<String>, found: &mut Vec<Vec<String>>) {
    words.extend(word.take());
    let is_before = |word: &String| {
        let name = word.split('=').next().unwrap_or_default();
        let assigns = word.contains('=')
            && name
                .chars()
                .all(|letter| letter.is_uppercase() || letter == '_');
        assigns
            || ["do", "then", "else", "if", "!", "while", "until", "exec"].contains(&word.as_str())
    };
    let start = words
        .iter()
        .position(|word| !is_before(word))
        .unwrap_or(words.len());
    let command = words.split_off(start);
    words.clear();
    if !command.is_empty() {
        found.push(command);
    }
}

#[test]
fn a_script_is_cut_into_commands() {
    let cut = |script: &str| -> Vec<String> {
        commands(script)
            .iter()
            .map(|words| words.join("·"))
            .collect()
    };
    assert_eq!(cut("a b | c 'd e' \"f g\" # h | i"), ["a·b", "c·d e·f g"]);
    assert_eq!(cut("X=1 a \\\n  b && c; d > e"), ["a·b", "c", "d", "e"]);
    assert_eq!(
        cut("v=$(a -x \"$(b)\") # c\nd \"$v\""),
        ["b", "a·-x·1.2.3", "v=1.2.3", "d·$v"]
    );
    assert_eq!(cut("if a; then b --c='d'; fi"), ["a", "b·--c=d", "fi"]);
    assert_eq!(
        cut("until a && ! b; do sleep 1; done"),
        ["a", "b", "sleep·1", "done"]
    );
}
