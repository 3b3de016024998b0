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
    let of_a = models["models"].as_array().unwrap().iter().filter(|model| !is_of_b(&model["id"])).count();
    assert_eq!(subjects.len(), of_a);
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

/// Whether a model is one of paper B's systems, by its id.
fn is_of_b(id: &Value) -> bool {
    let systems = ["lstm-gan", "basic-lstm", "dense", "midinet-1d", "midinet-2d", "biaxial-lstm"];
    systems.iter().any(|system| id == system)
}

#[test]
fn paper_bs_systems_are_compared_among_themselves_by_its_six_metrics() {
    let desk = Desk::new();
    let report = desk.ask("compare --paper b -o report --quick");
    let page = String::from_utf8(desk.bytes("report/index.html")).unwrap();
    for reach in ["http://", "https://", " src=", "@import", "url(", "<link"] {
        assert!(!page.contains(reach), "the page reaches out by {reach}");
    }
    let systems = report["systems"].as_array().unwrap();
    assert!(!systems.is_empty() && systems.iter().all(|system| is_of_b(&system["id"])));
    let metrics =
        ["scale_consistency", "tone_span", "unique_tones", "intensity_span", "polyphony", "repetitions"];
    for system in systems {
        let id = system["id"].as_str().unwrap();
        assert!(system["different"].as_u64().unwrap() >= 19, "{id} has collapsed");
        for metric in metrics {
            assert!(system["alone"][metric].is_number() && report["real"]["six"][metric].is_number(), "{id}");
            assert!(system["from_chord"][metric].is_number(), "{id}");
        }
        let share = |name: &str| system["chords"][name].as_f64().unwrap();
        assert!(share("seeded") > share("unseeded"), "{id}");
        for file in system["files"].as_array().unwrap() {
            let piece = desk.bytes(&format!("report/{}", file.as_str().unwrap()));
            assert!(!melody::midi::read(&piece).unwrap().tracks.is_empty(), "{id}");
        }
        assert!(page.contains(system["name"].as_str().unwrap()));
    }
    assert_eq!(page.matches("<svg").count(), page.matches("</svg>").count());
    assert!(page.contains("Table II") && page.contains("continuo study"));
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
