//! Eight bars after Twinkle from seq2seq, on one thread, beside onnxruntime and beside what arithmetic allows; and from
//! every model.

mod bound;
mod cpu;
#[path = "../figures.rs"]
mod figures;
mod kernels;
mod models;
mod peer;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use std::{env, fs};

use generator::seq2seq::Seq2seq;
use generator::{Cancel, Library, Request};
use melody::{Phrase, Prompt, midi};

use bound::Bound;
use figures::{Sample, figure, is_quick, remark};
use peer::Onnxruntime;

const MODEL: &str = "seq2seq";
/// The notes that the goal speaks of, and the steps of a walk: a note or rest each.
const NOTES: usize = 64;
/// Milliseconds of CPU that [`NOTES`] notes may take.
const ANSWER_GOAL: f64 = 5.0;
/// Milliseconds that loading and the first answer may take.
const FIRST_GOAL: f64 = 60.0;
/// How this program calls itself for an answer in a fresh process.
const CHILD: &str = "first-answer";

fn main() {
    let library = Library::shipped();
    if !library.listings().iter().any(|listing| listing.id == MODEL) {
        remark("the model seq2seq is not in models/seq2seq, so its answers are not measured");
        remark("make it with `cargo xtask train seq2seq --data FOLDER`, then run this again");
        return;
    }
    if env::args().any(|arg| arg == CHILD) {
        println!("{}", first_answer(&library));
        return;
    }
    let pack = library.pack(MODEL).expect("a shipped model has a pack");
    let network = Seq2seq::open(&pack).expect("a shipped model opens");
    let prompt = Prompt::of(&twinkle());
    let ids: Vec<usize> = prompt.tokens.iter().map(|token| network.vocabulary().nearest(*token)).collect();
    let window = pack.card.window;
    let greedy = network.likeliest(&prompt.tokens, NOTES).expect("a model that opened runs");
    let greedy: Vec<usize> =
        greedy.into_iter().map(|(token, _)| network.vocabulary().nearest(token)).collect();
    let heard = &ids[ids.len() - window..];
    let folder = root().join("models").join(MODEL);
    let peer = Onnxruntime::walk(&folder, heard, NOTES, if is_quick() { 5 } else { 30 });
    let bound = Bound::measure(network.vocabulary().len(), window);

    report_answers(&library, &bound, peer.as_ref().ok());
    report_walk(&network, &[heard, &greedy].concat(), peer.as_ref().ok());
    report_first_answer(peer.as_ref().ok());
    models::report(&library, &twinkle());
    match peer {
        Ok(peer) if peer.ids != greedy => remark(&format!(
            "onnxruntime {} takes another way through the same graphs from its step {} on",
            peer.version,
            peer.ids.iter().zip(&greedy).take_while(|(theirs, ours)| theirs == ours).count() + 1
        )),
        Ok(peer) => remark(&format!(
            "onnxruntime {} (Python, 1 thread) chose the same {NOTES} tokens; its figure holds Python's calls",
            peer.version
        )),
        Err(reason) => remark(&format!("onnxruntime is not beside it: {reason}")),
    }
}

/// The whole answer through the interface that the plugin uses.
fn report_answers(library: &Library, bound: &Bound, peer: Option<&Onnxruntime>) {
    let model = library.open(MODEL).expect("a shipped model opens");
    let (mut whole, mut each, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    for seed in 0..if is_quick() { 8 } else { 60 } {
        let request = Request { seed, ..Request::to_continue(twinkle()) };
        let (candidates, took) = cpu::timed(|| model.generate(&request, &Cancel::never()));
        let candidates = candidates.expect("Twinkle can be continued");
        // Each note and each rest is a step of the network.
        let count = Prompt::of(&candidates[0].phrase).tokens.len();
        // The first seeds fill the caches and are not counted.
        if seed >= 3 {
            whole.push(took * 1e3);
            each.push(took * 1e6 / count as f64);
            steps.push(count as f64);
        }
    }
    let (whole, each, steps) = (Sample::new(whole), Sample::new(each), Sample::new(steps));
    remark(
        "answer: CPU time of one thread for 8 bars after Twinkle, another seed each run, by Generator::generate",
    );
    figure(
        "8 bars after Twinkle",
        format!("{} ms CPU, {} to {} notes and rests", spread(&whole), steps.at(0.0), steps.at(1.0)),
        "-",
        None,
        None,
    );
    let per_step = each.at(0.5);
    figure(
        "a note or rest of it, beside the arithmetic bound",
        format!("{} us CPU", spread(&each)),
        bound,
        Some(per_step / (bound.seconds() * 1e6)),
        None,
    );
    let all = per_step * NOTES as f64 / 1e3;
    figure(
        "64 notes and rests of it",
        format!("{all:.2} ms CPU"),
        peer.map_or_else(|| "-".to_owned(), |peer| format!("onnxruntime, 64 steps: {:.2} ms", peer.walk)),
        peer.map(|peer| all / peer.walk),
        Some((&format!("at most {ANSWER_GOAL} ms CPU"), all <= ANSWER_GOAL)),
    );
}

/// The two graphs alone, without steering and dice.
fn report_walk(network: &Seq2seq, line: &[usize], peer: Option<&Onnxruntime>) {
    let walks = (0..if is_quick() { 8 } else { 40 })
        .map(|_| {
            let (scores, took) = cpu::timed(|| network.teacher_forced(line));
            assert_eq!(scores.expect("a model that opened runs").len(), NOTES);
            took * 1e3
        })
        .collect();
    let walk = Sample::new(walks);
    remark(
        "walk: CPU time of 64 steps through encoder.onnx and decoder.onnx, the same tokens in both engines",
    );
    figure(
        "64 steps, the graphs alone",
        format!("{} ms CPU", spread(&walk)),
        peer.map_or_else(|| "-".to_owned(), |peer| format!("onnxruntime: {:.2} ms CPU", peer.walk)),
        peer.map(|peer| walk.at(0.5) / peer.walk),
        None,
    );
}

/// Loading and the first answer, each time in a process that has done nothing else.
fn report_first_answer(peer: Option<&Onnxruntime>) {
    let program = env::current_exe().expect("a running program has a file");
    let runs = (0..if is_quick() { 3 } else { 20 })
        .map(|_| {
            let child =
                Command::new(&program).arg(CHILD).output().expect("this program can be started again");
            String::from_utf8_lossy(&child.stdout).trim().parse().expect("it prints milliseconds")
        })
        .collect();
    let first = Sample::new(runs);
    remark(
        "first answer: wall time in a fresh process to unpack, check (hashes, graphs, canary), load and answer",
    );
    figure(
        "load + first answer",
        format!("{} ms, worst {:.1}", spread(&first), first.at(1.0)),
        peer.map_or_else(
            || "-".to_owned(),
            |peer| format!("onnxruntime, load + 64 steps unchecked: {:.1} ms", peer.first),
        ),
        peer.map(|peer| first.at(0.5) / peer.first),
        Some((&format!("under {FIRST_GOAL} ms"), first.at(0.5) < FIRST_GOAL)),
    );
}

/// Milliseconds from nothing to an answer.
fn first_answer(library: &Library) -> f64 {
    let request = Request::to_continue(twinkle());
    let start = Instant::now();
    let model = library.open(MODEL).expect("a shipped model opens");
    let candidates = model.generate(&request, &Cancel::never()).expect("Twinkle can be continued");
    let took = start.elapsed();
    assert_eq!(candidates.len(), 1);
    took.as_secs_f64() * 1e3
}

/// The median, and where the middle half lies.
fn spread(sample: &Sample) -> String {
    format!("{:.2} ({:.2} to {:.2})", sample.at(0.5), sample.at(0.25), sample.at(0.75))
}

fn twinkle() -> Phrase {
    let bytes = fs::read(root().join("assets/twinkle.mid")).expect("the tune is in the repository");
    midi::read(&bytes).expect("the tune is a MIDI file").melody().expect("the tune has a melody")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
