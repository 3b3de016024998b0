//! What bad input gets: exit code 2, one sentence that names it, and nothing written.

use melody::{Note, Phrase, Song, midi};

use crate::program::{Desk, Run};

/// The run was refused in one line that holds all of these words, and left nothing new.
fn assert_refused(desk: &Desk, words: &str, expected: &[&str]) {
    let before = desk.names();
    let run = desk.run(words);
    assert_sentence(words, &run, expected);
    assert_eq!(run.out, "", "{words}");
    assert_eq!(desk.names(), before, "{words}");

    let run = desk.run(&format!("{words} --json"));
    assert_sentence(words, &run, expected);
    let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(format!("continuo: {}\n", document["error"].as_str().unwrap()), run.err, "{words}");
    assert_eq!(desk.names(), before, "{words}");
}

fn assert_sentence(words: &str, run: &Run, expected: &[&str]) {
    assert_eq!(run.code, Some(2), "{words}: {run:?}");
    assert!(run.err.starts_with("continuo: ") && run.err.lines().count() == 1, "{words}: {}", run.err);
    for part in expected {
        assert!(run.err.contains(part), "{words}: \"{part}\" is not in: {}", run.err);
    }
}

fn change(desk: &Desk, change: impl Fn(&Note) -> Option<Note>) -> Vec<u8> {
    let twinkle = desk.track("twinkle.mid");
    let notes = twinkle.notes().iter().filter_map(change).collect();
    midi::write(&Song::of(&Phrase::new(notes, twinkle.meter, twinkle.tempo), "part"))
}

#[test]
fn files_without_a_melody_are_named_with_their_fault() {
    let desk = Desk::new();
    desk.lay("empty.mid", b"");
    desk.lay("letter.mid", b"Dear Sir or Madam");
    desk.lay("silent.mid", &change(&desk, |_| None));
    desk.lay("drums.mid", &change(&desk, |note| Some(Note { channel: 9, ..*note })));
    std::fs::create_dir(desk.path("folder.mid")).unwrap();
    for (file, fault) in [
        ("none.mid", "there is no such file"),
        ("folder.mid", "it is a folder"),
        ("empty.mid", "the file is empty"),
        ("letter.mid", "not a MIDI file"),
        ("silent.mid", "no notes"),
        ("drums.mid", "drums only"),
    ] {
        for command in ["continue", "next", "vary", "morph twinkle.mid", "metrics", "score"] {
            assert_refused(&desk, &format!("{command} {file}"), &[file, fault]);
        }
        assert_refused(&desk, &format!("morph {file} twinkle.mid"), &[file, fault]);
    }
}

#[test]
fn a_prompt_that_is_too_short_for_the_model_is_refused() {
    let desk = Desk::new();
    let four = desk.track("twinkle.mid").notes()[3];
    desk.lay("four.mid", &change(&desk, |note| (note.onset <= four.onset).then_some(*note)));
    for id in desk.able("continue") {
        let needed = desk.ask(&format!("inspect {id}"))["card"]["window"].as_u64().unwrap();
        let words = format!("continue four.mid --model {id} -o out.mid");
        if needed > 4 {
            assert_refused(&desk, &words, &["four.mid", "4 notes", "at least 5"]);
        } else {
            desk.say(&words);
            std::fs::remove_file(desk.path("out.mid")).unwrap();
        }
    }
}

#[test]
fn senseless_flags_are_refused_with_what_they_may_be() {
    let desk = Desk::new();
    for (flag, expected) in [
        ("--model mozart", ["mozart", "random"]),
        ("--chord Cfoo", ["Cfoo", "Cadd9"]),
        ("--chord Hx9", ["Hx9", "did you mean B9"]),
        ("--progression \"C | Hx9\"", ["bar 2", "B9"]),
        ("--progression |", ["--progression", "C | Am"]),
        ("--chord-strength 2", ["--chord-strength", "0 (chords"]),
        ("--style polka", ["polka", "folk or hymn"]),
        ("--style rock --model dense", ["was not taught rock", "classical, jazz, pop"]),
        ("--chord \"C | Am | F | G\"", ["--chord", "write --progression \"C | Am | F | G\""]),
        ("--key-lock sideways", ["sideways", "F# minor"]),
        ("--bars 0", ["--bars", "1 to 64"]),
        ("--bars many", ["many", "1 to 64"]),
        ("--count 65", ["--count", "1 to 64"]),
        ("--temperature -1", ["--temperature", "0 (always"]),
        ("--top-p 0", ["--top-p", "above 0"]),
        ("--seed -7", ["-7", "--help"]),
        ("--track oboe", ["oboe", "Twinkle"]),
        ("--track 9", ["\"9\"", "choose one"]),
        ("--prompt-bars 0", ["--prompt-bars", "1 to"]),
        ("--count 2 -o two.mid", ["two.mid", "folder"]),
        ("-o twinkle.mid", ["twinkle.mid", "input"]),
        ("-o nowhere/../twinkle.mid", ["twinkle.mid", "input"]),
        ("-o twinkle.mid/x.mid", ["twinkle.mid/x.mid", "cannot write"]),
        ("--loud", ["--loud", "--help"]),
    ] {
        assert_refused(&desk, &format!("continue twinkle.mid {flag}"), &expected);
    }
    assert_refused(&desk, "continue", &["<TUNE>"]);
    for (words, expected) in [
        ("next twinkle.mid --count 0", ["--count", "1 to 64"]),
        ("next twinkle.mid --picture", ["--picture", "-o"]),
        ("next", ["<TUNE>", "continuo next"]),
        ("vary twinkle.mid --count 65", ["--count", "1 to 64"]),
        ("vary twinkle.mid --neighbourhood 1.5", ["--neighbourhood", "0 (the nearest"]),
        ("vary twinkle.mid --count 2 -o two.mid", ["two.mid", "folder"]),
        ("morph twinkle.mid", ["<TO>", "continuo morph"]),
        ("morph twinkle.mid twinkle.mid --steps 1", ["--steps", "2 to 64"]),
        ("fresh --count 1000", ["--count", "1 to 999"]),
        ("fresh --bars 65", ["--bars", "1 to 64"]),
        ("fresh --key sideways", ["sideways", "F# minor"]),
        ("fresh --chord Cfoo", ["Cfoo", "Cadd9"]),
        ("metrics", ["<FILE>", "continuo metrics"]),
        ("metrics twinkle.mid --key H", ["--key", "Bb major"]),
        ("metrics twinkle.mid --corpus nowhere", ["nowhere", "--corpus"]),
        ("score", ["<FILE>", "continuo score"]),
        ("score twinkle.mid --model mozart", ["mozart", "seq2seq"]),
        ("compare", ["--out", "continuo compare"]),
        ("study", ["--out", "continuo study"]),
        ("study -o page.html --clips 0", ["--clips", "1"]),
        ("study -o page.html --model seq2seq", ["seq2seq", "makes no music from nothing"]),
        ("study -o page.html --data . --style rock", ["rock", "--style"]),
        ("study -o page.html --data nowhere", ["nowhere", "pop909"]),
        ("study results", ["<FILE>", "continuo study results"]),
        ("study results twinkle.mid", ["twinkle.mid", "no answers"]),
        ("compare -o twinkle.mid", ["twinkle.mid", "folder"]),
        ("compare -o out --models nowhere", ["nowhere", "--models"]),
    ] {
        assert_refused(&desk, words, &expected);
    }
    assert_refused(&desk, "sing", &["sing"]);
}

#[test]
fn a_model_that_cannot_do_a_task_names_those_that_can() {
    let desk = Desk::new();
    let models = desk.ask("models");
    for (task, words) in [
        ("continue", "continue twinkle.mid"),
        ("next", "next twinkle.mid"),
        ("vary", "vary twinkle.mid"),
        ("morph", "morph twinkle.mid twinkle.mid"),
        ("fresh", "fresh"),
    ] {
        let able = desk.able(task);
        for model in models["models"].as_array().unwrap() {
            let id = model["id"].as_str().unwrap();
            if !able.iter().any(|able| able == id) {
                let mut expected = vec![id, "cannot"];
                expected.extend(able.iter().map(String::as_str));
                assert_refused(&desk, &format!("{words} --model {id}"), &expected);
            }
        }
    }
}

#[test]
fn a_comparison_needs_the_data_that_it_is_told_of() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("data")).unwrap();
    let run = desk.run("compare -o report --quick --data data");
    assert_sentence(
        "compare",
        &Run { err: run.err.lines().last().unwrap_or_default().to_owned() + "\n", ..run },
        &["data"],
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named() {
    let desk = Desk::new();
    for flags in ["-o /dev/full", "-o /dev/null --picture /dev/full"] {
        let words = format!("continue twinkle.mid --model random {flags}");
        assert_refused(&desk, &words, &["/dev/full", "the disk is full", "free some space"]);
    }
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = desk.program("models").stdout(full).output().unwrap();
    let sentence = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(sentence.starts_with("continuo: standard output cannot be written"), "{sentence}");
}
