//! Times parsing and rendering of a manifest of about 100 KB: milliseconds, the best of many runs.

use gotemplate::{Engine, Map, Value};
use std::io::Write;
use std::time::{Duration, Instant};

const TEMPLATE: &str = include_str!("../peers/speed/manifest.tmpl");

fn data() -> Value {
    let items: Vec<Value> = (0..400)
        .map(|i| {
            let ports: Vec<Value> = (0..3).map(|p| Value::int(8000 + i + p)).collect();
            let entries = [
                ("name", Value::from(format!("service-{i}"))),
                ("replicas", Value::int(i % 5 + 1)),
                (
                    "image",
                    Value::from(format!("registry.example.com/team/service-{i}")),
                ),
                ("ports", ports.into()),
                ("public", Value::Bool(i % 2 == 0)),
            ];
            entries.into_iter().collect::<Map>().into()
        })
        .collect();
    [("items", Value::from(items)), ("namespace", "prod".into())]
        .into_iter()
        .collect::<Map>()
        .into()
}

fn main() -> std::io::Result<()> {
    let mut engine = Engine::new();
    engine.add(gotemplate::sprig::functions());
    let data = data();
    let (mut best, mut bytes) = (Duration::MAX, 0);
    for _ in 0..200 {
        let start = Instant::now();
        let rendered = engine.render("manifest", TEMPLATE, &data);
        best = best.min(start.elapsed());
        bytes = rendered.map(|rendered| rendered.output.len()).unwrap_or(0);
    }
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{bytes} bytes in {:.3} ms",
        best.as_secs_f64() * 1000.0
    )
}
