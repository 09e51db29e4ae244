//! The values that the command line names, laid over one another.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use duat_shell::{Code, Failure, Failures, environment, input};
use duat_template::layer::Layers;
use duat_template::read::Syntax;
use duat_template::{Diagnostic, Node, Origin, Redactor, Source};

use crate::job::Stream;
use crate::{args, report, validation};

/// The values and what must not be shown of them.
#[derive(Clone, Debug)]
pub(crate) struct Supply {
    pub layers: Layers,
    /// All layers merged.
    pub node: Arc<Node>,
    pub secrets: Redactor,
    /// The files they came from.
    pub files: Vec<PathBuf>,
    /// The texts of the files of `--values`.
    pub sources: Vec<Source>,
}

/// Collects values; every problem is reported, not only the first.
struct Collector {
    layers: Layers,
    secrets: Redactor,
    files: Vec<PathBuf>,
    sources: Vec<Source>,
    failures: Vec<Failure>,
}

/// Reads all values, and holds them to their schema. `-` takes stdin, which `stdin` hands out once.
pub(crate) fn supply(
    args: &args::Values,
    hermetic: bool,
    stdin: &mut dyn FnMut() -> Result<String, Failure>,
) -> Result<Supply, Failures> {
    let mut collector = Collector {
        layers: Layers::default(),
        secrets: Redactor::new(),
        files: Vec::new(),
        sources: Vec::new(),
        failures: Vec::new(),
    };
    // secrets first, so that they are hidden in what is said of everything else
    let secrets = collector.secrets(args);
    for values in &args.from {
        if values.contains('=') {
            let result = collector.layers.pairs(values);
            collector.take_argument(result);
        } else {
            collector.file(values, stdin);
        }
    }
    if let Some(prefix) = &args.env_prefix {
        if hermetic {
            collector.failures.push(forbidden("--env-prefix"));
        } else {
            let variables = environment::all();
            let variables = variables
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()));
            collector.layers.environment(prefix, variables);
        }
    }
    for pairs in &args.set {
        let result = collector.layers.set(pairs);
        collector.take_argument(result);
    }
    for pairs in &args.set_string {
        let result = collector.layers.set_string(pairs);
        collector.take_argument(result);
    }
    for pair in &args.set_json {
        let result = collector.layers.set_json(pair);
        collector.take_argument(result);
    }
    for pair in &args.set_file {
        if let Some((path, name, text)) = collector.pair("--set-file", pair) {
            let result = collector.layers.set_file(&path, &name, &text);
            collector.take_argument(result);
        }
    }
    for (path, text, origin) in secrets {
        let result = collector.layers.secret(&path, &text, origin);
        collector.take_argument(result);
    }
    Failures::of(collector.failures)?;
    let supply = Supply {
        node: collector.layers.merged(),
        layers: collector.layers,
        secrets: collector.secrets,
        files: collector.files,
        sources: collector.sources,
    };
    if let Some(path) = &args.schema {
        validation::check_schema(path, &supply)?;
    }
    Ok(supply)
}

impl Collector {
    fn take(&mut self, result: Result<(), Diagnostic>) {
        if let Err(diagnostic) = result {
            self.failures
                .push(report::failure(diagnostic, &self.secrets));
        }
    }

    /// Takes what was said on the command line, where a problem is a wrong call.
    fn take_argument(&mut self, result: Result<(), Diagnostic>) {
        if let Err(diagnostic) = result {
            let failure = report::failure(diagnostic, &self.secrets);
            self.failures.push(failure.with_code(Code::Usage));
        }
    }

    fn file(&mut self, name: &str, stdin: &mut dyn FnMut() -> Result<String, Failure>) {
        let text = match Stream::input(Path::new(name)) {
            Stream::Standard => stdin(),
            Stream::File(path) | Stream::Handed(path) => read_text(&path),
        };
        match text {
            Err(failure) => self.failures.push(failure),
            Ok(text) => {
                self.read(name);
                let source = Source::new(name, text);
                let result = self.layers.file(&source, Syntax::of(name));
                self.sources.push(source);
                self.take(result);
            }
        }
    }

    /// Notes that a file was read, if it is one.
    fn read(&mut self, name: &str) {
        if let Stream::File(path) = Stream::input(Path::new(name)) {
            self.files.push(path);
        }
    }

    /// Reads `path=FILE`.
    fn pair(&mut self, option: &str, pair: &str) -> Option<(String, String, String)> {
        let Some((path, name)) = pair.split_once('=').filter(|(path, _)| !path.is_empty()) else {
            self.failures.push(Failure::new(
                Code::Usage,
                format!("failed to read `{option} {pair}`: it is not NAME=FILE"),
            ));
            return None;
        };
        match read_text(Path::new(name)) {
            Ok(text) => {
                self.read(name);
                Some((path.to_owned(), name.to_owned(), text))
            }
            Err(failure) => {
                self.failures.push(failure);
                None
            }
        }
    }

    /// Reads the secrets and makes them known to the redactor.
    fn secrets(&mut self, args: &args::Values) -> Vec<(String, String, Origin)> {
        let mut secrets = Vec::new();
        for name in &args.secret_env {
            match environment::given(name) {
                Some(text) => {
                    let origin = Origin::Environment {
                        name: name.as_str().into(),
                    };
                    secrets.push((name.clone(), text, origin));
                }
                None => self.failures.push(Failure::new(
                    Code::NotFound,
                    format!(
                        "failed to read the secret `{name}`: the environment has no such variable"
                    ),
                )),
            }
        }
        for pair in &args.secret_file {
            if let Some((path, name, text)) = self.pair("--secret-file", pair) {
                let text = text.strip_suffix('\n').unwrap_or(&text).to_owned();
                let origin = Origin::argument("--secret-file", format!("{path}={name}"));
                secrets.push((path, text, origin));
            }
        }
        for (_, text, _) in &secrets {
            self.secrets.add(text);
        }
        secrets
    }
}

/// Returns the failure of something that hermetic rendering does without.
pub(crate) fn forbidden(what: &str) -> Failure {
    Failure::new(
        Code::Usage,
        format!("refused `{what}`: `--hermetic` forbids it"),
    )
    .hint("leave one of them out.")
}

/// Reads a file as text, or a pipe that the shell has opened.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    as_text(input::read(path)?, &format!("`{}`", path.display()))
}

/// Returns bytes as text; `name` is what they are called in the error.
pub(crate) fn as_text(bytes: Vec<u8>, name: &str) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        Failure::new(
            Code::Failed,
            format!("failed to read {name}: it is not UTF-8, from byte {place} on"),
        )
    })
}

/// Returns the files that the options name, be they there or not.
pub(crate) fn files(args: &args::Values) -> Vec<PathBuf> {
    let pairs = args.set_file.iter().chain(&args.secret_file);
    let pairs = pairs.filter_map(|pair| Some(PathBuf::from(pair.split_once('=')?.1)));
    let values = args.from.iter().filter(|values| !values.contains('='));
    values.map(PathBuf::from).chain(pairs).collect()
}
