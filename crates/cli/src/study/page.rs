//! The listening test as one HTML page that needs nothing beside itself.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use generator::sampling::Dice;
use maud::{DOCTYPE, PreEscaped, html};
use serde::Serialize;

use super::clips::{Clip, Sounding};

/// What the page's script reads.
#[derive(Debug, Serialize)]
pub struct Page {
    /// The study's name: a hash of its clips.
    study: String,
    clips: Vec<Blind>,
    /// Who plays which clip, in base64 so that nobody reads it by chance.
    key: String,
}

/// A clip without its player.
#[derive(Debug, Serialize)]
struct Blind {
    id: String,
    seconds: f64,
    notes: Vec<Sounding>,
}

#[derive(Debug, Serialize)]
struct Player {
    model: String,
    name: String,
}

impl Page {
    /// The page of these clips, numbered in an order that says nothing of their players.
    pub fn of(mut clips: Vec<Clip>, seed: u64) -> Page {
        let mut dice = Dice::new(seed);
        for last in (1..clips.len()).rev() {
            clips.swap(last, dice.pick(last + 1));
        }
        let mut hasher = DefaultHasher::new();
        let mut players = BTreeMap::new();
        let mut blind = Vec::new();
        for (number, clip) in (1..).zip(clips) {
            let id = format!("c{number}");
            (&clip.player, format!("{:?}", clip.notes)).hash(&mut hasher);
            players.insert(id.clone(), Player { model: clip.player, name: clip.name });
            blind.push(Blind { id, seconds: clip.seconds, notes: clip.notes });
        }
        let key = serde_json::to_string(&players).unwrap_or_default();
        Page { study: format!("{:016x}", hasher.finish()), clips: blind, key: STANDARD.encode(key) }
    }

    /// How many clips it has.
    pub fn clips(&self) -> usize {
        self.clips.len()
    }

    /// The study's name.
    pub fn study(&self) -> &str {
        &self.study
    }

    /// The whole page.
    ///
    /// # Errors
    /// The clips cannot be put into JSON.
    pub fn draw(&self) -> Result<String> {
        // No end of a script can stand in a script.
        let data =
            serde_json::to_string(self).context("the clips cannot be put into JSON")?.replace('<', "\\u003c");
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { "Listening test" }
                    style { (PreEscaped(include_str!("page/study.css"))) }
                }
                body {
                    main #stage {
                        noscript { p { "This page plays its clips with JavaScript: please allow it." } }
                    }
                    script #data type="application/json" { (PreEscaped(data)) }
                    script { (PreEscaped(include_str!("page/voice.js"))) }
                    script { (PreEscaped(include_str!("page/study.js"))) }
                }
            }
        };
        Ok(page.into_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clips() -> Vec<Clip> {
        let clip = |number: u8| Clip {
            player: if number < 3 { "lstm-gan" } else { "real" }.to_owned(),
            name: "</script><b>".to_owned(),
            notes: vec![(0.0, 0.5, 60 + number, 80)],
            seconds: 2.0,
        };
        (0..6).map(clip).collect()
    }

    #[test]
    fn players_stand_in_the_page_in_the_key_alone() {
        let page = Page::of(clips(), 1);
        let text = page.draw().unwrap();
        assert!(!text.contains("lstm-gan") && !text.contains("<b>"));
        let key: serde_json::Value = serde_json::from_slice(&STANDARD.decode(&page.key).unwrap()).unwrap();
        let models: Vec<&str> =
            (1..=6).map(|number| key[format!("c{number}")]["model"].as_str().unwrap()).collect();
        assert_eq!(models.iter().filter(|model| **model == "real").count(), 3);
        assert_ne!(models, ["lstm-gan", "lstm-gan", "lstm-gan", "real", "real", "real"]);
        // Each clip's player is its own: the pitches 60 to 62 are the model's.
        for (clip, model) in page.clips.iter().zip(models) {
            assert_eq!(clip.notes[0].2 < 63, model == "lstm-gan");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_study_and_other_clips_another() {
        let name = |clips| Page::of(clips, 7).study;
        assert_eq!(name(clips()), name(clips()));
        assert_ne!(name(clips()), name(clips()[1..].to_vec()));
    }

    #[test]
    fn the_page_reaches_out_to_nothing() {
        let page = Page::of(clips(), 1).draw().unwrap();
        for reach in ["http://", "https://", " src=", "@import", "url(", "<link"] {
            assert!(!page.contains(reach), "the page reaches out by {reach}");
        }
    }
}
