//! `continuo compare`: one page, one JSON, and the melodies.

use serde_json::Value;

use crate::program::Desk;

#[test]
fn a_quick_comparison_is_one_page_that_needs_nothing_else() {
    let desk = Desk::new();
    let report = desk.ask("compare -o report --quick");
    let file: Value = serde_json::from_slice(&desk.bytes("report/compare.json")).unwrap();
    assert_eq!(file, report);
    let page = String::from_utf8(desk.bytes("report/index.html")).unwrap();
    for reach in ["http://", "https://", " src=", "@import", "url(", "<link"] {
        assert!(!page.contains(reach), "the page reaches out by {reach}");
    }
    let subjects = report["subjects"].as_array().unwrap();
    let models = desk.ask("models");
    assert_eq!(subjects.len(), models["models"].as_array().unwrap().len());
    for subject in subjects {
        let id = subject["id"].as_str().unwrap();
        assert!(page.contains(&format!("id=\"figure-{id}\"")), "{id}");
        let trials = subject["trials"].as_array().unwrap();
        assert_eq!(trials.len(), 3, "{id}");
        for trial in trials {
            let tune = desk.bytes(&format!("report/{}", trial["file"].as_str().unwrap()));
            assert!(!melody::midi::read(&tune).unwrap().tracks.is_empty(), "{id}");
        }
        assert_eq!(subject["crowd"]["melodies"], 100, "{id}");
        assert!(subject["crowd"]["means"]["density"].as_f64().unwrap() > 0.0, "{id}");
    }
    assert_eq!(page.matches("href=\"data:audio/midi;base64,").count(), 3 * subjects.len());
    assert_eq!(page.matches("<svg").count(), page.matches("</svg>").count());
    assert!(page.contains("--data DATA"), "what is missing is said with the command that gives it");
    assert!(report["real"].is_null());
}

#[test]
fn dice_differ_from_seed_to_seed() {
    let desk = Desk::new();
    let report = desk.ask("compare -o report --quick");
    let subjects = report["subjects"].as_array().unwrap();
    let dice = subjects.iter().find(|subject| subject["id"] == "random").unwrap();
    assert_eq!(dice["crowd"]["different"], 100);
    assert!(dice["crowd"]["mean_pairwise_distance"].as_f64().unwrap() > 0.9);
}
