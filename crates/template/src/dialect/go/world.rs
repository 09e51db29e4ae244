//! What a run of the engine may reach: values, roots that are looked up when read, and doors.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use gotemplate::{Map, Time, Value, Zone};

use crate::dialect::go::address::Address;
use crate::dialect::go::value::{of, of_node};
use crate::engine::{Clock, Host, Need, Policy, Request};
use crate::node::Entries;
use crate::options::Profile;

/// What went wrong behind a door that cannot say so itself.
pub(super) type Trouble = Rc<RefCell<Option<String>>>;

/// Where Helm has the values.
const VALUES: &str = "Values";
/// What Helm has beside them; given by values of that name.
const BESIDE: [&str; 6] = [
    "Capabilities",
    "Chart",
    "Files",
    "Release",
    "Subcharts",
    "Template",
];

/// Returns the dot of the main template: the values, for Helm below `.Values`, and the roots of the
/// host.
pub(super) fn dot(request: &Request<'_>, profile: Profile) -> Value {
    let map = Map::default();
    let values = Map::default();
    for (name, node) in request.values.entries().into_iter().flat_map(Entries::iter) {
        if profile == Profile::Duat || BESIDE.contains(&&**name) {
            map.set(&**name, of_node(node));
        } else {
            values.set(&**name, of_node(node));
        }
    }
    if profile == Profile::Helm {
        map.set(VALUES, values);
    }
    for root in request.host.roots() {
        let host = Arc::clone(&request.host);
        let policy = request.policy;
        let name = root.clone();
        map.set_lazy(root, move || below(&host, policy, &name));
    }
    map.into()
}

/// Returns the path in the values of what a template calls `path`. What Helm does not have keeps
/// the dot of Go's root, `$`, before it: no value is called so.
pub(super) fn value_path(path: &[String], profile: Profile) -> Vec<String> {
    let Some((root, rest)) = path.split_first().filter(|_| profile == Profile::Helm) else {
        return path.to_vec();
    };
    let given = ["Env", "duat"].into_iter().chain(BESIDE);
    if root == VALUES {
        rest.to_vec()
    } else if given.into_iter().any(|name| name == root) {
        path.to_vec()
    } else {
        [&["$".to_owned()], path].concat()
    }
}

/// Tells whether a path of values is none, because Helm has nothing there.
pub(super) fn outside(path: &[String]) -> bool {
    path.first().is_some_and(|root| root == "$")
}

/// What to do about it.
pub(super) const OUTSIDE: &str = "with `--profile helm` the values are below `.Values`";

/// Returns the path by which a template calls the value at `path`.
pub(super) fn template_path(path: &[String], profile: Profile) -> Vec<String> {
    let own = path
        .first()
        .is_some_and(|root| !BESIDE.contains(&root.as_str()));
    if own && profile == Profile::Helm {
        [&[VALUES.to_owned()], path].concat()
    } else {
        path.to_vec()
    }
}

/// Returns the map below a root; each of its values is looked up when it is read.
fn below(host: &Arc<dyn Host>, policy: Policy, root: &str) -> Result<Value, String> {
    if root == "Env" && !policy.allows(Need::Environment) {
        return Err("the environment is not allowed here; give the value with `--set`".to_owned());
    }
    let map = Map::default();
    for name in host.names(root) {
        let host = Arc::clone(host);
        let root = root.to_owned();
        map.set_lazy(name.clone(), move || {
            let value = host.lookup(&root, &name)?;
            Ok(match value {
                Some(crate::value::Value::Text(url)) if name == "gitURL" => {
                    Value::object(Address::new(&url))
                }
                Some(value) => of(&value),
                None => Value::Nil,
            })
        });
    }
    Ok(map.into())
}

/// Returns the doors that the policy opens.
pub(super) fn doors(request: &Request<'_>, trouble: &Trouble) -> gotemplate::Host {
    let policy = request.policy;
    let mut doors = gotemplate::Host::default();
    let instant = match request.clock {
        Clock::Fixed(instant) => Some(instant),
        Clock::Running(instant) => Some(instant).filter(|_| policy.allows(Need::Clock)),
        Clock::Absent => None,
    };
    if let Some(instant) = instant {
        doors.clock = Some(Box::new(move || time(instant)));
    }
    let host = Arc::clone(&request.host);
    doors.over = Some(Box::new(move || host.expired()));
    if policy.allows(Need::Random) {
        let host = Arc::clone(&request.host);
        let trouble = Rc::clone(trouble);
        doors.random = Some(Box::new(move |bytes| {
            if let Err(reason) = host.random(bytes) {
                trouble.borrow_mut().get_or_insert(reason);
            }
        }));
    }
    if policy.allows(Need::Environment) {
        let host = Arc::clone(&request.host);
        doors.environ = Some(Box::new(move |name| {
            let value = host.lookup("Env", name).ok().flatten()?;
            Some(value.printed())
        }));
    }
    if policy.allows(Need::Network) {
        let host = Arc::clone(&request.host);
        let trouble = Rc::clone(trouble);
        doors.resolve = Some(Box::new(move |name| match host.addresses(name) {
            Ok(addresses) => addresses,
            Err(reason) => {
                trouble.borrow_mut().get_or_insert(reason);
                Vec::new()
            }
        }));
    }
    doors
}

fn time(instant: DateTime<Utc>) -> Time {
    Time {
        seconds: instant.timestamp(),
        nanos: instant.timestamp_subsec_nanos(),
        zone: Zone::Utc,
    }
}
