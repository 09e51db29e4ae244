//! Decimal arithmetic, so that `addf 0.1 0.2` is `0.3`.

use num_bigint::{BigInt, BigUint, Sign};

/// `value * 10^exponent`
#[derive(Clone, Debug)]
pub(crate) struct Decimal {
    value: BigInt,
    exponent: i64,
}

/// Digits after the point that a division keeps.
const DIVISION_PLACES: i64 = 16;

fn power_of_ten(n: i64) -> BigInt {
    BigInt::from(10).pow(u32::try_from(n).unwrap_or(0))
}

impl Decimal {
    /// The decimal with the shortest digits that read back as `f`; none for infinities and NaN.
    pub(crate) fn from_float(f: f64) -> Option<Self> {
        if !f.is_finite() {
            return None;
        }
        let text = format!("{f:e}");
        let (mantissa, exponent) = text.split_once('e')?;
        let places = mantissa
            .split_once('.')
            .map_or(0, |(_, places)| places.len());
        let digits: String = mantissa.chars().filter(|&c| c != '.').collect();
        let exponent: i64 = exponent.parse().ok()?;
        Some(Self {
            value: digits.parse().ok()?,
            exponent: exponent - places as i64,
        })
    }

    fn aligned(&self, other: &Self) -> (BigInt, BigInt, i64) {
        let exponent = self.exponent.min(other.exponent);
        let left = &self.value * power_of_ten(self.exponent - exponent);
        let right = &other.value * power_of_ten(other.exponent - exponent);
        (left, right, exponent)
    }

    pub(crate) fn add(&self, other: &Self) -> Self {
        let (left, right, exponent) = self.aligned(other);
        Self {
            value: left + right,
            exponent,
        }
    }

    pub(crate) fn sub(&self, other: &Self) -> Self {
        let (left, right, exponent) = self.aligned(other);
        Self {
            value: left - right,
            exponent,
        }
    }

    pub(crate) fn mul(&self, other: &Self) -> Self {
        Self {
            value: &self.value * &other.value,
            exponent: self.exponent + other.exponent,
        }
    }

    /// To 16 places, halves away from zero; none for a division by zero.
    pub(crate) fn div(&self, other: &Self) -> Option<Self> {
        if other.value.sign() == Sign::NoSign {
            return None;
        }
        let shift = self.exponent - other.exponent + DIVISION_PLACES;
        let scale = power_of_ten(shift.abs());
        let negative = (self.value.sign() == Sign::Minus) != (other.value.sign() == Sign::Minus);
        let (mut top, mut bottom): (BigUint, BigUint) = (
            self.value.magnitude().clone(),
            other.value.magnitude().clone(),
        );
        if shift >= 0 {
            top *= scale.magnitude();
        } else {
            bottom *= scale.magnitude();
        }
        let mut quotient = &top / &bottom;
        let rest = top - &quotient * &bottom;
        if rest * 2u32 >= bottom {
            quotient += 1u32;
        }
        let sign = if negative { Sign::Minus } else { Sign::Plus };
        Some(Self {
            value: BigInt::from_biguint(sign, quotient),
            exponent: -DIVISION_PLACES,
        })
    }

    /// The nearest float.
    pub(crate) fn to_float(&self) -> f64 {
        format!("{}e{}", self.value, self.exponent)
            .parse()
            .unwrap_or(f64::NAN)
    }

    /// Bits the digits take.
    pub(crate) fn bits(&self) -> u64 {
        self.value.bits()
    }
}
