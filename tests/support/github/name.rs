//! What GitHub makes of the name of an asset.

/// Returns the name an asset gets: without accents, a dot for each run of other characters, and
/// `default` before a name that starts with a dot or is left without one.
///
/// GitHub has never published its rule. This is what its own command line tool expects.
pub(super) fn of_asset(name: &str) -> String {
    let plain: String = name.chars().map(without_accent).collect();
    let plain = if plain.starts_with('.') {
        format!("default{plain}")
    } else {
        plain
    };
    let kept = |letter: char| letter.is_ascii_alphanumeric() || "-_+@".contains(letter);
    let words: Vec<&str> = plain
        .split(|letter| !kept(letter))
        .filter(|word| !word.is_empty())
        .collect();
    let made = words.join(".");
    if made != name && !made.contains('.') {
        return format!("default.{made}");
    }
    made
}

fn without_accent(letter: char) -> char {
    const ACCENTED: [(&str, char); 14] = [
        ("àáâãäå", 'a'),
        ("ÀÁÂÃÄÅ", 'A'),
        ("ç", 'c'),
        ("Ç", 'C'),
        ("èéêë", 'e'),
        ("ÈÉÊË", 'E'),
        ("ìíîï", 'i'),
        ("ÌÍÎÏ", 'I'),
        ("ñ", 'n'),
        ("Ñ", 'N'),
        ("òóôõö", 'o'),
        ("ÒÓÔÕÖ", 'O'),
        ("ùúûü", 'u'),
        ("ÙÚÛÜ", 'U'),
    ];
    let mut table = ACCENTED.iter();
    table
        .find(|(accented, _)| accented.contains(letter))
        .map_or(letter, |(_, plain)| *plain)
}
