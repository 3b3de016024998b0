//! Continue does the task that is set: what several candidates a task gives is kept with the project, and a task that
//! the model cannot do leaves the music alone.

use std::time::Duration;

use harness::session::memory_of;
use harness::{Blocks, Format, Product, Session, Setup, tunes};

/// The tempo of these songs, in quarters a minute.
const TEMPO: f64 = 120.0;

/// A song into which nothing is played, with a fresh melody asked for at its second beat.
fn fresh(format: Format) -> Session {
    let mut session = Session::open(format, TEMPO, Blocks::Even(512));
    session.host.choose("Task", "fresh");
    session.timeline.play();
    session.run_to_beat(1.0);
    session.ask();
    session
}

#[test]
fn a_fresh_melody_comes_from_nothing_at_the_next_bar_line() {
    for format in Format::ALL {
        let mut session = fresh(format);
        session.run_to_beat(48.0);
        let notes = session.answer();
        assert!(notes.len() >= 8, "{format}: eight bars of dice are more than {} notes", notes.len());
        let bar_line = session.timeline.sample_at(4.0);
        for note in &notes {
            assert!(note.start as f64 >= bar_line as f64 - 1.0, "{format}: {note:?} begins too early");
        }
    }
}

#[test]
fn a_project_opened_again_has_the_same_list_of_candidates() {
    for format in Format::ALL {
        let mut session = fresh(format);
        let (stored, answer) = (session.host.save(), session.memory()["answer"].clone());
        assert_eq!(answer["task"], "fresh", "{format}");
        assert_eq!(answer["others"].as_array().map(Vec::len), Some(3), "{format}: four in all");
        drop(session);

        let mut host = Product::CONTINUO.open(format);
        assert!(host.load(&stored), "{format}");
        assert_eq!(memory_of(&host.save())["answer"], answer, "{format}: before it is activated");
        let setup = Setup { sample_rate: Session::RATE, ..Setup::default() };
        let mut again = Session::around(host, setup, TEMPO, Blocks::Even(512));
        again.choose_model("random");
        assert_eq!(again.host.shown("Task"), "fresh", "{format}");
        assert_eq!(again.memory()["answer"], answer, "{format}: and while it works");
        assert_eq!(again.host.save(), stored, "{format}");
    }
}

#[test]
fn a_task_that_the_model_cannot_do_leaves_the_music_alone() {
    for format in Format::ALL {
        for task in ["vary", "morph", "reserved 15"] {
            let mut session = Session::open(format, TEMPO, Blocks::Even(512));
            session.host.choose("Task", task);
            session.play(&tunes::twinkle());
            session.run_to_beat(9.0);
            session.press();
            session.timeline.rest(&mut *session.host, Duration::from_millis(100));
            session.run_to_beat(24.0);
            // It panics unless all that was played came through.
            assert_eq!(session.own_events(), [], "{format}, {task}");
            assert!(session.memory()["answer"].is_null(), "{format}, {task}");
        }
    }
}

/// The shipped networks, each with a task that it does after a tune; the morph leads to the answer before it.
const SHIPPED: [(&str, &str); 11] = [
    ("seq2seq-attention", "continue"),
    ("dnn", "next"),
    ("gan", "fresh"),
    ("vae", "vary"),
    ("vae", "morph"),
    ("lstm-gan", "continue"),
    ("basic-lstm", "continue"),
    ("dense", "fresh"),
    ("midinet-1d", "fresh"),
    ("midinet-2d", "continue"),
    ("biaxial-lstm", "continue"),
];

#[test]
fn each_shipped_network_answers_a_tune_and_is_heard() {
    for format in Format::ALL {
        let mut session = Session::open(format, TEMPO, Blocks::Even(512));
        session.play(&tunes::twinkle());
        session.run_to_beat(17.0);
        for (turn, (model, task)) in SHIPPED.into_iter().enumerate() {
            session.choose_model(model);
            session.host.choose("Task", task);
            session.ask();
            let answer = session.memory()["answer"].clone();
            // The task that everybody begins with is left out.
            let kept = answer["task"].as_str().unwrap_or("continue");
            assert_eq!((&answer["model"], kept), (&model.into(), task), "{format}");
            let candidate = &answer["candidate"];
            let first = candidate["phrase"]["notes"][0]["pitch"].as_i64();
            // The likeliest next note may be none: a rest.
            assert!(first.is_some() || task == "next", "{format}, {model}, {task}: {candidate}");
            assert_eq!(candidate["similarity"].is_number(), model == "vae", "{format}, {task}");
            let looks = candidate["attention"].as_array().is_some_and(|looks| !looks.is_empty());
            assert_eq!(looks, model == "seq2seq-attention", "{format}, {task}");

            let before = session.own_events().len();
            session.run_to_beat(17.0 + 40.0 * (turn as f64 + 1.0));
            let heard = session.answer();
            let Some(first) = first else { continue };
            assert!(session.own_events().len() > before, "{format}, {model}, {task}: nothing is heard");
            let keys: Vec<i64> = heard.iter().map(|note| i64::from(note.key)).collect();
            assert!(keys.contains(&first), "{format}, {model}, {task}");
        }
    }
}
