//! One call of `process()` over 32 frames: Continuo beside a bare pass-through that is fed the same.

#[path = "../figures.rs"]
mod figures;
mod lane;

use std::thread;
use std::time::Duration;

use figures::{Sample, figure, is_quick, remark};
use harness::{
    Blocks, Format, Kind, Product, Session, Setup, Timed, Timeline, Voice, heap, stopwatch, tunes,
};
use lane::Lane;

harness::watch_the_heap!();

const FRAMES: u32 = 32;
/// How many times the pass-through's time is allowed.
const GOAL: f64 = 1.25;
/// Blocks that one plugin processes before it is the other's turn: what disturbs one disturbs both.
const TURN: usize = 64;
/// Where the answer begins and ends, in quarters.
const ANSWER: (f64, f64) = (20.0, 52.0);

/// Times of single calls in nanoseconds, Continuo's and the pass-through's.
#[derive(Default)]
struct Pair {
    ours: Vec<f64>,
    theirs: Vec<f64>,
}

fn main() {
    assert!(heap::is_counting(), "this program's malloc stands in front of the C library's");
    let clock = clock();
    remark(&format!(
        "process(): wall time of the plugin's own call, {FRAMES} frames at 48 kHz, less the clock's {clock:.0} ns; \
         the two plugins in turns of {TURN} blocks; allocations are counted at malloc and free"
    ));
    for format in Format::ALL {
        let turns = if is_quick() { 40 } else { 400 };
        let (pair, tally) = in_turns(format, turns, |_| Vec::new());
        report(format, "idle, the song plays", &pair, &tally, clock);
        let (pair, tally) = in_turns(format, turns, steady_stream);
        report(format, "a note-on and a note-off in each block", &pair, &tally, clock);
        let (quiet, notes, tally) = answering(format);
        report(format, "while an answer plays, all blocks", &quiet, &tally, clock);
        report(format, "its blocks with notes; peer passes the same notes", &notes, &tally, clock);
    }
}

fn report(format: Format, case: &str, pair: &Pair, tally: &heap::Tally, clock: f64) {
    let less = |times: &[f64]| Sample::new(times.iter().map(|time| (time - clock).max(1.0)).collect());
    let (ours, theirs) = (less(&pair.ours), less(&pair.theirs));
    for (which, share) in [("median", 0.5), ("p99", 0.99)] {
        let ratio = ours.at(share) / theirs.at(share);
        figure(
            &format!("{format}: {case}, {which}"),
            format!("{:.0} ns", ours.at(share)),
            format!("pass-through: {:.0} ns", theirs.at(share)),
            Some(ratio),
            Some((&format!("at most {GOAL} x"), ratio <= GOAL)),
        );
    }
    let calls = tally.allocations + tally.frees;
    if calls > 0 {
        eprintln!("{format}, {case}: the first use of the heap\n{}", tally.first.as_deref().unwrap_or("-"));
    }
    figure(
        &format!("{format}: {case}, heap"),
        format!("{} allocations, {} frees in {} blocks", tally.allocations, tally.frees, pair.ours.len()),
        "-",
        None,
        Some(("none", calls == 0)),
    );
}

/// What the two looks at the clock take, in nanoseconds.
fn clock() -> f64 {
    let look = || {
        stopwatch::timed(|| std::hint::black_box(()));
        stopwatch::last().as_nanos() as f64
    };
    Sample::new((0..10_000).map(|_| look()).collect()).at(0.5)
}

/// A key for each block, and the one of the block before let go.
fn steady_stream(block: usize) -> Vec<(u32, Kind)> {
    let voice = |block: usize| Voice::new(0, 40 + (block % 40) as i16);
    let off = (block > 0).then(|| (3, Kind::Off(voice(block - 1), 0.0)));
    off.into_iter().chain([(17, Kind::On(voice(block), 0.7))]).collect()
}

/// Both plugins fed the same, in turns; Continuo's heap calls after the first turn.
fn in_turns(format: Format, turns: usize, feed: impl Fn(usize) -> Vec<(u32, Kind)>) -> (Pair, heap::Tally) {
    let session = Session::open(format, 120.0, Blocks::Even(FRAMES));
    let mut ours = Lane::of(session.host, session.timeline);
    let mut theirs = passthrough(format);
    let mut pair = Pair::default();
    let mut tally = heap::Tally::default();
    ours.timeline.play();
    theirs.timeline.play();
    for turn in 0..turns + 2 {
        let blocks = turn * TURN..(turn + 1) * TURN;
        heap::take_tally();
        let times: Vec<f64> = blocks.clone().map(|block| ours.step(&feed(block)).0).collect();
        let used = heap::take_tally();
        let peer: Vec<f64> = blocks.map(|block| theirs.step(&feed(block)).0).collect();
        // The worker is to keep up with the notes, as it does where the clock sets the pace.
        thread::sleep(Duration::from_millis(2));
        // The first two turns fill the caches and set up the thread.
        if turn >= 2 {
            pair.ours.extend(times);
            pair.theirs.extend(peer);
            add(&mut tally, used);
        }
    }
    (pair, tally)
}

/// An answer that plays: beside a pass-through that is fed nothing as well, and, for the blocks in which the answer's
/// notes come out, beside one that is fed just these.
fn answering(format: Format) -> (Pair, Pair, heap::Tally) {
    let mut session = Session::open(format, 120.0, Blocks::Even(FRAMES));
    session.play(&tunes::twinkle());
    session.run_to_beat(17.0);
    session.ask();
    session.run_to_beat(ANSWER.0 - 0.5);
    let mut ours = Lane::of(session.host, session.timeline);
    let (mut silent, mut fed) = (passthrough(format), passthrough(format));
    for lane in [&mut silent, &mut fed] {
        lane.timeline.play();
        lane.timeline.run_for(&mut *lane.host, u64::from(FRAMES) * 64);
    }
    let (mut all, mut notes) = (Pair::default(), Pair::default());
    let mut tally = heap::Tally::default();
    while ours.timeline.beat() < ANSWER.1 {
        heap::take_tally();
        let played: Vec<(f64, Vec<Timed>)> = (0..TURN).map(|_| ours.step(&[])).collect();
        add(&mut tally, heap::take_tally());
        all.ours.extend(played.iter().map(|(time, _)| time));
        all.theirs.extend((0..TURN).map(|_| silent.step(&[]).0));
        for (time, out) in played {
            let events: Vec<(u32, Kind)> = out
                .iter()
                .filter(|event| !matches!(event.kind, Kind::Knob(..)))
                .map(|event| ((event.sample % u64::from(FRAMES)) as u32, event.kind))
                .collect();
            let peer = fed.step(&events).0;
            if !events.is_empty() {
                notes.ours.push(time);
                notes.theirs.push(peer);
            }
        }
    }
    (all, notes, tally)
}

fn passthrough(format: Format) -> Lane {
    let mut host = Product::PASSTHROUGH.open(format);
    host.activate(Setup { sample_rate: Session::RATE, ..Setup::default() });
    Lane::of(host, Timeline::new(Session::RATE, 120.0, Blocks::Even(FRAMES)))
}

fn add(sum: &mut heap::Tally, tally: heap::Tally) {
    sum.allocations += tally.allocations;
    sum.frees += tally.frees;
    sum.first = sum.first.take().or(tally.first);
}
