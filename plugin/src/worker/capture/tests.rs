//! Promises of the capture.

use super::*;

fn ruler(bar_line: i64, running: bool) -> Heard {
    let bar_line = Ticks(bar_line);
    Heard::Ruler(Ruler { bar_line, meter: Meter::COMMON, tempo: Tempo::DEFAULT, running })
}

fn on(at: i64, key: u8) -> Heard {
    Heard::NoteOn { at: Ticks(at), channel: 0, key, velocity: 90 }
}

fn off(at: i64, key: u8) -> Heard {
    Heard::NoteOff { at: Ticks(at), channel: Some(0), key: Some(key) }
}

fn heard(events: &[Heard]) -> Capture {
    let mut capture = Capture::default();
    for event in events {
        capture.hear(*event);
    }
    capture
}

/// Onset, length and key of each note.
fn notes(phrase: &Phrase) -> Vec<(i64, i64, u8)> {
    phrase.notes().iter().map(|note| (note.onset.0, note.length.0, note.pitch.number())).collect()
}

#[test]
fn a_phrase_counts_from_the_bar_line_before_its_first_note() {
    let capture = heard(&[ruler(0, true), on(8640, 60), off(9600, 60), on(9600, 62), off(10_000, 62)]);
    assert_eq!(notes(&capture.phrase(Ticks(10_000))), [(960, 960, 60), (1920, 400, 62)]);
}

#[test]
fn a_first_note_just_before_the_bar_line_belongs_to_the_bar() {
    let capture = heard(&[ruler(0, true), on(3800, 60), off(4700, 60), on(4780, 62), off(5700, 62)]);
    assert_eq!(notes(&capture.phrase(Ticks(9999))), [(0, 900, 60), (940, 920, 62)]);
}

#[test]
fn a_held_note_ends_at_the_trigger_and_goes_on_afterwards() {
    let mut capture = heard(&[ruler(0, true), on(0, 60)]);
    assert_eq!(capture.hear(Heard::Trigger { at: Ticks(1000), leaps: 0 }), Some(Ticks(1000)));
    assert_eq!(notes(&capture.phrase(Ticks(1000))), [(0, 1000, 60)]);
    capture.hear(off(1920, 60));
    assert_eq!(notes(&capture.phrase(Ticks(9999))), [(0, 1920, 60)]);
}

#[test]
fn a_leap_closes_what_is_held_and_the_next_note_begins_a_new_phrase() {
    let mut capture = heard(&[ruler(0, true), on(0, 60), Heard::Break { at: Ticks(700) }, off(9000, 60)]);
    assert_eq!(notes(&capture.phrase(Ticks(9999))), [(0, 700, 60)], "it can still be answered");
    capture.hear(on(3840, 65));
    assert_eq!(notes(&capture.phrase(Ticks(4000))), [(0, 160, 65)]);
}

#[test]
fn a_loop_of_whole_bars_goes_on_with_the_phrase() {
    let wrapped = Heard::Wrapped { from: Ticks(7681), to: Ticks(1) };
    let capture = heard(&[ruler(0, true), on(6720, 60), wrapped, on(5, 62), off(965, 62)]);
    assert_eq!(notes(&capture.phrase(Ticks(0))), [(2880, 961, 60), (3845, 960, 62)]);
    let odd = Heard::Wrapped { from: Ticks(7681), to: Ticks(1000) };
    let capture = heard(&[ruler(0, true), on(6720, 60), odd, on(1920, 62), off(2000, 62)]);
    assert_eq!(notes(&capture.phrase(Ticks(0))), [(1920, 80, 62)]);
}

#[test]
fn a_note_that_begins_behind_the_end_of_a_loop_is_held_on() {
    let wrapped = Heard::Wrapped { from: Ticks(7680), to: Ticks(0) };
    let capture = heard(&[ruler(0, true), on(6720, 60), off(7600, 60), on(7690, 62), wrapped, off(900, 62)]);
    assert_eq!(notes(&capture.phrase(Ticks(0))), [(2880, 880, 60), (3850, 890, 62)]);
}

#[test]
fn four_bars_of_silence_begin_a_new_phrase_and_less_does_not() {
    let capture = heard(&[ruler(0, true), on(0, 60), off(900, 60), on(15_360, 62), off(15_400, 62)]);
    assert_eq!(capture.phrase(Ticks(0)).notes().len(), 2);
    let capture = heard(&[ruler(0, true), on(0, 60), off(900, 60), on(15_361, 62), off(15_400, 62)]);
    assert_eq!(notes(&capture.phrase(Ticks(0))), [(1, 39, 62)]);
}

#[test]
fn another_meter_begins_another_phrase_and_the_old_one_keeps_its_own() {
    let waltz = Ruler {
        bar_line: Ticks(3840),
        meter: Meter::new(3, 4).unwrap(),
        tempo: Tempo::DEFAULT,
        running: true,
    };
    let mut capture = heard(&[ruler(0, true), on(0, 60), off(900, 60), Heard::Ruler(waltz)]);
    assert_eq!(capture.phrase(Ticks(0)).meter, Meter::COMMON);
    capture.hear(on(3840, 62));
    assert_eq!(capture.phrase(Ticks(4000)).meter, waltz.meter);
    assert_eq!(capture.phrase(Ticks(4000)).notes().len(), 1);
}

#[test]
fn a_restored_phrase_can_be_answered_and_gives_way_to_the_next() {
    let phrase = heard(&[ruler(0, true), on(0, 60), off(900, 60)]).phrase(Ticks(0));
    let mut capture = Capture::default();
    capture.restore(&phrase);
    assert_eq!(capture.phrase(Ticks(77)), phrase);
    capture.hear(on(50_000, 72));
    assert_eq!(capture.phrase(Ticks(50_010)).notes().len(), 1);
}

#[test]
fn one_key_has_one_note_and_wildcards_close_all() {
    let mut capture = heard(&[ruler(0, true), on(0, 60), on(480, 60), on(480, 64)]);
    capture.hear(Heard::NoteOff { at: Ticks(960), channel: None, key: None });
    assert_eq!(notes(&capture.phrase(Ticks(0))), [(0, 480, 60), (480, 480, 60), (480, 480, 64)]);
}

#[test]
fn memory_stays_bounded_whatever_is_played() {
    let mut capture = heard(&[ruler(0, true)]);
    for index in 0..50_000_i64 {
        capture.hear(on(index * 10, (index % 128) as u8));
        if index % 3 == 0 {
            capture.hear(off(index * 10 + 5, (index % 128) as u8));
        }
    }
    let phrase = capture.phrase(Ticks(500_000));
    assert!((MAX_NOTES / 2..=MAX_NOTES).contains(&phrase.notes().len()));
    assert!(phrase.notes()[0].onset < phrase.meter.bar());
    assert!(phrase.notes().iter().all(|note| note.length <= phrase.meter.bar() * PAUSE_BARS));
}

#[test]
fn the_prompt_is_the_last_bars_on_the_grid() {
    let events: Vec<Heard> = (0..16)
        .flat_map(|beat| [on(beat * 960 + 11, 60 + beat as u8), off(beat * 960 + 940, 60 + beat as u8)])
        .collect();
    let mut capture = heard(&[ruler(0, true)]);
    for event in events {
        capture.hear(event);
    }
    let prompt = Capture::prompt(&capture.phrase(Ticks(0)), 2);
    assert_eq!(notes(&prompt)[0], (0, 960, 68));
    assert_eq!((prompt.notes().len(), prompt.length()), (8, Ticks::quarters(8)));
}
