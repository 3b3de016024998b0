//! The points of a map as a picture: the more phrases lie in a cell, the brighter it is.

use std::sync::Arc;

use egui::{Id, Mesh, Rect, Ui, vec2};

use super::place;
use crate::panel::Map;
use crate::panel::theme::Palette;

/// The side of a cell, in points.
const CELL: f32 = 3.0;
/// The share of the colour that a single phrase has.
const FAINTEST: f32 = 0.35;

/// A picture that was made, and what it shows.
#[derive(Clone)]
struct Drawn {
    map: Arc<Map>,
    field: Rect,
    dark: bool,
    mesh: Arc<Mesh>,
}

/// The cells of a map in `field`; made anew only when the map, its place or the colours change.
pub fn mesh(ui: &Ui, palette: &Palette, field: Rect, map: &Arc<Map>) -> Arc<Mesh> {
    let id = Id::unique("continuo: the cloud of the map");
    let dark = ui.visuals().dark_mode;
    let fits = |drawn: &Drawn| Arc::ptr_eq(&drawn.map, map) && drawn.field == field && drawn.dark == dark;
    if let Some(drawn) = ui.data(|data| data.get_temp::<Drawn>(id)).filter(fits) {
        return drawn.mesh;
    }
    let mesh = Arc::new(cells(palette, field, map));
    let drawn = Drawn { map: map.clone(), field, dark, mesh: mesh.clone() };
    ui.data_mut(|data| data.insert_temp(id, drawn));
    mesh
}

fn cells(palette: &Palette, field: Rect, map: &Map) -> Mesh {
    let (columns, rows) =
        ((field.width() / CELL).ceil() as usize + 1, (field.height() / CELL).ceil() as usize + 1);
    let mut counts = vec![0_u32; columns * rows];
    for point in &map.points {
        let at = (place(field, *point) - field.min) / CELL;
        let (column, row) = ((at.x as usize).min(columns - 1), (at.y as usize).min(rows - 1));
        counts[row * columns + column] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f32;
    let mut mesh = Mesh::default();
    for (place, count) in counts.into_iter().enumerate().filter(|(_, count)| *count > 0) {
        let corner = field.min + vec2((place % columns) as f32, (place / columns) as f32) * CELL;
        // The square root, for most cells hold few phrases.
        let share = FAINTEST + (1.0 - FAINTEST) * (count as f32 / most).sqrt();
        let colour = palette.well.lerp_to_gamma(palette.answer_unsure, share);
        mesh.add_colored_rect(Rect::from_min_size(corner, vec2(CELL - 0.5, CELL - 0.5)), colour);
    }
    mesh
}
