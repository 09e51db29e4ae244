//! All functions of sprig v3 for text templates.

pub(crate) mod cases;
pub(crate) mod cast;
pub(crate) mod certificates;
pub(crate) mod crypto;
pub(crate) mod dates;
pub(crate) mod decimal;
pub(crate) mod defaults;
pub(crate) mod derive;
pub(crate) mod dicts;
pub(crate) mod encoding;
pub(crate) mod hashes;
pub(crate) mod keys;
pub(crate) mod lists;
pub(crate) mod merge;
pub(crate) mod numbers;
pub(crate) mod paths;
pub(crate) mod random;
pub(crate) mod reflection;
pub(crate) mod regex;
pub(crate) mod semver;
pub(crate) mod strings;
pub(crate) mod system;
pub(crate) mod urls;
pub(crate) mod wrap;

use crate::exec::Call;
use crate::func::{Answer, Function, Functions, Type};
use crate::host::Door;
use crate::value::Value;
use std::rc::Rc;

/// All 211 functions of sprig 3.3 by name.
#[must_use]
pub fn functions() -> Functions {
    let mut table = Table(Vec::with_capacity(211));
    strings::add(&mut table);
    cases::add(&mut table);
    wrap::add(&mut table);
    numbers::add(&mut table);
    lists::add(&mut table);
    dicts::add(&mut table);
    defaults::add(&mut table);
    reflection::add(&mut table);
    encoding::add(&mut table);
    regex::add(&mut table);
    dates::add(&mut table);
    paths::add(&mut table);
    urls::add(&mut table);
    semver::add(&mut table);
    hashes::add(&mut table);
    crypto::add(&mut table);
    random::add(&mut table);
    system::add(&mut table);
    certificates::add(&mut table);
    table.0
}

/// A function body.
pub(crate) type Body = fn(&mut Call<'_>, &[Value]) -> Answer;

/// Functions being gathered.
pub(crate) struct Table(Functions);

impl Table {
    /// A function of these parameters.
    pub(crate) fn plain(&mut self, name: &'static str, params: &'static [Type], body: Body) {
        self.0.push((name, Rc::new(Function::new(params, body))));
    }

    /// A function whose last parameter stands for any number of arguments.
    pub(crate) fn variadic(&mut self, name: &'static str, params: &'static [Type], body: Body) {
        self.0
            .push((name, Rc::new(Function::variadic(params, body))));
    }

    /// A function that draws on more than its arguments.
    pub(crate) fn through(
        &mut self,
        doors: &'static [Door],
        name: &'static str,
        params: &'static [Type],
        body: Body,
    ) {
        self.0
            .push((name, Rc::new(Function::new(params, body).through(doors))));
    }
}

/// A rendered text with every `<no value>` taken out, as Helm does it.
pub(crate) fn without_no_value(
    call: &Call<'_>,
    text: &[u8],
) -> Result<Vec<u8>, crate::error::Fault> {
    strings::replace_all(call, text, b"<no value>", b"")
}
