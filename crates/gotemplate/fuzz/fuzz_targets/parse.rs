//! Lexer and parser: any bytes, any delimiters; what parses prints to text that parses to the same.

#![no_main]

use gotemplate::Engine;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str, &[u8])| {
    let (left, right, text) = input;
    let mut engine = Engine::new();
    engine.add(gotemplate::sprig::functions());
    // Delimiters that look like the language itself cannot be told from it.
    let odd = |delimiter: &str| !delimiter.bytes().all(|b| b"[]<>%{}@~^".contains(&b));
    let (left, right) = if odd(left) || odd(right) || left == right { ("", "") } else { (left, right) };
    let mut templates = engine.templates();
    if let Ok(tree) = templates.parse_with("t", text, left, right) {
        let printed = tree.to_text();
        let again = engine.templates().parse_with("t", &printed, left, right);
        assert_eq!(again.expect("what was printed parses"), tree);
        let _ = gotemplate::references(&tree);
    }
});
