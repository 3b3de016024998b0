//! Promises of the ways in and out: controllers, pauses, loops, and what goes on to the next device.

use super::*;
use crate::crossing::Heard;

fn cc(timing: u32, value: f32) -> NoteEvent<()> {
    NoteEvent::MidiCC { timing, channel: 0, cc: 64, value }
}

/// Three notes of a quarter each from the start of the song.
fn call(stage: &mut Stage) -> Vec<NoteEvent<()>> {
    let mut sent = Vec::new();
    for key in [60, 62, 64] {
        sent.extend(stage.run(23_000, &[on(0, key)]));
        sent.extend(stage.run(1_000, &[off(0, key)]));
    }
    sent
}

fn triggers(stage: &mut Stage) -> Vec<Ticks> {
    let at = |event: Heard| if let Heard::Trigger { at, .. } = event { Some(at) } else { None };
    stage.heard().into_iter().filter_map(at).collect()
}

#[test]
fn a_chosen_controller_asks_and_goes_no_further() {
    let mut stage = Stage::new();
    stage.controls.trigger_cc = Some(64);
    assert_eq!(stage.run(64, &[cc(0, 0.2), cc(32, 0.9), cc(40, 1.0)]), []);
    assert_eq!(triggers(&mut stage).len(), 1);
    stage.controls.trigger_cc = None;
    assert_eq!(stage.run(64, &[cc(0, 0.0)]), [cc(0, 0.0)]);
}

#[test]
fn in_call_and_response_a_pause_asks_once_and_playing_again_ends_the_answer() {
    let mut stage = Stage::new();
    stage.controls.responds = true;
    assert_eq!(call(&mut stage).len(), 6, "the call itself goes through");
    for _ in 0..10 {
        stage.run(24_000, &[]);
    }
    // The last key comes up 1,000 samples before the third beat; the pause is one and a half beats.
    let asked = triggers(&mut stage);
    assert_eq!(asked, [Ticks(((71_000.0 + 36_000.0) / 25.0_f64).ceil() as i64)]);
    stage.controls.start = Start::Now;
    stage.answer(&[(0, 9600, 48)]);
    assert_eq!(stage.run(64, &[]), [on(0, 48)]);
    let sent = stage.run(64, &[on(9, 72)]);
    assert!(
        sent.contains(&on(9, 72)) && sent.iter().any(|event| matches!(event, NoteEvent::NoteOff { .. })),
        "{sent:?}"
    );
    assert!(!stage.audio.is_busy());
}

#[test]
fn a_pause_is_a_pause_to_the_sample_however_the_time_is_cut_into_blocks() {
    let asked = |frames: u32| {
        let mut stage = Stage::new();
        stage.controls.responds = true;
        call(&mut stage);
        (0..96_000 / frames).for_each(|_| {
            stage.run(frames, &[]);
        });
        triggers(&mut stage)
    };
    assert_eq!(asked(32), asked(4_000));
    assert_eq!(asked(32).len(), 1);
}

#[test]
fn without_call_and_response_a_pause_asks_for_nothing_and_two_notes_are_no_call() {
    let mut stage = Stage::new();
    call(&mut stage);
    stage.run(96_000, &[]);
    assert_eq!(triggers(&mut stage), []);
    let mut short = Stage::new();
    short.controls.responds = true;
    short.run(64, &[on(0, 60), off(9, 60), on(10, 62), off(20, 62)]);
    short.run(96_000, &[]);
    assert_eq!(triggers(&mut short), []);
}

#[test]
fn instead_keeps_what_is_played_while_an_answer_sounds_and_hears_it() {
    let mut stage = Stage::sounding();
    stage.controls.mix = Mix::Instead;
    stage.heard();
    assert_eq!(stage.run(64, &[on(5, 70), off(50, 70)]), []);
    assert_eq!(stage.heard().len(), 2);
    // A key that goes down during the answer is the same key when it comes up after it: the answer is 8 beats long.
    assert_eq!(stage.run(64, &[on(5, 71)]), []);
    let sent = stage.run(8 * 24_000, &[on(8 * 24_000 - 150, 73), off(8 * 24_000 - 1, 71)]);
    let keys: Vec<&NoteEvent<()>> = sent.iter().filter(|event| event.timing() > 7 * 24_000).collect();
    assert_eq!(keys.len(), 1, "what begins after the last bar goes through: {sent:?}");
    assert!(matches!(keys[0], NoteEvent::NoteOn { .. }));
}

#[test]
fn a_key_that_was_passed_on_before_the_answer_gets_its_off_in_it() {
    let mut stage = Stage::new();
    stage.controls.mix = Mix::Instead;
    stage.controls.start = Start::Now;
    assert_eq!(stage.run(64, &[on(0, 70)]), [on(0, 70)]);
    stage.answer(&[(0, 9600, 60)]);
    stage.run(64, &[]);
    assert_eq!(stage.run(64, &[on(1, 70), off(2, 70), off(3, 70)]).len(), 3, "as it came");
    assert_eq!(stage.run(64, &[on(1, 71), off(2, 71)]), [], "and another key is kept");
}

#[test]
fn call_and_response_that_is_switched_on_late_hears_no_call_before_that() {
    let mut stage = Stage::new();
    call(&mut stage);
    stage.controls.responds = true;
    stage.run(96_000, &[]);
    assert_eq!(triggers(&mut stage), []);
}

#[test]
fn an_answer_that_is_still_made_when_the_player_goes_on_is_not_wanted_any_more() {
    let mut stage = Stage::new();
    stage.controls.responds = true;
    call(&mut stage);
    stage.run(96_000, &[]);
    assert_eq!(triggers(&mut stage).len(), 1);
    let (leaps, generation) = (stage.signals.leaps.load(Ordering::Relaxed), stage.signals.generation());
    stage.run(64, &[on(0, 72)]);
    assert!(stage.signals.leaps.load(Ordering::Relaxed) > leaps && stage.signals.generation() > generation);
}

#[test]
fn through_sends_no_note_of_ours_and_ends_those_that_sound() {
    let mut stage = Stage::sounding();
    stage.controls.mix = Mix::Through;
    let sent: Vec<NoteEvent<()>> = (0..20).flat_map(|_| stage.run(24_000, &[])).collect();
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(matches!(sent[0], NoteEvent::NoteOff { .. }));
}

#[test]
fn a_looped_answer_plays_until_it_is_stopped_and_owes_nothing() {
    let mut stage = Stage::new();
    stage.controls.start = Start::Now;
    let begin = Answer::Begin { generation: 0, entry: Entry::ByRule, looped: true };
    let note = Scheduled { onset: Ticks::ZERO, length: Ticks::QUARTER, channel: 0, key: 60, velocity: 90 };
    for message in [begin, Answer::Note(note), Answer::End { length: Ticks::quarters(4) }] {
        stage.worker.answers.push(message).unwrap();
    }
    let mut ons = Vec::new();
    for block in 0..4_000_u32 {
        let sent = stage.run(96, &[]);
        let begun = sent.iter().filter(|event| matches!(event, NoteEvent::NoteOn { .. }));
        ons.extend(begun.map(|event| block * 96 + event.timing()));
    }
    assert_eq!(ons, [0, 96_000, 192_000, 288_000]);
    stage.worker.answers.push(Answer::Silence).unwrap();
    stage.run(96, &[]);
    assert!(!stage.audio.is_busy());
}
