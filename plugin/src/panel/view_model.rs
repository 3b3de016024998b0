//! Everything that the panel shows, as plain data: filled before each frame, drawn, and tested without a host.

use std::sync::Arc;
use std::time::Duration;

use super::Standalone;
use super::shown::{Alternatives, Answered, Map, Mark, Piece, PresetEntry, Selection, Side, Sounds, Span};
use generator::{Candidate, KeyLock, Knob, Request, Task};
use melody::{Chord, Key, Meter, Phrase, Pitch, Progression, Style, Tempo, Ticks};

/// What the panel shows in one frame. `[main-thread]`
///
/// The editor keeps one, brings it up to date before each frame and hands it to [`super::ui`]. The panel writes the
/// settings that the user changes into it at once, so that nothing lags behind the mouse, and returns the same
/// changes as [`Action`](super::Action)s.
#[derive(Debug, Clone, PartialEq)]
pub struct ViewModel {
    /// The models that can be chosen, in the order of the menu.
    pub models: Vec<ModelEntry>,
    /// What the knobs say.
    pub settings: Settings,
    /// What was played lately, on the grid and in whole bars; its first bar line is at zero.
    pub heard: Phrase,
    /// The part of it that will be answered: its last bars, or what was selected; for [`Task::Fill`] the gap.
    pub taken: Span,
    /// Where the player is in it while the song runs and no answer sounds.
    pub listen_head: Option<Ticks>,
    /// What was heard and will be continued; empty before anything was played. Its first bar line is at zero.
    pub prompt: Phrase,
    /// The key heard in the prompt.
    pub heard_key: Option<Key>,
    /// The chord that is held, or was played last.
    pub heard_chord: Option<Chord>,
    /// The bars that the user drew over.
    pub selection: Option<Selection>,
    /// What the model answered, in its order: each starts at the bar line at or after the prompt's end. Empty before
    /// there is an answer.
    pub candidates: Arc<Vec<Candidate>>,
    /// The place of the candidate that is shown, plays and is kept.
    pub auditioned: usize,
    /// What was asked for when they came.
    pub answered: Task,
    /// Whether they answer the prompt that is shown: only then can their attention be drawn into it.
    pub answers_prompt: bool,
    /// Where the answer's first bar line lies in what was heard.
    pub answer_at: Ticks,
    /// What the user thinks of each candidate, in their order.
    pub marks: Vec<Mark>,
    /// The candidate from which a way to another one is to be made; the panel sets and clears it.
    pub between: Option<usize>,
    /// The notes that could stand in the place of one of the shown candidate; `None` while none were asked for.
    pub alternatives: Option<Alternatives>,
    /// The phrases that the chosen model knows, as a map; `None` for a model without one.
    pub map: Option<Arc<Map>>,
    /// All answers of this project, the oldest first.
    pub history: Arc<Vec<Answered>>,
    /// The place in the history of the answer that is shown.
    pub recalled: Option<usize>,
    /// The phrases that the user likes, the oldest first.
    pub favourites: Arc<Vec<Piece>>,
    /// The phrases of the Keep track, in the song's order.
    pub song: Arc<Vec<Piece>>,
    /// What Undo would take back, in a word or two.
    pub undo: Option<String>,
    /// What Redo would bring again.
    pub redo: Option<String>,
    /// Settings that can be called up by name, those that ship first.
    pub presets: Arc<Vec<PresetEntry>>,
    /// The id of the preset that was chosen last, until a knob moves.
    pub preset: Option<String>,
    /// Which of the two sets of settings is in use.
    pub side: Side,
    /// What sounds, where something does.
    pub sounds: Sounds,
    /// Whether phrases can be dragged out of the window here.
    pub can_drag_out: bool,
    /// Something that went well and should be known, as a sentence: where a file was saved.
    pub news: Option<String>,
    /// Where the music is, in ticks from the answer's first bar line; before it, negative. `None` while nothing plays.
    pub play_head: Option<Ticks>,
    /// What the worker is doing.
    pub work: Work,
    /// What the host's, or the standalone's own, transport is doing.
    pub transport: Transport,
    /// The keys that sound: played, answered or clicked.
    pub pressed: PressedKeys,
    /// Notes that were lost because more came than could be kept; 0 is good.
    pub dropped_events: u64,
    /// What only the standalone shows; `None` in a host.
    pub standalone: Option<Standalone>,
    /// Dark or light.
    pub look: Look,
}

/// One model as the menu shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelEntry {
    /// The name of its pack: what [`Settings::model`] and the state hold.
    pub id: String,
    /// Its name in the menu.
    pub name: String,
    /// What it does, in a few words.
    pub description: String,
    /// What it can do, what it is best at first.
    pub tasks: Vec<Task>,
    /// The controls that it honours.
    pub knobs: Vec<Knob>,
    /// The styles that it knows apart; empty for one that does not.
    pub styles: Vec<Style>,
    /// Why it cannot be used, as a sentence; `None` when it can.
    pub problem: Option<String>,
}

/// The knobs as they stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The chosen model's id; one that no entry has is shown as missing.
    pub model: String,
    /// What the button does.
    pub task: Task,
    /// How far similar phrases may lie from what was played, 0 to 1.
    pub neighbourhood: f32,
    /// How daring, 0 to 2.
    pub temperature: f32,
    /// The share of likely notes to draw from, above 0 and up to 1.
    pub top_p: f32,
    /// Length of the answer in bars, 1 to 64.
    pub bars: u32,
    /// Whether the answer's first bar leans towards a chord.
    pub chord_on: bool,
    /// That chord, or a progression, as the user writes it; it may be neither yet.
    pub chord: String,
    /// How much chord notes gain, 0 to 1.
    pub chord_strength: f32,
    /// The style to play in; `None`: the model's own choice.
    pub style: Option<Style>,
    /// The scale that the answer keeps to.
    pub key_lock: KeyLock,
    /// Where the dice start, 0 to 999,999.
    pub seed: u32,
    /// Whether Continue keeps the seed, instead of rolling a new one each time.
    pub seed_locked: bool,
    /// When the answer begins to play.
    pub start: Start,
    /// How many of the last bars that were played make the prompt, 1 to 32.
    pub listen_bars: u32,
    /// The MIDI channel that the answer is sent on, 1 to 16; `None`: the channel that was played on.
    pub channel: Option<u8>,
    /// How many candidates, 1 to 16.
    pub count: u32,
    /// How many notes there are, in proportion to what was played, 0.25 to 4; at 1 the model decides.
    pub density: f32,
    /// The lowest pitch that may come.
    pub lowest: Pitch,
    /// The highest pitch that may come.
    pub highest: Pitch,
    /// Beats from the start that a variation leaves as they are, 0 to 64.
    pub kept_beats: u32,
    /// What goes on to the next device.
    pub mix: Mix,
    /// Whether answers begin again at their end until Stop.
    pub looped: bool,
    /// Call and response: whether each pause of the player is answered.
    pub responds: bool,
    /// The key that asks for an answer.
    pub trigger_key: Option<Pitch>,
    /// The MIDI controller, 1 to 119, that asks for an answer when it goes past its middle.
    pub trigger_cc: Option<u8>,
}

impl Settings {
    /// The highest temperature.
    pub const MAX_TEMPERATURE: f32 = 2.0;
    /// The lowest top-p that a knob offers.
    pub const MIN_TOP_P: f32 = 0.05;
    /// The highest seed: six digits can be read out and written down.
    pub const MAX_SEED: u32 = 999_999;
    /// The most bars that can be listened to.
    pub const MAX_LISTEN_BARS: u32 = 32;
    /// The most candidates that can be asked for.
    pub const MAX_COUNT: u32 = 16;
    /// The most beats that a variation can leave as they are.
    pub const MAX_KEPT_BEATS: u32 = 64;
    /// The chord that a newcomer finds (paper B's seed).
    pub const DEFAULT_CHORD: &str = "Cadd9";

    /// Why what is written where the chord goes cannot be used, as a sentence; `None` when it can, or is off.
    pub fn chord_problem(&self) -> Option<String> {
        let written = self.chord.trim();
        let several = written.contains(['|', '%']) || written.contains(char::is_whitespace);
        match (self.chord_on, several) {
            (false, _) => None,
            (true, true) => written.parse::<Progression>().err().map(|error| error.to_string()),
            (true, false) => written.parse::<Chord>().err().map(|error| error.to_string()),
        }
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            model: String::new(),
            task: Task::Continue,
            neighbourhood: 0.2,
            temperature: 0.9,
            top_p: 0.95,
            bars: 8,
            chord_on: false,
            chord: Settings::DEFAULT_CHORD.to_owned(),
            chord_strength: Request::CHORD_STRENGTH,
            style: None,
            key_lock: KeyLock::Off,
            seed: 0,
            seed_locked: false,
            start: Start::NextBar,
            listen_bars: 4,
            channel: None,
            count: 4,
            density: 1.0,
            lowest: Pitch::LOWEST,
            highest: Pitch::HIGHEST,
            kept_beats: 0,
            mix: Mix::Beside,
            looped: false,
            responds: false,
            trigger_key: None,
            trigger_cc: None,
        }
    }
}

/// When an answer begins to play.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Start {
    /// As soon as it is there.
    Now,
    /// At the next beat.
    NextBeat,
    /// At the next bar line.
    #[default]
    NextBar,
}

/// What goes on to the next device while an answer plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mix {
    /// What is played, and the answer beside it.
    #[default]
    Beside,
    /// The answer alone: what is played meanwhile is heard by Continuo only.
    Instead,
    /// What is played alone: answers are looked at, saved and dragged out, but not sent.
    Through,
}

/// What the worker is doing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Work {
    /// Nothing was played yet, or it was cleared.
    #[default]
    Idle,
    /// Something is being played to it.
    Listening,
    /// A model is at work.
    Generating {
        /// For how long already.
        elapsed: Duration,
    },
    /// The answer is there.
    Answered {
        /// How long it took.
        took: Duration,
    },
    /// It went wrong; a sentence that says what to do.
    Problem(String),
}

/// The transport: whether time runs, how fast, in what meter.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Transport {
    /// Whether it runs.
    pub playing: bool,
    /// The tempo.
    pub tempo: Tempo,
    /// The time signature.
    pub meter: Meter,
}

/// Which colours the panel has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Look {
    /// Light on dark.
    #[default]
    Dark,
    /// Dark on light.
    Light,
}

/// A set of MIDI keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PressedKeys(u128);

impl PressedKeys {
    /// Adds a key.
    pub fn press(&mut self, pitch: Pitch) {
        self.0 |= 1 << pitch.number();
    }

    /// Removes a key.
    pub fn release(&mut self, pitch: Pitch) {
        self.0 &= !(1 << pitch.number());
    }

    /// The keys from the lowest.
    pub fn pitches(self) -> impl Iterator<Item = Pitch> {
        (0..128).filter_map(Pitch::new).filter(move |pitch| self.contains(*pitch))
    }

    /// Whether a key is in the set.
    pub fn contains(self, pitch: Pitch) -> bool {
        self.0 >> pitch.number() & 1 == 1
    }
}

impl FromIterator<Pitch> for PressedKeys {
    fn from_iter<I: IntoIterator<Item = Pitch>>(pitches: I) -> PressedKeys {
        let mut keys = PressedKeys::default();
        pitches.into_iter().for_each(|pitch| keys.press(pitch));
        keys
    }
}

impl ViewModel {
    /// The chosen model's entry, if it is there.
    pub fn chosen(&self) -> Option<&ModelEntry> {
        self.models.iter().find(|entry| entry.id == self.settings.model)
    }

    /// The candidate that is shown.
    pub fn answer(&self) -> Option<&Candidate> {
        self.candidates.get(self.auditioned)
    }

    /// Whether the chosen model is there, can be used and honours this knob.
    pub fn honours(&self, knob: Knob) -> bool {
        self.chosen().is_some_and(|entry| entry.problem.is_none() && entry.knobs.contains(&knob))
    }
}

impl Default for ViewModel {
    fn default() -> ViewModel {
        ViewModel {
            models: Vec::new(),
            settings: Settings::default(),
            heard: Phrase::default(),
            taken: Span::default(),
            listen_head: None,
            prompt: Phrase::default(),
            heard_key: None,
            heard_chord: None,
            selection: None,
            candidates: Arc::default(),
            auditioned: 0,
            answered: Task::Continue,
            answers_prompt: false,
            answer_at: Ticks::ZERO,
            marks: Vec::new(),
            between: None,
            alternatives: None,
            map: None,
            history: Arc::default(),
            recalled: None,
            favourites: Arc::default(),
            song: Arc::default(),
            undo: None,
            redo: None,
            presets: Arc::default(),
            preset: None,
            side: Side::A,
            sounds: Sounds::Nothing,
            can_drag_out: false,
            news: None,
            play_head: None,
            work: Work::Idle,
            transport: Transport::default(),
            pressed: PressedKeys::default(),
            dropped_events: 0,
            standalone: None,
            look: Look::Dark,
        }
    }
}
