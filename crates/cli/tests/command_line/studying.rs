//! `continuo study`: a page of blind clips, and the table of what listeners saved.

use crate::program::Desk;

#[test]
fn a_study_is_one_page_with_blind_clips_of_every_model_that_plays_from_nothing() {
    let desk = Desk::new();
    let made = desk.ask("study -o page/study.html --clips 2 --bars 2");
    let players: Vec<String> = made["players"]
        .as_array()
        .unwrap()
        .iter()
        .map(|player| player.as_str().unwrap().to_owned())
        .collect();
    assert_eq!(players, desk.able("fresh"));
    assert_eq!(made["clips"], 2 * players.len());
    let page = String::from_utf8(desk.bytes("page/study.html")).unwrap();
    for reach in ["http://", "https://", " src=", "@import", "url(", "<link"] {
        assert!(!page.contains(reach), "the page reaches out by {reach}");
    }
    for player in &players {
        assert!(!page.contains(&format!("\"{player}\"")), "the page names {player}");
    }
    let again = desk.ask("study -o again.html --clips 2 --bars 2");
    assert_eq!(again["study"], made["study"]);
    assert_eq!(desk.bytes("again.html"), page.into_bytes());
}

#[test]
fn models_that_were_not_taught_a_style_are_left_out_of_its_study() {
    let desk = Desk::new();
    let run = desk.run("study -o page.html --clips 1 --bars 1 --style folk");
    assert_eq!(run.code, Some(0));
    assert!(run.err.contains("dense is left out") && run.err.contains("was not taught folk"), "{}", run.err);
    assert!(run.err.contains("midinet-1d plays"), "{}", run.err);
    let asked = desk.run("study -o asked.html --clips 1 --bars 1 --style folk --model dense");
    assert_eq!(asked.code, Some(2));
    assert!(asked.err.contains("was not taught folk; choose one of: classical, jazz, pop"), "{}", asked.err);
}

#[test]
fn answers_of_several_listeners_become_the_papers_table() {
    let desk = Desk::new();
    for (listener, points) in [("ann", 4), ("bob", 2)] {
        let answers = serde_json::json!({
            "format": 1, "study": "0123", "listener": listener, "finished": "2026-01-01T00:00:00Z",
            "answers": [
                { "clip": "c1", "model": "dense", "name": "Dense", "real": points, "pleasing": 3, "complicated": 5, "place": 1 },
                { "clip": "c2", "model": "real", "name": "Real music", "real": 5, "pleasing": 5, "complicated": 1, "place": 2 },
            ],
        });
        desk.lay(&format!("{listener}.json"), answers.to_string().as_bytes());
    }
    let table = desk.ask("study results ann.json bob.json");
    assert_eq!(table["listeners"], 2);
    let dense = &table["rows"][1];
    assert_eq!((dense["model"].as_str(), dense["real"]["mean"].as_f64()), (Some("dense"), Some(3.0)));
    // Two listeners a point from their mean: t of one degree of freedom, 12.706, times a standard error of 1.
    assert!((dense["real"]["half_width"].as_f64().unwrap() - 12.706).abs() < 1e-9);
    assert_eq!(dense["paper"][0], 1.21);
    let words = desk.say("study results ann.json bob.json");
    assert!(words.contains("Real music") && words.contains("5.00 ± 0.00") && words.contains("2 listeners"));
    let refusal = desk.run("study results ann.json ann.json");
    assert!(refusal.err.contains("of the same listener"), "{}", refusal.err);
}
