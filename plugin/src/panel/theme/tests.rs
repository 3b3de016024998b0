//! Contrast of the colours in both looks.

use egui::Rgba;

use super::*;

/// WCAG 2.1's contrast ratio of two opaque colours, 1 to 21.
fn contrast(left: Color32, right: Color32) -> f32 {
    let luminance = |colour: Color32| {
        let linear = Rgba::from(colour);
        0.2126 * linear.r() + 0.7152 * linear.g() + 0.0722 * linear.b()
    };
    let (left, right) = (luminance(left), luminance(right));
    (left.max(right) + 0.05) / (left.min(right) + 0.05)
}

/// A lane where the answer goes.
fn tinted(palette: &Palette, lane: Color32) -> Color32 {
    lane.blend(palette.answer_tint())
}

#[test]
fn text_can_be_read_in_both_looks() {
    for palette in [&DARK, &LIGHT] {
        for ground in [palette.ground, palette.raised, palette.well, palette.well_dark] {
            for text in [palette.text, palette.text_weak, palette.problem, palette.prompt] {
                assert!(contrast(text, ground) >= 4.5, "{text:?} on {ground:?}: {}", contrast(text, ground));
            }
        }
        for (text, ground) in [
            (palette.text, palette.field),
            (palette.text, palette.field_hovered),
            (palette.text, palette.problem_ground),
            (palette.problem, palette.problem_ground),
            (palette.text, palette.news_ground),
            (palette.news, palette.news_ground),
            (palette.on_colour, palette.prompt),
            (palette.on_colour, palette.answer),
            (palette.text_weak, palette.field),
        ] {
            assert!(contrast(text, ground) >= 4.5, "{text:?} on {ground:?}: {}", contrast(text, ground));
        }
    }
}

#[test]
fn notes_and_focus_stand_out_in_both_looks() {
    for palette in [&DARK, &LIGHT] {
        let lanes = [palette.well, palette.well_dark].map(|lane| (lane, tinted(palette, lane)));
        for lane in lanes.into_iter().flat_map(<[Color32; 2]>::from) {
            for mark in [palette.prompt, palette.answer, palette.answer_unsure, palette.text] {
                assert!(contrast(mark, lane) >= 3.0, "{mark:?} on {lane:?}: {}", contrast(mark, lane));
            }
        }
        for ground in [palette.ground, palette.field] {
            assert!(contrast(palette.focus, ground) >= 3.0);
        }
        // What was played under an answer is seen, and is weaker than what counts.
        for lane in [palette.well, palette.well_dark] {
            let faint = contrast(palette.prompt_faint, lane);
            assert!(faint >= 1.5 && faint < contrast(palette.prompt, lane) / 2.0, "{faint}");
        }
        // Icons that tell of a card's state.
        for (mark, ground) in [(palette.answer, palette.field), (palette.prompt, palette.field)] {
            assert!(contrast(mark, ground) >= 3.0, "{mark:?} on {ground:?}");
        }
    }
}

#[test]
fn a_likelier_note_is_drawn_stronger() {
    for palette in [&DARK, &LIGHT] {
        let strengths = [0.0, 0.01, 0.1, 0.5, 1.0].map(|p| contrast(palette.answered(p), palette.well));
        assert!(strengths.is_sorted(), "{strengths:?}");
        assert_eq!(palette.answered(f32::MAX), palette.answer);
    }
}
