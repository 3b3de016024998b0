//! `continuo judge`: answers beside real ones, from a model and from folders.

use std::fs;

use serde_json::Value;

use crate::program::Desk;

/// Hymns of 64 bars, each its own walk over the scale, of which a few are held out.
fn lay_hymns(desk: &Desk) {
    let folder = desk.path("data/openhymnal/Complete");
    for song in 0..80_u32 {
        let mut state = song.wrapping_mul(2_654_435_761).wrapping_add(12345);
        let mut throw = |sides: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % sides
        };
        let mut place = 3_i32;
        let mut bars: Vec<String> = Vec::new();
        for bar in 0..64 {
            // Half of the bars come back.
            if bar > 1 && throw(2) == 0 {
                bars.push(bars[bar - 2].clone());
                continue;
            }
            let mut note = |length: &str| {
                place = (place + [-2, -1, -1, 0, 1, 1, 2][throw(7) as usize]).clamp(0, 7);
                format!("{}{length}", ["G", "A", "B", "c", "d", "e", "f", "g"][place as usize])
            };
            let rhythm = [["", "", "", ""].as_slice(), &["2", "", ""], &["2", "2"]][bar % 3];
            bars.push(rhythm.iter().map(|length| note(length)).collect::<Vec<String>>().join(" "));
        }
        let text =
            format!("X:1\nT:Walk {song}\nM:4/4\nL:1/4\nV:S1V1\nK:G\n[V:S1V1] {} |]\n", bars.join(" | "));
        let folder = folder.join(format!("Walk{song}"));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("Walk{song}-Tune{song}.abc")), text).unwrap();
    }
}

fn set<'a>(report: &'a Value, name: &str) -> &'a Value {
    let sets = report["sets"].as_array().unwrap();
    sets.iter().find(|set| set["name"] == name).unwrap_or_else(|| panic!("{name}: {report}"))
}

#[test]
fn a_model_is_judged_beside_real_bars_and_anchors_and_the_same_again_from_files() {
    let desk = Desk::new();
    lay_hymns(&desk);
    let words = "judge --model random --data data --prompts 24 --bars 2 --seed 3";
    let report = desk.ask(&format!("{words} -o found --listen heard"));
    assert_eq!((report["prompts"].as_u64(), report["bars"].as_u64()), (Some(24), Some(2)));
    let names: Vec<&str> =
        report["sets"].as_array().unwrap().iter().map(|set| set["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "random",
            "n-gram with cache",
            "bars of another song",
            "prompt played twice",
            "uniform random notes"
        ]
    );
    assert!(set(&report, "uniform random notes")["alone"]["harsher"].as_f64().unwrap() > 0.9);
    assert!(set(&report, "bars of another song")["alone"]["harsher"].as_f64().unwrap() < 0.8);
    assert_eq!(set(&report, "prompt played twice")["figures"]["bars_taken_up"], 1.0);
    assert!(
        report["real"]["copied"]["8"].is_number() && report["real"]["by_source"]["openhymnal"].is_object()
    );

    let kept: Value = serde_json::from_slice(&desk.bytes("found/report.json")).unwrap();
    assert_eq!(kept, report);
    let page = String::from_utf8(desk.bytes("heard/listen.html")).unwrap();
    assert!(page.contains("what really came next") && page.contains("openhymnal-001"));
    assert_eq!(desk.ask(words), report, "the same seed gives another report");

    let again = desk.ask("judge found/random --real found/real --prompts found/prompts --bars 2 --seed 3");
    let folder = set(&again, "found/random");
    assert_eq!(folder["figures"], set(&report, "random")["figures"]);
    assert!(again["sets"].as_array().unwrap().iter().any(|set| set["name"] == "bars of another song"));

    let table = desk.run(&format!("{words} --no-anchors --rank 2 --part validation"));
    assert_eq!(table.code, Some(0), "{table:?}");
    for line in ["random, first of 2", "random, any of 2", "goal within 0.15", "what tells"] {
        assert!(table.out.contains(line), "{line}: {}", table.out);
    }
}

#[test]
fn what_cannot_be_judged_is_refused_by_its_flag() {
    let desk = Desk::new();
    for (words, fault) in [
        ("judge", "--model"),
        ("judge answers", "--real"),
        ("judge --model random", "--data"),
        ("judge --model random --data . --prompts some", "--prompts some"),
        ("judge --model vae --data .", "continues nothing"),
        ("judge --model random --data .", "pop909"),
        ("judge answers --real real", "answers: there is no such"),
    ] {
        let run = desk.run(words);
        assert!(run.code == Some(2) && run.err.contains(fault), "{words}: {run:?}");
        assert_eq!(run.err.lines().count(), 1, "{words}: {}", run.err);
    }
}
