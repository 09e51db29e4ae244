//! URLs as dictionaries.

use super::Table;
use crate::args::{bytes, map};
use crate::exec::Call;
use crate::func::{Answer, Type};
use crate::map::Map;
use crate::url::{Url, User};
use crate::value::Value;

pub(super) fn add(table: &mut Table) {
    table.plain("urlParse", &[Type::String], parse);
    table.plain("urlJoin", &[Type::Map], join);
}

fn parse(_: &mut Call<'_>, args: &[Value]) -> Answer {
    let url =
        Url::parse(bytes(args, 0)).map_err(|message| format!("unable to parse url: {message}"))?;
    let map = Map::default();
    map.set("scheme", url.scheme.as_str());
    map.set("host", Value::str(&url.host));
    map.set("hostname", Value::str(url.hostname()));
    map.set("path", Value::str(&url.path));
    map.set("query", Value::str(&url.query));
    map.set("opaque", Value::str(&url.opaque));
    map.set("fragment", Value::str(&url.fragment));
    map.set(
        "userinfo",
        Value::from(url.user.as_ref().map(User::text).unwrap_or_default()),
    );
    Ok(map.into())
}

fn join(_: &mut Call<'_>, args: &[Value]) -> Answer {
    let dict = map(args, 0);
    let part = |key: &str| match dict.get(key.as_bytes())? {
        None => Ok(Vec::new()),
        Some(Value::Str(text)) => Ok(text.to_vec()),
        Some(Value::None | Value::Nil) => {
            Err("runtime error: invalid memory address or nil pointer dereference".to_owned())
        }
        Some(other) => {
            let kind = other.kind().name();
            Err(format!(
                "unable to parse {key} key, must be of type string, but {kind} found"
            ))
        }
    };
    let mut url = Url {
        scheme: String::from_utf8_lossy(&part("scheme")?).into_owned(),
        host: part("host")?,
        path: part("path")?,
        query: part("query")?,
        opaque: part("opaque")?,
        fragment: part("fragment")?,
        user: None,
    };
    let user = part("userinfo")?;
    if !user.is_empty() {
        let raw = [b"proto://", user.as_slice(), b"@host"].concat();
        let parsed = Url::parse(&raw)
            .map_err(|message| format!("unable to parse userinfo in dict: {message}"))?;
        url.user = parsed.user;
    }
    Ok(url.text().into())
}
