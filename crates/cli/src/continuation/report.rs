//! What was done: in words for people, as JSON for programs.

use std::path::Path;
use std::time::Duration;

use generator::Candidate;
use melody::{Note, Phrase, Ticks};
use serde::Serialize;

use super::Session;
use super::places::Place;

/// A continuation as programs see it. Times are exact, in quarter notes: `1.0`, `0.25`, `1/3`.
#[derive(Debug, Serialize)]
pub struct Report {
    model: String,
    model_name: String,
    seeds: Vec<u64>,
    bars: u32,
    temperature: f32,
    top_p: f32,
    chord: Option<String>,
    key_lock: String,
    /// Flags that were set and that the model cannot follow.
    unheeded: Vec<&'static str>,
    key: String,
    meter: String,
    tempo_bpm: f64,
    prompt: Prompt,
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
    file: String,
    picture: Option<String>,
    /// Where the answer begins in the file, in quarters.
    starts_at: String,
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
        let Session { args, tune, request, model, .. } = session;
        let starts_at = if args.new_only { Ticks::ZERO } else { tune.prompt.whole_bars() };
        let pairs = candidates.iter().zip(places);
        let answers: Vec<Answer> =
            pairs.map(|(candidate, place)| Answer::of(candidate, place, starts_at)).collect();
        Report {
            model: model.card().id.clone(),
            model_name: model.card().name.clone(),
            seeds: answers.iter().map(|answer| answer.seed).collect(),
            bars: request.bars,
            temperature: request.temperature,
            top_p: request.top_p,
            chord: request.chord.as_ref().map(ToString::to_string),
            key_lock: request.key_lock.to_string(),
            unheeded: session.unheeded(),
            heeded: session.heeded(),
            key: tune.key.to_string(),
            meter: tune.prompt.meter.to_string(),
            tempo_bpm: tune.prompt.tempo.bpm(),
            prompt: Prompt {
                file: shown(&args.tune),
                track: tune.track,
                track_name: tune.track_name.clone(),
                damage: tune.damage.clone(),
                bars: tune.prompt.bars(),
                notes: soundings(&tune.prompt, &[]),
            },
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
        let Report { prompt, key, meter, tempo_bpm, bars, milliseconds, .. } = self;
        let name = match prompt.track_name.as_str() {
            "" => String::new(),
            name => format!(" \"{name}\""),
        };
        let mut lines = vec![
            format!(
                "Heard {}: track {}{name}, {}",
                prompt.file,
                prompt.track,
                counted(prompt.notes.len(), "note")
            ),
            format!("  in {}, {key}, {meter}, {tempo_bpm:.1} bpm", counted(prompt.bars, "bar")),
            format!(
                "{} went on for {} in {:.1} ms ({:.1} ms to load it)",
                self.model_name,
                counted(*bars as usize, "bar"),
                milliseconds.answer,
                milliseconds.open_model
            ),
        ];
        if !self.heeded.is_empty() {
            lines.push(format!("  {}", self.heeded.join(", ")));
        }
        for answer in &self.answers {
            let notes = counted(answer.notes.len(), "note");
            lines.push(format!("  seed {}: {notes} in {}", answer.seed, answer.file));
            lines.extend(answer.picture.as_ref().map(|picture| format!("  picture: {picture}")));
        }
        lines
    }
}

impl Answer {
    fn of(candidate: &Candidate, place: &Place, starts_at: Ticks) -> Answer {
        Answer {
            seed: candidate.seed,
            file: shown(&place.tune),
            picture: place.picture.as_deref().map(shown),
            starts_at: starts_at.to_string(),
            notes: soundings(&candidate.phrase, &candidate.probabilities),
        }
    }
}

fn soundings(phrase: &Phrase, probabilities: &[f32]) -> Vec<Sounding> {
    let sounding = |(index, note): (usize, &Note)| Sounding {
        onset: note.onset.to_string(),
        length: note.length.to_string(),
        pitch: note.pitch.number(),
        name: note.pitch.to_string(),
        velocity: note.velocity,
        probability: probabilities.get(index).copied(),
    };
    phrase.notes().iter().enumerate().map(sounding).collect()
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
