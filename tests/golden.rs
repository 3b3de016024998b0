//! The whole chain on Twinkle, note for note: fails when anything between the file and the answer changes.
//!
//! After a change that is meant, run `CONTINUO_GOLDEN=write cargo test -p continuo-tests --test golden` and look at the
//! difference before committing it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use generator::{Cancel, KeyLock, Library, Request};
use melody::midi;

fn golden_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name)
}

/// The answer as text: a header, then for each note its onset and length in quarters, pitch and velocity.
fn answer(model: &str, change: impl FnOnce(&mut Request)) -> String {
    let tune = include_bytes!("../assets/twinkle.mid");
    let prompt = midi::read(tune).unwrap().melody().unwrap();
    let mut request = Request { seed: 7, ..Request::to_continue(prompt) };
    change(&mut request);
    let model = Library::shipped().open(model).unwrap();
    let candidates = model.generate(&request, &Cancel::never()).unwrap();
    let mut text = String::new();
    for candidate in candidates {
        let phrase = &candidate.phrase;
        writeln!(
            text,
            "seed {} bars {} meter {} {}",
            candidate.seed,
            phrase.bars(),
            phrase.meter,
            phrase.tempo
        )
        .unwrap();
        for note in phrase.notes() {
            writeln!(text, "{} {} {} {}", note.onset, note.length, note.pitch, note.velocity).unwrap();
        }
    }
    text
}

fn compare(name: &str, found: &str) {
    let path = golden_file(name);
    if std::env::var("CONTINUO_GOLDEN").is_ok_and(|wish| wish == "write") {
        std::fs::write(&path, found).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    let differing = expected.lines().zip(found.lines()).position(|(left, right)| left != right);
    assert!(expected == found, "{name} differs from line {:?} on:\n{found}", differing.map(|line| line + 1));
}

#[test]
fn seq2seq_continues_twinkle_as_before() {
    compare("seq2seq.txt", &answer("seq2seq", |request| request.count = 2));
}

#[test]
fn seq2seq_with_chord_and_key_continues_twinkle_as_before() {
    let change = |request: &mut Request| {
        request.chord = "Cadd9".parse().ok();
        request.key_lock = KeyLock::Heard;
        request.temperature = 1.2;
        request.bars = 4;
    };
    compare("seq2seq-steered.txt", &answer("seq2seq", change));
}

#[test]
fn dice_continue_twinkle_as_before() {
    compare("random.txt", &answer("random", |request| request.bars = 2));
    compare("random-corpus.txt", &answer("random-corpus", |request| request.bars = 2));
}
