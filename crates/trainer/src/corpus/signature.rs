//! Key signatures: how many sharps or flats, and which of the two keys that share them is meant.

use melody::{Key, Mode, Note, PitchClass};

/// One note in so many more is clearly more.
const CLEARLY: usize = 20;

/// A key signature as a score states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// Sharps, or flats where negative: -7 to 7.
    pub fifths: i32,
    /// The mode, where the source states one that can be trusted.
    pub mode: Option<Mode>,
}

impl Signature {
    /// The key that is meant. Without a mode it is the one of the two that the notes fit by Krumhansl and
    /// Schmuckler's method, or else the one whose tonic comes last, or else major.
    ///
    /// `None` where nothing is signed and another scale holds clearly more of the notes: programs write "no sharps
    /// or flats" also where nobody chose a key.
    pub fn key(self, notes: &[Note]) -> Option<Key> {
        let major = Key { tonic: PitchClass::of(self.fifths * 7), mode: Mode::Major };
        let minor = Key { tonic: PitchClass::of(self.fifths * 7 + 9), mode: Mode::Minor };
        let estimated = Key::estimate(notes);
        match self.mode {
            Some(Mode::Major) => Some(major),
            Some(Mode::Minor) => Some(minor),
            None if self.fifths == 0 && !fits(major, notes) => None,
            None if estimated == Some(minor) => Some(minor),
            None if estimated == Some(major) => Some(major),
            None if notes.last().is_some_and(|last| last.pitch.class() == minor.tonic) => Some(minor),
            None => Some(major),
        }
    }

    /// The first key signature of a `.mid` file, if it has one. `modes` says whether its modes can be trusted.
    pub fn of_midi(bytes: &[u8], modes: bool) -> Option<Signature> {
        // midly negates the division's upper byte when it looks for frames, and -128 has no opposite in a byte; what
        // the division says does not matter here.
        let mut bytes = bytes.to_vec();
        if !bytes.starts_with(b"MThd") {
            return None;
        }
        bytes.get_mut(12..14)?.copy_from_slice(&[1, 224]);
        let (_, tracks) = midly::parse(&bytes).ok()?;
        let mut events = tracks.flatten().flat_map(|track| track.flatten());
        events.find_map(|event| match event.kind {
            midly::TrackEventKind::Meta(midly::MetaMessage::KeySignature(fifths, minor)) => {
                let mode = if minor { Mode::Minor } else { Mode::Major };
                Some(Signature { fifths: i32::from(fifths), mode: modes.then_some(mode) })
            }
            _ => None,
        })
    }
}

/// Whether no other scale holds more of the notes by [`CLEARLY`].
fn fits(key: Key, notes: &[Note]) -> bool {
    let held = |key: Key| notes.iter().filter(|note| key.contains(note.pitch.class())).count();
    let best = Key::all().map(held).max().unwrap_or(0);
    (best - held(key)) * CLEARLY <= notes.len()
}

#[cfg(test)]
mod tests {
    use melody::{Pitch, Ticks};

    use super::*;

    fn key(fifths: i32, pitches: &[u8]) -> Option<String> {
        let note = |(index, pitch): (usize, &u8)| Note {
            onset: Ticks::QUARTER * index as i64,
            length: Ticks::QUARTER,
            pitch: Pitch::new(*pitch).unwrap(),
            velocity: 80,
            channel: 0,
        };
        let notes: Vec<Note> = pitches.iter().enumerate().map(note).collect();
        Signature { fifths, mode: None }.key(&notes).map(|key| key.to_string())
    }

    #[test]
    fn notes_decide_between_the_two_keys_of_a_signature() {
        assert_eq!(key(1, &[67, 71, 74, 72, 71, 69, 67]).as_deref(), Some("G major"));
        assert_eq!(key(1, &[64, 66, 67, 71, 67, 66, 64]).as_deref(), Some("E minor"));
        assert_eq!(key(-3, &[60, 63, 67, 65, 63, 62, 60]).as_deref(), Some("C minor"));
    }

    #[test]
    fn the_first_key_of_a_file_is_found_whatever_its_division() {
        let file = |division: [u8; 2]| {
            let track = [0, 0xFF, 0x59, 2, 0xFE, 1, 0, 0xFF, 0x2F, 0];
            [b"MThd", &[0, 0, 0, 6, 0, 0, 0, 1][..], &division, b"MTrk", &[0, 0, 0, 10], &track].concat()
        };
        for division in [[1, 224], [0x80, 0], [0x80, 40], [0xE8, 40]] {
            let signature = Signature::of_midi(&file(division), true);
            assert_eq!(signature, Some(Signature { fifths: -2, mode: Some(Mode::Minor) }), "{division:?}");
        }
        assert_eq!(Signature::of_midi(b"MThd", true), None);
        assert_eq!(Signature::of_midi(b"RIFF0000RMIDdata0000MThd", true), None);
    }

    #[test]
    fn a_stated_mode_is_believed() {
        let signature = Signature { fifths: -2, mode: Some(Mode::Minor) };
        assert_eq!(signature.key(&[]).unwrap().to_string(), "G minor");
    }

    #[test]
    fn an_empty_signature_over_notes_of_another_key_states_none() {
        let in_e = [64, 66, 68, 69, 71, 73, 75, 76];
        assert_eq!(key(0, &in_e), None);
        assert_eq!(key(1, &in_e).as_deref(), Some("E minor"));
        assert_eq!(key(0, &[60, 62, 64, 65, 67, 64, 60]).as_deref(), Some("C major"));
    }
}
