//! Large primes, for RSA and DSA keys.

use num_bigint::BigUint;

/// Where random bytes come from.
pub(crate) type Source<'r> = &'r dyn Fn(usize) -> Result<Vec<u8>, crate::error::Fault>;

/// Rounds of the Miller-Rabin test: the chance to take a composite is below 4^-24.
const ROUNDS: usize = 24;
/// How many candidates are looked at before the source of randomness is blamed.
const PATIENCE: usize = 100_000;

/// A random number of so many bits at most.
pub(crate) fn random_bits(source: Source<'_>, bits: usize) -> Result<BigUint, crate::error::Fault> {
    let bytes = source(bits.div_ceil(8))?;
    let excess = (8 - bits % 8) % 8;
    Ok(BigUint::from_bytes_be(&bytes) >> excess)
}

/// A random number from 1 to `limit` - 1.
pub(crate) fn below(source: Source<'_>, limit: &BigUint) -> Result<BigUint, crate::error::Fault> {
    // 64 bits more than needed make the remainder as good as uniform.
    let wide = random_bits(source, limit.bits() as usize + 64)?;
    Ok(wide % (limit - 1u32) + 1u32)
}

fn small_primes() -> Vec<u32> {
    let mut primes: Vec<u32> = Vec::new();
    for n in 3..2000u32 {
        if n % 2 == 1
            && primes
                .iter()
                .take_while(|p| *p * *p <= n)
                .all(|p| n % p != 0)
        {
            primes.push(n);
        }
    }
    primes
}

/// Whether a number is almost surely prime.
pub(crate) fn is_prime(source: Source<'_>, n: &BigUint) -> Result<bool, crate::error::Fault> {
    if small_primes().iter().any(|p| n % p == BigUint::ZERO) {
        return Ok(false);
    }
    let one = BigUint::from(1u32);
    let last = n - &one;
    let twos = last.trailing_zeros().unwrap_or(0);
    let odd = &last >> twos;
    'rounds: for _ in 0..ROUNDS {
        let base = below(source, n)?;
        let mut x = base.modpow(&odd, n);
        if x == one || x == last {
            continue;
        }
        for _ in 1..twos {
            x = &x * &x % n;
            if x == last {
                continue 'rounds;
            }
        }
        return Ok(false);
    }
    Ok(true)
}

/// A random prime of exactly so many bits, its two highest bits set.
pub(crate) fn prime(source: Source<'_>, bits: usize) -> Result<BigUint, crate::error::Fault> {
    let primes = small_primes();
    for _ in 0..PATIENCE {
        let mut start = random_bits(source, bits)?;
        start.set_bit(bits as u64 - 1, true);
        start.set_bit(bits as u64 - 2, true);
        start.set_bit(0, true);
        // Step through the neighbourhood, sieving by small primes first.
        let rests: Vec<u32> = primes
            .iter()
            .map(|p| u32::try_from(&start % p).unwrap_or(0))
            .collect();
        for step in (0..4096u32).step_by(2) {
            if primes
                .iter()
                .zip(&rests)
                .any(|(p, rest)| (rest + step) % p == 0)
            {
                continue;
            }
            let candidate = &start + step;
            if candidate.bits() == bits as u64 && is_prime(source, &candidate)? {
                return Ok(candidate);
            }
        }
    }
    Err("the source of randomness yields no primes".into())
}
