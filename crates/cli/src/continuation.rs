//! `continuo continue`: a file in, the file with the model's answer out.

mod flags;
mod places;
mod report;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use generator::{Cancel, Candidate, Generator, KeyLock, Knob, Library, Request, Task};
use melody::{Chord, Note, Phrase, midi};

use crate::console::Console;
use crate::output;
use crate::picture::Picture;
use crate::tune::Tune;
use places::Place;
use report::Report;

/// Continue a melody by some bars
///
/// The file that is written holds the prompt and then the answer, in the prompt's tempo and meter. The prompt is the
/// melody of the input: the track that is named as one, or that looks like one, reduced to its highest notes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The tune: a Standard MIDI File (.mid)
    #[arg(value_name = "TUNE")]
    pub tune: PathBuf,
    /// The model's id (see `continuo models`); without it seq2seq, or the first that works
    #[arg(long, value_name = "ID")]
    pub model: Option<String>,
    /// Length of the answer in bars, 1 to 64
    #[arg(long, default_value_t = 8, value_parser = flags::bars)]
    pub bars: u32,
    /// How daring: 0 always takes the likeliest note, 1 trusts the model's odds, 2 flattens them
    #[arg(long, default_value_t = 0.9, allow_negative_numbers = true, value_parser = flags::temperature)]
    pub temperature: f32,
    /// Draw only from the likeliest notes that together have this probability, above 0 up to 1
    #[arg(long, default_value_t = 0.95, allow_negative_numbers = true, value_parser = flags::top_p)]
    pub top_p: f32,
    /// Where the dice start: the same seed gives the same answer; without it a random one, which is printed
    #[arg(long, value_parser = flags::seed)]
    pub seed: Option<u64>,
    /// A chord for the first bar to lean towards, such as Cadd9 or F#m7
    #[arg(long, value_name = "SYMBOL")]
    pub chord: Option<Chord>,
    /// The scale to keep to: off, heard (the prompt's own key), or a key such as "F# minor"
    #[arg(long, value_name = "KEY", default_value_t = KeyLock::Off, value_parser = flags::key_lock)]
    pub key_lock: KeyLock,
    /// The track to continue, by name or by number from 1; without it the melody is found
    #[arg(long, value_name = "NAME|N")]
    pub track: Option<String>,
    /// Take only the last N bars of the melody as the prompt
    #[arg(long, value_name = "N", value_parser = flags::prompt_bars)]
    pub prompt_bars: Option<u32>,
    /// How many answers, 1 to 64, with seeds that count up from the first; they are written to a folder
    #[arg(long, default_value_t = 1, value_parser = flags::count)]
    pub count: u32,
    /// The file to write, or the folder for 001.mid, 002.mid ...; without it TUNE-continued beside the input.
    /// Older output is replaced, the input never is
    #[arg(short, long, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Write the answer alone, from time 0
    #[arg(long)]
    pub new_only: bool,
    /// Draw each answer as a PNG piano roll: to this file, or for several answers to this folder (001.png ...);
    /// without PATH beside each .mid
    #[arg(long, value_name = "PATH")]
    pub picture: Option<Option<PathBuf>>,
    /// Print the answers with all their notes as JSON; words go to standard error
    #[arg(long)]
    pub json: bool,
}

/// What came of a request: what was heard, who answered, and how long it took.
struct Session<'a> {
    args: &'a Args,
    tune: Tune,
    request: Request,
    model: Arc<dyn Generator>,
    opening: Duration,
    answering: Duration,
}

/// Reads, asks, writes, reports.
///
/// # Errors
/// One sentence that names the file or the flag and what is wrong with it.
pub fn run(args: &Args, console: &Console) -> Result<()> {
    let begun = Instant::now();
    let places = places::of(args)?;
    let tune = Tune::read(&args.tune, args.track.as_deref(), args.prompt_bars, console)?;
    let library = Library::standard();
    let id = args.model.clone().map_or_else(|| default_model(&library), Ok)?;
    let opened = Instant::now();
    let model = library.open(&id)?;
    let (opening, request) = (opened.elapsed(), request(args, &tune)?);
    let asked = Instant::now();
    let candidates = model.generate(&request, &Cancel::never());
    let candidates = candidates.map_err(|error| anyhow!("{}: {error}", args.tune.display()))?;
    let session = Session { args, tune, request, model, opening, answering: asked.elapsed() };
    let unheeded = session.unheeded();
    if !unheeded.is_empty() {
        console.remark(&format!("continuo: the model \"{id}\" does not heed {}", unheeded.join(", ")));
    }
    for (candidate, place) in candidates.iter().zip(&places) {
        session.write(candidate, place)?;
    }
    let report = Report::of(&session, &candidates, &places, begun.elapsed());
    for line in report.words() {
        console.say(&line)?;
    }
    console.document(&report)
}

/// The first model in the library's order that works and can continue.
fn default_model(library: &Library) -> Result<String> {
    let able = |listing: &generator::Listing| {
        listing.card.as_ref().is_ok_and(|card| card.tasks.contains(&Task::Continue))
    };
    let found = library.listings().into_iter().find(able).map(|listing| listing.id);
    found.context("no model at hand can continue; `continuo models` says why")
}

fn request(args: &Args, tune: &Tune) -> Result<Request> {
    let seed = match args.seed {
        Some(seed) => seed,
        // 32 bits are random enough, and short enough to be typed again.
        None => {
            u64::from(getrandom::u32().context("the system gives no random seed; choose one with --seed")?)
        }
    };
    let request = Request {
        bars: args.bars,
        temperature: args.temperature,
        top_p: args.top_p,
        chord: args.chord.clone(),
        key_lock: args.key_lock,
        seed,
        count: args.count,
        ..Request::to_continue(tune.prompt.clone())
    };
    request.check()?;
    Ok(request)
}

impl Session<'_> {
    fn write(&self, candidate: &Candidate, place: &Place) -> Result<()> {
        let answer = self.on_the_prompts_channel(&candidate.phrase);
        let whole = if self.args.new_only { answer.clone() } else { self.tune.prompt.followed_by(&answer) };
        output::write(&place.tune, &midi::write_phrase(&whole, &self.track_name()))?;
        let Some(path) = &place.picture else { return Ok(()) };
        let picture = Picture {
            prompt: &self.tune.prompt,
            answer: &answer,
            probabilities: &candidate.probabilities,
            title: format!("{}, continued by {}", title(&self.args.tune), self.model.card().name),
            legend: self.legend(candidate),
        };
        let png = picture.png().with_context(|| format!("cannot draw {}", path.display()))?;
        output::write(path, &png)
    }

    fn on_the_prompts_channel(&self, answer: &Phrase) -> Phrase {
        let channel = self.tune.prompt.notes().last().map_or(0, |note| note.channel);
        answer.map_notes(|note| Note { channel, ..note })
    }

    fn track_name(&self) -> String {
        if self.tune.track_name.is_empty() { title(&self.args.tune) } else { self.tune.track_name.clone() }
    }

    /// The picture's second line: all that is needed to make it again.
    fn legend(&self, candidate: &Candidate) -> Vec<String> {
        let prompt = &self.tune.prompt;
        let facts = [
            format!("seed {}", candidate.seed),
            self.tune.key.to_string(),
            prompt.meter.to_string(),
            prompt.tempo.to_string(),
            format!("{} new bars", self.request.bars),
        ];
        facts.into_iter().chain(self.heeded()).collect()
    }

    /// The controls that made a difference, in words.
    fn heeded(&self) -> Vec<String> {
        let Request { temperature, top_p, chord, key_lock, .. } = &self.request;
        let words = [
            (Knob::Temperature, Some(format!("temperature {temperature}"))),
            (Knob::TopP, Some(format!("top-p {top_p}"))),
            (Knob::Chord, chord.as_ref().map(|chord| format!("first bar towards {chord}"))),
            (Knob::KeyLock, (*key_lock != KeyLock::Off).then(|| format!("key lock {key_lock}"))),
        ];
        words.into_iter().filter(|(knob, _)| self.heeds(*knob)).filter_map(|(_, words)| words).collect()
    }

    /// The flags that were set and that this model cannot follow.
    fn unheeded(&self) -> Vec<&'static str> {
        let (set, newcomer) = (&self.request, Request::to_continue(Phrase::default()));
        let flags = [
            (Knob::Temperature, "--temperature", set.temperature != newcomer.temperature),
            (Knob::TopP, "--top-p", set.top_p != newcomer.top_p),
            (Knob::Chord, "--chord", set.chord.is_some()),
            (Knob::KeyLock, "--key-lock", set.key_lock != KeyLock::Off),
        ];
        let unheeded = flags.into_iter().filter(|(knob, _, set)| *set && !self.heeds(*knob));
        unheeded.map(|(_, flag, _)| flag).collect()
    }

    fn heeds(&self, knob: Knob) -> bool {
        self.model.card().knobs.contains(&knob)
    }
}

fn title(tune: &Path) -> String {
    tune.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
