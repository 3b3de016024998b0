//! The one way of every task that makes melodies: hear, choose a model, ask it, write files and pictures, report.

mod ability;
pub mod flags;
mod places;
mod report;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use generator::{Cancel, Candidate, Generator, KeyLock, Knob, Library, Request, Task};
use melody::{Chord, Note, Phrase, Pitch, Progression, Style, Ticks, midi};

pub use ability::choose;
pub use places::Place;

use crate::console::Console;
use crate::output;
use crate::picture::Picture;
use crate::tune::Tune;
use places::Wish;
use report::Report;

/// The flags that all these tasks share.
#[derive(Debug, Clone, clap::Args)]
pub struct Flags {
    /// The model's id (see `continuo models`); without it the first that can do this
    #[arg(long, value_name = "ID")]
    pub model: Option<String>,
    /// How daring: 0 always takes the likeliest note, 1 trusts the model's odds, 2 flattens them
    #[arg(long, default_value_t = 0.9, allow_negative_numbers = true, value_parser = flags::temperature)]
    pub temperature: f32,
    /// Draw only from the likeliest notes that together have this probability, above 0 up to 1
    #[arg(long, default_value_t = 0.95, allow_negative_numbers = true, value_parser = flags::top_p)]
    pub top_p: f32,
    /// Where the dice start: the same seed gives the same answer; without it a random one, which is printed
    #[arg(long, value_parser = flags::seed)]
    pub seed: Option<u64>,
    /// A chord to start from, such as Cadd9 or F#m7: the first bar leans towards it
    #[arg(long, value_name = "SYMBOL", value_parser = flags::chord)]
    pub chord: Option<Chord>,
    /// Chords bar by bar, such as "C | Am | F G | %": strong beats lean towards them, over and over
    #[arg(long, value_name = "CHORDS")]
    pub progression: Option<Progression>,
    /// How much chords count: 0 not at all, 1 lets no other note begin on a beat
    #[arg(long, value_name = "SHARE", default_value_t = Request::CHORD_STRENGTH, allow_negative_numbers = true, value_parser = flags::chord_strength)]
    pub chord_strength: f32,
    /// The style to play in: classical, jazz, pop, rock, game, folk or hymn, as far as the model knows it
    #[arg(long)]
    pub style: Option<Style>,
    /// How many notes a bar, in proportion to the tune: 0.5 half as many, 2 twice as many
    #[arg(long, value_name = "RATIO", allow_negative_numbers = true, value_parser = flags::density)]
    pub density: Option<f32>,
    /// The lowest and the highest note that may come, such as C4..G5
    #[arg(long, value_name = "LOW..HIGH", value_parser = flags::range)]
    pub range: Option<(Pitch, Pitch)>,
    /// The file to write, or the folder for 001.mid, 002.mid ... Older output is replaced, the input never is
    #[arg(short, long, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Draw each answer as a PNG piano roll: to this file, or for several answers to this folder (001.png ...);
    /// without PATH beside each .mid
    #[arg(long, value_name = "PATH")]
    pub picture: Option<Option<PathBuf>>,
    /// Print the answers with all their notes as JSON; words go to standard error
    #[arg(long)]
    pub json: bool,
}

/// The flags of tasks that hear a tune.
#[derive(Debug, Clone, clap::Args)]
pub struct Hearing {
    /// The track to hear, by name or by number from 1; without it the melody is found
    #[arg(long, value_name = "NAME|N")]
    pub track: Option<String>,
    /// Take only the last N bars of the melody as the prompt
    #[arg(long, value_name = "N", value_parser = flags::prompt_bars)]
    pub prompt_bars: Option<u32>,
    /// The scale to keep to: off, heard (the prompt's own key), or a key such as "F# minor"
    #[arg(long, value_name = "KEY", default_value_t = KeyLock::Off, value_parser = flags::key_lock)]
    pub key_lock: KeyLock,
}

/// What a task's own flags come to.
pub struct Order<'a> {
    /// The task.
    pub task: Task,
    /// The tunes to hear: none, one, or the two ends of a morph.
    pub tunes: &'a [&'a Path],
    /// The shared flags.
    pub flags: &'a Flags,
    /// How those tunes are heard, where there are any.
    pub hearing: Option<&'a Hearing>,
    /// How many answers.
    pub count: u32,
    /// How many bars each answer has, where that can be asked for.
    pub bars: Option<u32>,
    /// The scale to keep to, where no tune is heard.
    pub key_lock: KeyLock,
    /// How far a variation strays.
    pub neighbourhood: f32,
    /// Beats from the start that a variation leaves as they are.
    pub kept_beats: u32,
    /// The bars of the tune that are to be filled anew.
    pub gap: Option<Gap>,
    /// Whether the file holds the answer alone, from time 0, and not the prompt before it.
    pub alone: bool,
    /// What the file or folder is called without `--out`, after the tune's name; nothing is written without either.
    pub suffix: Option<&'a str>,
}

/// Bars of a tune.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// The first of them, counted from 1.
    pub from: u32,
    /// How many.
    pub bars: u32,
}

impl Gap {
    /// What stands before and after it in a tune.
    ///
    /// # Errors
    /// It is not inside the tune.
    fn split(self, tune: &Phrase) -> Result<(Phrase, Phrase)> {
        let bar = tune.meter.bar();
        let from = bar * i64::from(self.from - 1);
        let to = from + bar * i64::from(self.bars);
        let after = tune.between(to, tune.length().max(to));
        if after.is_empty() {
            let last = self.from + self.bars - 1;
            let end = tune.notes().last().map_or(0, |note| note.onset.0 / bar.0 + 1);
            bail!(
                "bars {} to {last} leave no note after the gap: the last one begins in bar {end}; choose a gap before it, \
                 or continue instead",
                self.from
            );
        }
        Ok((tune.between(Ticks::ZERO, from), after))
    }
}

/// What came of an order: what was heard, who answered, and how long it took.
struct Session<'a> {
    order: &'a Order<'a>,
    heard: Option<Tune>,
    request: Request,
    model: Arc<dyn Generator>,
    opening: Duration,
    answering: Duration,
}

/// Hears, asks, writes, reports.
///
/// # Errors
/// One sentence that names the file or the flag and what is wrong with it.
pub fn run(order: &Order<'_>, console: &Console) -> Result<()> {
    let begun = Instant::now();
    let places = places::of(&Wish::of(order))?;
    let tunes = order.tunes.iter().map(|path| hear(path, order, console)).collect::<Result<Vec<_>>>()?;
    let opened = Instant::now();
    let model = choose(&Library::standard(), order.flags.model.as_deref(), order.task)?;
    let mut tunes =
        order.tunes.iter().zip(tunes).map(|(path, tune)| match model.card().kind.hears_voices() {
            true => tune.in_voices(),
            false => tune.in_one_line(path, console),
        });
    let (heard, goal) = (tunes.next(), tunes.next());
    let (opening, request) = (opened.elapsed(), request(order, heard.as_ref(), goal)?);
    let asked = Instant::now();
    let candidates = ask(model.as_ref(), &request, order.count).map_err(|error| match order.tunes {
        [] => anyhow!(error),
        tunes => anyhow!("{}: {error}", paths(tunes)),
    })?;
    let session = Session { order, heard, request, model, opening, answering: asked.elapsed() };
    let unheeded = session.unheeded();
    if !unheeded.is_empty() {
        let id = &session.model.card().id;
        console.remark(&format!("continuo: the model \"{id}\" does not heed {}", unheeded.join(", ")));
    }
    if let Some(words) = sameness(order, &candidates) {
        console.remark(&words);
    }
    for (number, candidate) in candidates.iter().enumerate() {
        session.write(candidate, places.get(number))?;
    }
    let report = Report::of(&session, &candidates, &places, begun.elapsed());
    for line in report.words() {
        console.say(&line)?;
    }
    console.document(&report)
}

fn hear(path: &Path, order: &Order<'_>, console: &Console) -> Result<Tune> {
    let track = order.hearing.and_then(|hearing| hearing.track.as_deref());
    let bars = order.hearing.and_then(|hearing| hearing.prompt_bars);
    Tune::read(path, track, bars, console)
}

fn request(order: &Order<'_>, heard: Option<&Tune>, goal: Option<Tune>) -> Result<Request> {
    let played = heard.map(|tune| tune.prompt.clone()).unwrap_or_default();
    let (prompt, after) = match order.gap {
        Some(gap) => {
            let (before, after) = gap.split(&played)?;
            (before, Some(after))
        }
        None => (played, None),
    };
    let newcomer = Request::to_continue(prompt);
    let seed = match order.flags.seed {
        Some(seed) => seed,
        // 32 bits are random enough, and short enough to be typed again.
        None => {
            u64::from(getrandom::u32().context("the system gives no random seed; choose one with --seed")?)
        }
    };
    Ok(Request {
        task: order.task,
        goal: goal.map(|tune| tune.prompt).or(after),
        neighbourhood: order.neighbourhood,
        kept_beats: order.kept_beats,
        bars: order.bars.unwrap_or(newcomer.bars),
        temperature: order.flags.temperature,
        top_p: order.flags.top_p,
        chord: order.flags.chord.clone(),
        progression: order.flags.progression.clone(),
        chord_strength: order.flags.chord_strength,
        style: order.flags.style,
        density: order.flags.density,
        range: order.flags.range,
        key_lock: key_lock(order, heard),
        seed,
        ..newcomer
    })
}

/// The scale to keep to. A gap leaves too little of some tunes to hear their key in: it is heard in the whole.
fn key_lock(order: &Order<'_>, heard: Option<&Tune>) -> KeyLock {
    match (order.hearing.map_or(order.key_lock, |hearing| hearing.key_lock), heard) {
        (KeyLock::Heard, Some(tune)) if order.gap.is_some() => KeyLock::Fixed(tune.key),
        (lock, _) => lock,
    }
}

/// What is said where some answers are the same.
fn sameness(order: &Order<'_>, candidates: &[Candidate]) -> Option<String> {
    let mut different: Vec<&Phrase> = Vec::new();
    for candidate in candidates.iter().filter(|_| order.task != Task::Next) {
        if !different.contains(&&candidate.phrase) {
            different.push(&candidate.phrase);
        }
    }
    let (found, all) = (different.len(), candidates.len());
    let knobs = if order.task == Task::Vary {
        "--neighbourhood or --temperature"
    } else {
        "--temperature or --top-p"
    };
    (0 < found && found < all)
        .then(|| format!("continuo: of the {all} answers {found} are different: for more raise {knobs}"))
}

/// Asks for so many answers. More than one request may have are asked for in parts: each answer is what its seed
/// alone gives.
///
/// # Errors
/// As [`Generator::generate`].
pub fn ask(
    model: &dyn Generator,
    request: &Request,
    count: u32,
) -> Result<Vec<Candidate>, generator::GenerateError> {
    let mut candidates = Vec::new();
    for done in (0..count).step_by(Request::MAX_COUNT as usize) {
        let part = Request {
            seed: request.seed.wrapping_add(u64::from(done)),
            count: (count - done).min(Request::MAX_COUNT),
            ..request.clone()
        };
        candidates.extend(model.generate(&part, &Cancel::never())?);
    }
    Ok(candidates)
}

impl Session<'_> {
    fn write(&self, candidate: &Candidate, place: Option<&Place>) -> Result<()> {
        let Some(place) = place else { return Ok(()) };
        let prompt = &self.request.prompt;
        let answer = self.on_the_prompts_channel(&candidate.phrase);
        let after = self.request.goal.as_ref().filter(|_| self.order.gap.is_some());
        let whole = match after {
            _ if self.order.alone => answer.clone(),
            Some(after) => prompt.followed_by(&answer).followed_by(after),
            None => prompt.followed_by(&answer),
        };
        output::write(&place.tune, &midi::write_phrase(&whole, &self.track_name()))?;
        let Some(path) = &place.picture else { return Ok(()) };
        let picture = Picture {
            prompt,
            answer: &answer,
            after,
            probabilities: &candidate.probabilities,
            title: self.title(),
            legend: self.legend(candidate),
        };
        let png = picture.png().with_context(|| format!("cannot draw {}", path.display()))?;
        output::write(path, &png)
    }

    fn on_the_prompts_channel(&self, answer: &Phrase) -> Phrase {
        let channel = self.request.prompt.notes().last().map_or(0, |note| note.channel);
        answer.map_notes(|note| Note { channel, ..note })
    }

    fn track_name(&self) -> String {
        let heard = self.heard.as_ref().map(|tune| tune.track_name.clone()).unwrap_or_default();
        match self.order.tunes.first() {
            _ if !heard.is_empty() => heard,
            Some(tune) => stem(tune),
            None => self.model.card().name.clone(),
        }
    }

    fn title(&self) -> String {
        let (tunes, model) = (names(self.order.tunes), &self.model.card().name);
        match self.order.task {
            Task::Continue => format!("{tunes}, continued by {model}"),
            Task::Fill => format!("{tunes}, a gap filled by {model}"),
            Task::Next => format!("{tunes}, the next note by {model}"),
            Task::Vary => format!("{tunes}, varied by {model}"),
            Task::Morph => format!("{tunes}, morphed by {model}"),
            Task::Fresh => format!("A melody by {model}"),
        }
    }

    /// The picture's second line: all that is needed to make it again.
    fn legend(&self, candidate: &Candidate) -> Vec<String> {
        let prompt = &self.request.prompt;
        let key = self.heard.as_ref().map(|tune| tune.key.to_string());
        let facts = [
            Some(format!("seed {}", candidate.seed)),
            candidate.similarity.map(|similarity| format!("similarity {similarity:.2}")),
            key,
            Some(prompt.meter.to_string()),
            Some(prompt.tempo.to_string()),
            self.order.bars.map(|bars| format!("{bars} new bars")),
        ];
        facts.into_iter().flatten().chain(self.heeded()).collect()
    }

    /// The controls that made a difference, in words.
    fn heeded(&self) -> Vec<String> {
        let Request { temperature, top_p, chord, progression, chord_strength, .. } = &self.request;
        let Request { style, key_lock, neighbourhood, .. } = &self.request;
        let usual = *chord_strength == Request::CHORD_STRENGTH;
        let strength = if usual { String::new() } else { format!(" with strength {chord_strength}") };
        let is_variation = self.order.task == Task::Vary;
        let near = is_variation.then(|| format!("neighbourhood {neighbourhood}"));
        let Request { density, range, kept_beats, .. } = &self.request;
        let words = [
            (Knob::Temperature, Some(format!("temperature {temperature}"))),
            (Knob::TopP, Some(format!("top-p {top_p}"))),
            (Knob::Chord, chord.as_ref().map(|chord| format!("first bar towards {chord}{strength}"))),
            (Knob::Progression, progression.as_ref().map(|chords| format!("towards {chords}{strength}"))),
            (Knob::Style, style.map(|style| format!("{style} style"))),
            (Knob::KeyLock, (*key_lock != KeyLock::Off).then(|| format!("key lock {key_lock}"))),
            (Knob::Neighbourhood, near),
            (Knob::KeptBeats, (*kept_beats > 0).then(|| format!("the first {kept_beats} beats kept"))),
            (Knob::Density, density.map(|ratio| format!("{ratio} times as many notes"))),
            (Knob::Range, range.map(|(lowest, highest)| format!("from {lowest} to {highest}"))),
        ];
        words.into_iter().filter(|(knob, _)| self.heeds(*knob)).filter_map(|(_, words)| words).collect()
    }

    /// Notes and rests of what was heard that the model does not know.
    fn replaced(&self) -> usize {
        if self.heard.is_some() { self.model.strangers(&self.request.prompt) } else { 0 }
    }

    /// The flags that were set and that this model cannot follow.
    fn unheeded(&self) -> Vec<&'static str> {
        let (set, newcomer) = (&self.request, Request::to_continue(Phrase::default()));
        let key_lock = if self.order.hearing.is_some() { "--key-lock" } else { "--key" };
        let flags = [
            (Knob::Temperature, "--temperature", set.temperature != newcomer.temperature),
            (Knob::TopP, "--top-p", set.top_p != newcomer.top_p),
            (Knob::Chord, "--chord", set.chord.is_some()),
            (Knob::Progression, "--progression", set.progression.is_some()),
            (Knob::Style, "--style", set.style.is_some()),
            (Knob::KeyLock, key_lock, set.key_lock != KeyLock::Off),
            (Knob::Neighbourhood, "--neighbourhood", set.neighbourhood != newcomer.neighbourhood),
            (Knob::KeptBeats, "--keep-beats", set.kept_beats != newcomer.kept_beats),
            (Knob::Density, "--density", set.density.is_some()),
            (Knob::Range, "--range", set.range.is_some()),
        ];
        let unheeded = flags.into_iter().filter(|(knob, _, set)| *set && !self.heeds(*knob));
        unheeded.map(|(_, flag, _)| flag).collect()
    }

    fn heeds(&self, knob: Knob) -> bool {
        self.model.card().knobs.contains(&knob)
    }
}

fn paths(tunes: &[&Path]) -> String {
    let paths: Vec<String> = tunes.iter().map(|tune| tune.display().to_string()).collect();
    paths.join(" and ")
}

/// The tunes' names for a title, without their endings.
fn names(tunes: &[&Path]) -> String {
    let names: Vec<String> = tunes.iter().map(|tune| stem(tune)).collect();
    names.join(" to ")
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
