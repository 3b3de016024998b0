//! Written bars put on a timeline: upbeats, split bars and ties, up to a change of meter or key.

use melody::{Key, Meter, Note, Phrase, Pitch, Song, Tempo, Ticks};

use super::VELOCITY;
use super::fault::Fault;
use super::signature::Signature;

/// A bar of one part as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// The time signature in force, if one was stated so far.
    pub meter: Option<Meter>,
    /// The key signature in force.
    pub signature: Option<Signature>,
    /// How long what is written in it lasts, in ticks: shorter than the meter says in upbeats and split bars.
    pub length: Ticks,
    /// Whether a repeat or a double bar ends it, so that a short bar here is a last one and no upbeat.
    pub closes: bool,
    /// Its notes in order of their onsets, which count from the bar's start.
    pub notes: Vec<Written>,
}

/// A note head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Start, in ticks from the start of the bar.
    pub onset: Ticks,
    /// Length in ticks.
    pub length: Ticks,
    /// The sounding pitch.
    pub pitch: Pitch,
    /// Whether a tie leads from it to the next note, if that has the same pitch.
    pub tied: bool,
}

/// The melodies of a part, one for each stretch in one meter and key, repeats not expanded.
///
/// # Errors
/// [`Fault::NoMeter`] if no time signature is stated, [`Fault::OddBars`] if more than a quarter of the bars do not
/// last as long as theirs says, upbeats and split bars aside.
pub fn phrases(bars: &[Bar], tempo: Tempo) -> Result<Vec<(Phrase, Option<Key>)>, Fault> {
    let mut phrases = Vec::new();
    let mut odd = 0;
    let mut metered = 0;
    for section in bars.chunk_by(|left, right| (left.meter, left.signature) == (right.meter, right.signature))
    {
        let Some(meter) = section[0].meter else { continue };
        let layout = Layout::of(section, meter.bar());
        metered += section.len();
        odd += layout.odd;
        let phrase = from_first_bar(Phrase::new(layout.notes(section), meter, tempo).skyline());
        let key = section[0].signature.and_then(|signature| signature.key(phrase.notes()));
        phrases.push((phrase, key));
    }
    match metered {
        0 => Err(Fault::NoMeter),
        _ if odd * 4 > metered => Err(Fault::OddBars { odd, bars: metered }),
        _ => Ok(phrases),
    }
}

/// A phrase without the empty bars before its first note.
pub fn from_first_bar(phrase: Phrase) -> Phrase {
    let first = phrase.notes().first().map_or(Ticks::ZERO, |note| note.onset);
    let silence = first.floor_to(phrase.meter.bar());
    phrase.between(silence, phrase.length())
}

/// A track's line as melodies, one for each stretch of its song in one meter.
pub fn sections(notes: &[Note], song: &Song) -> Vec<Phrase> {
    stretches(notes, song).into_iter().map(|stretch| from_first_bar(stretch.skyline())).collect()
}

/// All notes by stretches of their song in one meter, each from where its meter begins.
pub fn stretches(notes: &[Note], song: &Song) -> Vec<Phrase> {
    let end = notes.iter().map(Note::end).max().unwrap_or(Ticks::ZERO);
    let mut starts: Vec<Ticks> = song.meters.changes().iter().map(|(start, _)| *start).collect();
    starts.insert(0, Ticks::ZERO);
    starts.push(end);
    let section = |span: &[Ticks]| {
        let (meter, tempo) = (song.meters.at(span[0]), song.tempos.at(span[0]));
        let section = Phrase::new(notes.to_vec(), meter, tempo).between(span[0], span[1]);
        (!section.is_empty()).then_some(section)
    };
    starts.windows(2).filter_map(section).collect()
}

/// Where each written bar starts.
struct Layout {
    starts: Vec<Ticks>,
    /// How many bars neither last a bar nor are an upbeat, a part of a split bar or a closing one.
    odd: usize,
}

impl Layout {
    /// Lays written bars out so that whole bars start on bar lines.
    ///
    /// Two short bars that make up one stand together. Any other short bar is an upbeat and stands before the next
    /// bar line, unless it closes a section: then it stands after the last one.
    fn of(bars: &[Bar], whole: Ticks) -> Layout {
        let mut layout = Layout { starts: Vec::with_capacity(bars.len()), odd: 0 };
        let mut line = Ticks::ZERO;
        let mut filled = Ticks::ZERO;
        for (index, bar) in bars.iter().enumerate() {
            let length = if bar.length > Ticks::ZERO { bar.length } else { whole };
            if filled + length > whole && filled > Ticks::ZERO {
                line += whole;
                filled = Ticks::ZERO;
            }
            let next = bars.get(index + 1);
            let completed = next.is_some_and(|next| length + next.length == whole);
            if filled == Ticks::ZERO && length < whole && !completed && !bar.closes && next.is_some() {
                layout.starts.push(line + whole - length);
                layout.odd += usize::from(index > 0);
                line += whole;
                continue;
            }
            layout.starts.push(line + filled);
            layout.odd += usize::from(length.0 % whole.0 != 0 && length > whole);
            filled += length;
            line += filled.floor_to(whole);
            filled = filled - filled.floor_to(whole);
        }
        layout
    }

    /// The notes at their times, tied ones joined.
    fn notes(&self, bars: &[Bar]) -> Vec<Note> {
        let mut notes: Vec<Note> = Vec::new();
        let mut tied = false;
        for (bar, start) in bars.iter().zip(&self.starts) {
            for written in &bar.notes {
                let onset = *start + written.onset;
                match notes.last_mut() {
                    Some(last) if tied && last.pitch == written.pitch => {
                        last.length = onset + written.length - last.onset;
                    }
                    _ => notes.push(Note {
                        onset,
                        length: written.length,
                        pitch: written.pitch,
                        velocity: VELOCITY,
                        channel: 0,
                    }),
                }
                tied = written.tied;
            }
        }
        notes
    }
}

#[cfg(test)]
mod tests {
    use melody::MeterMap;

    use super::*;

    const WHOLE: i64 = 3840;

    fn bar(length: i64, pitches: &[u8]) -> Bar {
        let each = length / pitches.len() as i64;
        let written = |(index, pitch): (usize, &u8)| Written {
            onset: Ticks(each * index as i64),
            length: Ticks(each),
            pitch: Pitch::new(*pitch).unwrap(),
            tied: false,
        };
        let notes = pitches.iter().enumerate().map(written).collect();
        Bar { meter: Some(Meter::COMMON), signature: None, length: Ticks(length), closes: false, notes }
    }

    fn onsets(bars: &[Bar]) -> Vec<i64> {
        let phrases = phrases(bars, Tempo::DEFAULT).unwrap();
        phrases[0].0.notes().iter().map(|note| note.onset.0).collect()
    }

    #[test]
    fn an_upbeat_stands_before_the_first_whole_bar() {
        assert_eq!(
            onsets(&[bar(960, &[60]), bar(WHOLE, &[62, 64]), bar(WHOLE, &[65])]),
            [2880, 3840, 5760, 7680]
        );
    }

    #[test]
    fn a_bar_split_by_a_repeat_is_one_bar() {
        let bars = [bar(WHOLE, &[60]), bar(2880, &[62]), bar(960, &[64]), bar(WHOLE, &[65])];
        assert_eq!(onsets(&bars), [0, 3840, 6720, 7680]);
    }

    #[test]
    fn a_short_last_bar_of_a_section_is_filled_with_silence() {
        let closing = Bar { closes: true, ..bar(2880, &[62]) };
        let bars = [bar(WHOLE, &[60]), closing, bar(WHOLE, &[65]), bar(WHOLE, &[65]), bar(WHOLE, &[65])];
        assert_eq!(onsets(&bars), [0, 3840, 7680, 11520, 15360]);
    }

    #[test]
    fn ties_join_notes_of_one_pitch_over_the_bar_line() {
        let mut bars = [bar(WHOLE, &[60, 62]), bar(WHOLE, &[62, 64])];
        bars[0].notes[1].tied = true;
        let phrase = phrases(&bars, Tempo::DEFAULT).unwrap().remove(0).0;
        let lengths: Vec<i64> = phrase.notes().iter().map(|note| note.length.0).collect();
        assert_eq!(lengths, [1920, 3840, 1920]);
        bars[1].notes[0].pitch = Pitch::MIDDLE_C;
        assert_eq!(onsets(&bars), [0, 1920, 3840, 5760]);
    }

    #[test]
    fn a_change_of_meter_or_key_begins_a_new_melody() {
        let mut bars = [bar(WHOLE, &[60, 62]), bar(2880, &[62, 64]), bar(2880, &[67, 69])];
        bars[1].meter = Meter::new(3, 4);
        bars[2].meter = bars[1].meter;
        bars[2].signature = Some(Signature { fifths: 1, mode: None });
        let phrases = phrases(&bars, Tempo::DEFAULT).unwrap();
        assert_eq!(phrases.len(), 3);
        assert_eq!(phrases[1].0.meter.to_string(), "3/4");
        assert_eq!(phrases[2].1.unwrap().to_string(), "G major");
        assert!(phrases.iter().all(|(phrase, _)| phrase.notes()[0].onset == Ticks::ZERO));
    }

    #[test]
    fn empty_bars_before_the_first_note_are_dropped() {
        let silent = Bar { notes: Vec::new(), ..bar(WHOLE, &[60]) };
        assert_eq!(onsets(&[silent.clone(), silent, bar(960, &[60]), bar(WHOLE, &[62])]), [2880, 3840]);
    }

    #[test]
    fn bars_that_do_not_keep_their_meter_are_refused() {
        let bars = vec![bar(2880, &[60, 62, 64]); 8];
        assert!(matches!(phrases(&bars, Tempo::DEFAULT), Err(Fault::OddBars { odd: 6, bars: 8 })));
        let unmetered = Bar { meter: None, ..bar(WHOLE, &[60]) };
        assert!(matches!(phrases(&[unmetered], Tempo::DEFAULT), Err(Fault::NoMeter)));
    }

    #[test]
    fn a_tracks_line_is_cut_where_the_meter_changes() {
        let note = |step: i64| Note {
            onset: Ticks::quarters(step),
            length: Ticks::quarters(2),
            pitch: Pitch::MIDDLE_C,
            velocity: 80,
            channel: 0,
        };
        let notes: Vec<Note> = (5..16).map(note).collect();
        let waltz = Meter::new(3, 4).unwrap();
        let meters = MeterMap::new(vec![(Ticks::ZERO, Meter::COMMON), (Ticks::quarters(8), waltz)]);
        let parts = sections(&notes, &Song { meters, ..Song::default() });
        let shapes: Vec<_> = parts.iter().map(|part| (part.meter, part.notes().len())).collect();
        assert_eq!(shapes, [(Meter::COMMON, 3), (waltz, 8)]);
        assert_eq!((parts[0].notes()[0].onset, parts[0].notes()[0].length), (Ticks::QUARTER, Ticks::QUARTER));
        assert_eq!(sections(&notes, &Song::default()).len(), 1);
        assert!(sections(&[], &Song::default()).is_empty());
    }
}
