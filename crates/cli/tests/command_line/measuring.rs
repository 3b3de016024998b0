//! `continuo metrics` and `continuo score`.

use crate::program::Desk;

#[test]
fn twinkle_measures_what_was_worked_out_by_hand() {
    let desk = Desk::new();
    let report = desk.ask("metrics twinkle.mid");
    let twinkle = &report["melodies"][0];
    assert_eq!((twinkle["notes"].as_u64(), twinkle["bars"].as_u64()), (Some(42), Some(12)));
    assert_eq!((&twinkle["key"], twinkle["range"].as_u64()), (&"C major".into(), Some(9)));
    // The bars are A B C D E F E F A B C D: six of the eleven after the first were played before.
    for (name, value) in
        [("share_in_key", 1.0), ("density", 3.5), ("rest_share", 0.0), ("bars_repeated", 6.0 / 11.0)]
    {
        assert_eq!(twinkle[name].as_f64(), Some(value), "{name}");
    }
    let shares = twinkle["pitch_classes"].as_array().unwrap();
    let entropy: f64 = shares
        .iter()
        .filter_map(|share| share.as_f64())
        .filter(|share| *share > 0.0)
        .map(|p| -p * p.log2())
        .sum();
    assert!((twinkle["pitch_class_entropy"].as_f64().unwrap() - entropy).abs() < 1e-12);
    assert_eq!(report["different"], 1);
    assert!(report["mean_pairwise_distance"].is_null() && report["units"]["density"] == "notes a bar");
}

#[test]
fn several_files_have_a_mean_and_a_distance() {
    let desk = Desk::new();
    desk.lay("again.mid", &desk.bytes("twinkle.mid"));
    let same = desk.ask("metrics twinkle.mid again.mid");
    assert_eq!((same["different"].as_u64(), same["mean_pairwise_distance"].as_f64()), (Some(1), Some(0.0)));
    desk.say("fresh --model random --count 3 --seed 1 -o dice");
    let words = desk.say("metrics dice/001.mid dice/002.mid dice/003.mid --key \"D minor\"");
    assert!(words.contains("3 of 3 melodies differ"), "{words}");
    assert_eq!(words.matches("D minor").count(), 3);
    assert_eq!(words.lines().count(), 6, "{words}");
}

#[test]
fn runs_of_notes_are_looked_for_in_a_corpus() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("songs")).unwrap();
    desk.lay("songs/tune.mid", &desk.bytes("twinkle.mid"));
    desk.say("fresh --model random --count 1 --seed 1 -o dice.mid");
    let report = desk.ask("metrics twinkle.mid dice.mid --corpus songs");
    assert_eq!(report["melodies"][0]["copied"]["8"].as_f64(), Some(1.0));
    assert_eq!(report["melodies"][0]["copied"]["12"].as_f64(), Some(1.0));
    assert_eq!(report["melodies"][1]["copied"]["8"].as_f64(), Some(0.0));
}

#[test]
fn a_damaged_file_is_measured_and_scored_with_a_note() {
    let desk = Desk::new();
    let whole = desk.bytes("twinkle.mid");
    desk.lay("cut.mid", &whole[..whole.len() - 40]);
    for words in ["metrics cut.mid", "score cut.mid"] {
        let run = desk.run(words);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(run.err.contains("cut.mid: the file is cut short"), "{words}: {}", run.err);
    }
}

#[test]
fn a_score_adds_up_and_says_what_is_counted() {
    let desk = Desk::new();
    desk.say("fresh --model random --count 1 --seed 1 -o dice.mid");
    let report = desk.ask("score twinkle.mid dice.mid");
    let melodies = report["melodies"].as_array().unwrap();
    let number = |value: &serde_json::Value, name: &str| value[name].as_f64().unwrap();
    let sum: f64 = melodies.iter().map(|melody| number(melody, "nats")).sum();
    assert!((number(&report, "nats") - sum).abs() < 1e-9);
    for scored in melodies.iter().chain([&report]) {
        let expected = number(scored, "nats") / number(scored, "notes");
        assert!((number(scored, "nats_per_note") - expected).abs() < 1e-9 && expected > 0.0);
    }
    assert_eq!(melodies[0]["notes"], 42);
    assert!(melodies.iter().all(|melody| melody["counted"].as_str().unwrap().len() > 20));
    // A nursery rhyme surprises less than dice.
    assert!(number(&melodies[0], "nats_per_note") < number(&melodies[1], "nats_per_note"));
    let words = desk.say("score twinkle.mid dice.mid");
    assert!(words.contains("twinkle.mid: ") && words.contains("all together: "), "{words}");
}

#[test]
fn a_model_without_probabilities_names_those_that_have_them() {
    let desk = Desk::new();
    let (mut scores, mut refusals) = (Vec::new(), Vec::new());
    for model in desk.ask("models")["models"].as_array().unwrap() {
        let id = model["id"].as_str().unwrap().to_owned();
        let run = desk.run(&format!("score twinkle.mid --model {id}"));
        match run.code {
            Some(0) => scores.push(id),
            _ => refusals.push(run.err),
        }
    }
    assert!(scores.contains(&"seq2seq".to_owned()), "{scores:?}");
    for refusal in refusals {
        assert!(refusal.contains("cannot score") && refusal.lines().count() == 1, "{refusal}");
        assert!(scores.iter().all(|id| refusal.contains(id)), "{refusal}");
    }
}
