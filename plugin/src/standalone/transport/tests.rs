//! Promises of the standalone's transport.

use super::*;
use crate::panel::Metronome;

const RATE: f64 = 48_000.0;

/// A board whose song runs.
fn running() -> Board {
    let board = Board::default();
    board.play(true);
    board
}

/// Plays so many samples in blocks of this length; returns the beats with their samples from the start on.
fn played(transport: &mut Transport, board: &Board, samples: u64, block: u32) -> Vec<(u64, bool, bool)> {
    let mut beats = Vec::new();
    let mut now = 0;
    while now < samples {
        let frames = block.min((samples - now) as u32);
        transport.advance(board, RATE, frames);
        beats.extend(transport.beats().map(|beat| (now + u64::from(beat.sample), beat.first, beat.counted)));
        now += u64::from(frames);
    }
    beats
}

#[test]
fn each_beat_is_clicked_once_and_in_time_whatever_the_blocks() {
    for (tempo, block) in [(120.0, 256), (97.3, 441), (300.0, 64), (20.0, 4096), (133.7, 1)] {
        let board = running();
        board.set_tempo(tempo);
        let beats = played(&mut Transport::default(), &board, 10 * RATE as u64, block);
        let apart = 60.0 * RATE / tempo;
        assert_eq!(beats.len(), (10.0 * RATE / apart).ceil() as usize, "{tempo} {block}");
        for (number, (sample, first, counted)) in beats.iter().enumerate() {
            let exact = apart * number as f64;
            assert!((*sample as f64 - exact).abs() <= 1.0, "{tempo}: beat {number} at {sample}, not {exact}");
            assert_eq!((*first, *counted), (number % 4 == 0, false));
        }
    }
}

#[test]
fn each_meter_has_its_beats() {
    for ((upper, lower), beats, quarters) in
        [((3, 4), 3, 3.0), ((6, 8), 2, 3.0), ((7, 8), 7, 3.5), ((5, 4), 5, 5.0)]
    {
        let board = running();
        board.set_meter(Meter::new(upper, lower).unwrap());
        let bar = (quarters * 24_000.0) as u64;
        let clicks = played(&mut Transport::default(), &board, 2 * bar, 100);
        let firsts: Vec<u64> = clicks.iter().filter(|click| click.1).map(|click| click.0).collect();
        assert_eq!((clicks.len(), firsts), (2 * beats, vec![0, bar]), "{upper}/{lower}");
    }
}

#[test]
fn a_bar_is_counted_before_the_song_and_the_song_is_where_it_was() {
    let board = running();
    board.set_metronome(Metronome { count_in: true, ..Metronome::default() });
    let mut transport = Transport::default();
    let reported = transport.advance(&board, RATE, 0);
    assert_eq!((reported.playing, reported.position, reported.bar_start), (true, Some(-4.0), Some(-4.0)));
    assert_eq!(board.place(), Some(Place::CountIn { beat: 1 }));
    let beats = played(&mut transport, &board, 192_000, 480);
    assert_eq!(beats.iter().filter(|beat| beat.2).count(), 4);
    assert_eq!(beats[4], (96_000, true, false));
    // Bar 2, where it stands when it is stopped in mid-bar, and where a count-in leads to again.
    played(&mut transport, &board, 30_000, 480);
    board.play(false);
    assert_eq!(transport.advance(&board, RATE, 480).position, None);
    assert_eq!(board.place(), Some(Place::Song { bar: 2, beat: 1 }));
    board.play(true);
    assert_eq!(transport.advance(&board, RATE, 0).position, Some(0.0));
    played(&mut transport, &board, 96_000, 480);
    let position = transport.advance(&board, RATE, 0).position.unwrap();
    assert!((position - 4.0).abs() < 1e-9, "{position}");
    assert_eq!(board.place(), Some(Place::Song { bar: 2, beat: 1 }));
}

#[test]
fn a_song_that_is_stopped_while_it_is_counted_in_has_not_moved() {
    let board = running();
    board.set_metronome(Metronome { count_in: true, ..Metronome::default() });
    let mut transport = Transport::default();
    played(&mut transport, &board, 30_000, 480);
    board.play(false);
    transport.advance(&board, RATE, 480);
    assert_eq!(board.place(), None);
    board.play(true);
    assert_eq!(transport.advance(&board, RATE, 0).position, Some(-4.0));
}

#[test]
fn the_song_returns_to_its_start_running_or_standing() {
    for stands in [false, true] {
        let board = running();
        let mut transport = Transport::default();
        played(&mut transport, &board, 300_000, 512);
        board.play(!stands);
        board.return_to_start();
        let reported = transport.advance(&board, RATE, 512);
        assert_eq!(reported.position, (!stands).then_some(0.0));
        board.play(true);
        let beats = played(&mut transport, &board, 100, 100);
        assert_eq!(beats.len(), usize::from(stands));
    }
}

#[test]
fn another_meter_keeps_the_bar_line_and_no_beat_is_lost() {
    let board = running();
    let mut transport = Transport::default();
    // Three beats and a half of 4/4, which is more than a bar of 3/4.
    played(&mut transport, &board, 84_000, 500);
    board.set_meter(Meter::new(3, 4).unwrap());
    let beats = played(&mut transport, &board, 96_000, 500);
    let firsts: Vec<(u64, bool)> = beats.iter().map(|beat| (beat.0, beat.1)).collect();
    assert_eq!(firsts, [(12_000, false), (36_000, false), (60_000, true), (84_000, false)]);
}

#[test]
fn a_new_tempo_bends_the_song_but_does_not_break_it() {
    let board = running();
    let mut transport = Transport::default();
    played(&mut transport, &board, 12_000, 500);
    let before = transport.advance(&board, RATE, 480).position.unwrap();
    board.set_tempo(60.0);
    let after = transport.advance(&board, RATE, 480).position.unwrap();
    assert!((after - before - 0.02).abs() < 1e-9, "the block that was under way keeps its tempo");
    assert!((transport.advance(&board, RATE, 0).position.unwrap() - after - 0.01).abs() < 1e-9);
}
