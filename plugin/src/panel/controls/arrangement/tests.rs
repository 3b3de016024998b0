//! Where controls go: none overlap, none are lost.

use super::*;
use crate::panel::{ModelEntry, Settings};

const HOUSE: [Knob; 9] = [
    Knob::Temperature,
    Knob::TopP,
    Knob::Chord,
    Knob::KeyLock,
    Knob::Style,
    Knob::Density,
    Knob::Range,
    Knob::Neighbourhood,
    Knob::KeptBeats,
];

fn model_with(knobs: &[Knob], task: Task) -> ViewModel {
    let text = || "m".to_owned();
    let entry = ModelEntry {
        id: text(),
        name: text(),
        description: text(),
        tasks: Vec::new(),
        knobs: knobs.to_vec(),
        styles: Vec::new(),
        problem: None,
    };
    let settings = Settings { model: text(), task, ..Settings::default() };
    ViewModel { models: vec![entry], settings, ..ViewModel::default() }
}

#[test]
fn every_control_is_on_one_page_and_none_overlap_nor_leave_the_panel() {
    for (width, flat) in
        [(608.0, true), (608.0, false), (720.0, false), (968.0, false), (1400.0, true), (3800.0, false)]
    {
        for (knobs, task, count) in [
            (&[][..], Task::Continue, 11),
            (&[Knob::Neighbourhood][..], Task::Vary, 11),
            (&HOUSE[..], Task::Vary, 19),
            (&HOUSE[..], Task::Fill, 16),
        ] {
            let model = model_with(knobs, task);
            let names = Arrangement::of(width, flat, &model, "")
                .pages
                .iter()
                .map(|page| page.name)
                .collect::<Vec<_>>();
            let names = if names.is_empty() { vec![""] } else { names };
            let pages: Vec<_> = names.iter().map(|name| Arrangement::of(width, flat, &model, name)).collect();
            assert_eq!(pages.iter().map(|page| page.places.len()).sum::<usize>(), count, "{width} {task}");
            for page in &pages {
                for (index, (place, rect)) in page.places.iter().enumerate() {
                    let within = rect.right() <= width && rect.bottom() <= page.height();
                    assert!(within && !rect.shrink(0.1).intersects(page.tabs), "{place:?} at {width}");
                    let others = &page.places[index + 1..];
                    assert!(
                        others.iter().all(|(_, other)| !rect.shrink(0.1).intersects(*other)),
                        "{place:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_flat_panel_has_one_row_and_a_wide_one_no_pages() {
    let model = model_with(&HOUSE, Task::Vary);
    assert_eq!(Arrangement::of(608.0, true, &model, "").height(), HEIGHT);
    for model in [&model, &model_with(&[], Task::Fresh)] {
        assert_eq!(Arrangement::of(968.0, false, model, "").height(), height(2), "whatever it honours");
    }
    let wide = Arrangement::of(2400.0, false, &model, "");
    assert!(wide.pages.is_empty() && wide.height() == HEIGHT);
}
