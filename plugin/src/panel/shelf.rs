//! Where phrases lie: the answers to choose from, all earlier ones, those that are liked, and the song of those kept.

mod favourites;
mod history;
mod list;
mod song;
mod vacancy;

use egui::{
    CornerRadius, Id, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};
use generator::Task;

use super::gesture::Outgoing;
use super::icon::Icon;
use super::theme::{self, GRID, Palette};
use super::{ViewModel, candidates, map};

/// Height of the line with the tabs, in points: below the roll, beside it.
const TABS: (f32, f32) = (32.0, 24.0);
/// The width from which tabs carry their names, in points.
const NAMED: f32 = 840.0;
/// The smallest card below the roll, and beside it.
const LEAST_CARD: (Vec2, Vec2) = (vec2(112.0, 52.0), vec2(84.0, 40.0));
/// The most of the body's height that the shelf takes from the roll.
const MOST: f32 = 0.44;

/// What can lie on the shelf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The candidates of the answer that is shown.
    Answers,
    /// All answers of the project.
    History,
    /// The phrases that are liked.
    Favourites,
    /// The Keep track.
    Song,
    /// The model's map, where it has no place of its own.
    Map,
}

/// The shelf for one frame: what lies on it, and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Shelf {
    /// What is seen; `None` while it is folded up.
    view: Option<View>,
    /// Its place.
    rect: Rect,
    /// Whether it stands beside the roll.
    beside: bool,
    /// The roll's place.
    pub roll: Rect,
    /// The map's own place.
    pub map: Option<Rect>,
}

impl Shelf {
    /// Divides the panel's body between the roll, the map and the shelf.
    pub fn of(ui: &Ui, body: Rect, beside: bool, model: &ViewModel) -> Shelf {
        let mapped = model.settings.task == Task::Vary && model.map.is_some();
        if ui.data(|data| data.get_temp(answered_id())).unwrap_or(0) != model.history.len() {
            // A new answer is what one wants to see.
            ui.data_mut(|data| {
                data.insert_temp(answered_id(), model.history.len());
                data.insert_temp(id(), Some(View::Answers));
            });
        }
        let chosen: Option<View> = ui.data(|data| data.get_temp(id())).unwrap_or(Some(View::Answers));
        let view = match chosen {
            Some(View::Map) if !(mapped && beside) => Some(View::Answers),
            // Nothing to choose from needs no room below the roll.
            Some(View::Answers) if model.candidates.is_empty() && !beside => None,
            view => view,
        };
        if beside {
            let width = (body.width() * 0.34).round().clamp(208.0, 400.0);
            let rect = body.with_min_x(body.right() - width);
            return Shelf { view, rect, beside, roll: body.with_max_x(rect.left() - GRID), map: None };
        }
        let height = if view.is_some() { open_height(body, model) } else { TABS.0 };
        let rect = body.with_min_y((body.bottom() - height).round());
        let above = body.with_max_y(rect.top() - GRID);
        let map = mapped.then(|| {
            let side = above.height().min(above.width() * 0.4);
            above.with_min_x((above.right() - side).round())
        });
        let roll = map.map_or(above, |map| above.with_max_x(map.left() - GRID));
        Shelf { view, rect, beside, roll, map }
    }

    /// Draws the tabs, the buttons for what is chosen, and what lies on the shelf.
    pub fn show(&self, ui: &mut Ui, palette: &Palette, model: &mut ViewModel, outgoing: &mut Outgoing) {
        let line = if self.beside { TABS.1 } else { TABS.0 };
        let head = self.rect.with_max_y(self.rect.top() + line);
        let end = self.tabs(ui, palette, head, model);
        let Some(view) = self.view else { return };
        let mut rest = self.rect.with_min_y(head.bottom() + if self.beside { 4.0 } else { GRID });
        let mut bar = head.with_min_x(end + GRID);
        if self.beside && view != View::Map {
            bar = rest.with_min_y(rest.bottom() - line);
            rest = rest.with_max_y(bar.top() - 4.0);
        }
        let least = if self.beside { LEAST_CARD.1 } else { LEAST_CARD.0 };
        match view {
            View::Answers if model.candidates.is_empty() => {
                vacancy::show(ui, palette, rest, vacancy::ANSWERS)
            }
            View::Answers => {
                candidates::show(ui, palette, rest, least, model, outgoing);
                candidates::bar::show(ui, palette, bar, model, outgoing);
            }
            View::History => history::show(ui, palette, rest, least, model, outgoing),
            View::Favourites => favourites::show(ui, palette, rest, bar, least, model, outgoing),
            View::Song => song::show(ui, palette, rest, bar, model, outgoing),
            View::Map => map::show(ui, palette, rest, model, outgoing),
        }
    }

    /// Draws the tabs from the left; returns where they end.
    fn tabs(&self, ui: &mut Ui, palette: &Palette, rect: Rect, model: &ViewModel) -> f32 {
        let mapped =
            self.beside && self.map.is_none() && model.settings.task == Task::Vary && model.map.is_some();
        let tabs = [
            (View::Answers, Icon::Cards, "Answers", Some(model.candidates.len())),
            (View::History, Icon::History, "History", Some(model.history.len())),
            (View::Favourites, Icon::Star, "Favourites", Some(model.favourites.len())),
            (View::Song, Icon::Song, "Keep track", Some(model.song.len())),
            (View::Map, Icon::Map, "Map", None),
        ];
        let iconic = rect.width() < NAMED;
        let mut left = rect.left();
        for (view, icon, name, count) in tabs.into_iter().filter(|(view, ..)| *view != View::Map || mapped) {
            let tab = Tab { icon, name, count, chosen: self.view == Some(view), iconic, palette };
            let response = tab.show(ui, pos2(left, rect.top()), rect.height());
            left = response.rect.right() + if iconic { 1.0 } else { 4.0 };
            if response.on_hover_text(says(view)).clicked() {
                let folds = self.view == Some(view) && !self.beside;
                let chosen = if folds { None } else { Some(view) };
                ui.data_mut(|data| data.insert_temp::<Option<View>>(id(), chosen));
            }
        }
        left
    }
}

fn id() -> Id {
    Id::unique("continuo: what lies on the shelf")
}

/// How many answers there were in the last frame.
fn answered_id() -> Id {
    Id::unique("continuo: the answers that the shelf has seen")
}

/// As high as the cards want to be, as far as the roll can do without.
fn open_height(body: Rect, model: &ViewModel) -> f32 {
    let abreast = ((body.width() + GRID) / (LEAST_CARD.0.x + GRID)).floor().max(1.0);
    let rows = (model.candidates.len() as f32 / abreast).ceil().clamp(1.0, 3.0);
    let card = (body.height() * 0.16).round().clamp(LEAST_CARD.0.y + GRID, 128.0);
    (TABS.0 + GRID + rows * (card + GRID) - GRID).min((body.height() * MOST).round())
}

fn says(view: View) -> &'static str {
    match view {
        View::Answers => "The answers to choose from. Click again to fold them up.",
        View::History => "All answers of this project: a click brings one back.",
        View::Favourites => "The phrases that you like. They stay in the project.",
        View::Song => "The phrases that you kept, one after the other, as a song.",
        View::Map => "All phrases that the model knows, like ones together: wander over it.",
    }
}

/// One tab while it is drawn.
struct Tab<'a> {
    icon: Icon,
    name: &'a str,
    count: Option<usize>,
    chosen: bool,
    /// Whether there is room for its icon alone.
    iconic: bool,
    palette: &'a Palette,
}

impl Tab<'_> {
    fn show(&self, ui: &mut Ui, corner: egui::Pos2, height: f32) -> Response {
        let palette = self.palette;
        let ink = if self.chosen { palette.text } else { palette.text_weak };
        let painter = ui.painter().clone();
        let name = if self.iconic { "" } else { self.name };
        // As wide as the emphasised name, so that nothing moves when another tab is chosen.
        let widest = theme::line(&painter, name, theme::strong(13.0), ink, f32::INFINITY).size().x;
        let count = self.count.filter(|count| *count > 0).map(|count| count.to_string()).unwrap_or_default();
        let count = theme::line(&painter, &count, theme::small(), palette.text_weak, f32::INFINITY);
        let pad = if self.iconic { 5.0 } else { 10.0 };
        let gap = |width: f32| if width > 0.0 { 6.0 } else { 0.0 };
        let (named, counted) = (gap(widest) + widest.ceil(), gap(count.size().x) + count.size().x.ceil());
        let least = if self.iconic { 36.0 } else { 0.0 };
        let width = (2.0 * pad + 14.0 + named + counted).max(least);
        let rect = Rect::from_min_size(corner, vec2(width, height));
        let response = ui.interact(rect, ui.scope_id().with(("shelf", self.name)), Sense::click());
        let spoken = match self.count {
            Some(count) => format!("{}: {count}", self.name),
            None => self.name.to_owned(),
        };
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, self.chosen, &spoken));
        if self.chosen || response.hovered() {
            painter.rect_filled(rect, CornerRadius::same(6), palette.field);
        }
        if self.chosen {
            painter.rect_stroke(
                rect,
                CornerRadius::same(6),
                Stroke::new(1.0, palette.line_strong),
                StrokeKind::Inside,
            );
        }
        let middle = rect.center().y;
        let alone = named + counted == 0.0;
        let icon = if alone { rect.center().x } else { rect.left() + pad + 7.0 };
        self.icon.paint(&painter, pos2(icon, middle), 14.0, ink);
        let font = if self.chosen { theme::strong(13.0) } else { theme::body() };
        let text = theme::line(&painter, name, font, ink, f32::INFINITY);
        let left = rect.left() + pad + 14.0 + gap(widest);
        painter.galley(pos2(left, middle - text.size().y / 2.0), text, ink);
        let right = rect.right() - pad - count.size().x;
        painter.galley(pos2(right, middle - count.size().y / 2.0), count, palette.text_weak);
        if response.has_focus() {
            theme::focus_ring(&painter, rect, palette);
        }
        response
    }
}
