//! The editor's window as hosts see it: made when it is first asked for, in the size that it had in the project.

use std::error::Error;
use std::sync::{Arc, OnceLock};

use nice_plug::context::gui::GuiContext;
use nice_plug::editor::dpi::{LogicalSize, NativeSize};
use nice_plug::editor::{
    Editor, HostMethods, ParentWindowHandle, ResizeHint, SizeConstraints, SpawnedEditor,
};
use nice_plug::plugin::TrackInfo;
use nice_plug_egui::{EguiEditor, EguiEditorHandle, EguiEditorState, EguiNiceSettings, RepaintNotifier};
use parking_lot::Mutex;

use super::PanelApp;
use crate::crossing::PanelEnds;
use crate::format::House;
use crate::instance::Instance;
use crate::panel;

/// The largest window that is remembered, in points: 8K.
const LARGEST: (u32, u32) = (7680, 4320);

/// The editor of an instance; nothing is drawn before the host opens it.
pub struct PanelEditor {
    instance: Arc<Instance>,
    /// The size in which the standalone's window was left.
    left: Option<(u32, u32)>,
    /// The panel until its window is made.
    panel: Mutex<Option<PanelApp>>,
    window: OnceLock<Option<EguiEditor<PanelApp>>>,
}

impl PanelEditor {
    /// The editor of an instance. `[main-thread]`
    pub fn new(instance: Arc<Instance>, ends: PanelEnds, house: Option<Box<dyn House>>) -> PanelEditor {
        let left = house.as_ref().and_then(|house| house.window());
        let panel = PanelApp::new(instance.clone(), ends, house);
        PanelEditor { instance, left, panel: Mutex::new(Some(panel)), window: OnceLock::new() }
    }

    /// The window, in the size that the project remembers by now: hosts load a project before they open windows.
    fn window(&self) -> Option<&EguiEditor<PanelApp>> {
        let make = || {
            let panel = self.panel.lock().take()?;
            let (width, height) = size(self.left.or(self.instance.memory.get().window));
            let size = LogicalSize::new(f64::from(width), f64::from(height));
            nice_plug_egui::create_egui_editor(
                EguiEditorState::from_size(size, 1.0),
                RepaintNotifier::new(),
                EguiNiceSettings::new().with_tile("Continuo").with_resize_hint(resize_hint()),
                panel,
            )
        };
        self.window.get_or_init(make).as_ref()
    }
}

/// A remembered size that can be trusted.
fn size(remembered: Option<(u32, u32)>) -> (u32, u32) {
    let (width, height) = remembered.unwrap_or(panel::USUAL);
    let (least_width, least_height) = panel::SMALLEST;
    (width.clamp(least_width, LARGEST.0), height.clamp(least_height, LARGEST.1))
}

fn resize_hint() -> ResizeHint {
    let (width, height) = panel::SMALLEST;
    ResizeHint {
        can_resize: true,
        can_resize_horizontally: true,
        can_resize_vertically: true,
        size_constraints: SizeConstraints::min_logical_size(LogicalSize::new(width as f32, height as f32)),
        ..ResizeHint::default()
    }
}

impl Editor for PanelEditor {
    type Handle = EguiEditorHandle;

    fn spawn(
        &self,
        parent: Option<ParentWindowHandle>,
        wait_for_parent: bool,
        scale_factor: Option<f64>,
        context: GuiContext,
        host: Option<HostMethods>,
    ) -> Result<SpawnedEditor<EguiEditorHandle>, Box<dyn Error>> {
        let window = self.window().ok_or("the panel could not be made")?;
        window.spawn(parent, wait_for_parent, scale_factor, context, host)
    }

    fn size(&self) -> NativeSize<u32> {
        self.window().map_or_else(
            || NativeSize::from_size(LogicalSize::new(panel::USUAL.0, panel::USUAL.1).into(), 1.0),
            Editor::size,
        )
    }

    fn resize_hint(&self) -> ResizeHint {
        resize_hint()
    }

    fn track_info_updated(&self, info: TrackInfo) {
        if let Some(window) = self.window() {
            window.track_info_updated(info);
        }
    }

    unsafe fn assume_standalone_in_process(&self) {
        if let Some(window) = self.window() {
            // SAFETY: The caller gives the promise that the window asks for.
            unsafe { window.assume_standalone_in_process() };
        }
    }
}
