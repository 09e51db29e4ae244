//! Private keys: drawing them, writing and reading them, signing with them.
//!
//! The arithmetic of RSA and DSA here is not constant in time: keys are made for files, not for a server.

use crate::der::{self, Reader};
use crate::error::Fault;
use crate::pem;
use crate::primes::{Source, below, is_prime, prime, random_bits};
use ed25519_dalek::Signer as _;
use num_bigint::BigUint;
use sha2::{Digest, Sha256};

/// A private key.
pub(crate) enum Key {
    Rsa(Box<Rsa>),
    Dsa(Box<Dsa>),
    Ecdsa(p256::ecdsa::SigningKey),
    Ed25519(ed25519_dalek::SigningKey),
}

/// The numbers of an RSA key.
pub(crate) struct Rsa {
    modulus: BigUint,
    public: BigUint,
    private: BigUint,
    primes: (BigUint, BigUint),
}

/// The numbers of a DSA key.
pub(crate) struct Dsa {
    p: BigUint,
    q: BigUint,
    g: BigUint,
    y: BigUint,
    x: BigUint,
}

const RSA_OID: &[u32] = &[1, 2, 840, 113_549, 1, 1, 1];
const RSA_SHA256_OID: &[u32] = &[1, 2, 840, 113_549, 1, 1, 11];
const EC_OID: &[u32] = &[1, 2, 840, 10045, 2, 1];
const P256_OID: &[u32] = &[1, 2, 840, 10045, 3, 1, 7];
const ECDSA_SHA256_OID: &[u32] = &[1, 2, 840, 10045, 4, 3, 2];
const ED25519_OID: &[u32] = &[1, 3, 101, 112];
/// `NULL`
const NULL: &[u8] = &[5, 0];

impl Rsa {
    /// A key with a modulus of so many bits.
    fn draw(source: Source<'_>, bits: usize) -> Result<Self, Fault> {
        let public = BigUint::from(65_537u32);
        loop {
            let (p, q) = (prime(source, bits / 2)?, prime(source, bits / 2)?);
            if p == q {
                continue;
            }
            let totient = (&p - 1u32) * (&q - 1u32);
            if let Some(private) = public.modinv(&totient) {
                return Ok(Self {
                    modulus: &p * &q,
                    public,
                    private,
                    primes: (p, q),
                });
            }
        }
    }

    fn to_der(&self) -> Vec<u8> {
        let (p, q) = &self.primes;
        let inverse = q.modinv(p).unwrap_or_default();
        let parts = [
            BigUint::ZERO,
            self.modulus.clone(),
            self.public.clone(),
            self.private.clone(),
            p.clone(),
            q.clone(),
            &self.private % (p - 1u32),
            &self.private % (q - 1u32),
            inverse,
        ];
        der::sequence(&parts.iter().map(der::integer).collect::<Vec<_>>())
    }

    fn from_der(data: &[u8]) -> Option<Self> {
        let mut fields = Reader(data).sequence()?;
        fields.integer()?;
        let mut next = || fields.integer();
        let (modulus, public, private) = (next()?, next()?, next()?);
        let primes = (next()?, next()?);
        let one = BigUint::from(1u32);
        let sound = primes.0 > one
            && primes.1 > one
            && &primes.0 * &primes.1 == modulus
            && modulus.bits() >= 512;
        (sound && modulus.bits() <= 16_384).then_some(Self {
            modulus,
            public,
            private,
            primes,
        })
    }

    /// PKCS #1 v1.5 with SHA-256.
    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let digest = Sha256::digest(message);
        let algorithm =
            der::sequence(&[der::oid(&[2, 16, 840, 1, 101, 3, 4, 2, 1]), NULL.to_vec()]);
        let info = der::sequence(&[algorithm, der::tagged(der::OCTET_STRING, &digest)]);
        let size = self.modulus.bits().div_ceil(8) as usize;
        let padding = size.saturating_sub(info.len() + 3);
        let block = [&[0, 1], vec![0xFF; padding].as_slice(), &[0], &info].concat();
        let signature = BigUint::from_bytes_be(&block)
            .modpow(&self.private, &self.modulus)
            .to_bytes_be();
        let mut out = vec![0; size.saturating_sub(signature.len())];
        out.extend_from_slice(&signature);
        out
    }
}

impl Dsa {
    /// A key with parameters of its own: 2048 and 256 bits.
    #[expect(
        clippy::many_single_char_names,
        reason = "the names the standard has for them"
    )]
    fn draw(source: Source<'_>) -> Result<Self, Fault> {
        let q = prime(source, 256)?;
        let double = &q * 2u32;
        let p = loop {
            let mut start = random_bits(source, 2048)?;
            start.set_bit(2047, true);
            let candidate = &start - &start % &double + 1u32;
            if candidate.bits() == 2048 && is_prime(source, &candidate)? {
                break candidate;
            }
        };
        let one = BigUint::from(1u32);
        let exponent = (&p - &one) / &q;
        let g = loop {
            let g = below(source, &p)?.modpow(&exponent, &p);
            if g > one {
                break g;
            }
        };
        let x = below(source, &q)?;
        let y = g.modpow(&x, &p);
        Ok(Self { p, q, g, y, x })
    }

    fn to_der(&self) -> Vec<u8> {
        let parts = [&BigUint::ZERO, &self.p, &self.q, &self.g, &self.y, &self.x];
        der::sequence(&parts.map(der::integer))
    }

    fn from_der(data: &[u8]) -> Option<Self> {
        let mut fields = Reader(data).sequence()?;
        fields.integer()?;
        let mut next = || fields.integer();
        Some(Self {
            p: next()?,
            q: next()?,
            g: next()?,
            y: next()?,
            x: next()?,
        })
    }
}

impl Key {
    /// Draws a key by the name sprig has for its kind; none for a name it does not know.
    pub(crate) fn draw(source: Source<'_>, kind: &str) -> Result<Option<Self>, Fault> {
        Ok(Some(match kind {
            "" | "rsa" => Self::rsa(source, 4096)?,
            "dsa" => Self::Dsa(Box::new(Dsa::draw(source)?)),
            "ecdsa" => loop {
                if let Ok(key) = p256::ecdsa::SigningKey::from_slice(&source(32)?) {
                    break Self::Ecdsa(key);
                }
            },
            "ed25519" => {
                let mut seed = [0; 32];
                seed.copy_from_slice(&source(32)?);
                Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(&seed))
            }
            _ => return Ok(None),
        }))
    }

    /// An RSA key with a modulus of so many bits.
    pub(crate) fn rsa(source: Source<'_>, bits: usize) -> Result<Self, Fault> {
        Ok(Self::Rsa(Box::new(Rsa::draw(source, bits)?)))
    }

    /// The key as Go writes it: each kind in its own traditional form.
    pub(crate) fn to_pem(&self) -> String {
        match self {
            Self::Rsa(key) => pem::encode("RSA PRIVATE KEY", &key.to_der()),
            Self::Dsa(key) => pem::encode("DSA PRIVATE KEY", &key.to_der()),
            Self::Ecdsa(key) => {
                let parts = [
                    der::small(1),
                    der::tagged(der::OCTET_STRING, &key.to_bytes()),
                    der::explicit(0, &der::oid(P256_OID)),
                    der::explicit(1, &der::bits(&self.public_bits())),
                ];
                pem::encode("EC PRIVATE KEY", &der::sequence(&parts))
            }
            Self::Ed25519(key) => {
                let seed = der::tagged(der::OCTET_STRING, &key.to_bytes());
                let parts = [
                    der::small(0),
                    der::sequence(&[der::oid(ED25519_OID)]),
                    der::tagged(der::OCTET_STRING, &seed),
                ];
                pem::encode("PRIVATE KEY", &der::sequence(&parts))
            }
        }
    }

    /// Reads a key from PEM, with sprig's complaints.
    pub(crate) fn from_pem(text: &str) -> Result<Self, String> {
        let block = pem::decode(text).ok_or("no PEM data in input")?;
        if block.label == "PRIVATE KEY" {
            return Self::from_pkcs8(&block.data)
                .ok_or_else(|| "decoding PEM as PKCS#8: malformed key".to_owned());
        }
        let Some(kind) = block.label.strip_suffix(" PRIVATE KEY") else {
            return Err(format!(
                "no private key data in PEM block of type {}",
                block.label
            ));
        };
        let key = match kind {
            "RSA" => Rsa::from_der(&block.data).map(|key| Self::Rsa(Box::new(key))),
            "EC" => ec_from_der(&block.data).map(Self::Ecdsa),
            "DSA" => Dsa::from_der(&block.data).map(|key| Self::Dsa(Box::new(key))),
            other => return Err(format!("invalid private key type {other}")),
        };
        key.ok_or_else(|| format!("parsing {kind} private key from PEM: malformed key"))
    }

    fn from_pkcs8(data: &[u8]) -> Option<Self> {
        let mut fields = Reader(data).sequence()?;
        fields.integer()?;
        let mut algorithm = fields.sequence()?;
        let (_, _, oid) = algorithm.next()?;
        let key = fields.expect(der::OCTET_STRING)?;
        if oid == der::oid(RSA_OID) {
            return Rsa::from_der(key).map(|key| Self::Rsa(Box::new(key)));
        }
        if oid == der::oid(EC_OID) {
            return ec_from_der(key).map(Self::Ecdsa);
        }
        if oid == der::oid(ED25519_OID) {
            let seed: [u8; 32] = Reader(key).expect(der::OCTET_STRING)?.try_into().ok()?;
            return Some(Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(&seed)));
        }
        None
    }

    /// The bits of the public key as certificates hold them.
    pub(crate) fn public_bits(&self) -> Vec<u8> {
        match self {
            Self::Rsa(key) => {
                der::sequence(&[der::integer(&key.modulus), der::integer(&key.public)])
            }
            Self::Dsa(key) => der::integer(&key.y),
            Self::Ecdsa(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Self::Ed25519(key) => key.verifying_key().to_bytes().to_vec(),
        }
    }

    /// The `SubjectPublicKeyInfo` of a certificate; none for DSA, which Go does not put in certificates.
    pub(crate) fn public_info(&self) -> Option<Vec<u8>> {
        let algorithm = match self {
            Self::Rsa(_) => der::sequence(&[der::oid(RSA_OID), NULL.to_vec()]),
            Self::Ecdsa(_) => der::sequence(&[der::oid(EC_OID), der::oid(P256_OID)]),
            Self::Ed25519(_) => der::sequence(&[der::oid(ED25519_OID)]),
            Self::Dsa(_) => return None,
        };
        Some(der::sequence(&[algorithm, der::bits(&self.public_bits())]))
    }

    /// The identifier of the signatures the key makes; none for DSA.
    pub(crate) fn signature_algorithm(&self) -> Option<Vec<u8>> {
        Some(match self {
            Self::Rsa(_) => der::sequence(&[der::oid(RSA_SHA256_OID), NULL.to_vec()]),
            Self::Ecdsa(_) => der::sequence(&[der::oid(ECDSA_SHA256_OID)]),
            Self::Ed25519(_) => der::sequence(&[der::oid(ED25519_OID)]),
            Self::Dsa(_) => return None,
        })
    }

    /// Signs a message; nothing for DSA.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Rsa(key) => key.sign(message),
            Self::Ecdsa(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                let bytes = signature.to_bytes();
                let (r, s) = bytes.split_at(bytes.len() / 2);
                der::sequence(&[
                    der::integer(&BigUint::from_bytes_be(r)),
                    der::integer(&BigUint::from_bytes_be(s)),
                ])
            }
            Self::Ed25519(key) => key.sign(message).to_bytes().to_vec(),
            Self::Dsa(_) => Vec::new(),
        }
    }
}

fn ec_from_der(data: &[u8]) -> Option<p256::ecdsa::SigningKey> {
    let mut fields = Reader(data).sequence()?;
    fields.integer()?;
    p256::ecdsa::SigningKey::from_slice(fields.expect(der::OCTET_STRING)?).ok()
}
