//! Keys and X.509 certificates.

use super::Table;
use super::keys::Key;
use super::random::random;
use crate::args::{at, bytes, int, text};
use crate::der::{self, Reader};
use crate::error::Fault;
use crate::exec::Call;
use crate::func::{Answer, Type};
use crate::host::Door;
use crate::object::{Member, Object};
use crate::time::{Time, Zone, format};
use crate::value::{Kind, Value};
use crate::{base, pem, primes};
use Type::{Int, List, String as Text};
use num_bigint::BigUint;
use sha2::{Digest, Sha256};
use std::any::Any;
use std::net::IpAddr;

const BOTH: &[Door] = &[Door::Random, Door::Clock];
/// Bits of the RSA keys of certificates in sprig.
const BITS: usize = 2048;
const CERTIFICATE: Type = Type::Object("sprig.certificate");

pub(super) fn add(table: &mut Table) {
    table.through(&[Door::Random], "genPrivateKey", &[Text], gen_private_key);
    table.plain("buildCustomCert", &[Text, Text], build_custom);
    table.through(BOTH, "genCA", &[Text, Int], |call, a| ca(call, a, None));
    table.through(BOTH, "genCAWithKey", &[Text, Int, Text], |call, a| {
        ca(call, a, Some(key(a, 2)?))
    });
    table.through(
        BOTH,
        "genSelfSignedCert",
        &[Text, List, List, Int],
        |call, a| self_signed(call, a, None),
    );
    table.through(
        BOTH,
        "genSelfSignedCertWithKey",
        &[Text, List, List, Int, Text],
        |call, a| self_signed(call, a, Some(key(a, 4)?)),
    );
    table.through(
        BOTH,
        "genSignedCert",
        &[Text, List, List, Int, CERTIFICATE],
        |call, a| signed(call, a, None),
    );
    table.through(
        BOTH,
        "genSignedCertWithKey",
        &[Text, List, List, Int, CERTIFICATE, Text],
        |call, a| signed(call, a, Some(key(a, 5)?)),
    );
}

/// sprig's certificate: two texts in PEM.
#[derive(Clone, PartialEq)]
struct Certificate {
    cert: String,
    key: String,
}

impl Object for Certificate {
    fn type_name(&self) -> &'static str {
        "sprig.certificate"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn member(&self, name: &str) -> Result<Option<Member>, String> {
        let field = match name {
            "Cert" => &self.cert,
            "Key" => &self.key,
            _ => return Ok(None),
        };
        Ok(Some(Member::Field(Value::str(field))))
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("Cert", Value::str(&self.cert)),
            ("Key", Value::str(&self.key)),
        ]
    }

    fn equal(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref() == Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn key(args: &[Value], index: usize) -> Result<Key, Fault> {
    Key::from_pem(&text(args, index))
        .map_err(|message| format!("parsing private key: {message}").into())
}

fn source<'c>(call: &'c Call<'_>) -> impl Fn(usize) -> Result<Vec<u8>, Fault> + 'c {
    |count| {
        // Primes take their time.
        call.charge(1000)?;
        random(call, count)
    }
}

fn gen_private_key(call: &mut Call<'_>, args: &[Value]) -> Answer {
    let kind = text(args, 0);
    Ok(match Key::draw(&source(call), &kind)? {
        Some(key) => key.to_pem().into(),
        None => format!("Unknown type {kind}").into(),
    })
}

fn build_custom(_: &mut Call<'_>, args: &[Value]) -> Answer {
    let cert = base::decode64(bytes(args, 0)).map_err(|_| "unable to decode base64 certificate")?;
    let key = base::decode64(bytes(args, 1)).map_err(|_| "unable to decode base64 private key")?;
    let (cert, key) = (
        String::from_utf8_lossy(&cert).into_owned(),
        String::from_utf8_lossy(&key).into_owned(),
    );
    let block = pem::decode(&cert).ok_or("unable to decode certificate")?;
    Parent::parse(&block.data)
        .ok_or("error parsing certificate: decodedCert.Bytes: x509: malformed certificate")?;
    Key::from_pem(&key).map_err(|message| format!("error parsing private key: {message}"))?;
    Ok(Value::object(Certificate { cert, key }))
}

/// What is certified, and for how long.
struct Subject {
    name: Vec<u8>,
    alternatives: Vec<u8>,
    days: i64,
    authority: bool,
}

/// Who signs: a name, and a key identifier if the certificate has one.
#[derive(Default)]
struct Parent {
    name: Vec<u8>,
    key_id: Option<Vec<u8>>,
    public_info: Option<Vec<u8>>,
}

impl Parent {
    /// Reads what matters of a certificate.
    fn parse(data: &[u8]) -> Option<Self> {
        let mut fields = Reader(data).sequence()?.sequence()?;
        let (tag, _, _) = fields.next()?;
        if tag == 0xA0 {
            fields.integer()?;
        }
        fields.sequence()?;
        fields.sequence()?;
        fields.sequence()?;
        let (_, _, name) = fields.next()?;
        let (_, _, info) = fields.next()?;
        let mut key_id = None;
        while let Some((tag, content, _)) = fields.next() {
            if tag != 0xA3 {
                continue;
            }
            let mut extensions = Reader(content).sequence()?;
            while let Some(mut extension) = extensions.sequence() {
                let (_, _, oid) = extension.next()?;
                if oid == der::oid(&[2, 5, 29, 14]) {
                    let value = extension.expect(der::OCTET_STRING)?;
                    key_id = Reader(value).expect(der::OCTET_STRING).map(<[u8]>::to_vec);
                }
            }
        }
        Some(Self {
            name: name.to_vec(),
            key_id,
            public_info: Some(info.to_vec()),
        })
    }
}

/// A name with a common name only.
fn distinguished(name: &str) -> Vec<u8> {
    let printable = |c: char| c.is_ascii_alphanumeric() || " '()+,-./:=?".contains(c);
    let tag = if name.chars().all(printable) {
        der::PRINTABLE_STRING
    } else {
        der::UTF8_STRING
    };
    if name.is_empty() {
        return der::sequence(&[]);
    }
    let attribute = der::sequence(&[der::oid(&[2, 5, 4, 3]), der::tagged(tag, name.as_bytes())]);
    der::sequence(&[der::tagged(der::SET, &attribute)])
}

fn subject(args: &[Value], names: bool, days: i64) -> Result<Subject, Fault> {
    let mut alternatives = Vec::new();
    if names {
        let mut addresses = Vec::new();
        for item in items(args, 1) {
            let shown = || {
                String::from_utf8_lossy(&crate::fmt::show(item, 4096).unwrap_or_default())
                    .into_owned()
            };
            let Some(address) = item.bytes().map(String::from_utf8_lossy) else {
                return Err(format!("error parsing ip: {} is not a string", shown()).into());
            };
            let parsed: IpAddr = address
                .parse()
                .map_err(|_| format!("error parsing ip: {address}"))?;
            let octets = match parsed {
                IpAddr::V4(v4) => v4.octets().to_vec(),
                IpAddr::V6(v6) => v6
                    .to_ipv4_mapped()
                    .map_or_else(|| v6.octets().to_vec(), |v4| v4.octets().to_vec()),
            };
            addresses.extend(der::tagged(0x87, &octets));
        }
        for item in items(args, 2) {
            let shown = || {
                String::from_utf8_lossy(&crate::fmt::show(item, 4096).unwrap_or_default())
                    .into_owned()
            };
            let Some(name) = item.bytes() else {
                return Err(format!(
                    "error processing alternate dns name: {} is not a string",
                    shown()
                )
                .into());
            };
            if !name.is_ascii() {
                let name = crate::quote::quote(name);
                return Err(format!(
                    "error creating certificate: x509: {name} cannot be encoded as an IA5String"
                )
                .into());
            }
            alternatives.extend(der::tagged(0x82, name));
        }
        alternatives.extend(addresses);
    }
    Ok(Subject {
        name: distinguished(&text(args, 0)),
        alternatives,
        days,
        authority: false,
    })
}

fn items(args: &[Value], index: usize) -> &[Value] {
    match at(args, index) {
        Value::List(list) => list.items(),
        _ => &[],
    }
}

fn ca(call: &Call<'_>, args: &[Value], given: Option<Key>) -> Answer {
    let key = own_or_new(call, given)?;
    let subject = Subject {
        authority: true,
        ..subject(args, false, int(args, 1))?
    };
    let parent = Parent {
        name: subject.name.clone(),
        ..Parent::default()
    };
    certify(call, &subject, &key, &parent, &key)
}

fn self_signed(call: &Call<'_>, args: &[Value], given: Option<Key>) -> Answer {
    let key = own_or_new(call, given)?;
    let subject = subject(args, true, int(args, 3))?;
    let parent = Parent {
        name: subject.name.clone(),
        ..Parent::default()
    };
    certify(call, &subject, &key, &parent, &key)
}

fn signed(call: &Call<'_>, args: &[Value], given: Option<Key>) -> Answer {
    let authority = match at(args, 4) {
        Value::Object(object) => object.as_any().downcast_ref::<Certificate>(),
        _ => None,
    };
    let authority = authority.ok_or("unable to decode certificate")?;
    let key = own_or_new(call, given)?;
    let block = pem::decode(&authority.cert).ok_or("unable to decode certificate")?;
    let malformed =
        "error parsing certificate: decodedSignerCert.Bytes: x509: malformed certificate";
    let parent = Parent::parse(&block.data).ok_or(malformed)?;
    let signer = Key::from_pem(&authority.key)?;
    let subject = subject(args, true, int(args, 3))?;
    certify(call, &subject, &key, &parent, &signer)
}

fn own_or_new(call: &Call<'_>, given: Option<Key>) -> Result<Key, Fault> {
    given.map_or_else(|| Key::rsa(&source(call), BITS), Ok)
}

/// A moment; years from 2050 on need four digits.
fn moment(time: &Time) -> Vec<u8> {
    let year: i64 = String::from_utf8_lossy(&format(time, b"2006"))
        .parse()
        .unwrap_or(0);
    if (1950..2050).contains(&year) {
        der::tagged(der::UTC_TIME, &format(time, b"060102150405Z"))
    } else {
        der::tagged(der::GENERALIZED_TIME, &format(time, b"20060102150405Z"))
    }
}

fn extension(arcs: &[u32], critical: bool, value: &[u8]) -> Vec<u8> {
    let mut parts = vec![der::oid(arcs)];
    if critical {
        parts.push(der::tagged(der::BOOLEAN, &[0xFF]));
    }
    parts.push(der::tagged(der::OCTET_STRING, value));
    der::sequence(&parts)
}

fn extensions(subject: &Subject, key: &Key, parent: &Parent) -> Vec<u8> {
    // Digital signature and key encipherment; an authority signs certificates as well.
    let usage: &[u8] = if subject.authority {
        &[2, 0xA4]
    } else {
        &[5, 0xA0]
    };
    let purposes = [
        der::oid(&[1, 3, 6, 1, 5, 5, 7, 3, 1]),
        der::oid(&[1, 3, 6, 1, 5, 5, 7, 3, 2]),
    ];
    let constraints = if subject.authority {
        der::tagged(der::BOOLEAN, &[0xFF])
    } else {
        Vec::new()
    };
    let mut all = vec![
        extension(&[2, 5, 29, 15], true, &der::tagged(der::BIT_STRING, usage)),
        extension(&[2, 5, 29, 37], false, &der::sequence(&purposes)),
        extension(&[2, 5, 29, 19], true, &der::sequence(&[constraints])),
    ];
    if subject.authority {
        let digest = Sha256::digest(key.public_bits());
        let id = digest.get(..20).unwrap_or_default();
        all.push(extension(
            &[2, 5, 29, 14],
            false,
            &der::tagged(der::OCTET_STRING, id),
        ));
    }
    if let Some(id) = parent
        .key_id
        .as_ref()
        .filter(|_| parent.name != subject.name)
    {
        all.push(extension(
            &[2, 5, 29, 35],
            false,
            &der::sequence(&[der::tagged(0x80, id)]),
        ));
    }
    if !subject.alternatives.is_empty() {
        let critical = subject.name == der::sequence(&[]);
        all.push(extension(
            &[2, 5, 29, 17],
            critical,
            &der::sequence(std::slice::from_ref(&subject.alternatives)),
        ));
    }
    der::explicit(3, &der::sequence(&all))
}

fn certify(call: &Call<'_>, subject: &Subject, key: &Key, parent: &Parent, signer: &Key) -> Answer {
    let unsupported =
        "error creating certificate: x509: only RSA, ECDSA and Ed25519 keys supported";
    let algorithm = signer.signature_algorithm().ok_or(unsupported)?;
    let info = key.public_info().ok_or(unsupported)?;
    if parent.public_info.is_some() && parent.public_info != signer.public_info() {
        return Err("error creating certificate: x509: provided PrivateKey doesn't match parent's PublicKey".into());
    }
    let clock = call
        .engine()
        .host
        .clock
        .as_ref()
        .ok_or_else(|| call.refused(Door::Clock))?;
    let start = clock().within(&Zone::Utc);
    let end = Time {
        seconds: start
            .seconds
            .saturating_add(subject.days.saturating_mul(86_400)),
        ..start.clone()
    };
    let serial: BigUint = primes::random_bits(&source(call), 128)?;
    let body = der::sequence(&[
        der::explicit(0, &der::small(2)),
        der::integer(&serial),
        algorithm.clone(),
        parent.name.clone(),
        der::sequence(&[moment(&start), moment(&end)]),
        subject.name.clone(),
        info,
        extensions(subject, key, parent),
    ]);
    let signature = der::bits(&signer.sign(&body));
    let certificate = der::sequence(&[body, algorithm, signature]);
    Ok(Value::object(Certificate {
        cert: pem::encode("CERTIFICATE", &certificate),
        key: key.to_pem(),
    }))
}
