//! The outermost layer of a file: its header and the chunks after it.

use super::clock::Division;
use super::{MAX_BYTES, MidiError};

/// What the file says of itself.
pub(super) struct Header {
    /// How many tracks it says that it has.
    pub(super) tracks: usize,
    pub(super) division: Division,
    /// Type 0: one track that holds everything.
    pub(super) split_channels: bool,
}

impl Header {
    /// The header and the chunks after it.
    pub(super) fn read(bytes: &[u8]) -> Result<(Header, Chunks<'_>), MidiError> {
        match bytes.len() {
            0 => return Err(MidiError::Empty),
            size if size > MAX_BYTES => return Err(MidiError::TooBig(size)),
            _ => {}
        }
        // RMID: the same file inside a RIFF wrapper.
        let start =
            if bytes.starts_with(b"RIFF") { bytes.windows(4).position(|id| id == b"MThd") } else { Some(0) };
        let bytes = start.and_then(|start| bytes.get(start..)).unwrap_or_default();
        if !bytes.starts_with(b"MThd") {
            return Err(MidiError::NotMidi);
        }
        let mut chunks = Chunks { rest: bytes };
        let header = chunks.next().ok_or(MidiError::Header)?;
        let [format, tracks, division] = [0, 2, 4].map(|at| {
            let field = header.data.get(at..at + 2).and_then(|field| <[u8; 2]>::try_from(field).ok());
            field.map(u16::from_be_bytes).ok_or(MidiError::Header)
        });
        let split_channels = match format? {
            0 => true,
            1 => false,
            2 => return Err(MidiError::Patterns),
            _ => return Err(MidiError::Header),
        };
        let (tracks, division) = (tracks?.into(), Division::new(division?)?);
        Ok((Header { tracks, division, split_channels }, chunks))
    }
}

/// The chunks of a file, of any kind.
pub(super) struct Chunks<'a> {
    rest: &'a [u8],
}

/// A length of bytes with its kind.
pub(super) struct Chunk<'a> {
    pub(super) id: [u8; 4],
    pub(super) data: &'a [u8],
    /// Whether the file ends before the chunk does.
    pub(super) cut_short: bool,
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let (id, rest) = self.rest.split_first_chunk::<4>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        let (data, after) = rest.split_at(length.min(rest.len()));
        self.rest = after;
        Some(Chunk { id: *id, data, cut_short: length > data.len() })
    }
}
