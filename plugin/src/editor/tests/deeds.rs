//! What the user does with candidates, favourites, the Keep track and settings as a whole.

use super::*;
use crate::crossing::Sounding;
use crate::panel::{Export, Look, Selection, Side, Span};
use melody::{Meter, Note, Tempo, Ticks};

fn phrase(key: u8) -> Phrase {
    let note = |beat: i64| Note {
        onset: Ticks::quarters(beat),
        length: Ticks::QUARTER,
        pitch: Pitch::new(key + beat as u8).unwrap(),
        velocity: 90,
        channel: 0,
    };
    Phrase::new((0..3).map(note).collect(), Meter::COMMON, Tempo::DEFAULT)
}

/// An editor that shows four candidates.
fn answered() -> Bench {
    let mut bench = bench();
    let candidate = |number: u8| Candidate {
        phrase: phrase(60 + 5 * number),
        seed: u64::from(number),
        probabilities: vec![0.25; 3],
        ..Candidate::default()
    };
    let request = Request::to_continue(phrase(50));
    let given = Given::new("random".to_owned(), &request, (0..4).map(candidate).collect()).unwrap();
    bench.instance.memory.change(|memory| memory.change_history(|history| history.show("continue", given)));
    bench.app.refresh();
    bench
}

impl Bench {
    fn act(&mut self, action: Action) {
        self.app.act(action);
        self.app.refresh();
    }

    fn asked(&mut self) -> Vec<Ask> {
        std::iter::from_fn(|| self.worker.asks.try_recv().ok()).collect()
    }

    fn problem(&self) -> Option<String> {
        match &self.app.model.work {
            Work::Problem(sentence) => Some(sentence.clone()),
            _ => None,
        }
    }
}

#[test]
fn a_candidate_is_liked_kept_and_marked_and_all_of_it_is_taken_back() {
    let mut bench = answered();
    bench.act(Action::Favourite { index: 2 });
    bench.act(Action::Keep { index: 2 });
    bench.act(Action::Keep { index: 0 });
    let model = &bench.app.model;
    assert_eq!((model.favourites.len(), model.song.len()), (1, 2));
    assert!(model.marks[2].favourite && model.marks[2].kept && model.marks[0].kept && !model.marks[1].kept);
    assert_eq!(model.undo.as_deref(), Some("keep"));
    bench.act(Action::MovePiece { from: 1, to: 0 });
    assert_eq!(bench.app.model.song[0].phrase, phrase(60));
    bench.act(Action::DropPiece { index: 0 });
    bench.act(Action::Favourite { index: 2 });
    assert_eq!((bench.app.model.favourites.len(), bench.app.model.song.len()), (0, 1));
    (0..5).for_each(|_| bench.act(Action::Undo));
    assert_eq!((bench.app.model.favourites.len(), bench.app.model.song.len()), (1, 0));
    bench.act(Action::Redo);
    assert_eq!(bench.app.model.song.len(), 1);
}

#[test]
fn what_is_thrown_away_is_gone_until_undo_and_the_others_stay() {
    let mut bench = answered();
    bench.act(Action::ThrowAway { index: 0 });
    let seeds = |bench: &Bench| -> Vec<u64> {
        bench.app.model.candidates.iter().map(|candidate| candidate.seed).collect()
    };
    assert_eq!((seeds(&bench), bench.asked()), (vec![1, 2, 3], vec![Ask::Refresh]));
    bench.act(Action::Undo);
    assert_eq!(seeds(&bench), [0, 1, 2, 3]);
    (0..4).for_each(|_| bench.act(Action::ThrowAway { index: 0 }));
    assert!(bench.app.model.candidates.is_empty(), "the last one leaves nothing behind");
}

#[test]
fn a_note_is_given_another_pitch_with_its_odds() {
    let mut bench = answered();
    bench.act(Action::AskAlternatives { note: 1 });
    assert_eq!(bench.asked(), [Ask::Alternatives { note: 1 }]);
    let pitch = Pitch::new(72).unwrap();
    let asked = crate::instance::Alternatives::asked(bench.instance.memory.get().answer().unwrap(), 1);
    let listed = crate::instance::Alternatives { choices: vec![(pitch, 0.75)], ..asked };
    bench.instance.change_report(|report| report.alternatives = Some(listed));
    bench.app.refresh();
    assert_eq!(bench.app.model.alternatives.as_ref().unwrap().choices, [(pitch, 0.75)]);
    bench.act(Action::Swap { note: 1, pitch });
    let candidate = &bench.app.model.candidates[0];
    assert_eq!((candidate.phrase.notes()[1].pitch, candidate.probabilities[1]), (pitch, 0.75));
    assert_eq!((bench.app.model.alternatives.clone(), bench.asked()), (None, vec![Ask::Refresh]));
    assert_eq!(bench.app.model.undo.as_deref(), Some("change a note"));
}

#[test]
fn turning_a_knob_wishes_for_the_same_answer_with_it_and_soon_again_is_the_same_gesture() {
    let mut bench = answered();
    bench.set(Setting::Temperature(1.25));
    let wish = bench.instance.take_wish().unwrap();
    assert!(!wish.same_gesture && (wish.arrived)());
    bench.set(Setting::Temperature(1.5));
    assert!(bench.instance.take_wish().unwrap().same_gesture);
    bench.set(Setting::Density(2.0));
    assert!(!bench.instance.take_wish().unwrap().same_gesture);
    bench.set(Setting::Seed(77));
    assert_eq!(bench.instance.take_wish().unwrap().seed, Some(77));
    bench.act(Action::Wander { to: [0.5, -3.0] });
    assert_eq!(bench.instance.take_wish().unwrap().place, Some([0.5, -1.0]));
    bench.set(Setting::Channel(Some(3)));
    assert!(bench.instance.take_wish().is_none(), "the notes are the same on another channel");
    let mut silent = super::bench();
    silent.set(Setting::Temperature(1.25));
    assert!(silent.instance.take_wish().is_none(), "there is nothing to be made anew");
}

#[test]
fn what_is_asked_of_candidates_reaches_the_worker() {
    let mut bench = answered();
    let span = Span { from: Ticks::ZERO, to: Ticks::quarters(4) };
    bench.act(Action::Select(Some(Selection::Answer(span))));
    assert_eq!(bench.app.model.selection, Some(Selection::Answer(span)));
    bench.act(Action::Regenerate);
    assert!(matches!(bench.asked()[..], [Ask::Regenerate { .. }]));
    bench.act(Action::MoreLike { index: 3 });
    assert!(matches!(bench.asked()[..], [Ask::MoreLike { index: 3, .. }]));
    bench.act(Action::Between { from: 1, to: 2 });
    assert_eq!(bench.asked(), [Ask::Between { from: 1, to: 2 }]);
    bench.act(Action::Select(None));
    assert_eq!(bench.app.model.selection, None);
}

#[test]
fn favourites_and_the_song_are_played_and_a_favourite_can_be_what_was_played() {
    let mut bench = answered();
    bench.act(Action::Favourite { index: 1 });
    bench.act(Action::KeepFavourite { index: 0 });
    bench.act(Action::Keep { index: 0 });
    bench.act(Action::PlayFavourite { index: 0 });
    let [Ask::Play { sounds: Sounding::Favourite(0), looped: true, .. }] = &bench.asked()[..] else {
        panic!("a favourite loops")
    };
    bench.act(Action::PlaySong);
    let asked = bench.asked();
    let [Ask::Play { phrase: song, sounds: Sounding::Song, looped: false }] = &asked[..] else {
        panic!("the song plays once: {asked:?}")
    };
    let onsets: Vec<i64> = song.notes().iter().map(|note| note.onset.0 / 960).collect();
    assert_eq!((onsets, song.bars()), (vec![0, 1, 2, 4, 5, 6], 2), "each piece from a bar line");
    bench.act(Action::UseFavourite { index: 0 });
    assert_eq!(bench.asked(), [Ask::Hear(Arc::new(phrase(65)))]);
    bench.act(Action::DropFavourite { index: 0 });
    assert!(bench.app.model.favourites.is_empty());
}

#[test]
fn a_favourite_whose_model_is_gone_still_plays_and_says_so() {
    let mut bench = answered();
    let piece = crate::state::Piece::new("gone", Task::Continue, &bench.app.model.candidates[0]);
    bench.instance.memory.change(|memory| {
        memory.change_history(|history| {
            history.change("favourite", |ideas| ideas.favourites.push(Arc::new(piece)));
        });
    });
    bench.app.refresh();
    let shown = &bench.app.model.favourites[0];
    assert!(shown.orphaned && shown.title.starts_with("gone"));
    bench.act(Action::PlayFavourite { index: 0 });
    assert!(matches!(bench.asked()[..], [Ask::Play { .. }]));
}

#[test]
fn two_sides_of_settings_are_switched_between_and_copied() {
    let mut bench = answered();
    bench.set(Setting::Temperature(1.5));
    bench.act(Action::SwitchSide(Side::B));
    bench.set(Setting::Temperature(0.25));
    bench.set(Setting::Bars(3));
    bench.instance.take_wish();
    bench.act(Action::SwitchSide(Side::A));
    let params = bench.instance.params.clone();
    assert_eq!((params.temperature.value(), params.bars.value()), (1.5, 8));
    assert!((bench.instance.take_wish().unwrap().arrived)(), "and the answer is made anew with them");
    bench.act(Action::SwitchSide(Side::B));
    assert_eq!((params.temperature.value(), params.bars.value()), (0.25, 3));
    bench.act(Action::CopySide);
    bench.act(Action::SwitchSide(Side::A));
    assert_eq!((params.temperature.value(), bench.app.model.side), (0.25, Side::A));
}

#[test]
fn a_preset_that_ships_turns_its_knobs_and_one_that_is_not_there_gets_a_sentence() {
    let mut bench = bench();
    bench.app.list_presets();
    let daring = bench.app.model.presets.iter().find(|preset| preset.name == "Daring").unwrap().id.clone();
    let before = bench.instance.params.temperature.value();
    bench.act(Action::LoadPreset(daring.clone()));
    assert!(bench.instance.params.temperature.value() > before);
    assert_eq!(bench.app.model.preset, Some(daring));
    bench.set(Setting::Temperature(0.5));
    assert_eq!(bench.app.model.preset, None, "a knob has moved since");
    bench.act(Action::LoadPreset("user:nowhere".to_owned()));
    assert!(bench.problem().is_some());
}

#[test]
fn what_is_pasted_or_dropped_is_taken_as_played_and_nonsense_gets_a_sentence() {
    let mut bench = bench();
    bench.act(Action::Paste(crate::export::as_text(&phrase(60))));
    assert_eq!(bench.asked(), [Ask::Hear(Arc::new(phrase(60)))]);
    assert!(bench.app.model.news.is_some());
    bench.act(Action::DismissNews);
    assert_eq!(bench.app.model.news, None);
    bench.act(Action::Paste("a shopping list".to_owned()));
    assert!(bench.problem().is_some() && bench.asked().is_empty());
    bench.act(Action::DismissProblem);
    let path = std::env::temp_dir().join(format!("continuo-dropped-{}.mid", std::process::id()));
    std::fs::write(&path, b"no music").unwrap();
    bench.act(Action::OpenDropped(path.clone()));
    std::fs::remove_file(&path).unwrap();
    let says = bench.problem().unwrap();
    assert!(says.contains("continuo-dropped") && bench.asked().is_empty(), "{says}");
}

#[test]
fn what_leaves_has_a_name_and_its_notes() {
    let mut bench = answered();
    bench.act(Action::Keep { index: 3 });
    let remembered = bench.instance.memory.get();
    let exported = |what| ideas::exported(&remembered, what);
    assert_eq!(exported(Export::Candidate(1)), Some((phrase(65), "continuo-random-000001".to_owned())));
    assert_eq!(exported(Export::Candidate(9)), None);
    assert_eq!(exported(Export::Favourite(0)), None);
    assert_eq!(exported(Export::Song).map(|(song, _)| song.notes().len()), Some(3));
}

#[test]
fn a_panel_that_has_panicked_offers_to_open_again_and_loses_nothing() {
    let mut bench = answered();
    bench.app.broken = true;
    let none: Option<()> = bench.instance.guard.run("the panel", || panic!("on purpose"));
    assert!(none.is_none());
    let mut harness = egui_kittest::Harness::builder().with_context_setup(panel::install).build_ui_state(
        |ui, bench: &mut Bench| {
            if bench.app.broken {
                bench.app.broken = !bench.app.offer_reopening(ui);
            } else {
                bench.app.draw(ui);
            }
        },
        bench,
    );
    use egui_kittest::kittest::Queryable;
    assert!(harness.query_by_label_contains("on purpose").is_some());
    harness.get_by_label("Reopen the panel").click();
    harness.run_steps(4);
    let app = &harness.state().app;
    assert!(!app.broken && app.model.work == Work::Idle);
    assert_eq!(app.model.candidates.len(), 4, "the answer is still there");
}

#[test]
fn the_windows_size_is_remembered_once_it_has_settled() {
    let mut bench = answered();
    let window = |width: f32| egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(width, 700.0));
    bench.app.remember_size(window(900.0));
    assert_eq!(bench.instance.memory.get().window, None);
    (0..2).for_each(|_| bench.app.remember_size(window(1234.0)));
    assert_eq!(bench.instance.memory.get().window, Some((1234, 700)));
    assert_eq!(bench.app.model.look, Look::Dark);
}

#[test]
fn undo_brings_back_what_was_played_before_it_was_put_away() {
    let mut bench = answered();
    bench.instance.memory.change(|memory| {
        memory.change_history(|history| {
            history.put_away("clear", &phrase(60), &Phrase::default(), |ideas| ideas.answer = None);
        });
    });
    bench.act(Action::Undo);
    assert!(bench.asked().contains(&Ask::Restore(Arc::new(phrase(60)))));
    assert_eq!(bench.app.model.candidates.len(), 4);
    bench.instance.memory.change(|memory| memory.phrase = phrase(60));
    bench.act(Action::Keep { index: 0 });
    bench.act(Action::Undo);
    assert!(!bench.asked().iter().any(|ask| matches!(ask, Ask::Restore(_))), "another step leaves it alone");
}
