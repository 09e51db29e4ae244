//! Every function with arguments of any content.

#![no_main]

use gotemplate::{Engine, Limits, List, Map, Value};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &[u8], &[u8], i64, f64)| {
    let (index, first, second, int, float) = input;
    let mut engine = Engine::new();
    engine.add(gotemplate::sprig::functions()).add(gotemplate::extras::duat());
    engine.options.limits = Limits { steps: 20_000, bytes: 200_000, depth: 100 };
    let data: Map = [
        ("a", Value::from(first.to_vec())),
        ("b", Value::from(second.to_vec())),
        ("i", Value::int(int)),
        ("f", Value::Float(float)),
        ("l", List::strings([first, second]).into()),
    ]
    .into_iter()
    .collect();
    let names: Vec<String> = engine.functions().iter().map(|(name, _)| (*name).to_owned()).collect();
    let name = &names[usize::from(index) % names.len()];
    for args in ["", ".a", ".i", ".l", ".a .b", ".i .a", ".f .i", ".a .l", ".a .b .i", ".i .i .a", ".a .b .a"] {
        let _ = engine.render("t", format!("{{{{ {name} {args} }}}}"), &Value::Map(data.clone()));
    }
});
