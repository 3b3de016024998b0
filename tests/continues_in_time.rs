//! An answer begins where it was asked to, in the song's tempo, stays inside its bars, ends every note, and never
//! touches what is played meanwhile.

use harness::{Blocks, Format, Heard, Kind, Session, Voice, tunes};
use melody::Note;

/// Where the four bars of the tune end, in quarters.
const TUNE_ENDS: f64 = 16.0;
/// The answer's eight bars, in quarters.
const ANSWER: f64 = 32.0;
/// Samples by which rounding may move a note; the fraction is the float's own.
const ROUNDING: f64 = 1.0 + 1e-6;

/// Plays the tune, asks at this beat and goes on until the answer is over.
fn answered(format: Format, tempo: f64, blocks: Blocks, ask_at: f64) -> Session {
    let mut session = Session::open(format, tempo, blocks);
    session.play(&tunes::twinkle());
    session.run_to_beat(ask_at);
    session.ask();
    session.run_to_beat(ask_at + ANSWER + 8.0);
    session
}

/// How many samples lie between a sample and a place in the song, in quarters.
fn off_by(session: &Session, sample: u64, beat: f64) -> f64 {
    sample as f64 - session.timeline.sample_at(beat) as f64
}

/// Samples in a tick, a 960th of a quarter.
fn tick(tempo: f64) -> f64 {
    Session::RATE * 60.0 / tempo / 960.0
}

/// The notes in ticks from the answer's start.
fn in_ticks(session: &Session, start: f64) -> Vec<(i16, i64, i64)> {
    let ticks = |sample: u64| ((session.timeline.beat_at(sample) - start) * 960.0).round() as i64;
    session.answer().iter().map(|note| (note.key, ticks(note.start), ticks(note.end))).collect()
}

fn assert_inside(session: &Session, notes: &[Heard], start: f64, end: f64) {
    assert!(notes.len() >= 8, "eight bars of random notes are more than {}", notes.len());
    for note in notes {
        assert!(off_by(session, note.start, start) >= -ROUNDING, "{note:?} begins too early");
        assert!(off_by(session, note.end, end) <= ROUNDING, "{note:?} ends too late");
        assert!(note.end > note.start, "{note:?} has a length");
    }
}

#[test]
fn an_answer_begins_at_the_next_bar_line_and_fills_eight_bars() {
    for format in Format::ALL {
        for tempo in [120.0, 97.3, 61.7, 203.0] {
            // In the bar after the tune: the next line is the one after that.
            let session = answered(format, tempo, Blocks::Even(512), TUNE_ENDS + 1.0);
            let notes = session.answer();
            let start = TUNE_ENDS + 4.0;
            assert_inside(&session, &notes, start, start + ANSWER);
            let late = off_by(&session, notes[0].start, start);
            assert!(
                late.abs() <= ROUNDING,
                "{format} at {tempo}: it begins {late} samples beside the bar line"
            );
            assert!(
                session.timeline.beat_at(notes.last().expect("it is not empty").end) > start + ANSWER - 4.0
            );
            for note in &notes {
                let sixteenths = (session.timeline.beat_at(note.start) - start) * 4.0;
                let beside = (sixteenths - sixteenths.round()).abs() * Session::RATE * 15.0 / tempo;
                assert!(beside <= ROUNDING, "{format} at {tempo}: {note:?} is {beside} samples off the grid");
            }
        }
    }
}

#[test]
fn the_trained_network_answers_at_the_bar_line_and_fills_eight_bars() {
    for format in Format::ALL {
        let mut session = Session::open(format, 97.3, Blocks::random(8, 2048));
        session.choose_model("seq2seq");
        session.play(&tunes::twinkle());
        session.run_to_beat(TUNE_ENDS + 1.0);
        session.ask();
        let start = TUNE_ENDS + 4.0;
        session.run_to_beat(start + ANSWER + 4.0);
        let notes = session.answer();
        assert_inside(&session, &notes, start, start + ANSWER);
        let last = notes.last().expect("it is not empty");
        assert!(session.timeline.beat_at(last.end) > start + ANSWER - 8.0, "{format}: {last:?} is the last");
    }
}

#[test]
fn asked_within_the_last_bar_it_begins_at_the_line_that_ends_it() {
    for format in Format::ALL {
        let session = answered(format, 120.0, Blocks::Even(256), TUNE_ENDS - 0.5);
        let notes = session.answer();
        assert!(off_by(&session, notes[0].start, TUNE_ENDS).abs() <= ROUNDING, "{format}: {:?}", notes[0]);
    }
}

#[test]
fn the_same_notes_come_at_the_same_beats_however_time_is_cut() {
    let start = TUNE_ENDS + 4.0;
    let reference = answered(Format::Clap, 97.3, Blocks::Even(512), TUNE_ENDS + 1.0);
    let expected = in_ticks(&reference, start);
    let samples = reference.answer();
    for format in Format::ALL {
        let splits = [
            Blocks::Even(1),
            Blocks::Even(37),
            Blocks::Even(4096),
            Blocks::random(1, 4096),
            Blocks::random(2, 64),
        ];
        for blocks in splits {
            let session = answered(format, 97.3, blocks.clone(), TUNE_ENDS + 1.0);
            let notes = session.answer();
            assert_eq!(notes.len(), samples.len(), "{format}, {blocks:?}");
            for (note, other) in notes.iter().zip(&samples) {
                assert_eq!((note.key, note.velocity), (other.key, other.velocity), "{format}, {blocks:?}");
                let apart = note.start.abs_diff(other.start).max(note.end.abs_diff(other.end));
                assert!(apart <= 1, "{format}, {blocks:?}: {note:?} and {other:?}");
            }
        }
    }
    // Nor does the tempo change a note but for how long a beat is.
    let faster = answered(Format::Clap, 180.0, Blocks::Even(512), TUNE_ENDS + 1.0);
    assert_eq!(in_ticks(&faster, start), expected);
}

#[test]
fn what_is_played_while_an_answer_sounds_goes_through_at_its_very_sample() {
    for format in Format::ALL {
        let mut session = Session::open(format, 97.3, Blocks::random(5, 1024));
        session.play(&tunes::twinkle().map_notes(|note| Note { channel: 6, ..note }));
        session.run_to_beat(TUNE_ENDS + 1.0);
        session.ask();
        // Low keys on another channel: none of the answer's.
        for step in 0..200_u32 {
            let (voice, beat) =
                (Voice::new(5, 20 + (step % 12) as i16), TUNE_ENDS + 2.0 + f64::from(step) * 0.171);
            session.timeline.cue(beat, Kind::On(voice, 0.3));
            session.timeline.cue(beat + 0.1, Kind::Off(voice, 0.0));
        }
        session.run_to_beat(TUNE_ENDS + 4.0 + ANSWER + 8.0);
        // The answer panics if any of it is missing or moved.
        let notes = session.answer();
        assert_inside(&session, &notes, TUNE_ENDS + 4.0, TUNE_ENDS + 4.0 + ANSWER);
        assert!(notes.iter().all(|note| note.channel == 6), "the answer stays on the player's channel");
    }
}

#[test]
fn started_now_it_begins_in_the_first_block_that_finds_it() {
    for format in Format::ALL {
        let mut session = Session::open(format, 120.0, Blocks::Even(512));
        session.host.choose("Start", "now");
        session.play(&tunes::twinkle());
        session.run_to_beat(TUNE_ENDS + 1.3);
        session.ask();
        let ready = session.timeline.now();
        session.run_to_beat(TUNE_ENDS + 1.3 + ANSWER + 8.0);
        let notes = session.answer();
        // Its time is a whole tick of the song: the first one at or after the block's first sample.
        let start = session.timeline.beat_at(notes[0].start);
        let late = notes[0].start as f64 - ready as f64;
        assert!((-ROUNDING..=tick(120.0) + ROUNDING).contains(&late), "{format}: {late} samples late");
        assert_inside(&session, &notes, start, start + ANSWER);
    }
}

#[test]
fn started_at_the_next_beat_it_begins_there() {
    for format in Format::ALL {
        let mut session = Session::open(format, 97.3, Blocks::random(3, 700));
        session.host.choose("Start", "next beat");
        session.play(&tunes::twinkle());
        session.run_to_beat(TUNE_ENDS + 1.3);
        session.ask();
        session.run_to_beat(TUNE_ENDS + 2.0 + ANSWER + 8.0);
        let notes = session.answer();
        assert!(
            off_by(&session, notes[0].start, TUNE_ENDS + 2.0).abs() <= ROUNDING,
            "{format}: {:?}",
            notes[0]
        );
        assert_inside(&session, &notes, TUNE_ENDS + 2.0, TUNE_ENDS + 2.0 + ANSWER);
    }
}

#[test]
fn with_the_song_stopped_it_counts_bars_from_the_first_note() {
    for format in Format::ALL {
        let tempo = 97.3;
        let quarter = 60.0 * Session::RATE / tempo;
        let mut session = Session::open(format, tempo, Blocks::random(9, 900));
        // The first note does not come with the first sample.
        session.run_for(12_345);
        let first = session.timeline.now();
        session.timeline.cue_phrase_now(&tunes::twinkle());
        session.run_for((quarter * (TUNE_ENDS + 1.0)) as u64);
        session.ask();
        session.run_for((quarter * (3.0 + ANSWER + 4.0)) as u64);
        let notes = session.answer();
        let bar_line = first as f64 + quarter * (TUNE_ENDS + 4.0);
        let late = notes[0].start as f64 - bar_line;
        // The first note makes the bar line, at the tick nearest to it.
        let most = tick(tempo) / 2.0 + ROUNDING;
        assert!(late.abs() <= most, "{format}: it begins {late} samples beside the bar line");
        let end = notes.last().expect("it is not empty").end as f64 - bar_line;
        let quarters = end / quarter;
        assert!(end <= quarter * ANSWER + most, "{format}: it ends {quarters} quarters after its start");
        assert!(notes.len() >= 8, "{format}: {} notes", notes.len());
    }
}

#[test]
fn the_chosen_key_asks_like_the_knob_and_is_not_heard() {
    for format in Format::ALL {
        let mut session = Session::open(format, 120.0, Blocks::Even(128));
        session.host.choose("Trigger key", "C1");
        session.play(&tunes::twinkle());
        session.run_to_beat(TUNE_ENDS + 1.0);
        let before = session.memory()["answer"].clone();
        let sent = session.timeline.sent().len();
        let (now, voice) = (session.timeline.now(), Voice::new(0, 24));
        session.timeline.cue_sample(now, Kind::On(voice, 0.9));
        session.timeline.cue_sample(now + 500, Kind::Off(voice, 0.0));
        session.run_for(640);
        session.await_answer(&before);
        session.run_to_beat(TUNE_ENDS + 4.0 + ANSWER + 4.0);
        assert!(
            session.heard.iter().all(|event| !is_key(event.kind, 24)),
            "{format}: the key itself is swallowed"
        );
        let (own, _) = harness::notes::beyond(&session.heard, &session.timeline.sent()[..sent]);
        let pairing = harness::Pairing::of(&own);
        assert!(pairing.is_clean(), "{format}: {pairing:?}");
        assert!(off_by(&session, pairing.notes[0].start, TUNE_ENDS + 4.0).abs() <= ROUNDING, "{format}");
    }
}

#[test]
fn an_answer_is_as_long_as_the_knob_says() {
    for bars in [1_u32, 2, 16] {
        let mut session = Session::open(Format::Clap, 120.0, Blocks::Even(512));
        session.host.choose("Bars", &bars.to_string());
        session.play(&tunes::twinkle());
        session.run_to_beat(TUNE_ENDS + 1.0);
        session.ask();
        let (start, length) = (TUNE_ENDS + 4.0, 4.0 * f64::from(bars));
        session.run_to_beat(start + length + 4.0);
        let end = session.answer().last().expect("it is not empty").end;
        assert!(off_by(&session, end, start + length) <= ROUNDING, "{bars} bars");
        assert!(session.timeline.beat_at(end) > start + length - 4.0, "{bars} bars: the last is not empty");
    }
}

#[test]
fn in_three_four_it_waits_for_a_bar_of_three() {
    for format in Format::ALL {
        let mut session = Session::open(format, 120.0, Blocks::Even(512));
        session.timeline.set_meter(3, 4);
        session.play(&tunes::twinkle());
        // The bar lines are at 15, 18 and 21.
        session.run_to_beat(18.5);
        session.ask();
        session.run_to_beat(21.0 + 24.0 + 6.0);
        let notes = session.answer();
        assert!(off_by(&session, notes[0].start, 21.0).abs() <= ROUNDING, "{format}: {:?}", notes[0]);
        assert_inside(&session, &notes, 21.0, 21.0 + 24.0);
    }
}

fn is_key(kind: Kind, key: i16) -> bool {
    matches!(kind, Kind::On(voice, _) | Kind::Off(voice, _) if voice.key == key)
}

#[test]
fn in_a_loop_it_plays_on_from_pass_to_pass() {
    let starts = |format, cycle: Option<(f64, f64)>, cuts, blocks| {
        let mut session = Session::open(format, 120.0, blocks);
        session.timeline.set_cuts(cuts);
        session.play(&tunes::twinkle());
        session.run_to_beat(TUNE_ENDS + 1.0);
        session.ask();
        session.timeline.set_cycle(cycle);
        session.run_for(24_000 * 40);
        let notes = session.answer();
        notes.iter().map(|note| (note.start, note.key)).collect::<Vec<_>>()
    };
    for format in Format::ALL {
        let straight = starts(format, None, true, Blocks::Even(512));
        assert!(straight[0].0.abs_diff(24_000 * 20) <= 1, "{format}: {straight:?}");
        // The answer is due where the loop ends, and twice as long as the loop.
        for (cuts, blocks) in
            [(true, Blocks::random(4, 700)), (false, Blocks::Even(1000)), (false, Blocks::random(4, 700))]
        {
            let looped = starts(format, Some((4.0, 20.0)), cuts, blocks);
            let same =
                |(one, other): (&(u64, _), &(u64, _))| one.0.abs_diff(other.0) <= 2 && one.1 == other.1;
            assert_eq!(looped.len(), straight.len(), "{format}, cut: {cuts}");
            assert!(
                looped.iter().zip(&straight).all(same),
                "{format}, cut: {cuts}: {looped:?} and {straight:?}"
            );
        }
    }
}
