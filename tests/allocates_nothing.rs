//! Nothing is allocated or freed inside `process()` or `reset()`, whatever comes in.
//!
//! Everything that the plugin's library calls is counted, its wrapper around the plugin proper included.

use std::thread;

use harness::{Blocks, Event, Format, Kind, Session, Voice, heap, tunes};

harness::watch_the_heap!();

/// Plays a session on a thread of its own, as hosts do, and panics at the first allocation after the thread's first
/// block.
///
/// A thread's very first block may set up thread-local storage; no host can avoid that and none hears it.
fn on_an_audio_thread(session: &mut Session, what: &str, play: impl FnOnce(&mut Session) + Send) {
    assert!(heap::is_counting(), "this test's malloc stands in front of the C library's");
    let format = session.host.format();
    let tally = thread::scope(|scope| {
        let audio = scope.spawn(|| {
            session.run_for(64);
            heap::take_tally();
            play(session);
            heap::take_tally()
        });
        audio.join().expect("the audio thread ends well")
    });
    let stack = tally.first.as_deref().unwrap_or_default();
    assert!(
        tally.is_clean(),
        "{format}, {what}: {} allocations, {} frees; the first:\n{stack}",
        tally.allocations,
        tally.frees
    );
}

fn each_format(what: &str, play: impl Fn(&mut Session) + Send + Sync) {
    for format in Format::ALL {
        let mut session = Session::open(format, 120.0, Blocks::random(6, 1024));
        on_an_audio_thread(&mut session, what, &play);
    }
}

#[test]
fn in_silence() {
    each_format("silence", |session| {
        session.run_for(480_000);
        session.timeline.play();
        session.run_for(480_000);
    });
}

#[test]
fn while_it_hears_a_tune_is_asked_and_answers() {
    each_format("a tune and its answer", |session| {
        session.play(&tunes::twinkle());
        session.run_to_beat(17.0);
        session.ask();
        session.run_to_beat(20.0 + 32.0 + 4.0);
        assert!(!session.answer().is_empty());
    });
}

#[test]
fn in_a_storm_of_notes() {
    each_format("a storm of notes", |session| {
        session.timeline.set_blocks(Blocks::Even(512));
        session.timeline.play();
        for block in 0..10_u32 {
            let start = session.timeline.now();
            // Ten thousand events in a block.
            for index in 0..5_000_u32 {
                let voice = Voice::new((index % 16) as i16, ((index * 7 + block) % 128) as i16);
                let at = start + u64::from(index / 10);
                session.timeline.cue_sample(at, Kind::On(voice, 0.5));
                session.timeline.cue_sample(at + 5, Kind::Off(voice, 0.0));
            }
            session.run_for(512);
        }
        session.press();
        session.run_for(480_000);
    });
}

/// Moves every knob at once, again and again.
fn move_every_knob(session: &mut Session) {
    session.play(&tunes::twinkle());
    for step in 0..64_u32 {
        for knob in session.host.knobs() {
            let place = f64::from((step * 13 + knob.id % 17) % 65) / 64.0;
            let at = session.timeline.now() + u64::from(step * 3);
            session.timeline.cue_sample(at, Kind::Knob(knob.id, place));
        }
        session.run_for(6_000);
    }
}

#[test]
fn while_every_knob_moves() {
    each_format("knobs", move_every_knob);
}

#[test]
fn through_stops_jumps_loops_tempo_changes_and_resets() {
    each_format("a restless transport", |session| {
        session.play(&tunes::twinkle());
        session.run_to_beat(17.0);
        session.ask();
        session.run_to_beat(23.0);
        session.host.reset();
        session.run_for(4_800);
        for round in 0..20_u32 {
            session.timeline.stop();
            session.run_for(2_000);
            session.timeline.set_tempo(60.0 + 11.0 * f64::from(round));
            session.timeline.jump(f64::from(round));
            session.timeline.play();
            session.press();
            session.run_for(48_000);
            session.timeline.set_cycle((round % 2 == 0).then_some((0.0, f64::from(round + 1))));
            session.host.reset();
        }
    });
}

#[test]
fn when_the_host_has_no_room_and_no_transport() {
    each_format("a poor host", |session| {
        session.host.limit_output(3);
        let events: Vec<Event> = (0..100)
            .map(|index| {
                let voice = Voice::new(0, 30 + index % 50);
                let kind = if index % 2 == 0 { Kind::On(voice, 0.5) } else { Kind::Off(voice, 0.0) };
                Event { offset: index as u32, kind }
            })
            .collect();
        for frames in [128, 0, 256, 4096] {
            let events = if frames == 0 { &[] } else { &events[..] };
            session.host.process(&harness::Block { frames, transport: None, events });
        }
        session.host.limit_output(16_384);
        session.run_for(4_800);
    });
}
