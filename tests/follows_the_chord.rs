//! Chords are heard: the first bar follows the chord seed, and strong beats follow a progression, far more than without.

use generator::{Cancel, Candidate, Knob, Library, Request, Task};
use melody::{Chord, Progression, Ticks, midi};

const SEEDS: u32 = 60;

fn first_bars(chord: Option<&str>) -> Vec<Candidate> {
    let tune = include_bytes!("../assets/twinkle.mid");
    let prompt = midi::read(tune).unwrap().melody().unwrap();
    let chord = chord.map(|symbol| symbol.parse().unwrap());
    let request = Request { bars: 2, count: SEEDS, chord, seed: 1000, ..Request::to_continue(prompt) };
    let model = Library::shipped().open("seq2seq").unwrap();
    model.generate(&request, &Cancel::never()).unwrap()
}

/// The share of the sounding time of the first bar that notes of the chord fill.
fn share_of(chord: &Chord, candidates: &[Candidate]) -> f64 {
    let (mut of_chord, mut all) = (Ticks::ZERO, Ticks::ZERO);
    for candidate in candidates {
        let bar = candidate.phrase.between(Ticks::ZERO, candidate.phrase.meter.bar());
        for note in bar.notes() {
            all += note.length;
            of_chord += if chord.contains(note.pitch.class()) { note.length } else { Ticks::ZERO };
        }
    }
    of_chord.as_quarters() / all.as_quarters()
}

#[test]
fn chords_of_the_key_and_chords_from_far_away_are_both_followed() {
    let free = first_bars(None);
    for symbol in ["Cadd9", "F", "G7", "Am", "Dm7", "Eb", "F#m7", "Bb/D"] {
        let chord: Chord = symbol.parse().unwrap();
        let led = first_bars(Some(symbol));
        let (without, with) = (share_of(&chord, &free), share_of(&chord, &led));
        println!(
            "{symbol:>6}: {:.0} % of the first bar is chord notes, {:.0} % without",
            100.0 * with,
            100.0 * without
        );
        let starts = led.iter().filter_map(|candidate| candidate.phrase.notes().first());
        assert!(
            starts.clone().count() == SEEDS as usize && starts.clone().all(|note| note.onset == Ticks::ZERO)
        );
        assert!(
            starts.clone().all(|note| chord.contains(note.pitch.class())),
            "{symbol} does not start on the chord"
        );
        assert!(with > 0.6 && with > without + 0.1, "{symbol}: {with:.2} with, {without:.2} without");
    }
}

#[test]
fn the_second_bar_is_free_again() {
    let candidates = first_bars(Some("F#"));
    let chord: Chord = "F#".parse().unwrap();
    let outside = candidates
        .iter()
        .flat_map(|candidate| candidate.phrase.notes())
        .filter(|note| note.onset >= Ticks::quarters(4) && !chord.contains(note.pitch.class()));
    assert!(outside.count() > SEEDS as usize);
}

/// The models of one voice, whose dice are leaned towards the chords.
const ONE_VOICE: [&str; 6] = ["seq2seq", "seq2seq-attention", "dnn", "gan", "random-corpus", "random"];

/// The share of notes that start on strong beats which are of their bar's chord.
fn on_the_chords(model: &str, chords: &Progression, chord_strength: f32) -> f64 {
    let model = Library::shipped().open(model).unwrap();
    assert!(model.card().knobs.contains(&Knob::Progression), "{}", model.card().id);
    let prompt = midi::read(include_bytes!("../assets/twinkle.mid")).unwrap().melody().unwrap();
    let task = if model.card().tasks.contains(&Task::Continue) { Task::Continue } else { Task::Fresh };
    let progression = Some(chords.clone());
    let request = Request { task, count: 20, progression, chord_strength, ..Request::to_continue(prompt) };
    let (mut of_chord, mut all) = (0, 0);
    for candidate in model.generate(&request, &Cancel::never()).unwrap() {
        let meter = candidate.phrase.meter;
        let strong = |onset: Ticks| meter.is_strong(onset - onset.floor_to(meter.bar()));
        for note in candidate.phrase.notes().iter().filter(|note| strong(note.onset)) {
            let chord = chords.chord_at(note.onset, meter).unwrap();
            all += 1;
            of_chord += usize::from(chord.contains(note.pitch.class()));
        }
    }
    of_chord as f64 / all as f64
}

#[test]
fn strong_beats_follow_a_progression_as_strongly_as_asked() {
    let chords: Progression = "C | Am | F | G7".parse().unwrap();
    for model in ONE_VOICE {
        let [free, usual, strong] = [0.0, 0.5, 1.0].map(|strength| on_the_chords(model, &chords, strength));
        println!(
            "{model:>17}: {free:.2} of strong beats on the chord by chance, {usual:.2} led, {strong:.2} led strongly"
        );
        // The GAN is so sure of its notes that a gain of a few nats turns few of them.
        let least = if model == "gan" { free + 0.05 } else { 0.75 };
        assert!(usual > least, "{model}: {usual:.2} led, {free:.2} by chance");
        assert_eq!(strong, 1.0, "{model} led strongly");
    }
}
