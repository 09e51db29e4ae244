//! Cases recorded from Go, and how to run them here.

use gotemplate::{Engine, Host, Map, MissingKey, Time, Value};

/// A case, and what Go said to it.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) template: Vec<u8>,
    pub(crate) data: Value,
    pub(crate) set: String,
    pub(crate) left: String,
    pub(crate) right: String,
    pub(crate) missing_key: String,
    pub(crate) expected: Result<Vec<u8>, (usize, String)>,
}

/// Cases may change what they are given.
fn copy(value: &Value) -> Value {
    match value {
        Value::Map(map) => map
            .entries()
            .unwrap()
            .into_iter()
            .map(|(key, value)| (key, copy(&value)))
            .collect::<Map>()
            .into(),
        Value::List(list) => list.items().iter().map(copy).collect::<Vec<_>>().into(),
        other => other.clone(),
    }
}

fn text(map: &Map, key: &str) -> String {
    match map.get(key.as_bytes()) {
        Ok(Some(Value::Str(text))) => text.to_str().into_owned(),
        _ => String::new(),
    }
}

impl Case {
    /// Reads a recording. A line with only `shared` holds the data of the cases after it that have none.
    pub(crate) fn read(lines: impl Iterator<Item = String>) -> impl Iterator<Item = Self> {
        let mut shared = Value::None;
        lines
            .filter(|line| !line.trim().is_empty())
            .filter_map(move |line| {
                if line.starts_with("{\"shared\"") {
                    let Ok(Value::Map(map)) = Value::from_json(line.as_bytes()) else {
                        panic!("bad data: {line}")
                    };
                    shared = map.get(b"shared").unwrap().unwrap();
                    return None;
                }
                Some(Self::parse(&line, &shared))
            })
    }

    fn parse(line: &str, shared: &Value) -> Self {
        let Ok(Value::Map(map)) = Value::from_json(line.as_bytes()) else {
            panic!("not a case: {line}")
        };
        let get = |key: &str| map.get(key.as_bytes()).unwrap();
        let options = match get("o") {
            Some(Value::Map(options)) => options,
            _ => Map::default(),
        };
        let line_number = match get("line") {
            Some(Value::Int(_, n)) => usize::try_from(n).unwrap(),
            _ => 0,
        };
        let expected = match (get("out"), get("err"), get("b64")) {
            (_, Some(Value::Str(error)), _) if !error.is_empty() => {
                Err((line_number, error.to_str().into_owned()))
            }
            (_, _, Some(Value::Str(encoded))) => {
                let decoded = Engine::new().add(gotemplate::sprig::functions()).render(
                    "b64",
                    "{{ b64dec . }}",
                    &Value::Str(encoded),
                );
                Ok(decoded.unwrap().output)
            }
            (Some(Value::Str(out)), ..) => Ok(out.to_vec()),
            _ => Ok(Vec::new()),
        };
        let Some(Value::Str(template)) = get("t") else {
            panic!("no template: {line}")
        };
        Self {
            name: text(&map, "n"),
            template: template.to_vec(),
            data: get("d").unwrap_or_else(|| copy(shared)),
            set: text(&map, "s"),
            left: text(&options, "left"),
            right: text(&options, "right"),
            missing_key: text(&options, "missingkey"),
            expected,
        }
    }

    /// An engine as the recorder sets it up.
    pub(crate) fn engine(&self) -> Engine {
        let mut engine = Engine::new();
        engine.options.left.clone_from(&self.left);
        engine.options.right.clone_from(&self.right);
        if !self.missing_key.is_empty() {
            engine.options.missing_key = MissingKey::parse(&self.missing_key).unwrap();
        }
        if self.set != "go" {
            engine.add(gotemplate::sprig::functions());
        }
        match self.set.as_str() {
            "duat" => {
                engine.add(gotemplate::extras::duat());
            }
            "helm" => {
                engine
                    .add(gotemplate::extras::helm())
                    .remove("env")
                    .remove("expandenv");
            }
            _ => {}
        }
        engine.host = host();
        engine
    }

    /// What we say.
    pub(crate) fn run(&self) -> Result<Vec<u8>, Box<gotemplate::Error>> {
        let name = if self.name.is_empty() {
            "t"
        } else {
            &self.name
        };
        match self.engine().render(name, &self.template, &self.data) {
            Ok(rendered) => Ok(rendered.output),
            Err(failure) => Err(Box::new(failure.last().unwrap().clone())),
        }
    }

    /// What differs from Go: output, error or not, line of the error.
    pub(crate) fn difference(&self) -> Option<String> {
        let actual = self.run();
        let same = match (&self.expected, &actual) {
            (Ok(expected), Ok(actual)) => expected == actual,
            (Err((line, _)), Err(error)) => *line == error.line || *line == 0,
            _ => false,
        };
        if same {
            return None;
        }
        let expected = match &self.expected {
            Ok(out) => format!("ok  {:?}", String::from_utf8_lossy(out)),
            Err((line, error)) => format!("err {line} {error}"),
        };
        let actual = match &actual {
            Ok(out) => format!("ok  {:?}", String::from_utf8_lossy(out)),
            Err(error) => format!("err {} {}", error.line, error.go()),
        };
        let template = String::from_utf8_lossy(&self.template);
        Some(format!(
            "{template:?} set {:?}\n    go:   {expected}\n    here: {actual}",
            self.set
        ))
    }
}

/// Everything a template could ask for, none of it real.
pub(crate) fn host() -> Host {
    let state = std::cell::Cell::new(0x9E37_79B9_7F4A_7C15_u64);
    Host {
        clock: Some(Box::new(|| Time::unix(1_700_000_000))),
        random: Some(Box::new(move |buffer| {
            for byte in buffer {
                let mut x = state.get();
                x ^= x << 13;
                x ^= x >> 7;
                x ^= x << 17;
                state.set(x);
                *byte = x.to_le_bytes()[3];
            }
        })),
        environ: Some(Box::new(|name| {
            (name == "GREETING").then(|| "hello".to_owned())
        })),
        // what is an address already needs no network
        resolve: Some(Box::new(|name| {
            let address = name.parse::<std::net::IpAddr>();
            address.map(|_| name.to_owned()).into_iter().collect()
        })),
        ..Host::default()
    }
}
