use std::net::IpAddr;

use ipnet::IpNet;

use super::{Arguments, Context, Failure, Function, map_of};
use crate::engine::Need;
use crate::value::Value;

pub(super) const TABLE: &[Function] = &[
    row!(
        ["cidr"],
        "value: string -> map",
        "network, broadcast, first, last, prefix, netmask, hosts of a network",
        (
            r#"{{ "10.1.2.3/24" | cidr | get(key="first") }}"#,
            "10.1.2.1",
        ),
        parts,
    ),
    row!(
        ["cidr_host", "cidrhost"],
        "value: string, n: integer -> string",
        "the address number `n` of a network; negative ones count from the end",
        (r#"{{ "10.0.0.0/24" | cidr_host(n=5) }}"#, "10.0.0.5"),
        host,
    ),
    row!(
        ["cidr_netmask", "cidrnetmask"],
        "value: string -> string",
        "the mask of a network",
        (r#"{{ "10.0.0.0/20" | cidr_netmask }}"#, "255.255.240.0"),
        |a, _| Ok(network(a, 0)?.netmask().to_string().into()),
    ),
    row!(
        ["cidr_subnet", "cidrsubnet"],
        "value: string, bits: integer, n: integer -> string",
        "the part number `n` when a network is split by `bits` more bits",
        (
            r#"{{ "10.0.0.0/16" | cidr_subnet(bits=8, n=2) }}"#,
            "10.0.2.0/24",
        ),
        subnet,
    ),
    row!(
        ["cidr_subnets"],
        "value: string, prefix: integer -> list",
        "all parts with this prefix",
        (
            r#"{{ "10.0.0.0/23" | cidr_subnets(prefix=24) }}"#,
            r#"["10.0.0.0/24", "10.0.1.0/24"]"#,
        ),
        subnets,
    ),
    row!(
        ["cidr_contains"],
        "value: string, address: string -> boolean",
        "whether a network holds an address or network",
        (
            r#"{{ "10.0.0.0/8" | cidr_contains(address="10.1.2.3") }}"#,
            "true",
        ),
        contains,
    ),
    row!(
        ["is_ip"],
        "value: string -> boolean",
        "whether it is an address",
        (r#"{{ "::1" | is_ip }}"#, "true"),
        |a, _| Ok(a.text(0)?.parse::<IpAddr>().is_ok().into()),
    ),
    row!(
        ["getHostByName", "dns_lookup"],
        "value: string -> string",
        "the first address of a host",
        (
            r#"{% if false %}{{ "localhost" | getHostByName }}{% endif %}"#,
            "",
        ),
        lookup,
    )
    .needs(Need::Network),
];

type Outcome = Result<Value, Failure>;

fn network(arguments: &Arguments, at: usize) -> Result<IpNet, Failure> {
    let text = arguments.text(at)?;
    let wrong = || Failure::from(format!("`{text}` is not a network such as `10.0.0.0/8`"));
    text.trim().parse().map_err(|_| wrong())
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}

fn address(like: &IpNet, number: u128) -> Option<IpAddr> {
    match like {
        IpNet::V4(_) => u32::try_from(number)
            .ok()
            .map(|bits| IpAddr::from(bits.to_be_bytes())),
        IpNet::V6(_) => Some(IpAddr::from(number.to_be_bytes())),
    }
}

fn parts(arguments: &Arguments, _: &Context) -> Outcome {
    let network = network(arguments, 0)?.trunc();
    let mut hosts = network.hosts();
    let first = hosts.next().unwrap_or_else(|| network.network());
    let size = 128_u32.min(u32::from(network.max_prefix_len()) - u32::from(network.prefix_len()));
    let all = 1_u128.checked_shl(size).unwrap_or(u128::MAX);
    let reserved = u128::from(all > 2 && matches!(network, IpNet::V4(_)));
    let last = number(network.broadcast()).saturating_sub(reserved);
    let last = address(&network, last).unwrap_or_else(|| network.broadcast());
    Ok(map_of([
        ("network", network.network().to_string().into()),
        ("broadcast", network.broadcast().to_string().into()),
        ("first", first.to_string().into()),
        ("last", last.to_string().into()),
        ("prefix", u64::from(network.prefix_len()).into()),
        ("netmask", network.netmask().to_string().into()),
        (
            "hosts",
            i128::try_from(all - 2 * reserved)
                .unwrap_or(i128::MAX)
                .into(),
        ),
    ]))
}

fn host(arguments: &Arguments, _: &Context) -> Outcome {
    let network = network(arguments, 0)?;
    let n = arguments.integer(1)?;
    let (low, high) = (number(network.network()), number(network.broadcast()));
    let distance = n.unsigned_abs();
    let found = if n < 0 {
        distance
            .checked_sub(1)
            .and_then(|distance| high.checked_sub(distance))
    } else {
        low.checked_add(distance)
    };
    let found = found.filter(|found| (low..=high).contains(found));
    let found = found.and_then(|found| address(&network, found));
    found
        .map(|found| found.to_string().into())
        .ok_or_else(|| format!("{network} has no address {n}").into())
}

fn subnet(arguments: &Arguments, _: &Context) -> Outcome {
    let network = network(arguments, 0)?;
    let (bits, n) = (arguments.count(1)?, arguments.count(2)?);
    let none = || {
        Failure::from(format!(
            "{network} has no part {n} when split by {bits} bits"
        ))
    };
    let prefix = u8::try_from(bits)
        .ok()
        .and_then(|bits| bits.checked_add(network.prefix_len()));
    let prefix = prefix
        .filter(|prefix| *prefix <= network.max_prefix_len())
        .ok_or_else(none)?;
    let shift = u32::from(network.max_prefix_len() - prefix);
    let fits = u32::try_from(bits)
        .ok()
        .and_then(|bits| 1_u128.checked_shl(bits));
    let n = u128::try_from(n)
        .ok()
        .filter(|n| fits.is_none_or(|fits| *n < fits))
        .ok_or_else(none)?;
    let start = number(network.network()).checked_add(n.checked_shl(shift).ok_or_else(none)?);
    let start = start
        .and_then(|start| address(&network, start))
        .ok_or_else(none)?;
    Ok(format!("{start}/{prefix}").into())
}

fn subnets(arguments: &Arguments, _: &Context) -> Outcome {
    const MOST: u32 = 16;
    let network = network(arguments, 0)?;
    let prefix = u8::try_from(arguments.count(1)?).unwrap_or(u8::MAX);
    if u32::from(prefix) > u32::from(network.prefix_len()) + MOST {
        return Err(format!("that are more than {} networks", 1_u32 << MOST).into());
    }
    let parts = network
        .subnets(prefix)
        .map_err(|error| Failure::from(error.to_string()))?;
    Ok(Value::List(
        parts.map(|part| part.to_string().into()).collect(),
    ))
}

fn contains(arguments: &Arguments, _: &Context) -> Outcome {
    let whole = network(arguments, 0)?;
    let text = arguments.text(1)?;
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(whole.contains(&address).into());
    }
    Ok(whole.contains(&network(arguments, 1)?).into())
}

fn lookup(arguments: &Arguments, context: &Context) -> Outcome {
    let name = arguments.text(0)?;
    let addresses = context.host.addresses(&name)?;
    let first = addresses.into_iter().next();
    first
        .map(Value::from)
        .ok_or_else(|| format!("`{name}` has no address").into())
}
