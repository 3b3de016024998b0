//! What leaves the panel in a frame, with each change of a setting bracketed as the host's automation wants it.

use egui::{Context, Id, Response, Ui};

use super::{Action, Control, Setting};

/// Collects the actions of one frame.
pub struct Outgoing {
    actions: Vec<Action>,
    /// The control that the mouse holds since this frame or an earlier one.
    held: Option<Control>,
    /// Something had the focus when the frame began, which may have used a key and let the focus go since.
    had_focus: bool,
}

impl Outgoing {
    /// Nothing yet; a control may still be held from the frame before.
    pub fn begin(context: &Context) -> Outgoing {
        let held = context.data(|data| data.get_temp(held_id())).flatten();
        let had_focus = context.memory(|memory| memory.focused()).is_some();
        Outgoing { actions: Vec::new(), held, had_focus }
    }

    /// Whether something had the focus when the frame began.
    pub fn had_focus(&self) -> bool {
        self.had_focus
    }

    /// Adds an action that changes no setting.
    pub fn push(&mut self, action: Action) {
        self.actions.push(action);
    }

    /// Adds an action, if there is one.
    pub fn extend(&mut self, actions: impl IntoIterator<Item = Action>) {
        self.actions.extend(actions);
    }

    /// A setting was changed in one go.
    pub fn set(&mut self, setting: Setting) {
        let control = setting.control();
        self.actions.extend([Action::Grab(control), Action::Set(setting), Action::LetGo(control)]);
    }

    /// A control that can be dragged was drawn; `changed` is its new value, if it has one.
    pub fn turn(&mut self, response: &Response, control: Control, changed: Option<Setting>) {
        if response.drag_started() && self.held.is_none() {
            self.held = Some(control);
            self.actions.push(Action::Grab(control));
        }
        match changed {
            Some(setting) if self.held == Some(control) => self.actions.push(Action::Set(setting)),
            Some(setting) => self.set(setting),
            None => {}
        }
    }

    /// The actions in order. A control is let go when the mouse is, even if it is no longer on screen by then.
    pub fn end(mut self, context: &Context) -> Vec<Action> {
        if let Some(control) = self.held
            && !context.input(|input| input.pointer.any_down())
        {
            self.actions.push(Action::LetGo(control));
            self.held = None;
        }
        context.data_mut(|data| data.insert_temp(held_id(), self.held));
        self.actions
    }
}

/// How far the mouse moves before it drags, in points.
const FAR: f32 = 6.0;

/// Whether the mouse begins in this frame to drag a widget away: once for each press.
pub fn dragged_out(ui: &Ui, response: &Response) -> bool {
    let id = response.id.with("dragged out");
    if !response.is_pointer_button_down_on() {
        ui.data_mut(|data| data.remove::<bool>(id));
        return false;
    }
    let way = ui.input(|input| input.pointer.press_origin().zip(input.pointer.latest_pos()));
    let far = way.is_some_and(|(from, to)| from.distance(to) > FAR);
    far && ui.data_mut(|data| !std::mem::replace(data.get_temp_mut_or_default::<bool>(id), true))
}

fn held_id() -> Id {
    Id::unique("continuo: the control that is held")
}
