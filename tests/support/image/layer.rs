//! Layers: archives of one file whose content is drawn from a seed.

use std::io::Write as _;

/// The most bytes a block may have that is stored as it is.
const LONGEST_BLOCK: usize = 0xffff;

/// Returns an archive with one file of `size` bytes, different for each seed.
pub(super) fn archive(seed: &str, size: usize) -> Vec<u8> {
    let content = drawn(seed, size);
    let mut header = tar::Header::new_ustar();
    header.set_size(size as u64);
    header.set_mode(0o644);
    header.set_mtime(1_554_338_280);
    header.set_entry_type(tar::EntryType::Regular);
    let mut archive = tar::Builder::new(Vec::new());
    archive
        .append_data(&mut header, format!("files/{seed}"), content.as_slice())
        .expect("a file fits into an archive");
    archive.into_inner().expect("an archive has an end")
}

/// Returns `bytes` as gzip that stores and does not compress: the same in every version of every
/// library.
pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let mut blocks = bytes.chunks(LONGEST_BLOCK).peekable();
    if blocks.peek().is_none() {
        out.extend([1, 0, 0, 0xff, 0xff]);
    }
    while let Some(block) = blocks.next() {
        out.push(u8::from(blocks.peek().is_none()));
        let length = u16::try_from(block.len()).expect("a block is short");
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    let length = u32::try_from(bytes.len() % (1 << 32)).expect("it has been cut to fit");
    out.extend(crc32fast::hash(bytes).to_le_bytes());
    out.extend(length.to_le_bytes());
    out
}

/// Returns bytes that look random and are the same for the same seed (xorshift64*).
pub(super) fn drawn(seed: &str, size: usize) -> Vec<u8> {
    let mut state = seed.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |state, byte| {
        (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    }) | 1;
    let mut bytes = Vec::with_capacity(size + 8);
    while bytes.len() < size {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        let word = state.wrapping_mul(0x2545_f491_4f6c_dd1d);
        bytes
            .write_all(&word.to_le_bytes())
            .expect("memory can be written");
    }
    bytes.truncate(size);
    bytes
}
