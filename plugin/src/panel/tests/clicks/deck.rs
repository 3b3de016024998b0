//! The buttons of the deck.

use egui_kittest::kittest::Queryable;
use generator::Task;

use super::{SIZE, after_click, bench, scenes};
use crate::panel::{Action, Export, Span, ViewModel, Work};

#[test]
fn each_button_does_what_it_says() {
    for (label, action) in [
        ("Continue", Action::Answer),
        ("Stop", Action::Stop),
        ("Play again", Action::PlayAgain),
        ("Save", Action::Save(Export::Candidate(0))),
        ("Clear", Action::Clear),
        ("Roll the dice", Action::RollDice),
    ] {
        assert_eq!(after_click(scenes::answered(), label).state().actions, [action], "{label}");
    }
    assert_eq!(after_click(scenes::problem(), "Dismiss").state().actions, [Action::DismissProblem]);
}

#[test]
fn buttons_without_a_meaning_are_deaf() {
    for label in ["Stop", "Play again", "Clear"] {
        assert_eq!(after_click(scenes::empty(), label).state().actions, [], "{label}");
    }
    let mut model = scenes::listening();
    model.settings.model = "gone".to_owned();
    assert_eq!(after_click(model, "Continue").state().actions, []);
}

#[test]
fn a_task_that_the_model_cannot_do_is_refused_with_those_that_can() {
    let harness = after_click(scenes::asking("random", Task::Vary), "Vary");
    assert_eq!(harness.state().actions, []);
    assert!(harness.query_by_label_contains("a model that can (VAE)").is_some());
}

#[test]
fn a_morph_without_an_answer_is_deaf_and_says_what_it_needs() {
    let harness = after_click(scenes::asking("vae", Task::Morph), "Morph");
    assert_eq!(harness.state().actions, []);
    assert_eq!(after_click(scenes::morphed(), "Morph").state().actions, [Action::Answer]);
}

#[test]
fn sentences_are_whole_and_can_be_read_aloud() {
    let harness = bench(scenes::problem(), SIZE);
    let sentence =
        "The prompt has 3 notes and this model needs at least 5: play a little more, then continue.";
    assert!(harness.query_by_label(sentence).is_some());
    let mut model = scenes::listening();
    model.work = Work::Idle;
    model.models.clear();
    assert!(bench(model, SIZE).query_by_label_contains("No model is installed").is_some());
}

#[test]
fn a_gap_has_to_be_drawn_before_it_is_filled() {
    let gapless = ViewModel { taken: Span::default(), selection: None, ..scenes::filling() };
    let harness = after_click(gapless, "Fill");
    assert_eq!(harness.state().actions, []);
    assert_eq!(after_click(scenes::filling(), "Fill").state().actions, [Action::Answer]);
}

#[test]
fn good_news_is_put_away() {
    let model = ViewModel { news: Some("saved to a.mid".to_owned()), ..scenes::answered() };
    let harness = after_click(model, "Dismiss the news");
    assert!(harness.query_by_label("Saved to a.mid.").is_some());
    assert_eq!(harness.state().actions, [Action::DismissNews]);
}
