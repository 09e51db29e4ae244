//! What a run of the engine may reach: values, roots that are looked up when read, and doors.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use gotemplate::{Map, Time, Value, Zone};

use crate::dialect::go::address::Address;
use crate::dialect::go::value::{of, of_node};
use crate::engine::{Clock, Host, Need, Policy, Request};

/// What went wrong behind a door that cannot say so itself.
pub(super) type Trouble = Rc<RefCell<Option<String>>>;

/// Returns the dot of the main template: the values, and the roots of the host.
pub(super) fn dot(request: &Request<'_>) -> Value {
    let map = Map::default();
    for (name, node) in request.values.entries().into_iter().flatten() {
        map.set(name.as_str(), of_node(node));
    }
    for root in request.host.roots() {
        let host = Arc::clone(&request.host);
        let policy = request.policy;
        let name = root.clone();
        map.set_lazy(root, move || below(&host, policy, &name));
    }
    map.into()
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
