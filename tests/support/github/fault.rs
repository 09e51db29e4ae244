//! What can go wrong with one request.

use std::time::Duration;

use super::route::Route;

/// Something that goes wrong with a request.
///
/// What is refused is not done; what is done may still be answered wrongly or not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Refused with this status before the body is read.
    Status(u16),
    /// Refused with this status and a page of HTML.
    Html(u16),
    /// Refused with this status in the middle of the body.
    StatusMidBody(u16),
    /// Refused with this status once the body is read; nothing is left of it.
    StatusAfterBody(u16),
    /// Refused with this status once the body is read; an asset in the state `starter` is left.
    Starter(u16),
    /// The connection is closed in the middle of the body.
    Reset,
    /// Done, but the connection is closed instead of an answer.
    LostAnswer,
    /// Done, but the answer ends in its middle.
    CutAnswer,
    /// Done, but answered with this status.
    DoneBut(u16),
    /// A change of a release that is answered with the release as it was, and not done.
    Unheeded,
    /// Done, but the last byte is kept, or given back, as another.
    Corrupt,
    /// Done, but the last byte is not kept.
    Short,
    /// Read, not done, never answered.
    Hang,
    /// The body is not read beyond its middle, nothing is ever answered.
    Wedge,
    /// The body is read at so many bytes a second.
    Trickle(u64),
    /// Done after a while.
    Slow(Duration),
    /// A secondary rate limit, with the seconds of `Retry-After` if it says them.
    Secondary(Option<u64>),
    /// 429, with the seconds of `Retry-After` if it says them.
    TooMany(Option<u64>),
    /// No request is left of this hour's; there are new ones after so many seconds.
    Exhausted(u64),
    /// Not found, although it is there: a copy that lags behind.
    NotFound,
    /// The token is not accepted.
    Unauthorized,
    /// The organisation wants single sign-on, which the token was not authorised for.
    SingleSignOn,
    /// Sent elsewhere with 307: to the same, by the number of the repository.
    Moved,
    /// Led to another host, at this port of the loopback: a list by its next page, all else with 301.
    Abroad(u16),
    /// A list that does not show what was made last.
    Lag,
    /// Another job does the same a moment before.
    Race,
}

/// A fault and the call that meets it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Planned {
    pub(super) route: Route,
    pub(super) nth: usize,
    pub(super) fault: Fault,
}
