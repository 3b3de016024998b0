//! Pictures of shaping an answer: cards, a gap, selections, other notes, the map.

use egui_kittest::kittest::Queryable;
use melody::Ticks;

use super::{LARGE, Pictures, SMALL, USUAL};
use crate::panel::tests::{bench, scenes};
use crate::panel::{Look, Selection, Span, ViewModel};

fn light(model: ViewModel) -> ViewModel {
    ViewModel { look: Look::Light, ..model }
}

#[test]
fn candidates_are_cards_below_the_roll() {
    let mut pictures = Pictures::default();
    pictures.draw("shaped", scenes::shaped(4), USUAL);
    pictures.draw("shaped_light", light(scenes::shaped(4)), USUAL);
    pictures.draw("shaped_small", scenes::shaped(4), SMALL);
    pictures.draw("shaped_large", scenes::shaped(8), LARGE);
    pictures.draw("shaped_tall", scenes::shaped(8), [640.0, 900.0]);
    pictures.draw("shaped_flat", scenes::shaped(8), [1280.0, 400.0]);
}

#[test]
fn sixteen_candidates_are_seen_at_once() {
    let mut pictures = Pictures::default();
    pictures.draw("sixteen", scenes::shaped(16), USUAL);
    pictures.draw("sixteen_light", light(scenes::shaped(16)), USUAL);
    pictures.draw("sixteen_small", scenes::shaped(16), SMALL);
    let mut harness = bench(scenes::shaped(16), USUAL);
    harness.get_by_label_contains("Melody 11:").hover();
    harness.run_steps(2);
    pictures.keep("card_hovered", harness);
    pictures.draw("between", ViewModel { between: Some(1), ..scenes::shaped(8) }, USUAL);
}

#[test]
fn a_gap_is_filled_inside_what_was_heard() {
    let mut pictures = Pictures::default();
    pictures.draw("filling", scenes::filling(), USUAL);
    pictures.draw("filled", scenes::filled(), USUAL);
    pictures.draw("filled_light", light(scenes::filled()), USUAL);
    pictures.draw("filled_small", scenes::filled(), SMALL);
    let gapless = ViewModel { selection: None, taken: Span::default(), ..scenes::filling() };
    pictures.draw("gapless", gapless, USUAL);
}

#[test]
fn selected_bars_are_framed_with_what_to_do() {
    let mut pictures = Pictures::default();
    let span = Span { from: Ticks::quarters(8), to: Ticks::quarters(16) };
    let model = ViewModel { selection: Some(Selection::Answer(span)), ..scenes::shaped(4) };
    pictures.draw("selected_answer", model.clone(), USUAL);
    pictures.draw("selected_answer_small", model, SMALL);
    let span = Span { from: Ticks::quarters(4), to: Ticks::quarters(12) };
    let model = ViewModel { selection: Some(Selection::Heard(span)), taken: span, ..scenes::shaped(4) };
    pictures.draw("selected_heard", model, USUAL);
}

#[test]
fn other_notes_are_listed_beside_the_one_that_they_could_replace() {
    let mut pictures = Pictures::default();
    pictures.draw("alternatives", scenes::with_alternatives(), USUAL);
    pictures.draw("alternatives_light", light(scenes::with_alternatives()), USUAL);
    pictures.draw("alternatives_small", scenes::with_alternatives(), SMALL);
    let mut asking = scenes::with_alternatives();
    asking.alternatives.iter_mut().for_each(|alternatives| alternatives.choices.clear());
    pictures.draw("alternatives_asked", asking, USUAL);
}

#[test]
fn the_map_lies_beside_the_roll() {
    let mut pictures = Pictures::default();
    pictures.draw("map", scenes::mapped(), USUAL);
    pictures.draw("map_light", light(scenes::mapped()), USUAL);
    let mut harness = bench(scenes::mapped(), SMALL);
    harness.get_by_label("Map").click();
    harness.run_steps(4);
    pictures.keep("map_small", harness);
}
