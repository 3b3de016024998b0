//! The layout follows the window: at every size each control has a place of its own.

use egui::accesskit::Role;
use egui::{Rect, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{By, NodeT, Queryable};

use super::{Bench, bench, scenes};
use crate::panel::{Standalone, ViewModel, Work};

const SIZES: [[f32; 2]; 9] = [
    [640.0, 400.0],
    [720.0, 480.0],
    [640.0, 900.0],
    [1000.0, 559.0],
    [1000.0, 700.0],
    [1280.0, 400.0],
    [1600.0, 900.0],
    [1920.0, 1080.0],
    [3840.0, 2160.0],
];

/// The controls with their places; cards are left out, as they scroll.
fn controls(harness: &Harness<'static, Bench>) -> Vec<(String, Rect)> {
    let is_control = |role: Role| {
        matches!(
            role,
            Role::Button
                | Role::CheckBox
                | Role::ComboBox
                | Role::Tab
                | Role::Slider
                | Role::SpinButton
                | Role::RadioButton
                | Role::TextInput
        )
    };
    let nodes = harness.query_all(By::new().predicate(move |node| is_control(node.role())));
    nodes.map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect())).collect()
}

fn states() -> [(&'static str, ViewModel); 6] {
    let problem = Work::Problem("the disk is full: free some space, then save again".to_owned());
    let standalone = Some(Standalone::new("ALSA, 48 kHz"));
    [
        ("empty", scenes::empty()),
        ("sixteen", scenes::shaped(16)),
        ("filling", scenes::filling()),
        ("mapped", scenes::mapped()),
        ("standalone", ViewModel { standalone: standalone.clone(), ..scenes::shaped(8) }),
        ("problem", ViewModel { standalone, work: problem, ..scenes::shaped(8) }),
    ]
}

#[test]
fn controls_never_overlap_nor_leave_the_window() {
    for size in SIZES {
        for (state, model) in states() {
            let harness = bench(model, size);
            let controls = controls(&harness);
            assert!(controls.len() > 20, "{state} at {size:?}: {}", controls.len());
            let window = Rect::from_min_size(egui::Pos2::ZERO, vec2(size[0], size[1]));
            for (index, (name, rect)) in controls.iter().enumerate() {
                assert!(window.contains_rect(*rect), "{name} leaves {state} at {size:?}: {rect:?}");
                for (other, place) in &controls[index + 1..] {
                    let apart = !rect.shrink(0.6).intersects(place.shrink(0.6));
                    assert!(apart, "{name} lies over {other} in {state} at {size:?}: {rect:?} {place:?}");
                }
            }
        }
    }
}

#[test]
fn the_roll_has_room_at_every_size() {
    for size in SIZES {
        for (state, model) in states() {
            let harness = bench(model, size);
            let roll = harness.query_by_label_contains("Piano roll").map(|node| node.rect());
            let least = if state == "problem" { 80.0 } else { 112.0 };
            assert!(
                roll.is_some_and(|roll| roll.height() >= least && roll.width() >= 320.0),
                "{state} at {size:?}: {roll:?}"
            );
        }
    }
}
