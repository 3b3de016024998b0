//! Finding the line that carries the tune in a file of many tracks.

mod name;
mod score;

use std::cmp::Reverse;

use name::Rank;

use crate::{Meter, MeterMap, Note, Phrase, Song, Ticks, Track};

/// General MIDI's drum channel, counted from 0.
const DRUMS: u8 = 9;
/// General MIDI's programs, from 0, that never play the tune: basses; percussion and sound effects.
const ACCOMPANYING: [std::ops::RangeInclusive<u8>; 2] = [32..=39, 112..=127];
/// Notes that make a line long enough to be gone on from; shorter ones are chosen last, whatever their name.
const PROMPT: usize = 5;
/// How much a first note may come before the bar line that it is meant for.
const EARLY: Ticks = Ticks::SIXTY_FOURTH;
/// How many tracks a sentence lists.
const LISTED: usize = 16;

/// Why a song gives no melody. The sentences do not name the file: whoever shows them puts its name before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// Not one note in the song.
    #[error("the file holds no notes; choose a file with a melody in it")]
    NoNotes,
    /// Only notes on the drum channel.
    #[error("the file holds drums only (every note is on channel 10); choose a file with a melody in it")]
    DrumsOnly,
    /// The track that was asked for has nothing but drums.
    #[error("track {track} holds drums only; choose another: {others}")]
    DrumTrack {
        /// Its number, from 1.
        track: usize,
        /// The tracks that can be chosen.
        others: String,
    },
    /// No track has this name or number.
    #[error("the file has no track \"{asked}\"; choose one of these: {others}")]
    NoSuchTrack {
        /// The name or number that was asked for.
        asked: String,
        /// The tracks that can be chosen.
        others: String,
    },
}

impl Song {
    /// The line that carries the tune, as one voice: the highest note at each time (the skyline).
    ///
    /// A track that is named as a melody ("melody", "vocals", "lead" ...) comes first. Without one, the line with the
    /// best score is taken, where each channel of a track that mixes several is a line of its own: what counts
    /// is playing one note at a time, in the range of a voice, all through the song. Drums never count.
    ///
    /// Time zero is the bar line at or before the first note, so that empty bars before it are dropped and an
    /// upbeat keeps its place in the bar; a first note that is played less than a sixty-fourth early is put on the
    /// bar line that it was meant for. Meter and tempo are those in force at the first note, for the whole
    /// phrase, even if the song changes them later; only a single short bar, as notation programs write for an
    /// upbeat, gives way to the meter after it.
    ///
    /// # Errors
    /// [`LineError::NoNotes`] or [`LineError::DrumsOnly`].
    pub fn melody(&self) -> Result<Phrase, LineError> {
        let line = self.melody_line()?;
        Ok(self.phrase(line.notes))
    }

    /// All that is played where [`Song::melody`] takes the highest notes, from the same bar line on.
    ///
    /// # Errors
    /// As [`Song::melody`].
    pub fn melody_voices(&self) -> Result<Phrase, LineError> {
        self.melody_line().map(|line| self.voices(line.notes))
    }

    /// The index of the track that [`Song::melody`] takes its line from.
    ///
    /// # Errors
    /// As [`Song::melody`].
    pub fn melody_track(&self) -> Result<usize, LineError> {
        self.melody_line().map(|line| line.track)
    }

    /// The line of one track, by its index, in the form that [`Song::melody`] gives.
    ///
    /// # Errors
    /// [`LineError::NoSuchTrack`] or [`LineError::DrumTrack`], each naming the tracks that can be chosen.
    pub fn line(&self, track: usize) -> Result<Phrase, LineError> {
        self.notes_of(track).map(|notes| self.phrase(notes))
    }

    /// All that one track plays, by its index, from the same bar line on as its [`Song::line`].
    ///
    /// # Errors
    /// As [`Song::line`].
    pub fn track_voices(&self, track: usize) -> Result<Phrase, LineError> {
        self.notes_of(track).map(|notes| self.voices(notes))
    }

    fn notes_of(&self, track: usize) -> Result<Vec<Note>, LineError> {
        let others = || self.track_list();
        let chosen = self.tracks.get(track);
        let chosen = chosen
            .ok_or_else(|| LineError::NoSuchTrack { asked: (track + 1).to_string(), others: others() })?;
        let notes = pitched(chosen);
        if notes.is_empty() {
            return Err(LineError::DrumTrack { track: track + 1, others: others() });
        }
        Ok(notes)
    }

    /// The index of the track with this name, in capitals or not, or with this number, counted from 1.
    ///
    /// # Errors
    /// [`LineError::NoSuchTrack`], naming the tracks that can be chosen.
    pub fn track_called(&self, name: &str) -> Result<usize, LineError> {
        let wanted = name.trim().to_lowercase();
        let named = self.tracks.iter().position(|track| track.name.to_lowercase() == wanted);
        let numbered = || {
            let number: usize = wanted.parse().ok()?;
            number.checked_sub(1).filter(|index| *index < self.tracks.len())
        };
        named
            .or_else(numbered)
            .ok_or_else(|| LineError::NoSuchTrack { asked: name.to_owned(), others: self.track_list() })
    }

    /// The tracks that can be chosen, for a sentence.
    fn track_list(&self) -> String {
        let tracks = self.tracks.iter().enumerate().filter(|(_, track)| !pitched(track).is_empty());
        let label = |(index, track): (usize, &Track)| match track.name.as_str() {
            "" => (index + 1).to_string(),
            name => format!("{} \"{name}\"", index + 1),
        };
        let labels: Vec<String> = tracks.map(label).collect();
        match labels.len() {
            0 => "there is none".to_owned(),
            count if count > LISTED => format!("{} and {} more", labels[..LISTED].join(", "), count - LISTED),
            _ => labels.join(", "),
        }
    }

    fn melody_line(&self) -> Result<Line, LineError> {
        if self.tracks.iter().all(|track| track.notes.is_empty()) {
            return Err(LineError::NoNotes);
        }
        let lines: Vec<Line> =
            self.tracks.iter().enumerate().flat_map(|(at, track)| lines(at, track)).collect();
        let song_stretches = score::stretches(lines.iter().flat_map(|line| &line.notes));
        let order = |line: &Line| {
            let short = line.notes.len() < PROMPT;
            (short, line.rank, Reverse(score::score(&line.notes, song_stretches)))
        };
        // Of equals, the first in the file.
        lines.into_iter().min_by_key(order).ok_or(LineError::DrumsOnly)
    }

    /// The skyline of some notes of this song, from their first bar line on.
    fn phrase(&self, notes: Vec<Note>) -> Phrase {
        let skyline = self.voices(notes).skyline();
        // Anew, for it ends with its own last note and not with one that the skyline left out.
        Phrase::new(skyline.notes().to_vec(), skyline.meter, skyline.tempo)
    }

    /// Some notes of this song, from their first bar line on.
    fn voices(&self, notes: Vec<Note>) -> Phrase {
        let first = notes.iter().map(|note| note.onset).min().unwrap_or(Ticks::ZERO);
        let (start, meter) = first_bar(&self.meters, first + EARLY);
        let notes = notes.into_iter().map(|note| not_before_zero(note.shifted(-start))).collect();
        Phrase::new(notes, meter, self.tempos.at(first.max(start)))
    }
}

/// One voice of the song, as far as tracks and channels tell voices apart.
struct Line {
    track: usize,
    rank: Rank,
    notes: Vec<Note>,
}

fn lines(index: usize, track: &Track) -> Vec<Line> {
    let rank = match name::rank(&track.name) {
        Rank::Unnamed if plays(track, &ACCOMPANYING) => Rank::Accompaniment,
        rank => rank,
    };
    let line = |notes| Line { track: index, rank, notes };
    let notes = pitched(track);
    let channels =
        || (0..16).map(|channel| notes.iter().filter(|note| note.channel == channel).copied().collect());
    let split: Vec<Vec<Note>> = if rank.is_named() { vec![notes.clone()] } else { channels().collect() };
    split.into_iter().filter(|notes| !notes.is_empty()).map(line).collect()
}

fn plays(track: &Track, programs: &[std::ops::RangeInclusive<u8>]) -> bool {
    track.program.is_some_and(|program| programs.iter().any(|range| range.contains(&program)))
}

fn pitched(track: &Track) -> Vec<Note> {
    track.notes.iter().filter(|note| note.channel != DRUMS).copied().collect()
}

fn not_before_zero(note: Note) -> Note {
    let onset = note.onset.max(Ticks::ZERO);
    Note { onset, length: (note.end() - onset).max(Ticks(1)), ..note }
}

/// Where the bar of the first note starts, and the meter to count on in.
fn first_bar(meters: &MeterMap, first: Ticks) -> (Ticks, Meter) {
    let (start, meter) = (meters.bar_start(first), meters.at(first));
    let next = meters.changes().iter().find(|(time, _)| *time > first);
    match next {
        // A lone bar shorter than those after it holds an upbeat: it is the end of a bar of the next meter.
        Some((time, next))
            if starts_section(meters, start)
                && *time - start <= meter.bar()
                && *time - start < next.bar() =>
        {
            (*time - next.bar(), *next)
        }
        _ => (start, meter),
    }
}

fn starts_section(meters: &MeterMap, time: Ticks) -> bool {
    time == Ticks::ZERO || meters.changes().iter().any(|(start, _)| *start == time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Pitch, Tempo, TempoMap};

    fn note(onset: Ticks, pitch: u8, channel: u8) -> Note {
        let pitch = Pitch::new(pitch).unwrap();
        Note { onset, length: Ticks::QUARTER, pitch, velocity: 90, channel }
    }

    /// Quarters from `start` on, all on one channel.
    fn track(name: &str, start: Ticks, channel: u8, pitches: &[u8]) -> Track {
        let places = (0..).map(|quarter| start + Ticks::quarters(quarter));
        let notes = pitches.iter().zip(places).map(|(pitch, place)| note(place, *pitch, channel)).collect();
        Track { name: name.to_owned(), notes, program: None }
    }

    fn song(tracks: Vec<Track>) -> Song {
        Song { tracks, ..Song::default() }
    }

    const TUNE: [u8; 8] = [60, 60, 67, 67, 69, 69, 67, 65];
    const BASS: [u8; 8] = [36, 43, 36, 43, 41, 48, 36, 43];

    fn meter(numerator: u8, denominator: u8) -> Meter {
        Meter::new(numerator, denominator).unwrap()
    }

    #[test]
    fn a_named_melody_comes_before_a_likelier_line() {
        let tracks =
            |name: &str| vec![track("Flute", Ticks::ZERO, 0, &TUNE), track(name, Ticks::ZERO, 1, &BASS)];
        assert_eq!(song(tracks("Lead Vox")).melody_track(), Ok(1));
        assert_eq!(song(tracks("Tuba")).melody_track(), Ok(0));
    }

    #[test]
    fn the_clearest_name_wins_and_basses_come_last() {
        let names = ["Synth Lead", "MELODY", "Backing Vocals"];
        let tracks = names.map(|name| track(name, Ticks::ZERO, 0, &TUNE)).to_vec();
        assert_eq!(song(tracks).melody_track(), Ok(1));
        let mut bass = track("", Ticks::ZERO, 0, &TUNE);
        bass.program = Some(33);
        assert_eq!(song(vec![bass, track("", Ticks::ZERO, 1, &BASS)]).melody_track(), Ok(1));
    }

    #[test]
    fn a_lead_too_short_to_go_on_from_does_not_count_as_named() {
        let tracks = vec![track("Lead", Ticks::ZERO, 0, &[72]), track("", Ticks::ZERO, 1, &TUNE)];
        assert_eq!(song(tracks).melody_track(), Ok(1));
    }

    #[test]
    fn channels_mixed_on_one_track_are_lines_of_their_own() {
        let mut mixed = track("", Ticks::ZERO, 0, &TUNE);
        mixed.notes.extend(track("", Ticks::ZERO, 1, &BASS).notes);
        mixed.notes.extend(track("", Ticks::ZERO, DRUMS, &[42; 8]).notes);
        mixed.notes.sort_by_key(|note| (note.onset, note.pitch));
        let melody = song(vec![mixed]).melody().unwrap();
        assert_eq!(melody.notes(), track("", Ticks::ZERO, 0, &TUNE).notes);
    }

    #[test]
    fn chords_give_their_highest_notes_and_end_with_the_last_of_them() {
        let mut piano = track("", Ticks::ZERO, 0, &TUNE);
        piano.notes.insert(0, Note { length: Ticks::quarters(40), ..note(Ticks::ZERO, 48, 0) });
        let melody = song(vec![piano]).melody().unwrap();
        assert_eq!(melody.notes(), track("", Ticks::ZERO, 0, &TUNE).notes);
        assert_eq!(melody.length(), Ticks::quarters(8));
    }

    #[test]
    fn all_voices_begin_at_the_bar_line_of_their_highest() {
        let mut piano = track("", Ticks::quarters(8), 0, &TUNE);
        piano.notes.insert(0, note(Ticks::quarters(8), 48, 0));
        let song = song(vec![piano, track("Bass", Ticks::ZERO, 1, &BASS)]);
        let [line, all] = [song.melody().unwrap(), song.melody_voices().unwrap()];
        assert_eq!((line.notes().len(), all.notes().len()), (TUNE.len(), TUNE.len() + 1));
        assert!(line.notes().iter().all(|note| all.notes().contains(note)));
        assert_eq!(song.track_voices(0), Ok(all));
    }

    #[test]
    fn empty_bars_are_dropped_and_an_upbeat_keeps_its_place() {
        let melody = song(vec![track("", Ticks::quarters(4 * 5 + 3), 0, &TUNE)]).melody().unwrap();
        assert_eq!(melody.notes()[0].onset, Ticks::quarters(3));
        assert_eq!(melody.bars(), 3);
    }

    #[test]
    fn a_first_note_played_too_early_opens_no_empty_bar() {
        let early = song(vec![track("", Ticks::quarters(8) - Ticks(20), 0, &TUNE)]).melody().unwrap();
        assert_eq!((early.notes()[0].onset, early.notes()[0].end()), (Ticks::ZERO, Ticks(940)));
        assert_eq!((early.notes()[1].onset, early.bars()), (Ticks(940), 2));
        let upbeat = song(vec![track("", Ticks::quarters(8) - Ticks(120), 0, &TUNE)]).melody().unwrap();
        assert_eq!(upbeat.notes()[0].onset, Ticks(3840 - 120));
    }

    #[test]
    fn bars_count_from_the_last_change_of_meter_before_the_first_note() {
        let waltz = (Ticks::quarters(6), meter(3, 4));
        let later = (Ticks::quarters(60), Meter::COMMON);
        let slow = (Ticks::quarters(6), Tempo::from_bpm(60.0));
        let song = Song {
            meters: MeterMap::new(vec![(Ticks::ZERO, Meter::COMMON), waltz, later]),
            tempos: TempoMap::new(vec![slow, (Ticks::quarters(60), Tempo::DEFAULT)]),
            ..song(vec![track("", Ticks::quarters(6 + 3 * 9 + 1), 0, &TUNE)])
        };
        let melody = song.melody().unwrap();
        assert_eq!((melody.meter, melody.tempo), (meter(3, 4), Tempo::from_bpm(60.0)));
        assert_eq!(melody.notes()[0].onset, Ticks::QUARTER);
    }

    #[test]
    fn a_short_first_bar_is_the_end_of_a_whole_one() {
        let meters = vec![(Ticks::ZERO, meter(1, 4)), (Ticks::QUARTER, Meter::COMMON)];
        let song = Song { meters: MeterMap::new(meters), ..song(vec![track("", Ticks::ZERO, 0, &TUNE)]) };
        let melody = song.melody().unwrap();
        assert_eq!((melody.meter, melody.notes()[0].onset), (Meter::COMMON, Ticks::quarters(3)));
    }

    #[test]
    fn songs_without_a_melody_get_a_sentence() {
        assert_eq!(Song::default().melody(), Err(LineError::NoNotes));
        let drums = song(vec![track("Melody", Ticks::ZERO, DRUMS, &TUNE)]);
        assert_eq!(drums.melody(), Err(LineError::DrumsOnly));
        assert!(LineError::DrumsOnly.to_string().contains("choose a file with a melody"));
    }

    #[test]
    fn a_track_is_chosen_by_name_or_number() {
        let drums = track("Kit", Ticks::ZERO, DRUMS, &TUNE);
        let song =
            song(vec![track("Flute", Ticks::quarters(4), 0, &TUNE), drums, track("", Ticks::ZERO, 1, &BASS)]);
        assert_eq!(song.track_called(" flute"), Ok(0));
        assert_eq!(song.track_called("3"), Ok(2));
        assert_eq!(song.line(0).unwrap().notes()[0].onset, Ticks::ZERO);
        for unknown in ["Oboe", "0", "4", "-1"] {
            let sentence = song.track_called(unknown).unwrap_err().to_string();
            assert!(sentence.contains(unknown) && sentence.ends_with("1 \"Flute\", 3"), "{sentence}");
        }
        assert!(song.line(1).unwrap_err().to_string().starts_with("track 2 holds drums only"));
        assert!(song.line(7).unwrap_err().to_string().contains("no track \"8\""));
    }
}
