//! `continuo models` and `continuo inspect`.

use std::collections::BTreeMap;
use std::path::Path;

use generator::pack::{self, Card, Kind, Pack};
use generator::{Knob, Task};
use serde_json::Value;

use crate::program::Desk;

/// Dice with a vocabulary of two tokens, written to a folder.
fn write_pack(folder: &Path) {
    let card = Card {
        format: Card::FORMAT,
        id: folder.file_name().unwrap().to_string_lossy().into_owned(),
        name: "Two tokens".to_owned(),
        description: "For tests.".to_owned(),
        kind: Kind::Random,
        tasks: vec![Task::Continue],
        knobs: vec![Knob::KeyLock],
        styles: Vec::new(),
        source: "none".to_owned(),
        licence: "CC0-1.0".to_owned(),
        window: 0,
        vocabulary: None,
        training: None,
        canary: None,
        files: BTreeMap::new(),
    };
    let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    let files = [file(pack::VOCABULARY, "C4:1.0\nD4:1.0\n"), file(pack::FREQUENCIES, "1\n3\n")];
    Pack::new(card, BTreeMap::from(files)).write(folder).unwrap();
}

#[test]
fn a_model_in_the_users_folder_is_listed_inspected_and_played() {
    let desk = Desk::new();
    let folder = desk.path("data/continuo/models/two-tokens");
    write_pack(&folder);
    let models = desk.ask("models");
    let all = models["models"].as_array().unwrap();
    let ours = all.iter().find(|model| model["id"] == "two-tokens").unwrap();
    assert_eq!(ours["licence"], "CC0-1.0");
    assert_eq!(ours["tasks"], serde_json::json!(["continue"]));
    assert_eq!(ours["from"], folder.to_string_lossy().as_ref());
    assert_eq!((&ours["problem"], ours["bytes"].as_u64()), (&Value::Null, Some(18)));

    let shown = desk.ask("inspect two-tokens");
    assert_eq!(shown["passes"], true);
    assert_eq!(shown["files"][0]["name"], "frequencies.txt");
    assert_eq!(shown["files"][0]["sha256"].as_str().unwrap().len(), 64);
    assert!(desk.say("inspect two-tokens").contains("It passes"));
    assert_eq!(desk.ask(&format!("inspect \"{}\"", folder.display())), shown);
    desk.say("continue twinkle.mid --model two-tokens -o out.mid");
}

#[test]
fn a_pack_that_was_changed_is_refused_and_listed_with_its_reason() {
    let desk = Desk::new();
    let folder = desk.path("data/continuo/models/two-tokens");
    write_pack(&folder);
    std::fs::write(folder.join(pack::FREQUENCIES), "1\n4\n").unwrap();
    for words in ["inspect two-tokens", "continue twinkle.mid --model two-tokens"] {
        let run = desk.run(words);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{words}");
        assert!(run.err.contains("frequencies.txt") && run.err.contains("two-tokens"), "{}", run.err);
    }
    let words = desk.say("models");
    assert!(words.contains("two-tokens: cannot be used") && words.contains("frequencies.txt"), "{words}");
    let models = desk.ask("models");
    let ours = models["models"].as_array().unwrap().iter().find(|model| model["id"] == "two-tokens").unwrap();
    assert!(ours["problem"].as_str().unwrap().contains("hash"));
}

#[test]
fn what_is_no_pack_is_refused_by_name() {
    let desk = Desk::new();
    for (pack, part) in
        [("nothing-here", "there is no model"), ("./no/folder", "pack.toml"), (".", "pack.toml")]
    {
        let run = desk.run(&format!("inspect {pack}"));
        assert_eq!(run.code, Some(2), "{pack}");
        assert!(run.err.contains(part) && run.err.lines().count() == 1, "{pack}: {}", run.err);
    }
}

#[test]
fn every_model_on_board_passes_its_own_checks() {
    let desk = Desk::new();
    let models = desk.ask("models");
    for model in models["models"].as_array().unwrap() {
        let shown = desk.ask(&format!("inspect {}", model["id"].as_str().unwrap()));
        assert_eq!((&shown["passes"], &shown["card"]["id"]), (&Value::Bool(true), &model["id"]));
    }
}
