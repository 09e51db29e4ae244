//! The evaluator: any template over fixed data, twice with the same result.

#![no_main]

use gotemplate::{Engine, Limits, Value};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let mut engine = Engine::new();
    engine.add(gotemplate::sprig::functions());
    engine.options.limits = Limits { steps: 20_000, bytes: 200_000, depth: 100 };
    let data = || Value::from_json(br#"{"s":"a b","n":1,"l":[1,"x",null],"m":{"k":{"v":2.5}}}"#).unwrap_or_default();
    let first = engine.render("t", text, &data());
    let second = engine.render("t", text, &data());
    assert_eq!(first, second);
});
