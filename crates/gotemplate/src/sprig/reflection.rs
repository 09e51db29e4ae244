//! Types, kinds, and deep comparison.

use super::Table;
use crate::args::{at, text};
use crate::compare::deep_equal;
use crate::func::Type;
use Type::{Any, String as Text};

pub(super) fn add(table: &mut Table) {
    table.plain("typeOf", &[Any], |_, a| {
        Ok(at(a, 0).type_name().as_ref().into())
    });
    table.plain("typeIs", &[Text, Any], |_, a| {
        Ok((text(a, 0) == at(a, 1).type_name()).into())
    });
    table.plain("typeIsLike", &[Text, Any], |_, a| {
        let (wanted, name) = (text(a, 0), at(a, 1).type_name());
        Ok((wanted == name || name.strip_prefix('*') == Some(&*wanted)).into())
    });
    table.plain("kindOf", &[Any], |_, a| Ok(at(a, 0).kind().name().into()));
    table.plain("kindIs", &[Text, Any], |_, a| {
        Ok((text(a, 0) == at(a, 1).kind().name()).into())
    });
    table.plain("deepEqual", &[Any, Any], |_, a| {
        Ok(deep_equal(at(a, 0), at(a, 1))?.into())
    });
}
