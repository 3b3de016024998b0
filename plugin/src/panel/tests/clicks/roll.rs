//! The roll: bars are selected, notes are changed.

use egui::{Key, Modifiers, Pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use generator::Task;
use melody::{Pitch, Ticks};

use super::{Bench, SIZE, bench, click, drag, press, scenes};
use crate::panel::roll::{answered_note, place_of};
use crate::panel::{Action, Selection, Span, ViewModel};

const ENTER: (Modifiers, Key) = (Modifiers::NONE, Key::Enter);
const ESCAPE: (Modifiers, Key) = (Modifiers::NONE, Key::Escape);

fn bars(from: i64, to: i64) -> Span {
    Span { from: Ticks::quarters(4 * from), to: Ticks::quarters(4 * to) }
}

/// A place a little after a quarter of the roll, low enough that no note is there.
fn at(harness: &Harness<'static, Bench>, quarter: f64) -> Pos2 {
    let rect = harness.get_by_label_contains("Piano roll").rect();
    place_of(rect, &harness.state().model, Ticks::nearest(quarter + 0.3))
}

fn note(harness: &Harness<'static, Bench>, index: usize) -> Pos2 {
    let rect = harness.get_by_label_contains("Piano roll").rect();
    answered_note(rect, &harness.state().model, index).center()
}

/// The mouse is dragged between two quarters of the roll.
fn dragged(harness: &mut Harness<'static, Bench>, from: f64, to: f64) -> Vec<Action> {
    let way = [from, (from + to) / 2.0, to].map(|quarter| at(harness, quarter));
    drag(harness, &way)
}

#[test]
fn dragging_over_what_was_heard_selects_whole_bars_in_either_direction() {
    for (from, to) in [(9.0, 18.0), (18.0, 9.0)] {
        let mut harness = bench(scenes::shaped(4), SIZE);
        let expected = Some(Selection::Heard(bars(2, 5)));
        assert_eq!(dragged(&mut harness, from, to), [Action::Select(expected)]);
        assert_eq!(harness.state().model.selection, expected);
    }
}

#[test]
fn dragging_over_the_answer_selects_bars_of_it_and_ends_at_its_edge() {
    let mut harness = bench(scenes::shaped(4), SIZE);
    let expected = Some(Selection::Answer(bars(0, 2)));
    // From the second bar of the answer back into what was heard.
    assert_eq!(dragged(&mut harness, 37.0, 20.0), [Action::Select(expected)]);
}

#[test]
fn a_click_without_dragging_forgets_the_selection() {
    let mut harness = bench(scenes::filling(), SIZE);
    let place = at(&harness, 24.0);
    assert_eq!(drag(&mut harness, &[place]), [Action::Select(None)]);
    assert_eq!(harness.state().model.selection, None);
    assert_eq!(drag(&mut harness, &[place]), [], "there is nothing left to forget");
}

#[test]
fn escape_forgets_the_selection() {
    let mut harness = bench(scenes::filling(), SIZE);
    assert_eq!(press(&mut harness, &[ESCAPE]), [Action::Select(None)]);
}

#[test]
fn selected_bars_of_the_answer_are_made_anew() {
    let model = ViewModel { selection: Some(Selection::Answer(bars(2, 4))), ..scenes::shaped(4) };
    let mut harness = bench(model.clone(), SIZE);
    click(&mut harness, &["Make bars 11-12 anew"]);
    assert_eq!(harness.state().actions, [Action::Regenerate]);
    let mut harness = bench(model, SIZE);
    harness.get_by_label_contains("Piano roll").focus();
    harness.run_steps(1);
    assert_eq!(press(&mut harness, &[(Modifiers::NONE, Key::R)]), [Action::Regenerate]);
}

#[test]
fn the_last_bars_are_taken_again_with_one_click() {
    let model = ViewModel { selection: Some(Selection::Heard(bars(0, 2))), ..scenes::shaped(4) };
    let mut harness = bench(model, SIZE);
    click(&mut harness, &["Use the last 4 bars"]);
    assert_eq!(harness.state().actions, [Action::Select(None)]);
}

#[test]
fn bars_are_selected_with_the_keyboard() {
    let mut harness = bench(scenes::shaped(4), SIZE);
    harness.get_by_label_contains("Piano roll").focus();
    harness.run_steps(1);
    let shift = |key| (Modifiers::SHIFT, key);
    let actions = press(&mut harness, &[shift(Key::ArrowRight), shift(Key::ArrowRight), shift(Key::ArrowUp)]);
    let expected =
        [Selection::Answer(bars(0, 1)), Selection::Answer(bars(0, 2)), Selection::Heard(bars(7, 8))];
    assert_eq!(actions, expected.map(|selection| Action::Select(Some(selection))));
}

#[test]
fn a_click_on_an_answered_note_asks_for_alternatives() {
    let mut harness = bench(scenes::shaped(4), SIZE);
    let place = note(&harness, 6);
    assert_eq!(drag(&mut harness, &[place]), [Action::AskAlternatives { note: 6 }]);
}

#[test]
fn notes_are_reached_and_asked_about_with_the_keyboard() {
    let mut harness = bench(scenes::shaped(4), SIZE);
    harness.get_by_label_contains("Piano roll").focus();
    harness.run_steps(1);
    let right = (Modifiers::NONE, Key::ArrowRight);
    assert_eq!(press(&mut harness, &[right, right, ENTER]), [Action::AskAlternatives { note: 1 }]);
}

#[test]
fn an_alternative_is_taken_from_the_list_by_mouse_and_by_keys() {
    let swap = |number| [Action::Swap { note: 6, pitch: Pitch::new(number).unwrap() }];
    let mut harness = bench(scenes::with_alternatives(), SIZE);
    click(&mut harness, &["G4 instead, chance 17 %"]);
    assert_eq!(harness.state().actions, swap(67));
    let mut harness = bench(scenes::with_alternatives(), SIZE);
    let down = (Modifiers::NONE, Key::ArrowDown);
    assert_eq!(press(&mut harness, &[down, down, down, ENTER]), swap(60));
    assert_eq!(harness.state().model.auditioned, 2, "the arrows belong to the list");
}

#[test]
fn a_ghost_in_the_roll_is_taken_with_a_click() {
    let mut harness = bench(scenes::with_alternatives(), SIZE);
    let rect = harness.get_by_label_contains("Piano roll").rect();
    let mut ghost = harness.state().model.clone();
    let mut candidates = ghost.candidates.to_vec();
    let mut seen = 0;
    candidates[2].phrase = candidates[2].phrase.map_notes(|note| {
        seen += 1;
        if seen == 7 { melody::Note { pitch: Pitch::MIDDLE_C, ..note } } else { note }
    });
    ghost.candidates = std::sync::Arc::new(candidates);
    let place = answered_note(rect, &ghost, 6).center();
    assert_eq!(drag(&mut harness, &[place]), [Action::Swap { note: 6, pitch: Pitch::MIDDLE_C }]);
}

#[test]
fn escape_and_the_cross_put_the_list_away_and_nothing_else() {
    let mut model = scenes::with_alternatives();
    model.selection = Some(Selection::Answer(bars(0, 1)));
    let mut harness = bench(model, SIZE);
    assert_eq!(press(&mut harness, &[ESCAPE]), [Action::CloseAlternatives]);
    assert!(harness.state().model.selection.is_some());
    let mut harness = bench(scenes::with_alternatives(), SIZE);
    click(&mut harness, &["Close the list"]);
    assert_eq!(harness.state().actions, [Action::CloseAlternatives]);
}

#[test]
fn while_a_model_is_asked_the_list_says_so_and_then_why_not() {
    let mut model = scenes::with_alternatives();
    model.alternatives.iter_mut().for_each(|alternatives| alternatives.choices.clear());
    assert!(bench(model.clone(), SIZE).query_by_label("Asking Continuo ...").is_some());
    let problem = "The model is gone: choose another.".to_owned();
    model.alternatives.iter_mut().for_each(|alternatives| alternatives.problem = Some(problem.clone()));
    assert!(bench(model, SIZE).query_by_label(&problem).is_some());
}

#[test]
fn in_a_filled_gap_the_ruler_selects_what_was_heard() {
    let mut harness = bench(scenes::filled(), SIZE);
    assert_eq!(harness.state().model.settings.task, Task::Fill);
    let inside = [9.0, 14.0].map(|quarter| at(&harness, quarter));
    assert_eq!(drag(&mut harness, &inside), [Action::Select(Some(Selection::Answer(bars(0, 2))))]);
    let top = harness.get_by_label_contains("Piano roll").rect().top() + 24.0;
    let ruler = inside.map(|place| Pos2::new(place.x, top));
    assert_eq!(drag(&mut harness, &ruler), [Action::Select(Some(Selection::Heard(bars(2, 4))))]);
}
