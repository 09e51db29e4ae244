//! Format strings.

use super::printer::{Flags, Printer};
use crate::error::Fault;
use crate::utf8;
use crate::value::Value;

/// Widths and precisions beyond this are refused, as in Go.
const TOO_LARGE: i64 = 1_000_000;

/// `fmt.Sprintf`
pub(crate) fn sprintf(format: &[u8], args: &[Value], room: usize) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    let mut directives = Directives {
        format,
        args,
        at: 0,
        arg: 0,
        reordered: false,
        good_index: true,
        after_index: false,
        printer: Printer::new(&mut out, room),
    };
    directives.run();
    directives.printer.finish()?;
    Ok(out)
}

struct Directives<'a> {
    format: &'a [u8],
    args: &'a [Value],
    at: usize,
    arg: usize,
    reordered: bool,
    good_index: bool,
    after_index: bool,
    printer: Printer<'a>,
}

impl Directives<'_> {
    fn byte(&self) -> Option<u8> {
        self.format.get(self.at).copied()
    }

    fn run(&mut self) {
        while self.at < self.format.len() && !self.printer.failed() {
            let rest = self.format.get(self.at..).unwrap_or_default();
            let literal = rest.iter().position(|&b| b == b'%').unwrap_or(rest.len());
            self.printer.put(rest.get(..literal).unwrap_or_default());
            self.at += literal;
            if self.at >= self.format.len() {
                break;
            }
            self.at += 1;
            self.directive();
        }
        self.extra();
    }

    fn directive(&mut self) {
        self.printer.flags = Flags::default();
        self.good_index = true;
        self.after_index = false;
        while let Some(byte) = self.byte() {
            let flags = &mut self.printer.flags;
            match byte {
                b'#' => flags.sharp = true,
                b'0' => flags.zero = true,
                b'+' => flags.plus = true,
                b'-' => flags.minus = true,
                b' ' => flags.space = true,
                _ => break,
            }
            self.at += 1;
        }
        self.index();
        self.width();
        if self.byte() == Some(b'.') && self.at + 1 < self.format.len() {
            self.at += 1;
            self.precision();
        }
        if !self.after_index {
            self.index();
        }
        let (verb, width) = utf8::decode(self.format.get(self.at..).unwrap_or_default());
        if width == 0 {
            self.printer.put(b"%!(NOVERB)");
            return;
        }
        self.at += width;
        self.verb(verb);
    }

    fn verb(&mut self, verb: char) {
        if verb == '%' {
            self.printer.put(b"%");
        } else if !self.good_index {
            self.printer.put(format!("%!{verb}(BADINDEX)").as_bytes());
        } else if let Some(arg) = self.args.get(self.arg) {
            if matches!(verb, 'v' | 'w') {
                let flags = &mut self.printer.flags;
                flags.sharp_v = std::mem::take(&mut flags.sharp);
                flags.plus_v = std::mem::take(&mut flags.plus);
            }
            self.printer.arg(arg, verb);
            self.arg += 1;
        } else {
            self.printer.put(format!("%!{verb}(MISSING)").as_bytes());
        }
    }

    /// `[n]`
    fn index(&mut self) {
        if self.byte() != Some(b'[') {
            self.after_index = false;
            return;
        }
        self.reordered = true;
        let rest = self.format.get(self.at..).unwrap_or_default();
        let close = rest
            .iter()
            .position(|&b| b == b']')
            .filter(|_| rest.len() >= 3);
        let Some(close) = close else {
            self.good_index = false;
            self.after_index = false;
            self.at += 1;
            return;
        };
        let inside = rest.get(1..close).unwrap_or_default();
        self.at += close + 1;
        if let Some(n) = number(inside) {
            self.after_index = true;
            match usize::try_from(n - 1).ok().filter(|&i| i < self.args.len()) {
                Some(index) => self.arg = index,
                None => self.good_index = false,
            }
        } else {
            self.good_index = false;
            self.after_index = false;
        }
    }

    fn width(&mut self) {
        if self.byte() == Some(b'*') {
            self.at += 1;
            match self.star() {
                Some(n) => {
                    let flags = &mut self.printer.flags;
                    if n < 0 {
                        flags.minus = true;
                        flags.zero = false;
                    }
                    flags.width = usize::try_from(n.abs()).ok();
                }
                None => self.printer.put(b"%!(BADWIDTH)"),
            }
            self.after_index = false;
            return;
        }
        self.printer.flags.width = self.digits();
        if self.after_index && self.printer.flags.width.is_some() {
            self.good_index = false;
        }
    }

    fn precision(&mut self) {
        if self.after_index {
            self.good_index = false;
        }
        self.index();
        if self.byte() == Some(b'*') {
            self.at += 1;
            let star = self.star();
            self.printer.flags.precision = star.and_then(|n| usize::try_from(n).ok());
            if self.printer.flags.precision.is_none() {
                self.printer.put(b"%!(BADPREC)");
            }
            self.after_index = false;
            return;
        }
        self.printer.flags.precision = Some(self.digits().unwrap_or(0));
    }

    /// A width or precision from the operands.
    fn star(&mut self) -> Option<i64> {
        let arg = self.args.get(self.arg)?;
        self.arg += 1;
        let n = match arg {
            Value::Uint(_, n) => i64::try_from(*n).ok()?,
            value => value.signed()?,
        };
        (-TOO_LARGE..=TOO_LARGE).contains(&n).then_some(n)
    }

    /// A number written out; one that is too large swallows the rest of the format.
    fn digits(&mut self) -> Option<usize> {
        let mut n: Option<i64> = None;
        while let Some(digit) = self.byte().filter(u8::is_ascii_digit) {
            let so_far = n.unwrap_or(0);
            if so_far > TOO_LARGE {
                self.at = self.format.len();
                return None;
            }
            n = Some(so_far * 10 + i64::from(digit - b'0'));
            self.at += 1;
        }
        n.and_then(|n| usize::try_from(n).ok())
    }

    fn extra(&mut self) {
        let Some(rest) = self
            .args
            .get(self.arg..)
            .filter(|rest| !self.reordered && !rest.is_empty())
        else {
            return;
        };
        self.printer.flags = Flags::default();
        self.printer.put(b"%!(EXTRA ");
        for (i, arg) in rest.iter().enumerate() {
            if i > 0 {
                self.printer.put(b", ");
            }
            if !arg.is_nothing() {
                let name = arg.type_name().into_owned();
                self.printer.put(name.as_bytes());
                self.printer.put(b"=");
            }
            self.printer.arg(arg, 'v');
        }
        self.printer.put(b")");
    }
}

fn number(digits: &[u8]) -> Option<i64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0i64, |n, b| {
        (b.is_ascii_digit() && n <= TOO_LARGE).then(|| n * 10 + i64::from(b - b'0'))
    })
}
