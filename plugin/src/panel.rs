//! The panel: a plain function of a view model that draws one frame and returns what the user did in it.

mod action;
mod view_model;

pub use action::{Action, Control, Setting};
pub use view_model::{
    Look, ModelEntry, PressedKeys, Settings, Standalone, Start, Transport, ViewModel, Work,
};

/// Draws one frame of the panel and returns what the user did, in order. `[main-thread]`
pub fn ui(_ui: &mut egui::Ui, _model: &mut ViewModel) -> Vec<Action> {
    Vec::new()
}
