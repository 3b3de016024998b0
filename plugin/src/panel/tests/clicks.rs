//! What clicks, drags and keys send out.

mod cards;
mod controls;
mod deck;
mod header;
mod models;
mod roll;
mod shelf;
mod shortcuts;
mod standalone;

use egui::{Key, Modifiers, Pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::{Bench, bench, scenes};
use crate::panel::{Action, Setting, ViewModel};

const SIZE: [f32; 2] = [1000.0, 700.0];
const SMALL: [f32; 2] = [640.0, 400.0];

fn after_click(model: ViewModel, label: &str) -> Harness<'static, Bench> {
    after_clicks(model, &[label])
}

/// A panel in which these widgets were clicked one after the other.
fn after_clicks(model: ViewModel, labels: &[&str]) -> Harness<'static, Bench> {
    let mut harness = bench(model, SIZE);
    click(&mut harness, labels);
    harness
}

fn click(harness: &mut Harness<'static, Bench>, labels: &[&str]) {
    for label in labels {
        harness.get_by_label(label).click();
        harness.run_steps(2);
    }
}

/// Presses keys one after the other; returns what came out of it.
fn press(harness: &mut Harness<'static, Bench>, keys: &[(Modifiers, Key)]) -> Vec<Action> {
    harness.state_mut().actions.clear();
    for (modifiers, key) in keys {
        harness.key_press_modifiers(*modifiers, *key);
        harness.run_steps(2);
    }
    harness.state().actions.clone()
}

/// The mouse goes down at the first place, over the others, and up at the last; returns what came out of it.
fn drag(harness: &mut Harness<'static, Bench>, way: &[Pos2]) -> Vec<Action> {
    harness.state_mut().actions.clear();
    let (Some(first), Some(last)) = (way.first(), way.last()) else { return Vec::new() };
    harness.drag_at(*first);
    harness.run_steps(1);
    for at in way {
        harness.hover_at(*at);
        harness.run_steps(1);
    }
    harness.drop_at(*last);
    harness.run_steps(2);
    harness.state().actions.clone()
}

fn set_at_once(setting: Setting) -> Vec<Action> {
    let control = setting.control();
    vec![Action::Grab(control), Action::Set(setting), Action::LetGo(control)]
}
