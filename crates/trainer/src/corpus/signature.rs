//! Key signatures: how many sharps or flats, and which of the two keys that share them is meant.

use melody::{Key, Mode, Note, PitchClass};

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
    pub fn key(self, notes: &[Note]) -> Key {
        let major = Key { tonic: PitchClass::of(self.fifths * 7), mode: Mode::Major };
        let minor = Key { tonic: PitchClass::of(self.fifths * 7 + 9), mode: Mode::Minor };
        match self.mode {
            Some(Mode::Major) => major,
            Some(Mode::Minor) => minor,
            None if Key::estimate(notes) == Some(minor) => minor,
            None if Key::estimate(notes) == Some(major) => major,
            None => match notes.last() {
                Some(last) if last.pitch.class() == minor.tonic => minor,
                _ => major,
            },
        }
    }

    /// The first key signature of a `.mid` file, if it has one. `modes` says whether its modes can be trusted.
    pub fn of_midi(bytes: &[u8], modes: bool) -> Option<Signature> {
        let (_, tracks) = midly::parse(bytes).ok()?;
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

#[cfg(test)]
mod tests {
    use melody::{Pitch, Ticks};

    use super::*;

    fn key(fifths: i32, pitches: &[u8]) -> String {
        let note = |(index, pitch): (usize, &u8)| Note {
            onset: Ticks::QUARTER * index as i64,
            length: Ticks::QUARTER,
            pitch: Pitch::new(*pitch).unwrap(),
            velocity: 80,
            channel: 0,
        };
        let notes: Vec<Note> = pitches.iter().enumerate().map(note).collect();
        Signature { fifths, mode: None }.key(&notes).to_string()
    }

    #[test]
    fn notes_decide_between_the_two_keys_of_a_signature() {
        assert_eq!(key(1, &[67, 71, 74, 72, 71, 69, 67]), "G major");
        assert_eq!(key(1, &[64, 66, 67, 71, 67, 66, 64]), "E minor");
        assert_eq!(key(-3, &[60, 63, 67, 65, 63, 62, 60]), "C minor");
    }

    #[test]
    fn a_stated_mode_is_believed() {
        let signature = Signature { fifths: -2, mode: Some(Mode::Minor) };
        assert_eq!(signature.key(&[]).to_string(), "G minor");
    }
}
