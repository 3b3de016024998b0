//! Pictures of the shelf, the pages of the controls, the menus of the header, and good news.

use std::sync::Arc;

use egui_kittest::kittest::Queryable;

use super::{Pictures, SMALL, USUAL};
use crate::panel::tests::{bench, scenes};
use crate::panel::{Look, Standalone, ViewModel};

impl Pictures {
    /// The panel after these widgets were clicked, one after the other.
    fn after(&mut self, name: &str, model: ViewModel, size: [f32; 2], clicks: &[&str]) {
        let mut harness = bench(model, size);
        for label in clicks {
            harness.get_by_label(label).click();
            harness.run_steps(4);
        }
        self.keep(name, harness);
    }
}

#[test]
fn history_favourites_and_the_keep_track_lie_on_the_shelf() {
    let mut pictures = Pictures::default();
    for (name, tab) in [("history", "History: 4"), ("favourites", "Favourites: 3"), ("song", "Keep track: 5")]
    {
        pictures.after(name, scenes::shaped(4), USUAL, &[tab]);
        pictures.after(&format!("{name}_small"), scenes::shaped(4), SMALL, &[tab]);
        let light = ViewModel { look: Look::Light, ..scenes::shaped(4) };
        pictures.after(&format!("{name}_light"), light, USUAL, &[tab]);
    }
}

#[test]
fn an_empty_shelf_says_what_comes_there() {
    let mut pictures = Pictures::default();
    for (name, tab) in [("history", "History: 0"), ("favourites", "Favourites: 0"), ("song", "Keep track: 0")]
    {
        pictures.after(&format!("{name}_empty"), scenes::answered(), USUAL, &[tab]);
        pictures.after(&format!("{name}_empty_small"), scenes::answered(), SMALL, &[tab]);
    }
}

#[test]
fn rare_controls_are_on_pages_of_their_own() {
    let mut pictures = Pictures::default();
    let mut model = scenes::shaped(4);
    (model.settings.looped, model.settings.responds) = (true, true);
    pictures.after("output", model.clone(), USUAL, &["Output"]);
    pictures.after("hands_free", model.clone(), USUAL, &["Hands-free"]);
    for (name, page) in
        [("harmony_small", "Harmony"), ("output_small", "Output"), ("hands_free_small", "Hands-free")]
    {
        pictures.after(name, model.clone(), SMALL, &[page]);
    }
}

#[test]
fn the_header_has_menus() {
    let mut pictures = Pictures::default();
    pictures.after("presets", scenes::shaped(4), USUAL, &["Presets"]);
    pictures.after("presets_small", scenes::shaped(4), SMALL, &["Presets"]);
    pictures.after("more_small", scenes::shaped(4), SMALL, &["More commands"]);
    let standalone = Some(Standalone::new("ALSA, 48 kHz"));
    pictures.draw(
        "shaped_standalone",
        ViewModel { standalone: standalone.clone(), ..scenes::shaped(8) },
        USUAL,
    );
    let model = ViewModel { standalone, ..scenes::shaped(8) };
    pictures.after("tasks_standalone_small", model, SMALL, &["Task"]);
}

#[test]
fn good_news_is_told_and_put_away() {
    let mut pictures = Pictures::default();
    let news = Some("Saved to ~/me/Music/continuo-042319.mid".to_owned());
    pictures.draw("news", ViewModel { news: news.clone(), ..scenes::shaped(4) }, USUAL);
    let look = Look::Light;
    pictures.draw(
        "news_light",
        ViewModel { news, look, candidates: Arc::default(), ..scenes::shaped(4) },
        USUAL,
    );
}
