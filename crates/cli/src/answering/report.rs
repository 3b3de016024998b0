//! What was done: in words for people, as JSON for programs.

use std::path::Path;
use std::time::Duration;

use generator::{Candidate, KeyLock, Look, Task};
use melody::metrics::means;
use melody::{Note, Phrase, Style, Ticks};
use serde::Serialize;

use super::Session;
use super::places::Place;
use crate::tune::Tune;

/// Answers as programs see them. Times are exact, in quarter notes: `1.0`, `0.25`, `1/3`.
#[derive(Debug, Serialize)]
pub struct Report {
    task: Task,
    model: String,
    model_name: String,
    seeds: Vec<u64>,
    /// Length of each answer, where it can be asked for.
    bars: Option<u32>,
    temperature: f32,
    top_p: f32,
    chord: Option<String>,
    progression: Option<String>,
    chord_strength: f32,
    style: Option<Style>,
    key_lock: String,
    neighbourhood: f32,
    kept_beats: u32,
    /// Notes a bar in proportion to the prompt's, where that was asked for.
    density: Option<f32>,
    /// The lowest and the highest MIDI key that may come, where that was asked for.
    range: Option<[u8; 2]>,
    /// Notes and rests of the prompt that the model does not know and heard as their nearest relatives.
    replaced: usize,
    /// Flags that were set and that the model cannot follow.
    unheeded: Vec<&'static str>,
    key: Option<String>,
    meter: String,
    tempo_bpm: f64,
    /// Missing for melodies from nothing.
    prompt: Option<Prompt>,
    answers: Vec<Answer>,
    milliseconds: Milliseconds,
    #[serde(skip)]
    heeded: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Prompt {
    file: String,
    track: usize,
    track_name: String,
    damage: Option<String>,
    bars: usize,
    notes: Vec<Sounding>,
}

#[derive(Debug, Serialize)]
struct Answer {
    seed: u64,
    /// How alike answer and prompt are, as the model measures it.
    similarity: Option<f32>,
    /// The network's own probability of the note; of several notes the geometric mean.
    probability: Option<f64>,
    file: Option<String>,
    picture: Option<String>,
    /// Where the answer begins in the file, in quarters.
    starts_at: String,
    /// How long it lasts, in quarters.
    length: String,
    /// Onsets are counted from there.
    notes: Vec<Sounding>,
}

#[derive(Debug, Serialize)]
struct Sounding {
    onset: String,
    length: String,
    pitch: u8,
    name: String,
    velocity: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f32>,
    /// Where the network looked while it chose the note.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attention: Vec<Looked>,
}

#[derive(Debug, Serialize)]
struct Looked {
    /// Where that note starts, counted as the answer's notes are: below zero in the prompt.
    onset: String,
    weight: f32,
}

#[derive(Debug, Serialize)]
struct Milliseconds {
    open_model: f64,
    answer: f64,
    total: f64,
}

impl Report {
    /// What a session wrote to these places.
    pub fn of(session: &Session, candidates: &[Candidate], places: &[Place], total: Duration) -> Report {
        let Session { order, heard, request, model, .. } = session;
        let prompt = &request.prompt;
        let starts_at = if order.alone { Ticks::ZERO } else { prompt.whole_bars() };
        let numbered = candidates.iter().enumerate();
        let answers: Vec<Answer> =
            numbered.map(|(number, answer)| Answer::of(answer, places.get(number), starts_at)).collect();
        let key = match (heard, request.key_lock) {
            (Some(tune), _) => Some(tune.key.to_string()),
            (None, KeyLock::Fixed(key)) => Some(key.to_string()),
            (None, _) => None,
        };
        Report {
            task: order.task,
            model: model.card().id.clone(),
            model_name: model.card().name.clone(),
            seeds: answers.iter().map(|answer| answer.seed).collect(),
            bars: order.bars,
            temperature: request.temperature,
            top_p: request.top_p,
            chord: request.chord.as_ref().map(ToString::to_string),
            progression: request.progression.as_ref().map(ToString::to_string),
            chord_strength: request.chord_strength,
            style: request.style,
            key_lock: request.key_lock.to_string(),
            neighbourhood: request.neighbourhood,
            kept_beats: request.kept_beats,
            density: request.density,
            range: request.range.map(|(lowest, highest)| [lowest.number(), highest.number()]),
            replaced: session.replaced(),
            unheeded: session.unheeded(),
            heeded: session.heeded(),
            key,
            meter: prompt.meter.to_string(),
            tempo_bpm: prompt.tempo.bpm(),
            prompt: heard.as_ref().zip(order.tunes.first()).map(|(tune, path)| Prompt::of(tune, path)),
            answers,
            milliseconds: Milliseconds {
                open_model: milliseconds(session.opening),
                answer: milliseconds(session.answering),
                total: milliseconds(total),
            },
        }
    }

    /// The lines for people.
    pub fn words(&self) -> Vec<String> {
        let Report { prompt, key, meter, tempo_bpm, milliseconds, .. } = self;
        let mut lines = Vec::new();
        if let Some(prompt) = prompt {
            lines.push(prompt.words());
            let key = key.as_deref().unwrap_or_default();
            let bars = counted(prompt.bars, "bar");
            lines.push(format!("  in {bars}, {key}, {meter}, {tempo_bpm:.1} bpm"));
            if self.replaced > 0 {
                lines.push(format!(
                    "  {} that the model does not know: heard as the nearest that it knows",
                    counted_many(self.replaced, "note or rest", "notes and rests")
                ));
            }
        }
        lines.push(format!(
            "{} {} in {:.1} ms ({:.1} ms to load it)",
            self.model_name,
            self.deed(),
            milliseconds.answer,
            milliseconds.open_model
        ));
        if !self.heeded.is_empty() {
            lines.push(format!("  {}", self.heeded.join(", ")));
        }
        match self.task {
            Task::Next => lines.extend(self.table()),
            _ => lines.extend(self.answers.iter().flat_map(Answer::words)),
        }
        lines
    }

    fn deed(&self) -> String {
        let bars = || counted(self.bars.unwrap_or(0) as usize, "bar");
        let answers = |noun| counted(self.answers.len(), noun);
        match self.task {
            Task::Continue => format!("went on for {}", bars()),
            Task::Fill => format!("filled {}", bars()),
            Task::Vary => format!("gave {} like it", answers("phrase")),
            Task::Morph => format!("went there by {}", answers("phrase")),
            Task::Fresh => {
                format!("made {} of {}", counted_many(self.answers.len(), "melody", "melodies"), bars())
            }
            Task::Next => format!("ranked {}", answers("note")),
        }
    }

    /// The ranked notes.
    fn table(&self) -> Vec<String> {
        let header = "  rank  note  length  probability".to_owned();
        let row = |(index, answer): (usize, &Answer)| {
            let name = answer.notes.first().map_or("rest", |note| note.name.as_str());
            let length = answer.notes.first().map_or(&answer.length, |note| &note.length);
            let probability =
                answer.probability.map_or(String::new(), |share| format!("{:.2} %", share * 100.0));
            let file = answer.file.as_ref().map(|file| format!("  {file}")).unwrap_or_default();
            format!("  {:>4}  {name:<4}  {length:>6}  {probability:>11}{file}", index + 1)
        };
        std::iter::once(header).chain(self.answers.iter().enumerate().map(row)).collect()
    }
}

impl Prompt {
    fn of(tune: &Tune, path: &Path) -> Prompt {
        Prompt {
            file: shown(path),
            track: tune.track,
            track_name: tune.track_name.clone(),
            damage: tune.damage.clone(),
            bars: tune.prompt.bars(),
            notes: soundings(&tune.prompt, &Candidate::default()),
        }
    }

    fn words(&self) -> String {
        let name = match self.track_name.as_str() {
            "" => String::new(),
            name => format!(" \"{name}\""),
        };
        format!("Heard {}: track {}{name}, {}", self.file, self.track, counted(self.notes.len(), "note"))
    }
}

impl Answer {
    fn of(candidate: &Candidate, place: Option<&Place>, starts_at: Ticks) -> Answer {
        Answer {
            seed: candidate.seed,
            similarity: candidate.similarity,
            probability: geometric_mean(&candidate.probabilities),
            file: place.map(|place| shown(&place.tune)),
            picture: place.and_then(|place| place.picture.as_deref()).map(shown),
            starts_at: starts_at.to_string(),
            length: candidate.phrase.length().to_string(),
            notes: soundings(&candidate.phrase, candidate),
        }
    }

    fn words(&self) -> Vec<String> {
        let similarity = self.similarity.map(|share| format!("similarity {share:.3}, ")).unwrap_or_default();
        let file = self.file.as_ref().map(|file| format!(" in {file}")).unwrap_or_default();
        let notes = counted(self.notes.len(), "note");
        let picture = self.picture.as_ref().map(|picture| format!("  picture: {picture}"));
        std::iter::once(format!("  seed {}: {similarity}{notes}{file}", self.seed)).chain(picture).collect()
    }
}

/// The geometric mean of some probabilities; none of none.
fn geometric_mean(probabilities: &[f32]) -> Option<f64> {
    let logarithms: Vec<f64> = probabilities.iter().map(|share| f64::from(*share).ln()).collect();
    means::mean(&logarithms).map(f64::exp)
}

fn soundings(phrase: &Phrase, made: &Candidate) -> Vec<Sounding> {
    let looked = |look: &Look| Looked { onset: look.onset.to_string(), weight: look.weight };
    let sounding = |(index, note): (usize, &Note)| Sounding {
        onset: note.onset.to_string(),
        length: note.length.to_string(),
        pitch: note.pitch.number(),
        name: note.pitch.to_string(),
        velocity: note.velocity,
        probability: made.probabilities.get(index).copied(),
        attention: made
            .attention
            .get(index)
            .map(|looks| looks.iter().map(looked).collect())
            .unwrap_or_default(),
    };
    phrase.notes().iter().enumerate().map(sounding).collect()
}

fn counted_many(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn counted(count: usize, noun: &str) -> String {
    counted_many(count, noun, &format!("{noun}s"))
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
