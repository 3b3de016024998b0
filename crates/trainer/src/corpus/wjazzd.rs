//! The Weimar Jazz Database: solos by ear, as tables of notes with their place in bar, beat and division of the beat.

use std::collections::BTreeMap;

use melody::{Meter, Pitch, Tempo, Ticks};
use serde::Deserialize;

use super::collection::Collection;
use super::fault::Fault;
use super::score::{Bar, Written};
use super::{Melody, Source, melodies, score};

/// Where the notes lie.
pub const NOTES: &str = "melody/";
/// Where the beats lie, each table with the name of its notes'.
pub const BEATS: &str = "beats/";

/// No solo has more bars.
const MOST_BARS: i32 = 10_000;
/// The longest note, in beats.
const LONGEST: f64 = 32.0;

/// A note of the table, with those of its columns that count.
#[derive(Debug, Deserialize)]
struct Row {
    /// From 1; the upbeat's are 0 or less.
    bar: i32,
    /// From 1.
    beat: u8,
    /// Which part of the beat, from 1.
    tatum: u8,
    /// In how many parts the beat is heard.
    division: u8,
    /// The bar's meter.
    num: u8,
    denom: u8,
    /// Seconds that the beat lasts.
    beatdur: f64,
    /// Seconds that the note lasts.
    duration: f64,
    /// MIDI's number.
    pitch: f64,
}

/// A solo on its notated grid.
pub struct Solo {
    /// The number of its first bar; 0 or less for an upbeat.
    pub first: i32,
    /// All its bars.
    pub bars: Vec<Bar>,
    /// The middle one of its beats' tempos.
    pub tempo: Tempo,
}

/// Reads `melody/Performer_Title_Solo.csv`. Solos over one tune are one song.
pub fn read(collection: &Collection, path: &str) -> Result<Vec<Melody>, Fault> {
    let solo = solo(collection, path)?;
    let phrases = score::phrases(&solo.bars, solo.tempo)?;
    melodies(Source::WJazzD, &tune(path), phrases)
}

/// Reads a solo's table of notes.
pub fn solo(collection: &Collection, path: &str) -> Result<Solo, Fault> {
    let bytes = collection.bytes(path)?;
    let rows: Vec<Row> =
        csv::Reader::from_reader(bytes.as_slice()).deserialize().collect::<Result<_, _>>()?;
    let first = rows.iter().map(|row| row.bar).min().unwrap_or(1);
    Ok(Solo { first, bars: bars(&rows)?, tempo: tempo(&rows) })
}

/// All bars from the first note's to the last's; one without notes is in the meter of the bar before.
fn bars(rows: &[Row]) -> Result<Vec<Bar>, Fault> {
    let numbers = || rows.iter().map(|row| row.bar);
    let (Some(first), Some(last)) = (numbers().min(), numbers().max()) else { return Err(Fault::TooShort) };
    if last.saturating_sub(first) > MOST_BARS {
        return Err(Fault::TooManyBars(MOST_BARS));
    }
    let mut by_bar: BTreeMap<i32, Vec<&Row>> = BTreeMap::new();
    rows.iter().for_each(|row| by_bar.entry(row.bar).or_default().push(row));
    let mut meter = Meter::COMMON;
    let bar = |number: i32| {
        let rows = by_bar.get(&number).map_or(&[][..], Vec::as_slice);
        meter = rows.first().and_then(|row| Meter::new(row.num, row.denom)).unwrap_or(meter);
        let mut notes: Vec<Written> = rows.iter().filter_map(|row| written(row, meter)).collect();
        notes.sort_by_key(|note| note.onset);
        Bar { meter: Some(meter), signature: None, length: meter.bar(), closes: false, notes }
    };
    Ok((first..=last).map(bar).collect())
}

/// A note at its notated place, as long as it sounded at the tempo of its beat.
fn written(row: &Row, meter: Meter) -> Option<Written> {
    let beat = Ticks::quarters(4).0 / i64::from(meter.denominator());
    let within = beat * (i64::from(row.tatum) - 1) / i64::from(row.division.max(1));
    let onset = Ticks(beat * (i64::from(row.beat) - 1) + within);
    let beats = (row.duration / row.beatdur).clamp(0.0, LONGEST);
    let sane =
        beats > 0.0 && (Ticks::ZERO..meter.bar()).contains(&onset) && (0.0..=127.0).contains(&row.pitch);
    let pitch = Pitch::new(row.pitch.round() as u8).filter(|_| sane)?;
    let length = Ticks((beats * beat as f64).round() as i64).max(Ticks(1));
    Some(Written { onset, length, pitch, tied: false })
}

/// The middle one of the beats' tempos.
fn tempo(rows: &[Row]) -> Tempo {
    let mut beats: Vec<f64> = rows.iter().map(|row| row.beatdur).filter(|beat| *beat > 0.0).collect();
    beats.sort_by(f64::total_cmp);
    beats.get(beats.len() / 2).map_or(Tempo::DEFAULT, |beat| Tempo::from_bpm(60.0 / beat))
}

/// The title in a file's name.
pub fn tune(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".csv");
    file.split('_').nth(1).unwrap_or(file).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "bar,beat,beatdur,denom,division,duration,num,onset,period,pitch,subtatum,tatum\n\
        0,4,0.5,4,2,0.2,4,1.5,4,59.0,0,2\n\
        1,1,0.5,4,3,0.1,4,2.0,4,60.0,0,1\n\
        1,1,0.5,4,3,0.5,4,2.2,4,62.0,0,2\n\
        3,4,0.5,4,1,1.0,4,3.0,4,64.0,0,1\n\
        4,9,0.5,4,1,1.0,4,3.0,4,64.0,0,1\n";

    fn rows(table: &str) -> Vec<Row> {
        csv::Reader::from_reader(table.as_bytes()).deserialize().collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn a_solo_stands_on_its_notated_grid_with_its_upbeat() {
        let bars = bars(&rows(TABLE)).unwrap();
        let phrase = score::phrases(&bars, tempo(&rows(TABLE))).unwrap().remove(0).0;
        let notes: Vec<(i64, i64, u8)> =
            phrase.notes().iter().map(|note| (note.onset.0, note.length.0, note.pitch.number())).collect();
        // A note on a ninth beat of four is no note.
        assert_eq!(notes, [(3360, 384, 59), (3840, 192, 60), (4160, 960, 62), (3840 * 3 + 2880, 1920, 64)]);
        assert_eq!(phrase.tempo, Tempo::from_bpm(120.0));
    }

    #[test]
    fn solos_over_one_tune_are_one_song() {
        assert_eq!(tune("melody/BobBerg_Angles_Solo.csv"), tune("melody/ArtPepper_Angles_Solo-2.csv"));
        assert_eq!(tune("odd.csv"), "odd");
    }

    #[test]
    fn a_table_that_no_solo_can_be_is_refused() {
        assert!(matches!(bars(&[]), Err(Fault::TooShort)));
        let far = TABLE.replace("\n3,", "\n2000000000,");
        assert!(matches!(bars(&rows(&far)), Err(Fault::TooManyBars(_))));
    }
}
