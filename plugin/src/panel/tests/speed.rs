//! How long a frame takes; the figure is printed, `cargo test ... a_frame -- --nocapture` shows it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use generator::Look;

use super::{ViewModel, scenes};

/// What a frame may take, the making of its triangles included. Half of all frames are held to it, since on a machine under
/// load single ones wait for others; the worst is printed.
const GOAL: Duration = Duration::from_millis(4);

#[test]
fn a_frame_of_sixteen_bars_is_drawn_in_time() {
    assert_in_time("4 + 16 bars, 270 notes", scenes::long());
}

#[test]
fn a_frame_with_eight_candidates_and_attention_is_drawn_in_time() {
    let mut model = scenes::varied();
    let past = || model.prompt.notes().iter().map(|note| note.onset - model.prompt.whole_bars());
    let looks: Vec<Look> = past().map(|onset| Look { onset, weight: 1.0 / 14.0 }).collect();
    let mut candidates = model.candidates.to_vec();
    for candidate in &mut candidates {
        candidate.attention = vec![looks.clone(); candidate.phrase.notes().len()];
    }
    (model.candidates, model.answers_prompt) = (Arc::new(candidates), true);
    assert_in_time("8 candidates with attention", model);
}

#[test]
fn a_frame_with_sixteen_cards_of_eight_bars_is_drawn_in_time() {
    assert_in_time("8 + 8 bars, 16 candidates of 8 bars", scenes::shaped(16));
}

fn assert_in_time(what: &str, mut model: ViewModel) {
    let context = egui::Context::default();
    crate::panel::install(&context);
    let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1000.0, 700.0));
    let mut times: Vec<(Duration, Duration)> = Vec::new();
    for frame in 0..320 {
        // A running play-head and a wandering mouse, so that no frame is like the last.
        model.play_head = Some(melody::Ticks(frame * 192));
        let at = egui::pos2(20.0 + 3.0 * frame as f32, 300.0);
        let input = egui::RawInput {
            screen_rect: Some(screen),
            time: Some(frame as f64 / 60.0),
            events: vec![egui::Event::PointerMoved(at)],
            ..egui::RawInput::default()
        };
        let start = Instant::now();
        let mut output = context.run_ui(input, |ui| {
            crate::panel::ui(ui, &mut model);
        });
        let drawn = start.elapsed();
        output.textures_delta.clear();
        let triangles = context.tessellate(output.shapes, output.pixels_per_point);
        assert!(!triangles.is_empty());
        times.push((drawn, start.elapsed()));
    }
    // The first frames load the fonts.
    let (mut drawn, mut whole): (Vec<_>, Vec<_>) = times.split_off(20).into_iter().unzip();
    drawn.sort_unstable();
    whole.sort_unstable();
    let of = |times: &[Duration], part: usize| times[(times.len() - 1) * part / 100];
    println!(
        "panel, 1000x700, {what}: ui() median {:?}, 99th percentile {:?}, worst {:?}; \
         with tessellation median {:?}, worst {:?}",
        of(&drawn, 50),
        of(&drawn, 99),
        of(&drawn, 100),
        of(&whole, 50),
        of(&whole, 100),
    );
    assert!(of(&whole, 50) < GOAL, "a frame takes {:?}", of(&whole, 50));
}
