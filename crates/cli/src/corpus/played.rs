//! `continuo corpus --played`: what the collections hold of music with several notes at once, and paper B's metrics of it.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, bail};
use melody::metrics::Six;
use melody::{Style, Ticks};
use serde::Serialize;
use trainer::corpus::performances::{self, Performance, Performances};
use trainer::corpus::{CorpusError, Source};

use crate::console::Console;

/// Pieces are measured in stretches of so many bars, so that long and short ones are comparable.
const BARS: i64 = 8;

/// What a collection holds.
#[derive(Debug, Serialize)]
struct Count {
    source: Source,
    style: Style,
    performances: usize,
    songs: usize,
    notes: usize,
    /// Performances in 4/4.
    in_common_time: usize,
    /// Performances whose chords the source tells.
    with_chords: usize,
    /// The share of notes of these that belong to the chord under which they start.
    on_the_chord: Option<f64>,
    /// The means over stretches of 8 bars.
    metrics: Six,
    skipped: usize,
}

/// Counts every collection that has such music.
///
/// # Errors
/// None of them is there, or one cannot be read.
pub fn run(data: &Path, console: &Console) -> Result<()> {
    let mut counts = Vec::new();
    for source in Source::ALL.into_iter().filter(|source| *source != Source::Folder) {
        let Some(style) = performances::style(source) else { continue };
        match performances::read(data, &[source], &mut |_| {}) {
            Ok(read) => {
                let count = Count::of(source, style, &read);
                for line in count.words() {
                    console.say(&line)?;
                }
                counts.push(count);
            }
            Err(CorpusError::Missing { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if counts.is_empty() {
        bail!("{} holds no collection of music with several notes at once, such as pop909", data.display());
    }
    console.document(&serde_json::json!({ "sources": counts }))
}

impl Count {
    fn of(source: Source, style: Style, read: &Performances) -> Count {
        let all = &read.performances;
        let stretches = all.iter().flat_map(stretches).collect::<Vec<Six>>();
        let (on, under) =
            all.iter().map(on_the_chord).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        Count {
            source,
            style,
            performances: all.len(),
            songs: all.iter().map(|performance| &performance.song).collect::<BTreeSet<_>>().len(),
            notes: all.iter().map(|performance| performance.phrase.notes().len()).sum(),
            in_common_time: all
                .iter()
                .filter(|performance| performance.phrase.meter == melody::Meter::COMMON)
                .count(),
            with_chords: all.iter().filter(|performance| performance.chords.is_some()).count(),
            on_the_chord: (under > 0).then(|| on as f64 / under as f64),
            metrics: Six::mean(&stretches),
            skipped: read.skipped.len(),
        }
    }

    fn words(&self) -> Vec<String> {
        let name = self.source.name();
        let mut lines = vec![format!(
            "{name}: {} stretches of {} songs in one meter and key ({}), {} notes, {} in 4/4; {} files gave nothing",
            self.performances, self.songs, self.style, self.notes, self.in_common_time, self.skipped
        )];
        if let Some(share) = self.on_the_chord {
            lines.push(format!(
                "  chords in {}, and {:.0} % of their notes belong to them",
                self.with_chords,
                share * 100.0
            ));
        }
        let figures = Six::COLUMNS.map(|(_, head, figure)| {
            format!(
                "{head} {}",
                figure(&self.metrics).map_or("-".to_owned(), |figure| format!("{figure:.2}"))
            )
        });
        lines.push(format!("  in {BARS} bars {:.1} notes, {}", self.metrics.notes, figures.join(", ")));
        lines
    }
}

fn stretches(performance: &Performance) -> Vec<Six> {
    let phrase = &performance.phrase;
    let length = phrase.meter.bar() * BARS;
    let starts = (0..phrase.length().0 / length.0).map(|number| length * number);
    let parts = starts.map(|start| phrase.between(start, start + length));
    parts.filter(|part| !part.is_empty()).map(|part| Six::of(&part)).collect()
}

/// Notes of the chord in force at their onset, and notes with such a chord at all.
fn on_the_chord(performance: &Performance) -> (usize, usize) {
    let chord = |onset: Ticks| performance.chords.as_ref()?.chord_at(onset, performance.phrase.meter);
    let notes = performance.phrase.notes().iter().filter_map(|note| Some((note, chord(note.onset)?)));
    notes.fold((0, 0), |(on, all), (note, chord)| {
        (on + usize::from(chord.contains(note.pitch.class())), all + 1)
    })
}
