//! Promises of the audio thread, played through a scripted host.

mod ways;

use std::time::Duration;

use proptest::prelude::*;

use super::script::{Script, off, on};
use super::*;
use crate::crossing::{self, Entry, Mix, PanelEnds, Scheduled, WorkerEnds};

const RATE: f64 = 48_000.0;
const CONTROLS: Controls = Controls {
    bypass: false,
    start: Start::NextBar,
    trigger_key: None,
    trigger_cc: None,
    mix: Mix::Beside,
    responds: false,
};

/// An audio thread with a hand on the worker's side of it, and a transport.
struct Stage {
    audio: Audio,
    worker: WorkerEnds,
    panel: PanelEnds,
    signals: Arc<Signals>,
    host: Reported,
    controls: Controls,
}

impl Stage {
    fn new() -> Stage {
        let (audio, worker, panel) = crossing::open();
        let signals = Arc::new(Signals::default());
        let host = Reported {
            sample_rate: RATE,
            playing: true,
            tempo: Some(120.0),
            position: Some(0.0),
            bar_start: Some(0.0),
            meter: Some((4, 4)),
            loop_start: None,
        };
        Stage { audio: Audio::new(audio, signals.clone()), worker, panel, signals, host, controls: CONTROLS }
    }

    /// Runs a block and moves the transport on.
    fn run(&mut self, frames: u32, incoming: &[NoteEvent<()>]) -> Vec<NoteEvent<()>> {
        let mut port = Script::of(incoming.iter().copied());
        self.run_with(frames, &mut port);
        port.sent
    }

    fn run_with(&mut self, frames: u32, port: &mut Script) {
        self.audio.process(&self.host, frames, self.controls, port);
        if self.host.playing {
            let quarters = f64::from(frames) / RATE * self.host.tempo.unwrap() / 60.0;
            self.host.position = self.host.position.map(|position| position + quarters);
        }
    }

    fn answer(&mut self, notes: &[(i64, i64, u8)]) {
        self.worker
            .answers
            .push(Answer::Begin {
                generation: self.signals.generation(),
                entry: Entry::ByRule,
                looped: false,
            })
            .unwrap();
        for (onset, length, key) in notes {
            let (onset, length) = (Ticks(*onset), Ticks(*length));
            let note = Scheduled { onset, length, channel: 0, key: *key, velocity: 90 };
            self.worker.answers.push(Answer::Note(note)).unwrap();
        }
        self.worker.answers.push(Answer::End { length: Ticks::quarters(8) }).unwrap();
    }

    fn heard(&mut self) -> Vec<Heard> {
        let all = std::iter::from_fn(|| self.worker.heard.pop().ok());
        all.filter(|event| !matches!(event, Heard::Ruler(_))).collect()
    }

    /// An answer that sounds: one long note, its on already sent.
    fn sounding() -> Stage {
        let mut stage = Stage::new();
        stage.controls.start = Start::Now;
        stage.answer(&[(0, 9600, 60), (4800, 960, 62)]);
        assert_eq!(stage.run(64, &[]), [on(0, 60)]);
        stage
    }
}

#[test]
fn what_is_played_goes_through_untouched_and_is_heard_with_its_time() {
    let mut stage = Stage::new();
    for playing in [true, false] {
        stage.host.playing = playing;
        let events = [on(0, 60), on(7, 64), off(7, 60), off(63, 64)];
        assert_eq!(stage.run(64, &events), events);
    }
    let heard = stage.heard();
    assert_eq!(heard[0], Heard::NoteOn { at: Ticks(0), channel: 0, key: 60, velocity: 90 });
    assert_eq!(heard[3], Heard::NoteOff { at: Ticks(3), channel: Some(0), key: Some(64) });
}

#[test]
fn an_answer_begins_at_the_next_bar_line_to_the_sample() {
    let mut stage = Stage::new();
    stage.run(1000, &[]);
    stage.answer(&[(0, 960, 60), (960, 960, 62)]);
    let bar = 4 * 24_000;
    let mut sent = Vec::new();
    for block in 0..600 {
        for event in stage.run(512, &[]) {
            sent.push((1000 + block * 512 + event.timing(), event));
        }
    }
    let times: Vec<u32> = sent.iter().map(|(time, _)| *time).collect();
    assert_eq!(times, [bar, bar + 24_000, bar + 24_000, bar + 48_000]);
    assert!(matches!(sent[1].1, NoteEvent::NoteOff { .. }), "offs come first");
    assert!(!stage.audio.is_busy());
}

#[test]
fn a_stop_a_leap_a_bypass_and_a_reset_close_what_sounds() {
    let close: [fn(&mut Stage); 5] = [
        |stage| stage.host.playing = false,
        |stage| stage.host.position = Some(40.0),
        |stage| stage.host.position = Some(-8.0),
        |stage| stage.controls.bypass = true,
        |stage| stage.audio.reset(),
    ];
    for close in close {
        let mut stage = Stage::sounding();
        let before = stage.signals.generation();
        close(&mut stage);
        assert_eq!(stage.run(64, &[]), [off(0, 60)]);
        assert!(stage.signals.generation() > before, "older answers are stale");
        assert!(!stage.audio.is_busy());
        assert_eq!(stage.run(48_000 * 8, &[]), []);
    }
}

#[test]
fn a_loop_closes_our_notes_and_lets_a_waiting_answer_begin_with_the_next_pass() {
    let mut stage = Stage::sounding();
    stage.controls.start = Start::NextBar;
    stage.answer(&[(0, 960, 72)]);
    stage.run(24_000, &[]);
    let generation = stage.signals.generation();
    stage.host = Reported { position: Some(0.0), loop_start: Some(0.0), ..stage.host };
    assert_eq!(stage.run(64, &[]), [off(0, 60), on(0, 72)]);
    assert_eq!(stage.signals.generation(), generation);
    assert!(matches!(stage.heard()[..], [Heard::Wrapped { to: Ticks(0), .. }]));
}

#[test]
fn an_answer_that_begins_behind_a_loops_end_in_an_uncut_block_plays_on() {
    let mut stage = Stage::new();
    stage.host.position = Some(3.9);
    stage.answer(&[(0, 480, 60), (480, 480, 62)]);
    // The loop ends at the fourth quarter, in the middle of this block.
    assert_eq!(stage.run(4_800, &[on(2_400, 70)]), [on(2_400, 70), on(2_400, 60)]);
    stage.host = Reported { position: Some(0.1), loop_start: Some(0.0), ..stage.host };
    assert_eq!(stage.run(24_000, &[]), [off(9_600, 60), on(9_600, 62), off(21_600, 62)]);
    let heard = stage.heard();
    assert!(heard.contains(&Heard::Wrapped { from: Ticks(3840), to: Ticks(0) }), "{heard:?}");
}

#[test]
fn the_player_keeps_what_is_held_when_the_transport_flickers() {
    let mut stage = Stage::sounding();
    assert_eq!(stage.run(64, &[on(5, 70)]), [on(5, 70)]);
    stage.host.playing = false;
    assert_eq!(stage.run(64, &[]), [off(0, 60)]);
    stage.host.playing = true;
    assert_eq!(stage.run(64, &[]), []);
    assert_eq!(stage.run(64, &[off(9, 70)]), [off(9, 70)]);
}

#[test]
fn a_new_answer_ends_the_old_one_where_it_begins() {
    let mut stage = Stage::sounding();
    stage.answer(&[(0, 960, 60)]);
    let (end, begin) = (off(0, 60), on(0, 60));
    assert_eq!(stage.run(64, &[]), [end, begin]);
}

#[test]
fn an_old_answer_sounds_until_the_new_one_begins() {
    let mut stage = Stage::sounding();
    stage.controls.start = Start::NextBeat;
    stage.answer(&[(0, 960, 64)]);
    assert_eq!(stage.run(24_000, &[on(23_950, 70)]), [off(23_936, 60), on(23_936, 64), on(23_950, 70)]);
}

#[test]
fn a_key_of_a_channel_has_one_owner() {
    let mut stage = Stage::sounding();
    assert_eq!(stage.run(64, &[on(9, 60)]), [off(9, 60), on(9, 60)], "the player takes a key of ours");
    assert!(stage.audio.ledger.is_empty());
    stage.answer(&[(0, 960, 60), (0, 960, 67), (0, 960, 67)]);
    assert_eq!(stage.run(64, &[]), [on(0, 67)], "we do not touch what the player holds");
}

#[test]
fn an_overlapping_note_of_our_own_is_closed_before_it_begins_again() {
    let mut stage = Stage::new();
    stage.controls.start = Start::Now;
    stage.answer(&[(0, 960, 60), (480, 960, 60)]);
    let sent = stage.run(48_000, &[]);
    assert_eq!(sent, [on(0, 60), off(12_000, 60), on(12_000, 60), off(36_000, 60)]);
}

#[test]
fn wildcards_chokes_and_all_notes_off_close_what_matches() {
    use nice_plug::midi::VoiceID::Wildcard;
    let (timing, voice_id, velocity) = (3, Wildcard, 0.0);
    let any = Channel::Wildcard;
    let closing = [
        NoteEvent::NoteOff { timing, voice_id, channel: any, key: Key::Number(60), velocity },
        NoteEvent::NoteOff { timing, voice_id, channel: any, key: Key::Wildcard, velocity },
        NoteEvent::Choke { timing, voice_id, channel: any, key: Key::Wildcard },
        NoteEvent::MidiCC { timing, channel: 0, cc: control_change::ALL_NOTES_OFF, value: 0.0 },
        NoteEvent::MidiCC { timing, channel: 0, cc: control_change::ALL_SOUND_OFF, value: 0.0 },
    ];
    for event in closing {
        let mut stage = Stage::sounding();
        assert_eq!(stage.run(64, &[event]), [off(3, 60), event]);
        assert!(stage.audio.ledger.is_empty());
    }
}

#[test]
fn a_full_host_queue_never_loses_a_note_off() {
    let mut stage = Stage::sounding();
    stage.host.playing = false;
    let mut full = Script::with_room(0);
    stage.run_with(64, &mut full);
    stage.run_with(64, &mut full);
    assert!(stage.audio.is_busy());
    assert_eq!(stage.run(64, &[]), [off(0, 60)]);
    assert!(!stage.audio.is_busy());
}

#[test]
fn an_empty_block_sends_what_is_owed_and_time_stands_still() {
    let mut stage = Stage::sounding();
    stage.audio.reset();
    assert_eq!(stage.run(0, &[]), [off(0, 60)]);
    let now = stage.signals.reading.now();
    assert_eq!(stage.run(0, &[on(0, 65)]), [on(0, 65)]);
    assert_eq!(stage.signals.reading.now(), now);
}

#[test]
fn triggers_reach_the_worker_after_the_notes_before_them() {
    let mut stage = Stage::new();
    stage.controls.trigger_key = Some(24);
    let sent = stage.run(64, &[on(1, 60), off(2, 60), on(5, 24), off(6, 24), on(7, 62)]);
    assert_eq!(sent, [on(1, 60), off(2, 60), on(7, 62)]);
    assert!(matches!(
        stage.heard()[..],
        [Heard::NoteOn { .. }, Heard::NoteOff { .. }, Heard::Trigger { .. }, Heard::NoteOn { .. }]
    ));
    stage.signals.presses.fetch_add(1, Ordering::Relaxed);
    stage.run(64, &[]);
    assert!(matches!(stage.heard()[..], [Heard::Trigger { .. }]));
    stage.controls.bypass = true;
    stage.signals.presses.fetch_add(1, Ordering::Relaxed);
    assert_eq!(stage.run(64, &[on(1, 24)]), [on(1, 24)]);
    assert!(matches!(stage.heard()[..], [Heard::Break { .. }]));
}

#[test]
fn a_project_that_is_loaded_closes_what_sounds_and_is_told_to_the_worker_once() {
    let mut stage = Stage::sounding();
    stage.signals.loads.fetch_add(1, Ordering::Relaxed);
    assert_eq!(stage.run(64, &[on(3, 70)]), [off(0, 60), on(3, 70)]);
    stage.run(64, &[]);
    assert!(matches!(stage.heard()[..], [Heard::Loaded { loads: 1 }, Heard::NoteOn { .. }]));
}

#[test]
fn without_a_transport_a_phrase_that_begins_makes_the_bar_line() {
    let mut stage = Stage::new();
    stage.host.playing = false;
    stage.run(1_000, &[]);
    stage.run(1_000, &[on(0, 60)]);
    stage.run(1_000, &[on(0, 62)]);
    stage.worker.answers.push(Answer::Forget).unwrap();
    stage.run(1_000, &[on(0, 64)]);
    stage.answer(&[(0, 960, 72)]);
    let sent: Vec<u32> = (0..400)
        .flat_map(|block| stage.run(256, &[]).into_iter().map(move |e| block * 256 + e.timing()))
        .collect();
    assert!(sent[0].abs_diff(4 * 24_000 - 1_000) <= 25, "{sent:?}: a bar after the last phrase's first note");
}

#[test]
fn an_offline_render_waits_for_the_worker() {
    let mut stage = Stage::new();
    stage.audio.set_offline(true);
    stage.controls.start = Start::Now;
    stage.signals.presses.fetch_add(1, Ordering::Relaxed);
    let signals = stage.signals.clone();
    let (_, idle, _) = crossing::open();
    let mut worker = std::mem::replace(&mut stage.worker, idle);
    let slow_worker = std::thread::spawn(move || {
        while signals.asked.load(Ordering::Acquire) == 0 {
            std::thread::yield_now();
        }
        std::thread::sleep(Duration::from_millis(20));
        let note = Scheduled { onset: Ticks(0), length: Ticks(960), channel: 0, key: 60, velocity: 90 };
        for message in [
            Answer::Begin { generation: 0, entry: Entry::ByRule, looped: false },
            Answer::Note(note),
            Answer::End { length: note.length },
        ] {
            worker.answers.push(message).unwrap();
        }
        signals.served.fetch_add(1, Ordering::Release);
        worker
    });
    assert_eq!(stage.run(64, &[]), [on(0, 60)]);
    slow_worker.join().unwrap();
}

#[test]
fn keys_of_the_panel_are_played_and_heard_like_the_hosts() {
    let mut stage = Stage::new();
    stage.panel.strokes.push(Stroke { key: 60, velocity: Some(90) }).unwrap();
    stage.panel.strokes.push(Stroke { key: 60, velocity: None }).unwrap();
    assert_eq!(stage.run(64, &[]), [on(0, 60), off(0, 60)]);
    assert_eq!(stage.heard().len(), 2);
}

#[test]
fn the_reading_tells_the_panel_where_the_music_is() {
    let mut stage = Stage::sounding();
    stage.run(24_000, &[on(0, 100)]);
    let reading = &stage.signals.reading;
    assert_eq!((reading.now(), reading.answer_start()), (Ticks(963), Some(Ticks(0))));
    assert_eq!(reading.keys[0].load(Ordering::Relaxed), 1 << 60);
    assert_eq!(reading.keys[1].load(Ordering::Relaxed), 1 << 36);
}

/// The times in samples, and the keys, of all notes that come out of an answer in blocks of these lengths.
fn played_in(blocks: &[u32], notes: &[(i64, i64, u8)], tempo: f64, start: Start) -> Vec<(bool, u8, u32)> {
    let mut stage = Stage::new();
    stage.host.tempo = Some(tempo);
    stage.controls.start = start;
    stage.answer(notes);
    let mut played = Vec::new();
    let mut elapsed = 0;
    for frames in blocks {
        for event in stage.run(*frames, &[]) {
            match event {
                NoteEvent::NoteOn { timing, key: Key::Number(key), .. } => {
                    played.push((true, key, elapsed + timing))
                }
                NoteEvent::NoteOff { timing, key: Key::Number(key), .. } => {
                    played.push((false, key, elapsed + timing));
                }
                _ => unreachable!("an answer has only notes"),
            }
        }
        elapsed += frames;
    }
    played
}

proptest! {
    #[test]
    fn any_split_into_blocks_plays_the_same_notes_at_the_same_samples(
        mut blocks in prop::collection::vec(1_u32..5_000, 100..300),
        mut notes in prop::collection::vec((0_i64..7_000, -10_i64..2_000, 40_u8..52), 0..40),
        tempo in 30.0_f64..300.0,
        start in prop::sample::select(vec![Start::Now, Start::NextBeat, Start::NextBar]),
    ) {
        notes.sort();
        let total: u32 = blocks.iter().sum();
        blocks.push(2_000_000);
        let whole = played_in(&[total + 2_000_000], &notes, tempo, start);
        let split = played_in(&blocks, &notes, tempo, start);
        prop_assert_eq!(whole.len(), split.len());
        for (one, other) in whole.iter().zip(&split) {
            prop_assert_eq!((one.0, one.1), (other.0, other.1));
            prop_assert!(one.2.abs_diff(other.2) <= 1, "{:?} {:?}", one, other);
        }
    }

    #[test]
    fn whatever_happens_every_note_of_ours_is_closed_and_events_leave_in_order(
        script in prop::collection::vec((0_u32..2_000, 0_u8..8, 0_usize..40), 1..60),
    ) {
        let mut stage = Stage::new();
        stage.controls.start = Start::Now;
        let mut sounding = [0_i32; 128];
        for (frames, deed, room) in script {
            match deed {
                0 => stage.answer(&[(0, 700, 60), (10, 0, 61), (300, 4_000, 62), (310, 900, 60)]),
                1 => stage.host.playing = !stage.host.playing,
                2 => stage.host.position = Some(f64::from(frames) - 500.0),
                3 => stage.controls.bypass = !stage.controls.bypass,
                4 => stage.audio.reset(),
                5 => stage.host.tempo = Some(f64::from(frames)),
                _ => {}
            }
            let mut port = Script::with_room(room);
            stage.run_with(frames, &mut port);
            let mut last = 0;
            for event in port.sent {
                prop_assert!(event.timing() >= last && event.timing() < frames.max(1));
                last = event.timing();
                match event {
                    NoteEvent::NoteOn { key: Key::Number(key), .. } => sounding[usize::from(key)] += 1,
                    NoteEvent::NoteOff { key: Key::Number(key), .. } => sounding[usize::from(key)] -= 1,
                    _ => {}
                }
            }
            prop_assert!(sounding.iter().all(|count| (0..=1).contains(count)));
        }
        stage.audio.reset();
        for event in stage.run(64, &[]) {

            if let NoteEvent::NoteOff { key: Key::Number(key), .. } = event {
                sounding[usize::from(key)] -= 1;
            }
        }
        prop_assert!(!stage.audio.is_busy());
        prop_assert_eq!(sounding, [0; 128]);
    }
}
