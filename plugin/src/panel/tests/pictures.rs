//! Pictures of every state, compared with those in `assets/pictures`; `cargo xtask pictures` draws them anew.

mod shapes;
mod shelf;

use std::sync::Arc;

use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, SnapshotOptions, SnapshotResults};

use super::{Bench, bench, scenes};
use crate::panel::{Look, ViewModel, Work, roll};
use generator::Task;

/// Another version of the software renderer rounds a few edges differently: a pixel may be off by this much (YIQ, as
/// egui_kittest measures it; its default is 0.6), and this many may be off by more. A moved text changes thousands.
const TOLERANCE: f32 = 2.0;
const STRAY_PIXELS: usize = 60;

const USUAL: [f32; 2] = [1000.0, 700.0];
const SMALL: [f32; 2] = [640.0, 400.0];
const LARGE: [f32; 2] = [1920.0, 1080.0];

/// Pictures of one test, which are all drawn before it fails.
#[derive(Default)]
pub(super) struct Pictures {
    results: SnapshotResults,
}

impl Pictures {
    fn draw(&mut self, name: &str, model: ViewModel, size: [f32; 2]) {
        self.keep(name, bench(model, size));
    }

    pub(super) fn keep(&mut self, name: &str, mut harness: Harness<'static, Bench>) {
        let options = SnapshotOptions::new()
            .threshold(TOLERANCE)
            .max_failed_pixels(STRAY_PIXELS)
            .output_path("../assets/pictures");
        harness.snapshot_options(name, &options);
        self.results.extend_harness(&mut harness);
    }
}

#[test]
fn an_empty_panel_says_what_to_do() {
    let mut pictures = Pictures::default();
    pictures.draw("empty", scenes::empty(), USUAL);
    pictures.draw("empty_small", scenes::empty(), SMALL);
}

#[test]
fn an_answer_follows_what_was_played() {
    let mut pictures = Pictures::default();
    pictures.draw("answered", scenes::answered(), USUAL);
    pictures.draw("answered_small", scenes::answered(), SMALL);
    pictures.draw("answered_light", ViewModel { look: Look::Light, ..scenes::answered() }, USUAL);
}

#[test]
fn a_busy_panel_says_so() {
    let mut pictures = Pictures::default();
    pictures.draw("busy", scenes::busy(), USUAL);
    pictures.draw("busy_small", scenes::busy(), SMALL);
}

#[test]
fn a_problem_is_a_sentence() {
    let mut pictures = Pictures::default();
    pictures.draw("problem", scenes::problem(), USUAL);
    pictures.draw("problem_small", scenes::problem(), SMALL);
}

#[test]
fn the_standalone_has_a_piano() {
    let mut pictures = Pictures::default();
    pictures.draw("standalone", scenes::standalone(), USUAL);
    pictures.draw("standalone_small", scenes::standalone(), SMALL);
    let fresh = ViewModel { standalone: scenes::standalone().standalone, ..scenes::empty() };
    pictures.draw("standalone_empty_small", fresh, SMALL);
}

#[test]
fn many_problems_leave_room_for_the_rest() {
    let mut pictures = Pictures::default();
    let mut model = scenes::standalone();
    model.work = Work::Problem("the disk is full: free some space, then save again".to_owned());
    model.settings.chord = "Hmaj7".to_owned();
    model.settings.model = "my-own-lstm".to_owned();
    model.dropped_events = 12;
    pictures.draw("problems", model, USUAL);
}

#[test]
fn a_long_answer_fits() {
    let mut pictures = Pictures::default();
    pictures.draw("long", scenes::long(), USUAL);
}

#[test]
fn similar_phrases_are_listed_with_their_likeness() {
    let mut pictures = Pictures::default();
    pictures.draw("varied", scenes::varied(), USUAL);
    pictures.draw("varied_small", scenes::varied(), SMALL);
    pictures.draw("varied_light", ViewModel { look: Look::Light, ..scenes::varied() }, USUAL);
    let standalone = scenes::standalone().standalone;
    pictures.draw("varied_standalone_small", ViewModel { standalone, ..scenes::varied() }, SMALL);
}

#[test]
fn next_notes_are_listed_with_their_chances() {
    let mut pictures = Pictures::default();
    pictures.draw("next", scenes::next_notes(), USUAL);
    pictures.draw("next_small", scenes::next_notes(), SMALL);
}

#[test]
fn fresh_melodies_need_no_playing() {
    let mut pictures = Pictures::default();
    pictures.draw("fresh", scenes::fresh(), USUAL);
    let mut asked = scenes::fresh();
    (asked.candidates, asked.work) = (Arc::default(), Work::Idle);
    pictures.draw("fresh_empty", asked, SMALL);
}

#[test]
fn a_morph_needs_an_answer_to_lead_to() {
    let mut pictures = Pictures::default();
    pictures.draw("morph_without_goal", scenes::asking("vae", Task::Morph), USUAL);
    pictures.draw("morph_without_goal_small", scenes::asking("vae", Task::Morph), SMALL);
    pictures.draw("morphed", scenes::morphed(), USUAL);
}

#[test]
fn attention_is_drawn_from_the_note_under_the_mouse() {
    let mut pictures = Pictures::default();
    for (name, look, size) in [
        ("attention", Look::Dark, USUAL),
        ("attention_light", Look::Light, USUAL),
        ("attention_small", Look::Dark, SMALL),
    ] {
        let mut harness = bench(ViewModel { look, ..scenes::attended() }, size);
        let rect = harness.get_by_label_contains("Piano roll").rect();
        let note = roll::answered_note(rect, &harness.state().model, 6);
        harness.hover_at(note.center());
        harness.run_steps(6);
        pictures.keep(name, harness);
    }
}

#[test]
fn a_task_that_the_model_cannot_do_is_a_sentence() {
    let mut pictures = Pictures::default();
    pictures.draw("task_refused", scenes::asking("random", Task::Vary), USUAL);
}

#[test]
fn menus_and_focus_are_seen() {
    let mut pictures = Pictures::default();
    let mut harness = bench(scenes::listening(), SMALL);
    harness.get_by_label("Model").click();
    harness.run_steps(4);
    pictures.keep("menu", harness);
    let mut harness = bench(scenes::answered(), SMALL);
    harness.get_by_label("Temperature").focus();
    harness.run_steps(2);
    pictures.keep("focus", harness);
    let mut harness = bench(scenes::answered(), SMALL);
    harness.get_by_label("Answer").hover();
    harness.run_steps(6);
    pictures.keep("tooltip", harness);
}
