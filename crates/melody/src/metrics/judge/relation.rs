//! Figures of how an answer goes on from its prompt: what it takes up, and how far it strays.

use super::{Feature, mean};
use crate::metrics::bars::{self, Sameness};
use crate::metrics::{Histogram, motifs, pitches, rhythm};
use crate::{Key, Note, Phrase, Ticks};

/// What is measured of an answer beside its prompt, both monophonic lines on the grid in one meter; the answer begins at
/// the bar line at or after the prompt's end.
pub fn of_answer(prompt: &Phrase, answer: &Phrase) -> Vec<Feature> {
    let mut features = taken_up(prompt, answer);
    features.extend(bars_ago(prompt, answer));
    features.extend(of_pitches(prompt.notes(), answer.notes()));
    features.extend(of_rhythm(prompt, answer));
    features
}

fn taken_up(prompt: &Phrase, answer: &Phrase) -> Vec<Feature> {
    let bars = |sameness, from, to| bars::taken_up_in(sameness, from, to).unwrap_or_default();
    let motif = |from, to, steps| motifs::taken_up(from, to, steps).unwrap_or_default();
    let longest = motifs::longest_shared(prompt, answer) as f64;
    vec![
        ("bars taken up as rhythm", bars(Sameness::Rhythm, prompt, answer)),
        ("bars taken up as shape", bars(Sameness::Shape, prompt, answer)),
        ("bars taken up exactly", bars(Sameness::Notes, prompt, answer)),
        ("answer's rhythms from the prompt", bars(Sameness::Rhythm, answer, prompt)),
        ("answer's shapes from the prompt", bars(Sameness::Shape, answer, prompt)),
        ("answer's bars from the prompt", bars(Sameness::Notes, answer, prompt)),
        ("motifs of 3 taken up", motif(prompt, answer, 3)),
        ("motifs of 4 taken up", motif(prompt, answer, 4)),
        ("answer's motifs of 3 from the prompt", motif(answer, prompt, 3)),
        ("answer's motifs of 4 from the prompt", motif(answer, prompt, 4)),
        ("longest motif shared", longest),
        (
            "longest motif shared, of the answer",
            longest / answer.notes().len().saturating_sub(1).max(1) as f64,
        ),
    ]
}

/// How alike the answer's bars are to those one, two and as many as the prompt has bars before them.
fn bars_ago(prompt: &Phrase, answer: &Phrase) -> Vec<Feature> {
    let (both, from) = (prompt.followed_by(answer), prompt.bars());
    let back = |sameness, bars| bars::likeness_back(sameness, &both, from, bars).unwrap_or_default();
    vec![
        ("notes one bar ago", back(Sameness::Notes, 1)),
        ("notes two bars ago", back(Sameness::Notes, 2)),
        ("notes a prompt ago", back(Sameness::Notes, from.max(1))),
        ("rhythm one bar ago", back(Sameness::Rhythm, 1)),
        ("rhythm two bars ago", back(Sameness::Rhythm, 2)),
        ("rhythm a prompt ago", back(Sameness::Rhythm, from.max(1))),
        ("first bar's notes a prompt ago", {
            let first = prompt.followed_by(&answer.between(Ticks::ZERO, answer.meter.bar()));
            bars::likeness_back(Sameness::Notes, &first, from, from.max(1)).unwrap_or_default()
        }),
    ]
}

fn of_pitches(prompt: &[Note], answer: &[Note]) -> Vec<Feature> {
    let key = Key::estimate(prompt).unwrap_or(Key::C_MAJOR);
    let answered = Key::estimate(answer).unwrap_or(key);
    let classes = |notes: &[Note]| notes.iter().map(|note| note.pitch.class().semitones()).collect();
    let (asked, told): (Histogram<u8>, Histogram<u8>) = (classes(prompt), classes(answer));
    let new = told.shares().filter(|(class, _)| asked.share(class) == 0.0).map(|(_, share)| share).sum();
    let number = |note: &Note| f64::from(note.pitch.number());
    let middle = |notes: &[Note]| mean(&notes.iter().map(number).collect::<Vec<f64>>());
    let highest = |notes: &[Note]| notes.iter().map(number).fold(0.0, f64::max);
    let lowest = |notes: &[Note]| notes.iter().map(number).fold(127.0, f64::min);
    let register = middle(answer) - middle(prompt);
    let range = |notes: &[Note]| pitches::range(notes).map(f64::from).unwrap_or_default();
    let entropy = |notes: &[Note]| pitches::class_entropy(notes).unwrap_or_default();
    let joint = prompt.last().zip(answer.first()).map_or(0.0, |(last, first)| number(first) - number(last));
    vec![
        ("pitch classes in common", asked.overlap(&told)),
        ("new pitch classes", new),
        ("share in the prompt's key", pitches::share_in_key(answer, key).unwrap_or_default()),
        ("key distance", distance(key, answered)),
        ("pitches in common", pitches::histogram(prompt).overlap(&pitches::histogram(answer))),
        ("intervals in common", pitches::intervals(prompt).overlap(&pitches::intervals(answer))),
        ("register", register),
        ("distance of registers", register.abs()),
        ("highest notes", highest(answer) - highest(prompt)),
        ("lowest notes", lowest(answer) - lowest(prompt)),
        ("change of range", range(answer) - range(prompt)),
        ("change of entropy", entropy(answer) - entropy(prompt)),
        ("interval into the answer", joint.abs()),
        (
            "change of repeated notes",
            pitches::repeated_share(answer).unwrap_or_default()
                - pitches::repeated_share(prompt).unwrap_or_default(),
        ),
    ]
}

fn of_rhythm(prompt: &Phrase, answer: &Phrase) -> Vec<Feature> {
    let ratio = |left: usize, right: usize| ((left as f64 + 0.5) / (right as f64 + 0.5)).log2();
    let (asked, told) = (prompt.notes(), answer.notes());
    let change = |figure: fn(&Phrase) -> Option<f64>| {
        figure(answer).unwrap_or_default() - figure(prompt).unwrap_or_default()
    };
    let busy = ratio(told.len(), asked.len());
    let begin = prompt.whole_bars();
    let pause = match asked.last().zip(told.first()) {
        Some((last, first)) => (begin - last.end() + first.onset).as_quarters(),
        None => 0.0,
    };
    vec![
        ("density", busy),
        ("distance of densities", busy.abs()),
        ("lengths in common", rhythm::lengths(asked).overlap(&rhythm::lengths(told))),
        ("waits in common", rhythm::waits(asked).overlap(&rhythm::waits(told))),
        ("places in common", rhythm::places(prompt).overlap(&rhythm::places(answer))),
        ("change of rests", change(rhythm::rest_share)),
        ("change of the off-beat", change(rhythm::off_beat_share)),
        ("pause before the answer", pause),
    ]
}

/// Fifths between two keys' scales, 0 to 6; a minor key counts as its relative major.
fn distance(left: Key, right: Key) -> f64 {
    let major = |key: Key| {
        let third = if key.mode == crate::Mode::Minor { 3 } else { 0 };
        i32::from(key.tonic.semitones()) + third
    };
    // Seven semitones are a fifth, and seven times seven is one modulo twelve.
    let fifths = ((major(left) - major(right)) * 7).rem_euclid(12);
    f64::from(fifths.min(12 - fifths))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::means::testing::line;

    fn of(prompt: &str, answer: &str, name: &str) -> f64 {
        let features = of_answer(&line(prompt), &line(answer));
        features.into_iter().find(|(known, _)| *known == name).map(|(_, figure)| figure).unwrap()
    }

    const PROMPT: &str = "C4:1.0 D4:1.0 E4:1.0 C4:1.0 E4:1.0 F4:1.0 G4:2.0";

    #[test]
    fn the_prompt_played_again_takes_all_up() {
        for name in [
            "bars taken up as rhythm",
            "bars taken up exactly",
            "motifs of 4 taken up",
            "notes a prompt ago",
            "first bar's notes a prompt ago",
            "pitch classes in common",
            "waits in common",
        ] {
            assert!((of(PROMPT, PROMPT, name) - 1.0).abs() < 1e-9, "{name}");
        }
        assert_eq!(of(PROMPT, PROMPT, "longest motif shared"), 6.0);
        for name in ["register", "density", "key distance", "new pitch classes", "change of rests"] {
            assert!(of(PROMPT, PROMPT, name).abs() < 1e-9, "{name}");
        }
    }

    #[test]
    fn an_answer_a_fourth_higher_keeps_shape_and_rhythm_and_leaves_the_register() {
        let higher = "F4:1.0 G4:1.0 A4:1.0 F4:1.0 A4:1.0 A#4:1.0 C5:2.0";
        assert_eq!(of(PROMPT, higher, "bars taken up as shape"), 1.0);
        assert_eq!(of(PROMPT, higher, "bars taken up exactly"), 0.0);
        assert!((of(PROMPT, higher, "register") - 5.0).abs() < 1e-9);
        assert_eq!(of(PROMPT, higher, "key distance"), 1.0);
        // F to G is up 2 from the prompt's last G: down 2.
        assert_eq!(of(PROMPT, higher, "interval into the answer"), 2.0);
    }

    #[test]
    fn keys_are_as_far_apart_as_their_signatures() {
        let key = |text: &str| text.parse::<Key>().unwrap();
        let apart = |left, right| distance(key(left), key(right));
        assert_eq!(apart("C major", "A minor"), 0.0);
        assert_eq!(apart("C major", "D major"), 2.0);
        assert_eq!(apart("C major", "F# major"), 6.0);
        assert_eq!(apart("Eb major", "E minor"), 4.0);
    }

    #[test]
    fn nothing_is_missing_where_there_is_nothing() {
        for (prompt, answer) in [("", ""), ("R:4.0", "C4:1.0"), ("C4:1.0", "R:4.0")] {
            assert!(of_answer(&line(prompt), &line(answer)).iter().all(|(_, figure)| figure.is_finite()));
        }
    }
}
