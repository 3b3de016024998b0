//! `continuo next`, `vary`, `morph` and `fresh`: what they write and say when all is well.

use melody::{Note, Ticks};
use serde_json::Value;

use crate::program::Desk;

const DICE: &str = "fresh --model random";

fn names(desk: &Desk, folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(desk.path(folder)).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn many_fresh_melodies_are_numbered_and_each_is_what_its_seed_alone_gives() {
    let desk = Desk::new();
    // More than one request may have.
    let report = desk.ask(&format!("{DICE} --count 70 --seed 1 --bars 2 -o many --picture"));
    assert_eq!(names(&desk, "many").len(), 140);
    for (number, seed) in [(1, 1), (64, 64), (65, 65), (70, 70)] {
        desk.say(&format!("{DICE} --seed {seed} --bars 2 -o alone.mid"));
        assert_eq!(desk.bytes(&format!("many/{number:03}.mid")), desk.bytes("alone.mid"));
        assert_eq!(report["seeds"][number - 1], seed);
    }
    assert!(desk.bytes("many/070.png").starts_with(b"\x89PNG"));
    assert_eq!(
        (&report["task"], &report["prompt"], &report["bars"]),
        (&"fresh".into(), &Value::Null, &2.into())
    );
}

#[test]
fn seed_seven_gives_this_melody_on_every_machine() {
    let desk = Desk::new();
    let report = desk.ask(&format!("{DICE} --seed 7 --bars 2 -o out.mid"));
    let notes = report["answers"][0]["notes"].as_array().unwrap();
    let text = |note: &Value, name: &str| note[name].as_str().unwrap().to_owned();
    let told: Vec<String> = notes
        .iter()
        .map(|note| format!("{} {}:{}", text(note, "onset"), text(note, "name"), text(note, "length")))
        .collect();
    assert_eq!(told, ["0.0 D4:0.5", "0.5 A4:2.5", "3.0 G4:1.0", "4.0 C#4:3.0", "7.0 E4:1.0"]);
}

#[test]
fn a_fresh_melody_without_a_place_lies_in_the_current_folder() {
    let desk = Desk::new();
    desk.say(&format!("{DICE} --seed 1"));
    assert_eq!(desk.names(), ["fresh.mid", "twinkle.mid"]);
    desk.say(&format!("{DICE} --seed 1 --count 2"));
    assert_eq!(names(&desk, "fresh"), ["001.mid", "002.mid"]);
    assert_eq!(desk.bytes("fresh/001.mid"), desk.bytes("fresh.mid"));
}

#[test]
fn every_model_that_makes_fresh_melodies_fills_the_bars_and_keeps_the_key() {
    let desk = Desk::new();
    let able = desk.able("fresh");
    assert!(able.len() >= 2, "{able:?}");
    for id in able {
        let report =
            desk.ask(&format!("fresh --model {id} --count 3 --seed 4 --bars 4 --key \"D minor\" -o {id}"));
        assert_eq!(report["key"], "D minor");
        let heeds = !report["unheeded"].as_array().unwrap().contains(&"--key".into());
        let key: melody::Key = "D minor".parse().unwrap();
        for answer in report["answers"].as_array().unwrap() {
            assert_eq!(answer["length"], "16.0", "{id}");
            let track = desk.track(answer["file"].as_str().unwrap());
            assert!(!track.is_empty() && track.length() <= Ticks::quarters(16), "{id}");
            let inside = |note: &Note| key.contains(note.pitch.class());
            assert!(!heeds || track.notes().iter().all(inside), "{id} leaves the key it was given");
        }
    }
}

#[test]
fn next_notes_are_ranked_and_nothing_is_written_unasked() {
    let desk = Desk::new();
    for id in desk.able("next") {
        let report = desk.ask(&format!("next twinkle.mid --model {id} --count 5 --seed 1"));
        let chances: Vec<f64> = report["answers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|answer| answer["probability"].as_f64().unwrap())
            .collect();
        assert_eq!(chances.len(), 5, "{id}");
        assert!(chances.is_sorted_by(|first, second| first >= second), "{id}: {chances:?}");
        assert!(
            chances.iter().all(|share| *share > 0.0) && chances.iter().sum::<f64>() <= 1.0 + 1e-6,
            "{id}"
        );
        let words = desk.say(&format!("next twinkle.mid --model {id} --count 5 --seed 1"));
        assert_eq!(words.lines().filter(|line| line.ends_with('%')).count(), 5, "{words}");
        assert_eq!(desk.names(), ["twinkle.mid"]);
    }
}

#[test]
fn a_next_note_that_is_written_follows_the_prompt() {
    let desk = Desk::new();
    let heard = desk.track("twinkle.mid");
    for id in desk.able("next") {
        desk.say(&format!("next twinkle.mid --model {id} --count 2 --seed 1 -o {id}"));
        assert_eq!(names(&desk, &id), ["001.mid", "002.mid"]);
        let written = desk.track(&format!("{id}/001.mid"));
        assert_eq!(written.notes()[..heard.notes().len()], *heard.notes());
        assert!(written.notes().len() <= heard.notes().len() + 1);
    }
}

#[test]
fn variations_are_ranked_by_similarity_and_begin_at_once() {
    let desk = Desk::new();
    for id in desk.able("vary") {
        let words = format!("vary twinkle.mid --model {id} --count 4 --neighbourhood 0.3 --seed 2");
        let report = desk.ask(&words);
        let likeness: Vec<f64> = report["answers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|answer| answer["similarity"].as_f64().unwrap())
            .collect();
        assert!(likeness.is_sorted_by(|first, second| first >= second), "{id}: {likeness:?}");
        assert!(likeness.iter().all(|share| (-1.0..=1.001).contains(share)), "{id}: {likeness:?}");
        assert_eq!(names(&desk, "twinkle-varied"), ["001.mid", "002.mid", "003.mid", "004.mid"]);
        assert!(desk.track("twinkle-varied/001.mid").notes()[0].onset < Ticks::quarters(4));
        let before = desk.bytes("twinkle-varied/003.mid");
        desk.ask(&words);
        assert_eq!(desk.bytes("twinkle-varied/003.mid"), before, "{id}: the same seed gives the same");
    }
}

#[test]
fn a_morph_has_as_many_steps_as_were_asked_for() {
    let desk = Desk::new();
    desk.say(&format!("{DICE} --seed 9 -o other.mid"));
    for id in desk.able("morph") {
        let report = desk
            .ask(&format!("morph twinkle.mid other.mid --model {id} --steps 5 --seed 1 --picture -o {id}"));
        assert_eq!(report["answers"].as_array().unwrap().len(), 5);
        assert_eq!(names(&desk, &id).len(), 10);
        assert_ne!(desk.bytes(&format!("{id}/001.mid")), desk.bytes(&format!("{id}/005.mid")));
    }
}

#[test]
fn attention_comes_back_with_each_note_and_sums_to_one() {
    let desk = Desk::new();
    let models = desk.ask("models");
    let attentive =
        models["models"].as_array().unwrap().iter().any(|model| model["id"] == "seq2seq-attention");
    if !attentive {
        return;
    }
    let report = desk.ask("continue twinkle.mid --model seq2seq-attention --seed 1 -o out.mid");
    for note in report["answers"][0]["notes"].as_array().unwrap() {
        let looks = note["attention"].as_array().unwrap();
        let sum: f64 = looks.iter().map(|look| look["weight"].as_f64().unwrap()).sum();
        assert!(!looks.is_empty() && (sum - 1.0).abs() < 1e-3, "{looks:?}");
        assert!(looks.iter().all(|look| look["onset"].as_str().unwrap().parse::<Ticks>().is_ok()));
    }
}

#[test]
fn without_a_model_the_first_that_can_is_taken() {
    let desk = Desk::new();
    for (task, words) in [
        ("fresh", "fresh --seed 1 -o out.mid"),
        ("next", "next twinkle.mid --seed 1"),
        ("fill", "fill twinkle.mid --from 5 --bars 2 --seed 1 -o out.mid"),
        ("morph", "morph twinkle.mid twinkle.mid --seed 1 -o out"),
    ] {
        if let Some(first) = desk.able(task).first() {
            assert_eq!(desk.ask(words)["model"], first.as_str(), "{words}");
        }
    }
    // The VAE was made to vary, others can do it too.
    assert_eq!(desk.ask("vary twinkle.mid --seed 1 -o out")["model"], "vae");
}

#[test]
fn a_filled_tune_has_its_other_bars_as_they_were() {
    let desk = Desk::new();
    let report = desk.ask("fill twinkle.mid --from 5 --bars 2 --seed 1 -o filled.mid --picture");
    assert_eq!(report["task"], "fill");
    let (tune, filled) = (desk.track("twinkle.mid"), desk.track("filled.mid"));
    let outside = |note: &&Note| note.onset < Ticks::quarters(16) || note.onset >= Ticks::quarters(24);
    let others = |tune: &melody::Phrase| tune.notes().iter().filter(outside).copied().collect::<Vec<Note>>();
    assert_eq!(others(&tune), others(&filled));
}

#[test]
fn chords_bar_by_bar_are_heeded_and_told() {
    let desk = Desk::new();
    let report = desk.ask(&format!("{DICE} --progression \"Dm | G7\" --chord-strength 1 --seed 1 --bars 4"));
    assert_eq!((&report["progression"], &report["chord_strength"]), (&"Dm | G7".into(), &1.0.into()));
    assert_eq!(report["unheeded"], serde_json::json!([]));
    let chords: melody::Progression = "Dm | G7".parse().unwrap();
    let tune = desk.track("fresh.mid");
    let strong: Vec<&Note> = tune.notes().iter().filter(|note| note.onset.0 % (2 * 960) == 0).collect();
    assert!(!strong.is_empty());
    for note in strong {
        let chord = chords.chord_at(note.onset, melody::Meter::COMMON).unwrap();
        assert!(chord.contains(note.pitch.class()), "{} on {chord}", note.pitch);
    }
}

#[test]
fn a_prompt_of_several_voices_is_heard_by_its_highest_and_that_is_said() {
    let desk = Desk::new();
    let twinkle = desk.track("twinkle.mid");
    let thirds = twinkle.notes().iter().flat_map(|note| {
        let below = note.pitch.transposed(-4).unwrap();
        [*note, Note { pitch: below, ..*note }]
    });
    let both = melody::Phrase::new(thirds.collect(), twinkle.meter, twinkle.tempo);
    desk.lay("thirds.mid", &melody::midi::write_phrase(&both, "Thirds"));
    let run = desk.run("continue thirds.mid --model random --seed 1 -o out.mid");
    assert_eq!(run.code, Some(0));
    assert!(
        run.err.contains("thirds.mid: track 1 plays several notes at once; of these the highest is heard")
    );
    assert_eq!(desk.track("out.mid").notes()[0], twinkle.notes()[0]);
}

#[test]
fn a_model_of_several_voices_hears_them_all_and_the_file_keeps_them() {
    let desk = Desk::new();
    let twinkle = desk.track("twinkle.mid");
    let below = |note: &Note| Note { pitch: note.pitch.transposed(-12).unwrap(), ..*note };
    let octaves = twinkle.notes().iter().flat_map(|note| [below(note), *note]);
    let both = melody::Phrase::new(octaves.collect(), twinkle.meter, twinkle.tempo);
    desk.lay("octaves.mid", &melody::midi::write_phrase(&both, "Octaves"));
    for model in ["lstm-gan", "basic-lstm", "dense", "biaxial-lstm"] {
        let run = desk.run(&format!("continue octaves.mid --model {model} --bars 1 --seed 1 -o out.mid"));
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{model}");
        let written = melody::midi::read(&desk.bytes("out.mid")).unwrap();
        assert_eq!(written.tracks[0].notes[..both.notes().len()], *both.notes(), "{model}");
    }
}
