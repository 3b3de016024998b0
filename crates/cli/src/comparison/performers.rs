//! `continuo compare --paper b`: paper B's comparison of six systems and real music, by its six metrics.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, bail};
use cpu_time::ProcessTime;
use generator::pack::Kind;
use generator::pack::card::Training;
use generator::{Cancel, Generator, Knob, Library, Request, Task};
use melody::metrics::Six;
use melody::{Chord, Phrase, Style, midi};
use serde::Serialize;
use trainer::corpus::performances;
use trainer::dataset::Part;
use trainer::performer::{chords, listening};
use trainer::recipe::file::Recipe;

use super::{Args, Refused, paper};
use crate::console::Console;
use crate::output;

mod chart;
mod page;

/// The chord that the paper's music starts from.
const CHORD: &str = "Cadd9";
/// Pieces of each system: in a full comparison and in a quick one.
const PIECES: [u32; 2] = [100, 20];
/// Seeds that each chord is asked with: in a full comparison and in a quick one.
const CHORD_SEEDS: [u64; 2] = [chords::SEEDS, 2];
/// Pieces that are written as files.
const FILES: usize = 3;

/// All that was found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Of the program.
    pub version: &'static str,
    pub paper: &'static str,
    pub quick: bool,
    /// Pieces of each system, and bars of each piece.
    pub pieces: u32,
    pub bars: u32,
    pub chord: &'static str,
    /// Seeds that each of 24 chords was asked with.
    pub chord_seeds: u64,
    pub systems: Vec<System>,
    /// Packs that cannot be used, with the reason.
    pub refused: Refused,
    pub real: Option<Real>,
    /// Real melodies in one line, beside which MidiNet's stand, as its card keeps them.
    pub real_line: Option<Six>,
}

/// One of the paper's systems.
#[derive(Debug, Serialize)]
pub struct System {
    pub id: String,
    pub name: String,
    pub description: String,
    pub kind: Kind,
    /// Bytes of the pack.
    pub bytes: usize,
    pub training: Option<Training>,
    /// What it plays on its own, and from the chord.
    pub alone: Six,
    pub from_chord: Option<Six>,
    /// How many of the pieces differ from all before them.
    pub different: usize,
    /// Mean processor time of one piece in milliseconds.
    pub milliseconds: f64,
    /// How much of the first bar lies in a chord that it starts from; for systems that heed chords.
    pub chords: Option<chords::Share>,
    /// Pieces beside the page.
    pub files: Vec<String>,
    #[serde(skip)]
    midi: Vec<Vec<u8>>,
}

/// Real pop music in stretches as long as what is played, that no system has learnt from.
#[derive(Debug, Serialize)]
pub struct Real {
    /// Stretches; missing where the figures are those that a card keeps.
    pub stretches: Option<usize>,
    pub six: Six,
}

/// Compares and writes.
///
/// # Errors
/// One sentence that names the folder or the pack and what is wrong with it.
pub fn run(library: &Library, args: &Args, console: &Console) -> Result<()> {
    let (pieces, chord_seeds) = (PIECES[usize::from(args.quick)], CHORD_SEEDS[usize::from(args.quick)]);
    let (mut systems, mut refused) = (Vec::new(), Vec::new());
    for listing in library.listings() {
        let of_b = |kind: Kind| paper::is_of_b(&kind.to_string());
        // One whose card cannot be read may be of them.
        if !listing.card.as_ref().map_or(true, |card| of_b(card.kind)) {
            continue;
        }
        console.remark(&format!("continuo: {} plays", listing.id));
        match library.open(&listing.id) {
            Ok(model) => {
                systems.push(System::of(model.as_ref(), (&listing.id, listing.bytes), (pieces, chord_seeds))?)
            }
            Err(error) => refused.push((listing.id, error.to_string())),
        }
    }
    if systems.is_empty() {
        bail!("none of paper B's systems is at hand; `continuo models` says why");
    }
    let real = match &args.data {
        Some(data) => Some(Real::read(data, console)?),
        None => Real::of_cards(systems.iter().filter(|system| !system.plays_a_line())),
    };
    let real_line = Real::of_cards(systems.iter().filter(|system| system.plays_a_line()));
    let report = Report {
        version: env!("CARGO_PKG_VERSION"),
        paper: "b",
        quick: args.quick,
        pieces,
        bars: listening::BARS,
        chord: CHORD,
        chord_seeds,
        systems,
        refused,
        real,
        real_line: real_line.map(|real| real.six),
    };
    write(&args.out, &report)?;
    for system in &report.systems {
        console.say(&system.words(report.pieces))?;
    }
    let page = args.out.join("index.html");
    console.say(&format!("{} systems compared in {}", report.systems.len(), page.display()))?;
    console.document(&report)
}

impl Report {
    /// The real music that a system's is compared with.
    pub fn real_like(&self, system: &System) -> Option<&Six> {
        match system.plays_a_line() {
            true => self.real_line.as_ref(),
            false => self.real.as_ref().map(|real| &real.six),
        }
    }
}

impl System {
    fn of(
        model: &dyn Generator,
        (id, bytes): (&str, usize),
        (pieces, chord_seeds): (u32, u64),
    ) -> Result<System> {
        let card = model.card();
        let begun = ProcessTime::now();
        let alone = play(model, None, pieces)?;
        let milliseconds = begun.elapsed().as_secs_f64() * 1e3 / f64::from(pieces);
        let heeds = card.knobs.contains(&Knob::Chord);
        let chord: Chord = CHORD.parse().context("the paper's chord is damaged")?;
        let from_chord = if heeds { Some(play(model, Some(&chord), pieces)?) } else { None };
        let chords = if heeds { Some(chords::measure(model, chord_seeds)?) } else { None };
        let notes: BTreeSet<String> = alone.iter().map(|phrase| format!("{:?}", phrase.notes())).collect();
        let shown = alone.iter().take(FILES).enumerate();
        let shown = shown.map(|(number, phrase)| (format!("figures/{id}-{}.mid", number + 1), phrase));
        let seeded = from_chord.iter().flatten().take(1);
        let seeded = seeded.map(|phrase| (format!("figures/{id}-{CHORD}.mid"), phrase));
        let written =
            shown.chain(seeded).map(|(file, phrase)| (file, midi::write_phrase(phrase, &card.name)));
        let (files, midi) = written.unzip();
        Ok(System {
            id: id.to_owned(),
            name: card.name.clone(),
            description: card.description.clone(),
            kind: card.kind,
            bytes,
            training: card.training.clone(),
            alone: mean(&alone),
            from_chord: from_chord.as_deref().map(mean),
            different: notes.len(),
            milliseconds,
            chords,
            files,
            midi,
        })
    }

    fn plays_a_line(&self) -> bool {
        matches!(self.kind, Kind::Midinet1d | Kind::Midinet2d)
    }

    /// What counts, in a line.
    fn words(&self, pieces: u32) -> String {
        let chords = self.chords.map(|share| {
            format!(
                "; {:.2} of the first bar in its chord, {:.2} without asking",
                share.seeded, share.unseeded
            )
        });
        let milliseconds = self.milliseconds;
        let (name, different, chords) = (&self.name, self.different, chords.unwrap_or_default());
        format!("{name}: {different} of {pieces} pieces differ, {milliseconds:.1} ms of CPU each{chords}")
    }

    /// What was noted of a metric while the system was taught, with a suffix for another way of teaching.
    pub fn course(&self, metric: &str, suffix: &str) -> Option<&[(u64, f64)]> {
        let course = &self.training.as_ref()?.course;
        course.get(&format!("{metric}{suffix}")).map(Vec::as_slice)
    }

    /// A figure of the card by its name.
    pub fn figure(&self, name: &str) -> Option<f64> {
        self.training.as_ref().and_then(|training| training.metrics.get(name)).copied()
    }
}

/// Pop pieces from the seeds 1, 2, ..., from a chord or from nothing, with the knobs where a newcomer finds them.
fn play(model: &dyn Generator, chord: Option<&Chord>, pieces: u32) -> Result<Vec<Phrase>> {
    let Some(chord) = chord else { return Ok(listening::play(model, Style::Pop, pieces)?) };
    let request = Request {
        task: Task::Fresh,
        bars: listening::BARS,
        style: Some(Style::Pop),
        chord: Some(chord.clone()),
        ..Request::to_continue(Phrase::default())
    };
    let one = |seed| -> Result<Vec<Phrase>> {
        let candidates = model.generate(&Request { seed, ..request.clone() }, &Cancel::never())?;
        Ok(candidates.into_iter().map(|candidate| candidate.phrase).collect())
    };
    let sets = (1..=u64::from(pieces)).map(one).collect::<Result<Vec<_>>>()?;
    Ok(sets.into_iter().flatten().collect())
}

fn mean(pieces: &[Phrase]) -> Six {
    Six::mean(&pieces.iter().map(Six::of).collect::<Vec<Six>>())
}

impl Real {
    /// Reads the pop performances that the systems' recipes hold out.
    fn read(data: &Path, console: &Console) -> Result<Real> {
        let mut sources = BTreeSet::new();
        for id in Recipe::ids() {
            let recipe = Recipe::shipped(id)?;
            if paper::is_of_b(&recipe.kind) {
                sources.extend(recipe.sources());
            }
        }
        let sources: Vec<_> =
            sources.into_iter().filter(|source| performances::style(*source) == Some(Style::Pop)).collect();
        console.remark("continuo: reading real music");
        let read = performances::read(data, &sources, &mut |_| {})?;
        let stretches = listening::excerpts(read.part(Part::Test), Style::Pop);
        Ok(Real { stretches: Some(stretches.len()), six: mean(&stretches) })
    }

    /// What the first card that knows kept of them.
    fn of_cards<'a>(mut systems: impl Iterator<Item = &'a System>) -> Option<Real> {
        systems.find_map(|system| Real::of_card(system.training.as_ref()?))
    }

    fn of_card(training: &Training) -> Option<Real> {
        let figure = |name: &str| training.metrics.get(&format!("real_pop_{name}")).copied();
        let six = Six {
            notes: figure("notes")?,
            scale_consistency: figure("scale_consistency"),
            tone_span: figure("tone_span"),
            unique_tones: figure("unique_tones"),
            intensity_span: figure("intensity_span"),
            polyphony: figure("polyphony"),
            repetitions: figure("repetitions"),
        };
        Some(Real { stretches: None, six })
    }
}

fn write(folder: &Path, report: &Report) -> Result<()> {
    let json = serde_json::to_string_pretty(report).context("the result cannot be put into JSON")?;
    output::write(&folder.join("compare.json"), json.as_bytes())?;
    for system in &report.systems {
        for (file, midi) in system.files.iter().zip(&system.midi) {
            output::write(&folder.join(file), midi)?;
        }
    }
    output::write(&folder.join("index.html"), page::draw(report).into_string().as_bytes())
}
