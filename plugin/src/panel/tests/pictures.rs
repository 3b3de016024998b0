//! Pictures of every state, compared with those in `tests/snapshots`; `UPDATE_SNAPSHOTS=1` draws them anew.

use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, SnapshotOptions, SnapshotResults};

use super::{Bench, bench, scenes};
use crate::panel::{Look, ViewModel, Work};

/// Another version of the software renderer rounds a few edges differently: a pixel may be off by this much (YIQ, as
/// egui_kittest measures it; its default is 0.6), and this many may be off by more. A moved text changes thousands.
const TOLERANCE: f32 = 2.0;
const STRAY_PIXELS: usize = 60;

const USUAL: [f32; 2] = [1000.0, 700.0];
const SMALL: [f32; 2] = [640.0, 400.0];

/// Pictures of one test, which are all drawn before it fails.
#[derive(Default)]
struct Pictures {
    results: SnapshotResults,
}

impl Pictures {
    fn draw(&mut self, name: &str, model: ViewModel, size: [f32; 2]) {
        self.keep(name, bench(model, size));
    }

    fn keep(&mut self, name: &str, mut harness: Harness<'static, Bench>) {
        let options = SnapshotOptions::new()
            .threshold(TOLERANCE)
            .max_failed_pixels(STRAY_PIXELS)
            .output_path("tests/snapshots");
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
    harness.get_by_label("Seed").hover();
    harness.run_steps(6);
    pictures.keep("tooltip", harness);
}
