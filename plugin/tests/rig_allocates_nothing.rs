//! The standalone's rig leaves the heap alone while it plays: transport, click, every sound, and what comes by MIDI.
#![cfg(feature = "standalone")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Arc;

use continuo_plugin::audio::clock::Reported;
use continuo_plugin::format::Rig as _;
use continuo_plugin::panel::Metronome;
use continuo_plugin::standalone::board::Board;
use continuo_plugin::standalone::instrument::TIMBRES;
use continuo_plugin::standalone::midi;
use continuo_plugin::standalone::rig::Rig;
use nice_plug::buffer::Buffer;
use nice_plug::midi::{Channel, Key, NoteEvent, VoiceID};

/// Counts what the thread that is watched does with the heap.
struct Counting;

thread_local! {
    static WATCHED: Cell<bool> = const { Cell::new(false) };
    static DEEDS: Cell<u64> = const { Cell::new(0) };
}

fn count() {
    if WATCHED.get() {
        DEEDS.set(DEEDS.get() + 1);
    }
}

// SAFETY: Everything is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: As the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        count();
        // SAFETY: As the caller promises.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often the heap was used meanwhile.
fn watched(work: impl FnOnce()) -> u64 {
    let before = DEEDS.get();
    WATCHED.set(true);
    work();
    WATCHED.set(false);
    DEEDS.get() - before
}

const FRAMES: usize = 256;

fn host() -> Reported {
    Reported { sample_rate: 48_000.0, ..Reported::default() }
}

fn note(on: bool, timing: u32, key: u8) -> NoteEvent<()> {
    let (voice_id, channel, key) = (VoiceID::Wildcard, Channel::Number(0), Key::Number(key));
    if on {
        NoteEvent::NoteOn { timing, voice_id, channel, key, velocity: 0.9 }
    } else {
        NoteEvent::NoteOff { timing, voice_id, channel, key, velocity: 0.0 }
    }
}

/// A second of a busy song on one sound: more notes than there are voices, of which half are let go.
fn play(rig: &mut Rig, buffer: &mut Buffer) {
    for block in 0..188_u32 {
        rig.keep_time(host(), FRAMES as u32);
        while let Some(event) = rig.next() {
            rig.note(&event);
        }
        for voice in 0..4 {
            let key = ((block * 7 + voice * 13) % 128) as u8;
            rig.note(&note(true, voice * 50, key));
            rig.note(&note(false, 200 + voice, key ^ 1));
        }
        rig.render(buffer);
    }
}

#[test]
fn nothing_is_allocated_or_freed_while_it_plays() {
    assert!(watched(|| drop(std::hint::black_box(Box::new(1_u64)))) >= 2, "the heap is watched");
    let board = Arc::new(Board::default());
    board.set_metronome(Metronome { on: true, volume: 80, count_in: true });
    let (audio, _devices) = midi::open();
    let mut rig = Rig::new(board.clone(), audio);
    rig.set_rate(48_000.0);
    let (mut left, mut right) = (vec![0.0; FRAMES], vec![0.0; FRAMES]);
    let mut buffer = Buffer::default();
    // SAFETY: The slices outlive the buffer and have the length that is given.
    unsafe { buffer.set_slices(FRAMES, |slices| *slices = vec![&mut left[..], &mut right[..]]) };
    for (place, timbre) in TIMBRES.into_iter().enumerate() {
        let deeds = watched(|| {
            board.set_instrument(place);
            board.play(place % 2 == 0);
            play(&mut rig, &mut buffer);
            rig.silence();
            board.return_to_start();
            play(&mut rig, &mut buffer);
            // The same rate again, as after a project was loaded.
            rig.set_rate(48_000.0);
        });
        assert_eq!(deeds, 0, "{timbre:?}");
    }
    drop(buffer);
    assert!(left.iter().chain(&right).any(|sample| *sample != 0.0));
}
