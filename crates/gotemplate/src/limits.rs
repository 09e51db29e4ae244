//! What a template may use up.

/// Bounds on one execution. Go itself has only the depth; the others are for templates one does not trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Nodes walked, calls made and iterations begun, and a share of the bytes handled by functions.
    pub steps: u64,
    /// Bytes of output, and of any single value made on the way.
    pub bytes: usize,
    /// Templates within templates (`template`, `block`, `include`, `tpl`).
    pub depth: usize,
}

impl Default for Limits {
    /// A hundred million steps, 256 MiB, and Go's depth of 100,000.
    fn default() -> Self {
        Self {
            steps: 100_000_000,
            bytes: 256 << 20,
            depth: 100_000,
        }
    }
}

/// How deep values may nest to be printed, compared, copied or encoded.
pub(crate) const NESTING: usize = 10_000;

/// How much of a value `Debug` prints.
pub(crate) const DEBUG_BYTES: usize = 1 << 20;

/// Runs `f` with stack to spare, taken from the heap when the thread's own runs out.
pub(crate) fn deep<R>(f: impl FnOnce() -> R) -> R {
    const SPARE: usize = 128 << 10;
    const PIECE: usize = 4 << 20;
    stacker::maybe_grow(SPARE, PIECE, f)
}
