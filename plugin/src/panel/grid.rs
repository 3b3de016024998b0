//! How many cards stand side by side in a given room, and how big they are.

use egui::{Rect, Vec2, pos2, vec2};

use super::theme::GRID;

/// Cards in rows and columns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// How many stand side by side.
    pub columns: usize,
    /// How many rows there are.
    pub rows: usize,
    /// The size of each, in points.
    pub card: Vec2,
}

impl Grid {
    /// The biggest cards that all fit into `size`, none smaller than `least` nor bigger than `most`; the rows that do
    /// not fit then have to be scrolled to.
    pub fn fit(size: Vec2, count: usize, least: Vec2, most: Vec2) -> Grid {
        let count = count.max(1);
        let abreast = (((size.x + GRID) / (least.x + GRID)).floor() as usize).max(1);
        let rows = count.div_ceil(abreast);
        let columns = count.div_ceil(rows);
        let share = |room: f32, parts: usize| ((room + GRID) / parts as f32 - GRID).floor();
        let width = share(size.x, columns).min(most.x);
        let height = share(size.y, rows).clamp(least.y, most.y.max(least.y));
        Grid { columns, rows, card: vec2(width, height) }
    }

    /// How high all rows are together, in points.
    pub fn height(&self) -> f32 {
        (self.card.y + GRID) * self.rows as f32 - GRID
    }

    /// The place of a card, from the upper left corner of the first.
    pub fn place(&self, index: usize) -> Rect {
        let step = self.card + Vec2::splat(GRID);
        let corner = pos2((index % self.columns) as f32 * step.x, (index / self.columns) as f32 * step.y);
        Rect::from_min_size(corner, self.card)
    }

    /// The card that arrow keys lead to: along a row, and where there are several across them.
    pub fn walked(&self, from: usize, count: usize, along: i64, across: i64) -> usize {
        let across = if self.rows > 1 { across * self.columns as i64 } else { across };
        let wanted = from as i64 + along;
        let wanted = wanted.clamp(0, count.saturating_sub(1) as i64);
        // A row further down may be shorter: there the step leads to nothing, and is not taken.
        match wanted + across {
            further if (0..count as i64).contains(&further) => further as usize,
            _ if self.rows > 1 => wanted as usize,
            further => further.clamp(0, count.saturating_sub(1) as i64) as usize,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: Vec2 = vec2(112.0, 48.0);
    const MOST: Vec2 = vec2(240.0, 112.0);

    #[test]
    fn sixteen_cards_fit_the_usual_window_in_two_rows() {
        let grid = Grid::fit(vec2(968.0, 144.0), 16, LEAST, MOST);
        assert_eq!((grid.columns, grid.rows), (8, 2));
        assert!(grid.height() <= 144.0 && grid.place(15).right() <= 968.0);
    }

    #[test]
    fn cards_never_overlap_nor_get_smaller_than_the_least() {
        for (width, count) in [(200.0, 16), (430.0, 7), (968.0, 1), (1888.0, 13), (3800.0, 16)] {
            let grid = Grid::fit(vec2(width, 96.0), count, LEAST, MOST);
            assert!(grid.card.y >= LEAST.y && grid.card.x <= MOST.x, "{grid:?}");
            for (index, other) in (0..count).flat_map(|index| (0..index).map(move |other| (index, other))) {
                assert!(
                    !grid.place(index).shrink(0.1).intersects(grid.place(other)),
                    "{index} {other} {grid:?}"
                );
            }
        }
    }

    #[test]
    fn arrows_walk_along_and_across_and_stop_at_the_ends() {
        let rows = Grid { columns: 4, rows: 2, card: LEAST };
        assert_eq!([rows.walked(0, 7, 1, 0), rows.walked(1, 7, 0, 1), rows.walked(5, 7, 0, -1)], [1, 5, 1]);
        assert_eq!([rows.walked(3, 7, 0, 1), rows.walked(6, 7, 1, 0), rows.walked(0, 7, -1, 0)], [3, 6, 0]);
        let row = Grid { columns: 7, rows: 1, card: LEAST };
        assert_eq!([row.walked(3, 7, 0, 1), row.walked(3, 7, 0, -1), row.walked(6, 7, 0, 1)], [4, 2, 6]);
    }
}
