//! From the click on Continue to the first note that comes out, in a host that keeps to the clock.

#[path = "../figures.rs"]
mod figures;

use std::thread;
use std::time::{Duration, Instant};

use figures::{Sample, figure, is_quick, remark};
use generator::Library;
use harness::{Blocks, Format, Host, Kind, Product, Session, Setup, Timeline, Voice, tunes};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

const FRAMES: u32 = 256;
/// Milliseconds of a block.
const BLOCK: f64 = FRAMES as f64 * 1e3 / Session::RATE;
/// Milliseconds that the first note may take.
const GOAL: f64 = BLOCK + 15.0;
/// Blocks of the clock's own pace between the tune and the click: the worker has come to rest as it does with a user.
const PAUSE: u64 = 40;
/// Blocks after which no note is waited for.
const PATIENCE: u64 = 2_000;

/// How Continue is clicked.
#[derive(Clone, Copy)]
enum Way {
    /// The host moves the parameter.
    Parameter,
    /// The player presses the chosen key.
    Key,
}

/// How long after the click the first note was there.
struct Waited {
    /// Calls of `process()` from the click on, the one that gave the note included.
    blocks: f64,
    /// Until that call was over.
    milliseconds: f64,
}

/// Blocks that begin when the clock says so, as an audio interface asks for them.
struct Pace {
    start: Instant,
    blocks: u32,
}

impl Pace {
    fn begin() -> Pace {
        Pace { start: Instant::now(), blocks: 0 }
    }

    /// Waits for the next block's time and says when that is.
    fn wait(&mut self) {
        self.blocks += 1;
        let due = self.start + Duration::from_secs_f64(BLOCK / 1e3) * self.blocks;
        thread::sleep(due.saturating_duration_since(Instant::now()));
    }
}

fn main() {
    let rounds = if is_quick() { 10 } else { 50 };
    let has_network = Library::shipped().listings().iter().any(|listing| listing.id == "seq2seq");
    let model = if has_network { "seq2seq" } else { "random" };
    if !has_network {
        remark("the model seq2seq is not in models/seq2seq: the model random answers in its place");
    }
    remark(&format!(
        "click: wall time and process() calls from a click at any moment to the end of the call with the first \
         note-on; {model} with the chord C, so that its answers begin with a note and not with a rest, start = now, \
         CLAP, paced blocks of {FRAMES} at 48 kHz, {rounds} clicks"
    ));
    let through = through(rounds);
    for (name, way) in [("by the parameter", Way::Parameter), ("by the trigger key", Way::Key)] {
        report(name, &answers(model, way, rounds), &through);
    }
    remark(
        "the panel's own click is not reached from a host without its window; it wakes the worker at once",
    );
}

fn report(name: &str, waited: &[Waited], through: &[Waited]) {
    let milliseconds = |waited: &[Waited]| Sample::new(waited.iter().map(|w| w.milliseconds).collect());
    let blocks = |waited: &[Waited]| Sample::new(waited.iter().map(|w| w.blocks).collect());
    for (which, share) in [("median", 0.5), ("worst", 1.0)] {
        let (ours, theirs) = (milliseconds(waited).at(share), milliseconds(through).at(share));
        figure(
            &format!("click {name} to first note, {which}"),
            format!("{ours:.1} ms, {} blocks", blocks(waited).at(share)),
            format!("pass-through, key to note: {theirs:.1} ms, {} blocks", blocks(through).at(share)),
            Some(ours / theirs),
            Some((&format!("at most a block + 15 ms ({GOAL:.1} ms)"), ours <= GOAL)),
        );
    }
}

/// Clicks after the tune, round after round, in one instance.
fn answers(model: &str, way: Way, rounds: usize) -> Vec<Waited> {
    let mut session = Session::bare(Format::Clap, 120.0, Blocks::Even(FRAMES));
    session.choose_model(model);
    session.host.choose("Start", "now");
    session.host.choose("Chord seed", "C");
    session.host.choose("Trigger key", "C1");
    let knob = session.host.knob("Continue").id;
    let (down, up) = match way {
        Way::Parameter => (Kind::Knob(knob, 1.0), Kind::Knob(knob, 0.0)),
        Way::Key => (Kind::On(Voice::new(0, 24), 0.8), Kind::Off(Voice::new(0, 24), 0.0)),
    };
    let mut draw = ChaCha8Rng::seed_from_u64(1);
    let mut waited = Vec::new();
    // The first two rounds load the model and are not counted.
    for round in 0..rounds + 2 {
        session.timeline.stop();
        session.run_for(u64::from(FRAMES) * 4);
        session.timeline.jump(0.0);
        session.play(&tunes::twinkle());
        session.run_to_beat(15.9);
        session.timeline.rest(&mut *session.host, Duration::from_millis(if round < 2 { 500 } else { 30 }));
        let mut pace = Pace::begin();
        for _ in 0..PAUSE {
            pace.wait();
            session.timeline.step(&mut *session.host, FRAMES);
        }
        let click = click_within_a_block(&mut draw);
        let now = session.timeline.now();
        session.timeline.cue_sample(now, down);
        session.timeline.cue_sample(now + u64::from(FRAMES), up);
        let found = first_note(&mut session.timeline, &mut *session.host, &mut pace, click);
        if round >= 2 {
            waited.push(found);
        }
    }
    waited
}

/// A key played through the bare pass-through: what the host itself needs.
fn through(rounds: usize) -> Vec<Waited> {
    let mut host = Product::PASSTHROUGH.open(Format::Clap);
    host.activate(Setup { sample_rate: Session::RATE, ..Setup::default() });
    let mut timeline = Timeline::new(Session::RATE, 120.0, Blocks::Even(FRAMES));
    timeline.play();
    let mut draw = ChaCha8Rng::seed_from_u64(1);
    let mut waited = Vec::new();
    for _ in 0..rounds {
        let mut pace = Pace::begin();
        for _ in 0..4 {
            pace.wait();
            timeline.step(&mut *host, FRAMES);
        }
        let click = click_within_a_block(&mut draw);
        let now = timeline.now();
        timeline.cue_sample(now, Kind::On(Voice::new(0, 60), 0.8));
        timeline.cue_sample(now + u64::from(FRAMES), Kind::Off(Voice::new(0, 60), 0.0));
        waited.push(first_note(&mut timeline, &mut *host, &mut pace, click));
    }
    waited
}

/// Lets a part of a block's time pass, as the user neither knows nor cares where blocks begin, and clicks.
fn click_within_a_block(draw: &mut ChaCha8Rng) -> Instant {
    let share = f64::from(draw.next_u32()) / f64::from(u32::MAX);
    thread::sleep(Duration::from_secs_f64(share * 0.9 * BLOCK / 1e3));
    Instant::now()
}

/// Goes on in the clock's pace until a note begins.
fn first_note(timeline: &mut Timeline, host: &mut dyn Host, pace: &mut Pace, click: Instant) -> Waited {
    for blocks in 1..=PATIENCE {
        pace.wait();
        let heard = timeline.step(host, FRAMES);
        let at = click.elapsed();
        if heard.iter().any(|event| matches!(event.kind, Kind::On(..))) {
            return Waited { blocks: blocks as f64, milliseconds: at.as_secs_f64() * 1e3 };
        }
    }
    panic!("no note begins within {PATIENCE} blocks of the click");
}
