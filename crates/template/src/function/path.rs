use super::encoding::{decode_percent, query_of};
use super::{Arguments, Context, Failure, Function, map_of};
use crate::value::{Map, Value};

pub(super) const TABLE: &[Function] = &[
    row!(
        ["base", "basename", "osBase"],
        "value: string -> string",
        "the last part of a path",
        (r#"{{ "a/b.txt" | basename }}"#, "b.txt"),
        |a, _| Ok(base(&a.text(0)?).into()),
    ),
    row!(
        ["dir", "dirname", "osDir"],
        "value: string -> string",
        "all but the last part of a path",
        (r#"{{ "a/b.txt" | dirname }}"#, "a"),
        |a, _| Ok(dir(&a.text(0)?).into()),
    ),
    row!(
        ["ext", "osExt"],
        "value: string -> string",
        "what follows the last dot of a path, with it",
        (r#"{{ "a/b.tar.gz" | ext }}"#, ".gz"),
        |a, _| Ok(ext(&a.text(0)?).into()),
    ),
    row!(
        ["stem"],
        "value: string -> string",
        "the last part of a path without what follows its last dot",
        (r#"{{ "a/b.txt" | stem }}"#, "b"),
        stem,
    ),
    row!(
        ["clean", "osClean"],
        "value: string -> string",
        "a path without `.`, `..` and doubled slashes",
        (r#"{{ "a//b/../c/." | clean }}"#, "a/c"),
        |a, _| Ok(clean(&a.text(0)?).into()),
    ),
    row!(
        ["isAbs", "is_abs", "osIsAbs"],
        "value: string -> boolean",
        "whether a path begins at the root",
        (r#"{{ "/a" | isAbs }}"#, "true"),
        |a, _| Ok(a.text(0)?.starts_with('/').into()),
    ),
    row!(
        ["path_join"],
        "value: string, with: any -> string",
        "a path below another",
        (r#"{{ "a/" | path_join(with="b") }}"#, "a/b"),
        join,
    ),
    row!(
        ["urlParse", "url_parse"],
        "value: string -> map",
        "scheme, userinfo, host, hostname, port, path, query, fragment, opaque",
        (
            r#"{{ "https://u@h.org:8080/p?q=1#f" | url_parse | get(key="hostname") }}"#,
            "h.org",
        ),
        |a, _| Ok(Value::from(parse(&a.text(0)?)?)),
    ),
    row!(
        ["urlJoin", "url_join"],
        "value: map -> string",
        "the URL that `url_parse` takes apart",
        (
            r#"{{ {"scheme": "https", "host": "h.org", "path": "/p"} | url_join }}"#,
            "https://h.org/p",
        ),
        |a, _| Ok(unparse(a.map(0)?).into()),
    ),
    row!(
        ["url_set"],
        "value: string, part: string, to: any -> string",
        "a URL with one part changed; a map for `query`",
        (
            r#"{{ "http://h.org/p" | url_set(part="scheme", to="https") }}"#,
            "https://h.org/p",
        ),
        set,
    ),
    row!(
        ["url_query"],
        "value: string -> map",
        "the pairs of a URL's query",
        (
            r#"{{ "http://h/?a=x%20y" | url_query | get(key="a") }}"#,
            "x y",
        ),
        query,
    ),
];

type Outcome = Result<Value, Failure>;

fn base(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    match (trimmed.is_empty(), path.is_empty()) {
        (true, true) => ".",
        (true, false) => "/",
        _ => trimmed.rsplit('/').next().unwrap_or_default(),
    }
}

fn dir(path: &str) -> String {
    match path.rfind('/') {
        Some(slash) => clean(path.get(..=slash).unwrap_or_default()),
        None => ".".to_owned(),
    }
}

fn ext(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rfind('.')
        .and_then(|dot| name.get(dot..))
        .unwrap_or_default()
}

fn stem(arguments: &Arguments, _: &Context) -> Outcome {
    let path = arguments.text(0)?;
    let name = base(&path);
    let kept = name
        .rfind('.')
        .filter(|dot| *dot > 0)
        .and_then(|dot| name.get(..dot));
    Ok(kept.unwrap_or(name).into())
}

/// As Go's `path.Clean`.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

fn join(arguments: &Arguments, _: &Context) -> Outcome {
    let mut path = arguments.text(0)?;
    let parts = match arguments.any(1) {
        Value::List(items) => items.iter().map(Value::printed).collect(),
        other => vec![other.printed()],
    };
    for part in parts {
        path = format!("{path}/{part}");
    }
    Ok(clean(&path).into())
}

/// Takes a URL apart by RFC 3986, appendix B, as Go's `net/url` names the parts.
fn parse(text: &str) -> Result<Map, Failure> {
    let (rest, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let legal = |scheme: &str| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|each| each.is_ascii_alphanumeric() || "+-.".contains(each))
    };
    let (scheme, rest) = match rest.split_once(':') {
        Some((scheme, rest)) if legal(scheme) => (scheme, rest),
        _ => ("", rest),
    };
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", rest),
    };
    let opaque = !scheme.is_empty() && authority.is_empty() && !path.starts_with('/');
    let (userinfo, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let port_at = host
        .rfind(':')
        .filter(|colon| host.rfind(']').is_none_or(|end| end < *colon));
    let (hostname, port) = match port_at {
        Some(colon) => (
            host.get(..colon).unwrap_or_default(),
            host.get(colon + 1..).unwrap_or_default(),
        ),
        None => (host, ""),
    };
    if !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("`{port}` is not a port").into());
    }
    let path_text = if opaque {
        String::new()
    } else {
        decode_percent(path)?
    };
    let parts = map_of([
        ("scheme", scheme.to_lowercase().into()),
        ("userinfo", userinfo.into()),
        ("host", host.into()),
        ("hostname", hostname.trim_matches(['[', ']']).into()),
        ("port", port.into()),
        ("path", path_text.into()),
        ("query", query.into()),
        ("fragment", fragment.into()),
        ("opaque", (if opaque { path } else { "" }).into()),
    ]);
    Ok(parts.as_map().cloned().unwrap_or_default())
}

fn unparse(parts: &Map) -> String {
    let part = |name: &str| parts.get(name).map(Value::printed).unwrap_or_default();
    let mut url = String::new();
    let (scheme, host, userinfo) = (part("scheme"), part("host"), part("userinfo"));
    if !scheme.is_empty() {
        url.push_str(&scheme);
        url.push(':');
    }
    url.push_str(&part("opaque"));
    if !host.is_empty() || !userinfo.is_empty() {
        url.push_str("//");
        if !userinfo.is_empty() {
            url.push_str(&userinfo);
            url.push('@');
        }
        url.push_str(&host);
    }
    let path = part("path");
    if !host.is_empty() && !path.is_empty() && !path.starts_with('/') {
        url.push('/');
    }
    let segments = path.split('/').map(super::encoding::percent);
    url.push_str(&segments.collect::<Vec<_>>().join("/"));
    let query = match parts.get("query") {
        Some(Value::Map(pairs)) => query_of(pairs),
        _ => part("query"),
    };
    for (sign, text) in [('?', query), ('#', part("fragment"))] {
        if !text.is_empty() {
            url.push(sign);
            url.push_str(&text);
        }
    }
    url
}

fn set(arguments: &Arguments, _: &Context) -> Outcome {
    let mut parts = parse(&arguments.text(0)?)?;
    let changed = arguments.text(1)?;
    let to = arguments.any(2);
    match changed.as_str() {
        "hostname" | "port" => {
            parts.insert(changed, to);
            let port = parts.get("port").map(Value::printed).unwrap_or_default();
            let name = parts
                .get("hostname")
                .map(Value::printed)
                .unwrap_or_default();
            let host = if port.is_empty() {
                name
            } else {
                format!("{name}:{port}")
            };
            parts.insert("host".to_owned(), host.into());
        }
        known if parts.contains_key(known) => {
            parts.insert(changed, to);
        }
        _ => {
            let names: Vec<&str> = parts.keys().map(String::as_str).collect();
            return Err(format!("a URL has no `{changed}`; it has {}", names.join(", ")).into());
        }
    }
    Ok(unparse(&parts).into())
}

fn query(arguments: &Arguments, _: &Context) -> Outcome {
    let parts = parse(&arguments.text(0)?)?;
    let query = parts.get("query").map(Value::printed).unwrap_or_default();
    let mut pairs = Map::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decode = |text: &str| decode_percent(&text.replace('+', " "));
        pairs.insert(decode(key)?, decode(value)?.into());
    }
    Ok(pairs.into())
}
