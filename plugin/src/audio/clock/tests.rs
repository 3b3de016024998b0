//! Promises of the clock.

use super::*;

const HOST: Reported = Reported {
    sample_rate: 48_000.0,
    playing: true,
    tempo: Some(120.0),
    position: Some(0.0),
    bar_start: Some(0.0),
    meter: Some((4, 4)),
    loop_start: None,
};

fn at(quarters: f64) -> Reported {
    Reported { position: Some(quarters), bar_start: Some((quarters / 4.0).floor() * 4.0), ..HOST }
}

#[test]
fn time_follows_the_host() {
    let mut clock = Clock::default();
    assert_eq!(clock.advance(&at(0.0), 24_000).1, Turn::Steady);
    let (span, turn) = clock.advance(&at(1.0), 24_000);
    assert_eq!((span.start, turn), (960.0, Turn::Steady));
    assert_eq!(span.sample_of(Ticks(960)), 0);
    assert_eq!(span.sample_of(Ticks(1440)), 12_000);
    assert_eq!(span.time_of(12_000), Ticks(1440));
}

#[test]
fn starts_stops_leaps_and_loops_are_told_apart() {
    let mut clock = Clock::default();
    let stopped = Reported { playing: false, ..HOST };
    assert_eq!(clock.advance(&stopped, 480).1, Turn::Steady);
    assert_eq!(clock.advance(&at(8.0), 24_000).1, Turn::Started);
    assert_eq!(clock.advance(&at(9.0), 24_000).1, Turn::Steady);
    assert_eq!(clock.advance(&at(2.0), 24_000).1, Turn::Jumped);
    assert_eq!(clock.advance(&at(30.0), 24_000).1, Turn::Jumped);
    let looped = Reported { loop_start: Some(4.0), ..at(4.0) };
    assert_eq!(clock.advance(&looped, 24_000).1, Turn::Wrapped { late: 0.0 });
    assert_eq!(clock.advance(&Reported { playing: false, ..at(5.0) }, 480).1, Turn::Stopped);
}

#[test]
fn a_loop_that_wraps_inside_a_block_is_still_a_loop() {
    let mut clock = Clock::default();
    clock.advance(&at(7.9), 24_000);
    let (span, turn) = clock.advance(&Reported { loop_start: Some(4.0), ..at(4.9) }, 24_000);
    assert!(matches!(turn, Turn::Wrapped { late } if (late - 0.9 * 960.0).abs() < 1e-6), "{turn:?}");
    assert!((span.left - span.start - 4.0 * 960.0).abs() < 1e-6);
}

#[test]
fn time_runs_free_while_the_transport_stands() {
    let mut clock = Clock::default();
    clock.advance(&at(3.0), 24_000);
    let stopped = Reported { playing: false, ..at(3.0) };
    assert_eq!(clock.advance(&stopped, 24_000).0.start, 4.0 * 960.0);
    assert_eq!(clock.advance(&stopped, 24_000).0.start, 5.0 * 960.0);
}

#[test]
fn a_tempo_change_is_no_leap() {
    let mut clock = Clock::default();
    clock.advance(&at(0.0), 24_000);
    let faster = Reported { tempo: Some(240.0), ..at(1.0) };
    let (span, turn) = clock.advance(&faster, 24_000);
    assert_eq!(turn, Turn::Steady);
    assert_eq!(span.sample_of(Ticks(1920)), 12_000);
}

#[test]
fn an_answer_begins_at_the_line_that_was_asked_for() {
    let mut clock = Clock::default();
    clock.advance(&Reported { meter: Some((3, 4)), bar_start: Some(9.0), ..at(10.5) }, 64);
    let from = 10.5 * 960.0;
    assert_eq!(clock.begin(Start::Now, from + 0.9), Ticks(10_080));
    assert_eq!(clock.begin(Start::NextBeat, from), Ticks::quarters(11));
    assert_eq!(clock.begin(Start::NextBar, from), Ticks::quarters(12));
    assert_eq!(clock.begin(Start::NextBar, 12.0 * 960.0), Ticks::quarters(12));
    assert_eq!(clock.begin(Start::NextBar, 12.0 * 960.0 + 1.0), Ticks::quarters(15));
}

#[test]
fn a_recomputed_bar_line_in_mid_song_is_not_believed() {
    let mut clock = Clock::default();
    let song = |quarters: f64, bar: f64| Reported { position: Some(quarters), bar_start: Some(bar), ..HOST };
    clock.advance(&song(7.0, 7.0), 12_000);
    clock.advance(&song(7.5, 4.0), 12_000);
    assert_eq!(clock.begin(Start::NextBar, 8.0 * 960.0), Ticks::quarters(11));
}

#[test]
fn nonsense_from_the_host_is_survived() {
    let mut clock = Clock::default();
    let nonsense = Reported {
        sample_rate: f64::NAN,
        playing: true,
        tempo: Some(f64::INFINITY),
        position: Some(f64::NAN),
        bar_start: Some(f64::NAN),
        meter: Some((0, -3)),
        loop_start: Some(f64::NAN),
    };
    for frames in [0, 1, 16_384, 0] {
        let (span, _) = clock.advance(&nonsense, frames);
        assert!(span.start.is_finite() && span.per_sample > 0.0);
        assert!(clock.begin(Start::NextBar, span.start).0 >= 0);
    }
    let (span, _) = clock.advance(&Reported { tempo: Some(0.0), ..HOST }, 0);
    assert_eq!(span.sample_of(Ticks(i64::MAX)), u32::MAX);
    assert_eq!(span.sample_of(Ticks(i64::MIN)), 0);
}

#[test]
fn pre_roll_counts_down_to_zero() {
    let mut clock = Clock::default();
    let (span, _) = clock.advance(&at(-2.0), 48_000);
    assert_eq!(span.sample_of(Ticks::quarters(-1)), 24_000);
    assert_eq!(clock.begin(Start::NextBar, span.start), Ticks::ZERO);
}

#[test]
fn without_a_transport_the_first_note_makes_the_bar() {
    let mut clock = Clock::default();
    clock.advance(&Reported { playing: false, ..HOST }, 480);
    clock.begin_bar(Ticks(700));
    assert_eq!(clock.begin(Start::NextBar, 701.0), Ticks(700 + 3840));
    clock.advance(&at(0.0), 480);
    clock.begin_bar(Ticks(100));
    assert_eq!(clock.begin(Start::NextBar, 101.0), Ticks::quarters(4));
}
