//! What `continuo continue` writes and says when all is well.

use melody::{Chord, Key, Note, Phrase, Song, Tempo, Ticks, Track, midi};
use serde_json::Value;

use crate::program::Desk;

/// The model that is always there.
const DICE: &str = "continue twinkle.mid --model random";

fn ticks(value: &Value) -> Ticks {
    value.as_str().unwrap().parse().unwrap()
}

#[test]
fn the_file_holds_the_prompt_and_then_the_answer() {
    let desk = Desk::new();
    let report = desk.ask(&format!("{DICE} --bars 4 --seed 7 -o out.mid"));
    let (heard, written) = (desk.track("twinkle.mid"), desk.track("out.mid"));
    let (prompt, answer) = written.notes().split_at(heard.notes().len());
    assert_eq!(prompt, heard.notes());
    assert_eq!((written.meter, written.tempo), (heard.meter, heard.tempo));

    let first_bar_line = heard.whole_bars();
    assert_eq!(ticks(&report["answers"][0]["starts_at"]), first_bar_line);
    assert!(!answer.is_empty());
    assert!(answer.iter().all(|note| note.onset >= first_bar_line));
    assert!(answer.iter().all(|note| note.end() <= first_bar_line + heard.meter.bar() * 4));
}

#[test]
fn the_report_tells_every_note_exactly() {
    let desk = Desk::new();
    let report = desk.ask(&format!("{DICE} --bars 4 --seed 7 --new-only -o out.mid --picture out.png"));
    let told: Vec<(Ticks, Ticks, u64, u64)> = report["answers"][0]["notes"]
        .as_array()
        .unwrap()
        .iter()
        .inspect(|note| assert!((0.0..=1.0).contains(&note["probability"].as_f64().unwrap())))
        .map(|note| {
            let number = |name: &str| note[name].as_u64().unwrap();
            (ticks(&note["onset"]), ticks(&note["length"]), number("pitch"), number("velocity"))
        })
        .collect();
    let tell =
        |note: &Note| (note.onset, note.length, u64::from(note.pitch.number()), u64::from(note.velocity));
    let written: Vec<_> = desk.track("out.mid").notes().iter().map(tell).collect();
    assert_eq!(told, written);
    assert_eq!(report["model"], "random");
    assert_eq!(report["seeds"], serde_json::json!([7]));
    assert_eq!(report["key"], "C major");
    assert_eq!(report["meter"], "4/4");
    assert_eq!(report["bars"], 4);
    assert_eq!(report["answers"][0]["file"], "out.mid");
    assert_eq!(report["answers"][0]["picture"], "out.png");
    assert!(report["milliseconds"]["total"].as_f64().unwrap() > 0.0);
}

#[test]
fn a_seed_gives_the_same_bytes_and_another_seed_others() {
    let desk = Desk::new();
    for (seed, out) in [(7, "a.mid"), (7, "b.mid"), (8, "c.mid")] {
        desk.say(&format!("{DICE} --seed {seed} -o {out}"));
    }
    assert_eq!(desk.bytes("a.mid"), desk.bytes("b.mid"));
    assert_ne!(desk.bytes("a.mid"), desk.bytes("c.mid"));
}

#[test]
fn without_a_seed_one_is_drawn_and_told() {
    let desk = Desk::new();
    let seed = |out: &str| desk.ask(&format!("{DICE} -o {out}"))["seeds"][0].as_u64().unwrap();
    let (first, second) = (seed("a.mid"), seed("b.mid"));
    assert_ne!(first, second);
    desk.say(&format!("{DICE} --seed {first} -o again.mid"));
    assert_eq!(desk.bytes("a.mid"), desk.bytes("again.mid"));
}

#[test]
fn several_answers_are_numbered_and_each_is_what_its_seed_alone_gives() {
    let desk = Desk::new();
    let words = desk.say(&format!("{DICE} --count 3 --seed 18446744073709551614 -o three --picture"));
    for (number, seed) in [(1, u64::MAX - 1), (2, u64::MAX), (3, 0)] {
        desk.say(&format!("{DICE} --seed {seed} -o alone.mid"));
        assert_eq!(desk.bytes(&format!("three/00{number}.mid")), desk.bytes("alone.mid"));
        assert!(desk.bytes(&format!("three/00{number}.png")).starts_with(b"\x89PNG"));
        assert!(words.contains(&format!("seed {seed}: ")), "{words}");
    }
}

#[test]
fn without_a_place_the_answer_lies_beside_the_input() {
    let desk = Desk::new();
    let before = desk.bytes("twinkle.mid");
    for _ in 0..2 {
        desk.say(DICE);
        assert_eq!(desk.names(), ["twinkle-continued.mid", "twinkle.mid"]);
    }
    assert_eq!(desk.bytes("twinkle.mid"), before);
}

#[test]
fn the_answer_alone_begins_at_once_and_lasts_its_bars() {
    let desk = Desk::new();
    let report = desk.ask(&format!("{DICE} --bars 2 --seed 3 --new-only -o out.mid"));
    assert_eq!(report["answers"][0]["starts_at"], "0.0");
    assert!(desk.track("out.mid").notes()[0].onset < Ticks::quarters(4));
    assert!(desk.track("out.mid").length() <= Ticks::quarters(8));
}

#[test]
fn meter_tempo_track_and_channel_are_those_of_the_chosen_line() {
    let desk = Desk::new();
    let waltz = melody::Meter::new(3, 4).unwrap();
    let twinkle = desk.track("twinkle.mid");
    let part = |name: &str, channel: u8| Track {
        name: name.to_owned(),
        notes: twinkle.notes().iter().map(|note| Note { channel, ..*note }).collect(),
        program: None,
    };
    let song = Song {
        tracks: vec![part("melody", 0), part("flute", 5)],
        ..Song::of(&Phrase::new(Vec::new(), waltz, Tempo::from_bpm(84.0)), "")
    };
    desk.lay("waltz.mid", &midi::write(&song));
    for track in ["flute", "FLUTE", "2"] {
        let words = format!("continue waltz.mid --model random --track {track} --seed 1 --bars 3 -o out.mid");
        let report = desk.ask(&words);
        assert_eq!((report["prompt"]["track"].as_u64(), &report["meter"]), (Some(2), &"3/4".into()));
        let written = desk.track("out.mid");
        assert_eq!((written.meter, written.tempo), (waltz, Tempo::from_bpm(84.0)));
        assert!(written.notes().iter().all(|note| note.channel == 5));
        assert_eq!(ticks(&report["answers"][0]["starts_at"]).0 % waltz.bar().0, 0);
    }
}

#[test]
fn the_prompt_can_be_the_last_bars_alone() {
    let desk = Desk::new();
    let report = desk.ask(&format!("{DICE} --prompt-bars 4 --seed 1 -o out.mid"));
    let heard = desk.track("twinkle.mid").last_bars(4);
    assert_eq!(report["prompt"]["bars"], 4);
    assert_eq!(desk.track("out.mid").notes()[..heard.notes().len()], *heard.notes());
    assert_eq!(report["answers"][0]["starts_at"], "16.0");
}

#[test]
fn a_damaged_file_goes_on_with_what_can_be_read() {
    let desk = Desk::new();
    let whole = desk.bytes("twinkle.mid");
    desk.lay("cut.mid", &whole[..whole.len() - 40]);
    let run = desk.run("continue cut.mid --model random --seed 1 --json");
    let report: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(run.code, Some(0));
    assert!(run.err.contains("cut.mid: the file is cut short"), "{}", run.err);
    assert!(report["prompt"]["damage"].as_str().unwrap().contains("cut short"));
}

#[test]
fn the_first_model_that_works_is_taken_where_none_is_named() {
    let desk = Desk::new();
    let first = desk.able("continue").remove(0);
    assert_eq!(desk.ask("continue twinkle.mid -o out.mid")["model"], first.as_str());
}

#[test]
fn every_model_on_board_continues_under_all_its_controls() {
    let desk = Desk::new();
    let models = desk.ask("models");
    for model in models["models"].as_array().unwrap() {
        assert_eq!(model["problem"], Value::Null);
        let id = model["id"].as_str().unwrap();
        if !model["tasks"].as_array().unwrap().contains(&"continue".into()) {
            continue;
        }
        let knobs = "--temperature 1.2 --top-p 0.8 --chord Cadd9 --key-lock";
        let report =
            desk.ask(&format!("continue twinkle.mid --model {id} {knobs} heard --seed 5 -o out.mid"));
        assert_eq!(report["chord"], "Cadd9".parse::<Chord>().unwrap().symbol());
        assert_eq!(report["key_lock"], "heard");
        let honours = model["knobs"].as_array().unwrap().contains(&"key_lock".into());
        let answer = desk.ask(&format!("continue twinkle.mid --model {id} --key-lock \"F# minor\" --seed 5"));
        let key: Key = "F# minor".parse().unwrap();
        let pitches = answer["answers"][0]["notes"].as_array().unwrap();
        let mut inside = pitches.iter().map(|note| {
            let number = u8::try_from(note["pitch"].as_u64().unwrap()).unwrap();
            key.contains(melody::Pitch::new(number).unwrap().class())
        });
        assert!(!honours || inside.all(|inside| inside), "{id} leaves the scale it was locked to");
    }
}

#[test]
fn a_model_says_which_controls_it_does_not_heed() {
    let desk = Desk::new();
    let run = desk.run(&format!("{DICE} --style pop --temperature 0.5 --seed 1 -o out.mid"));
    assert_eq!(run.code, Some(0));
    assert!(run.err.contains("\"random\" does not heed --temperature, --style"), "{}", run.err);
    let report = desk.ask(&format!("{DICE} --style pop --seed 1 -o out.mid"));
    assert_eq!(report["unheeded"], serde_json::json!(["--style"]));
}

#[test]
fn a_reader_who_leaves_early_is_no_failure() {
    let desk = Desk::new();
    let mut child = desk
        .program(&format!("{DICE} --json -o out.mid"))
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
    assert!(!desk.track("out.mid").is_empty());
}
