//! The test hosts themselves: what they play comes back as it should, and what a plugin does wrong they notice.

use harness::{
    Blocks, Event, Format, Host, Kind, Pairing, Product, Setup, Timed, Timeline, Voice, heap, notes, tunes,
};

harness::watch_the_heap!();

const RATE: f64 = 48_000.0;

fn active(product: Product, format: Format) -> Box<dyn Host> {
    let mut host = product.open(format);
    host.activate(Setup { sample_rate: RATE, ..Setup::default() });
    host
}

/// Plays the tune through a product and returns the timeline and what was heard.
fn play(product: Product, format: Format, blocks: Blocks) -> (Timeline, Vec<Timed>) {
    let mut host = active(product, format);
    let mut timeline = Timeline::new(RATE, 97.3, blocks);
    timeline.play();
    timeline.cue_phrase(&tunes::twinkle(), 0.0);
    let heard = timeline.run_to_beat(&mut *host, 16.0);
    (timeline, heard)
}

fn note(key: i16, at: u32) -> [Event; 2] {
    let voice = Voice::new(3, key);
    [Event { offset: at, kind: Kind::On(voice, 0.5) }, Event { offset: at + 20, kind: Kind::Off(voice, 0.0) }]
}

#[test]
fn notes_come_through_at_their_own_samples_however_time_is_cut() {
    for format in Format::ALL {
        let splits = [Blocks::Even(512), Blocks::Even(1), Blocks::random(7, 4096)];
        for blocks in splits {
            let (timeline, heard) = play(Product::PASSTHROUGH, format, blocks);
            assert_eq!(timeline.sent().len(), 28, "{format}: fourteen notes go in");
            assert_eq!(notes::beyond(&heard, timeline.sent()), (vec![], vec![]), "{format}");
            assert!(Pairing::of(&heard).is_clean(), "{format}");
        }
    }
}

#[test]
fn cues_fall_where_the_tempo_puts_them() {
    let (timeline, heard) = play(Product::PASSTHROUGH, Format::Clap, Blocks::random(1, 999));
    let second = Pairing::of(&heard).notes[1];
    let quarter = RATE * 60.0 / 97.3;
    assert_eq!(second.start, quarter.round() as u64);
    assert!((timeline.beat_at(second.start) - 1.0).abs() < 1e-4);
}

#[test]
fn a_late_note_and_a_missing_note_off_are_noticed() {
    for format in Format::ALL {
        let mut host = active(Product::FAULTY, format);
        let mut timeline = Timeline::new(RATE, 120.0, Blocks::Even(64));
        for key in [1, 2, 60] {
            timeline.cue_sample(10, Kind::On(Voice::new(0, key), 0.5));
            timeline.cue_sample(40, Kind::Off(Voice::new(0, key), 0.0));
        }
        // The faulty plugin's late note overtakes nothing here: the harness would panic on disorder.
        let heard =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| timeline.run_for(&mut *host, 64)));
        assert!(heard.is_err(), "{format}: the late note comes before the next one and out of order");

        let mut host = active(Product::FAULTY, format);
        let mut timeline = Timeline::new(RATE, 120.0, Blocks::Even(64));
        for (at, key) in [(1, 1), (5, 2), (9, 60)] {
            timeline.cue_sample(at, Kind::On(Voice::new(0, key), 0.5));
            timeline.cue_sample(at + 30, Kind::Off(Voice::new(0, key), 0.0));
        }
        let heard = timeline.run_for(&mut *host, 64);
        let (_, missing) = notes::beyond(&heard, timeline.sent());
        let missed: Vec<u64> = missing.iter().map(|event| event.sample).collect();
        assert_eq!(missed, [1, 35], "{format}: the late note-on and the note-off that never came");
        assert_eq!(Pairing::of(&heard).hanging.len(), 1, "{format}");
    }
}

#[test]
fn an_allocation_inside_a_loaded_plugin_is_counted() {
    assert!(heap::is_counting(), "this test's malloc stands in front of the C library's");
    for format in Format::ALL {
        let mut host = active(Product::FAULTY, format);
        let mut timeline = Timeline::new(RATE, 120.0, Blocks::Even(64));
        timeline.run_for(&mut *host, 640);
        heap::take_tally();

        timeline.cue_sample(timeline.now() + 5, Kind::On(Voice::new(0, 60), 0.5));
        timeline.run_for(&mut *host, 64);
        let quiet = heap::take_tally();
        assert!(quiet.is_clean(), "{format}: {quiet:?}");

        timeline.cue_sample(timeline.now() + 5, Kind::On(Voice::new(0, 0), 0.5));
        timeline.run_for(&mut *host, 64);
        let tally = heap::take_tally();
        assert_eq!((tally.allocations, tally.frees), (1, 1), "{format}: one Vec comes and goes");
        // Whether its frames have names depends on how the library was linked and loaded.
        assert!(tally.first.is_some(), "{format}: the first one comes with a stack");
    }
}

#[test]
fn a_knob_moves_by_hand_by_text_and_by_automation() {
    for format in Format::ALL {
        let mut host = active(Product::PASSTHROUGH, format);
        let knob = host.knob("Velocity");
        assert_eq!((knob.default, knob.automatable), (1.0, true), "{format}");
        assert_eq!(host.shown("Velocity").trim_end_matches(" %"), "100", "{format}");

        let mut timeline = Timeline::new(RATE, 120.0, Blocks::Even(64));
        let mut force = |host: &mut dyn Host| {
            timeline.cue_sample(timeline.now(), Kind::On(Voice::new(0, 60), 0.8));
            timeline.cue_sample(timeline.now() + 9, Kind::Off(Voice::new(0, 60), 0.0));
            Pairing::of(&timeline.run_for(host, 64)).notes[0].velocity
        };
        assert_eq!(force(&mut *host), 0.8, "{format}");
        host.choose("Velocity", "50");
        assert!((force(&mut *host) - 0.4).abs() < 1e-6, "{format}");
        assert_eq!(host.value(knob.id), 0.5, "{format}");

        let move_it = [Event { offset: 0, kind: Kind::Knob(knob.id, 0.25) }];
        host.process(&harness::Block { frames: 64, transport: None, events: &move_it });
        assert!((force(&mut *host) - 0.2).abs() < 1e-6, "{format}");
    }
}

#[test]
fn a_state_survives_into_a_fresh_instance_and_nonsense_is_refused() {
    for format in Format::ALL {
        let mut old = Product::PASSTHROUGH.open(format);
        old.choose("Velocity", "37");
        let stored = old.save();
        drop(old);
        let mut new = active(Product::PASSTHROUGH, format);
        assert_eq!(new.shown("Velocity").trim_end_matches(" %"), "100", "{format}: a fresh one");
        assert!(new.load(&stored), "{format}");
        assert_eq!(new.shown("Velocity").trim_end_matches(" %"), "37", "{format}");
        assert!(!new.load(b"no state"), "{format}");
        assert_eq!(new.save(), stored, "{format}: refused nonsense changes nothing");
    }
}

#[test]
fn a_full_host_takes_no_more_than_it_has_room_for() {
    for format in Format::ALL {
        let mut host = active(Product::PASSTHROUGH, format);
        host.limit_output(3);
        let events = [note(60, 0), note(61, 20), note(62, 40)].concat();
        let out = host.process(&harness::Block { frames: 64, transport: None, events: &events });
        assert_eq!(out.len(), 3, "{format}");
    }
}

#[test]
fn an_instance_can_be_stopped_started_reset_and_moved_to_another_thread() {
    for format in Format::ALL {
        let mut host = active(Product::PASSTHROUGH, format);
        host.reset();
        host.deactivate();
        host.deactivate();
        host.activate(Setup { sample_rate: 44_100.0, max_frames: 32, offline: true });
        let mut timeline = Timeline::new(44_100.0, 120.0, Blocks::Even(32));
        timeline.cue_sample(5, Kind::On(Voice::new(0, 60), 0.5));
        let heard = std::thread::scope(|scope| {
            let audio = scope.spawn(|| timeline.run_for(&mut *host, 64));
            audio.join().expect("the audio thread ends well")
        });
        assert_eq!(heard.len(), 1, "{format}");
    }
}

#[test]
fn a_loop_wraps_at_its_very_sample_and_a_stopped_song_stands_still() {
    let mut host = active(Product::PASSTHROUGH, Format::Clap);
    let mut timeline = Timeline::new(RATE, 120.0, Blocks::Even(500));
    timeline.play();
    timeline.set_cycle(Some((0.0, 4.0)));
    timeline.run_for(&mut *host, 96_000 + 24_000);
    assert!(
        (timeline.beat() - 1.0).abs() < 1e-9,
        "two seconds a round, half a second a beat: {}",
        timeline.beat()
    );
    timeline.stop();
    timeline.run_for(&mut *host, 10_000);
    assert!((timeline.beat() - 1.0).abs() < 1e-9);
}
