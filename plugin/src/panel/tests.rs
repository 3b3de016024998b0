//! The panel drawn and used without a host: its states as pictures, and what clicks and keys send out.

mod clicks;
mod pictures;
mod scenes;
mod sizes;
mod speed;
mod standalone;

use egui_kittest::Harness;

use super::{Action, ViewModel};

/// A panel under test: what it shows, and all that came out of it so far.
struct Bench {
    model: ViewModel,
    actions: Vec<Action>,
}

/// A panel of this size in points.
fn bench(model: ViewModel, size: [f32; 2]) -> Harness<'static, Bench> {
    let show = |ui: &mut egui::Ui, bench: &mut Bench| {
        // The harness keeps a margin; a window has none.
        let window = egui::UiBuilder::new().max_rect(ui.ctx().content_rect());
        let actions = ui.scope_builder(window, |ui| super::ui(ui, &mut bench.model)).inner;
        bench.actions.extend(actions);
    };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_render_cursor(false)
        .with_context_setup(super::install)
        .build_ui_state(show, Bench { model, actions: Vec::new() });
    harness.run_steps(2);
    harness
}
