//! Note-ons with their note-offs, and what is left over.

use crate::host::{Kind, Voice};
use crate::timeline::Timed;

/// A note that was heard from its beginning to its end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heard {
    /// MIDI channel, 0 to 15.
    pub channel: i16,
    /// MIDI key, 0 to 127.
    pub key: i16,
    /// 0 to 1.
    pub velocity: f32,
    /// The sample of its note-on, from the timeline's start.
    pub start: u64,
    /// The sample of its note-off.
    pub end: u64,
}

/// What a stream of events comes to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pairing {
    /// The notes that end, in order of their starts.
    pub notes: Vec<Heard>,
    /// Note-ons that nothing ends.
    pub hanging: Vec<Timed>,
    /// Note-ons of a key that sounds already.
    pub doubled: Vec<Timed>,
    /// Note-offs of a key that does not sound.
    pub stray: Vec<Timed>,
}

impl Pairing {
    /// Pairs the note events of a stream that is in order of time; a key on a channel has one owner at a time.
    pub fn of(stream: &[Timed]) -> Pairing {
        let mut pairing = Pairing::default();
        let mut open: Vec<Timed> = Vec::new();
        for &event in stream {
            match event.kind {
                Kind::On(voice, _) => {
                    if open.iter().any(|other| same_key(other, voice)) {
                        pairing.doubled.push(event);
                    } else {
                        open.push(event);
                    }
                }
                Kind::Off(voice, _) | Kind::Choke(voice) => {
                    match open.iter().position(|other| same_key(other, voice)) {
                        Some(index) => pairing.notes.extend(closed(open.remove(index), event.sample)),
                        None => pairing.stray.push(event),
                    }
                }
                Kind::Midi(_) | Kind::Knob(..) => {}
            }
        }
        pairing.hanging = open;
        pairing.notes.sort_by_key(|note| (note.start, note.key));
        pairing
    }

    /// Whether every note-on has its own note-off and there is nothing else.
    pub fn is_clean(&self) -> bool {
        self.hanging.is_empty() && self.doubled.is_empty() && self.stray.is_empty()
    }
}

fn same_key(event: &Timed, voice: Voice) -> bool {
    matches!(event.kind, Kind::On(other, _) if (other.channel, other.key) == (voice.channel, voice.key))
}

fn closed(on: Timed, end: u64) -> Option<Heard> {
    let Kind::On(voice, velocity) = on.kind else { return None };
    Some(Heard { channel: voice.channel, key: voice.key, velocity, start: on.sample, end })
}

/// What is heard beyond what was sent, and what was sent but is not heard at its very sample; note ids aside.
pub fn beyond(heard: &[Timed], sent: &[Timed]) -> (Vec<Timed>, Vec<Timed>) {
    let mut rest = heard.to_vec();
    let mut missing = Vec::new();
    for event in sent.iter().filter(|event| matches!(event.kind, Kind::On(..) | Kind::Off(..))) {
        match rest.iter().position(|other| other.sample == event.sample && same_note(other.kind, event.kind))
        {
            Some(index) => drop(rest.remove(index)),
            None => missing.push(*event),
        }
    }
    (rest, missing)
}

fn same_note(one: Kind, other: Kind) -> bool {
    let place = |voice: Voice| (voice.channel, voice.key);
    match (one, other) {
        (Kind::On(a, force), Kind::On(b, wanted)) => place(a) == place(b) && (force - wanted).abs() < 1e-4,
        (Kind::Off(a, _), Kind::Off(b, _)) => place(a) == place(b),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(sample: u64, key: i16) -> Timed {
        Timed { sample, kind: Kind::On(Voice::new(0, key), 0.5) }
    }

    fn off(sample: u64, key: i16) -> Timed {
        Timed { sample, kind: Kind::Off(Voice::new(0, key), 0.0) }
    }

    #[test]
    fn what_does_not_end_hangs_and_what_did_not_begin_strays() {
        let pairing = Pairing::of(&[on(0, 60), on(5, 60), off(9, 60), off(10, 61), on(11, 62)]);
        assert_eq!(pairing.notes, [Heard { channel: 0, key: 60, velocity: 0.5, start: 0, end: 9 }]);
        assert_eq!(pairing.doubled, [on(5, 60)]);
        assert_eq!(pairing.stray, [off(10, 61)]);
        assert_eq!(pairing.hanging, [on(11, 62)]);
        assert!(!pairing.is_clean());
    }

    #[test]
    fn a_late_echo_is_missing_and_left_over_at_once() {
        let sent = [on(3, 60), off(7, 60)];
        assert_eq!(beyond(&[on(3, 60), off(7, 60), on(9, 62)], &sent), (vec![on(9, 62)], Vec::new()));
        assert_eq!(beyond(&[on(4, 60), off(7, 60)], &sent), (vec![on(4, 60)], vec![on(3, 60)]));
    }
}
