//! The chord seed is heard: the first bar follows the chord far more than it does without.

use generator::{Cancel, Candidate, Library, Request};
use melody::{Chord, Ticks, midi};

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
