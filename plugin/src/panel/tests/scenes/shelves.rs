//! A project in full swing: the house model, a full shelf, a gap, a map, a note that is asked about.

use std::sync::Arc;

use generator::{Knob, Task};
use melody::{Key, Pitch, Style, Ticks};

use super::melodies::{bent, eight_bars, melodies};
use super::{answered, asking, empty, entry, heard, varied};
use crate::panel::{
    Alternatives, Answered, Map, Mark, ModelEntry, Piece, PresetEntry, Selection, Settings, Sounds, Span,
    ViewModel,
};

fn house() -> ModelEntry {
    let knobs = [
        Knob::Temperature,
        Knob::TopP,
        Knob::Chord,
        Knob::Progression,
        Knob::KeyLock,
        Knob::Style,
        Knob::Density,
        Knob::Range,
        Knob::Neighbourhood,
        Knob::KeptBeats,
    ];
    let says = "Remembers what you played, and plays on from it: the house model.";
    ModelEntry {
        styles: Style::PERFORMED.to_vec(),
        ..entry("continuo", "Continuo", says, &[Task::Continue, Task::Vary, Task::Fill, Task::Next], &knobs)
    }
}

/// The house model has continued the last four of eight bars in `count` ways.
pub fn shaped(count: i64) -> ViewModel {
    let mut model = housed(Task::Continue);
    let mark = |favourite, kept| Mark { favourite, kept };
    let marks = (0..count).map(|index| mark(index % 5 == 1, index == 3)).collect();
    (model.candidates, model.marks) = (Arc::new(melodies(count)), marks);
    (model.auditioned, model.sounds) = (2, Sounds::Answer);
    model
}

/// The house model, eight bars heard, and a shelf with everything on it.
fn housed(task: Task) -> ViewModel {
    let mut models = empty().models;
    models.insert(0, house());
    let settings = Settings { model: "continuo".to_owned(), task, ..answered().settings };
    let piece = |number: i64, title: &str| Piece {
        title: title.to_owned(),
        phrase: if number % 2 == 0 { bent(number) } else { melodies(8).swap_remove(number as usize).phrase },
        orphaned: number == 3,
    };
    let past = [
        (Task::Continue, "Continuo"),
        (Task::Vary, "VAE"),
        (Task::Fresh, "LSTM-GAN"),
        (Task::Continue, "Continuo"),
    ];
    let past = past.into_iter().enumerate().map(|(index, (task, name))| Answered {
        task,
        model: name.to_owned(),
        candidates: Arc::new(melodies(4 + index as i64)),
        chosen: index,
    });
    ViewModel {
        models,
        settings,
        heard_key: Some(Key::C_MAJOR),
        heard_chord: Some("Am7".parse().unwrap()),
        history: Arc::new(past.collect()),
        recalled: Some(3),
        favourites: Arc::new(vec![
            piece(1, "Continuo 042318"),
            piece(4, "VAE 042321"),
            piece(3, "My own 000007"),
        ]),
        song: Arc::new(
            (1..6).map(|number| piece(number, &format!("Continuo {:06}", 42_317 + number))).collect(),
        ),
        undo: Some("thrown away".to_owned()),
        presets: Arc::new(presets()),
        preset: Some("own/night".to_owned()),
        can_drag_out: true,
        standalone: None,
        candidates: answered().candidates,
        work: answered().work,
        play_head: answered().play_head,
        transport: answered().transport,
        pressed: answered().pressed,
        ..heard(eight_bars(), 4)
    }
}

fn presets() -> Vec<PresetEntry> {
    let preset = |id: &str, name: &str, description: &str, factory| PresetEntry {
        id: id.to_owned(),
        name: name.to_owned(),
        description: description.to_owned(),
        factory,
        problem: None,
    };
    let newer = "This preset was made by a newer Continuo: install that, or save the preset anew.";
    vec![
        preset("factory/first", "First steps", "Four careful answers of four bars.", true),
        preset("factory/daring", "Daring", "High temperature, twice as many notes.", true),
        preset("factory/ballad", "Ballad", "Few notes, close to the chords.", true),
        preset("own/night", "Night drive", "", false),
        PresetEntry { problem: Some(newer.to_owned()), ..preset("own/newer", "From the future", "", false) },
    ]
}

/// Bars 3 and 4 of eight are to be filled.
pub fn filling() -> ViewModel {
    let gap = Span { from: Ticks::quarters(8), to: Ticks::quarters(16) };
    ViewModel {
        candidates: Arc::default(),
        taken: gap,
        selection: Some(Selection::Heard(gap)),
        play_head: None,
        listen_head: Some(Ticks::quarters(21)),
        ..housed(Task::Fill)
    }
}

/// They have been filled.
pub fn filled() -> ViewModel {
    let mut candidates = melodies(4);
    candidates.iter_mut().for_each(|candidate| {
        candidate.phrase = candidate.phrase.between(Ticks::ZERO, Ticks::quarters(8));
        candidate.probabilities.truncate(candidate.phrase.notes().len());
    });
    ViewModel {
        candidates: Arc::new(candidates),
        answered: Task::Fill,
        answer_at: Ticks::quarters(8),
        selection: None,
        play_head: Some(Ticks::quarters(3)),
        listen_head: None,
        ..filling()
    }
}

/// Variations by the VAE, with its map.
pub fn mapped() -> ViewModel {
    let point = |index: usize| {
        let (turn, out) = (index as f32 * 2.399_963, (index as f32 / 400.0).sqrt());
        [(turn.cos() * out * 0.95 + 0.05 * (index % 7) as f32 / 7.0).clamp(-1.0, 1.0), turn.sin() * out * 0.9]
    };
    let map = Map { points: (0..400).map(point).collect(), places: vec![[-0.32, 0.21], [-0.1, 0.34]] };
    let swung = housed(Task::Vary);
    let settings = Settings { task: Task::Vary, ..asking("vae", Task::Vary).settings };
    let (candidates, auditioned) = (varied().candidates, 2);
    ViewModel {
        map: Some(Arc::new(map)),
        settings,
        candidates,
        auditioned,
        answered: Task::Vary,
        play_head: None,
        ..swung
    }
}

/// What could stand in the place of the seventh note is listed.
pub fn with_alternatives() -> ViewModel {
    let choice = |number: u8, chance: f32| (Pitch::new(number).unwrap(), chance);
    let choices = [
        (64, 0.31),
        (62, 0.22),
        (67, 0.17),
        (60, 0.12),
        (65, 0.08),
        (69, 0.05),
        (71, 0.02),
        (59, 0.008),
        (72, 0.004),
    ];
    let alternatives = Alternatives {
        note: 6,
        choices: choices.map(|(number, chance)| choice(number, chance)).to_vec(),
        teller: "Continuo".to_owned(),
        problem: None,
    };
    ViewModel { alternatives: Some(alternatives), play_head: None, ..shaped(4) }
}
