//! Every file of `tests/data/midi`, by name, with what must come out of it.

use std::path::PathBuf;

use proptest::prelude::*;

use super::{MAX_LENGTH, MidiError, read, read_noting_damage, write};
use crate::{Meter, Phrase, Song, Tempo, Ticks};

const READABLE: [&str; 15] = [
    "cre-jig-6-8",
    "freedoom-d_map19",
    "freedoom-d_read_m",
    "jazzsoft-corrupt-file-extra-byte",
    "jazzsoft-corrupt-file-missing-byte",
    "jazzsoft-karaoke-kar",
    "jazzsoft-non-midi-track",
    "jazzsoft-running-status-metaevent",
    "jazzsoft-running-status-sysex",
    "jazzsoft-smpte-offset",
    "jazzsoft-vlq-4-byte",
    "pop909-002",
    "twinkle",
    "twinkle-running-status-ppq77",
    "twinkle-smpte-25x40",
];
const UNREADABLE: [(&str, MidiError); 3] = [
    ("jazzsoft-2-tracks-type-2", MidiError::Patterns),
    ("jazzsoft-empty-file", MidiError::Empty),
    ("jazzsoft-not-a-midi-file", MidiError::NotMidi),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/midi")
}

fn bytes(name: &str) -> Vec<u8> {
    let path = folder().join(name).with_extension("mid");
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn song(name: &str) -> Song {
    let (song, damage) = read_noting_damage(&bytes(name)).unwrap();
    assert_eq!(damage, None, "{name}");
    song
}

fn melody(name: &str) -> Phrase {
    song(name).melody().unwrap()
}

fn pitches(phrase: &Phrase) -> Vec<u8> {
    phrase.notes().iter().map(|note| note.pitch.number()).collect()
}

#[test]
fn every_file_of_the_folder_is_tried() {
    let files = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<String> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "mid"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    found.sort();
    let mut known: Vec<&str> =
        READABLE.into_iter().chain(UNREADABLE.into_iter().map(|(name, _)| name)).collect();
    known.sort();
    assert_eq!(found, known);
}

#[test]
fn the_unreadable_ones_get_their_sentence() {
    for (name, expected) in UNREADABLE {
        assert_eq!(read(&bytes(name)), Err(expected), "{name}");
    }
}

#[test]
fn twinkle_is_42_notes_in_12_bars() {
    let twinkle = melody("twinkle");
    assert_eq!((twinkle.notes().len(), twinkle.bars()), (42, 12));
    assert_eq!((twinkle.meter, twinkle.tempo), (Meter::COMMON, Tempo::from_bpm(120.0)));
    assert_eq!(pitches(&twinkle)[..7], [60, 60, 67, 67, 69, 69, 67]);
    assert_eq!(
        (twinkle.notes()[6].onset, twinkle.notes()[7].onset),
        (Ticks::quarters(6), Ticks::quarters(8))
    );
    assert_eq!((twinkle.notes()[0].velocity, twinkle.notes()[1].velocity), (96, 80));
    assert_eq!(
        (song("twinkle").tracks[0].name.as_str(), song("twinkle").tracks[0].program),
        ("Twinkle", Some(0))
    );
}

#[test]
fn twinkle_is_the_same_in_milliseconds_and_in_77ths() {
    assert_eq!(melody("twinkle-smpte-25x40"), melody("twinkle"));
    let in_77ths = melody("twinkle-running-status-ppq77");
    let places =
        |phrase: &Phrase| phrase.notes().iter().map(|note| (note.onset, note.pitch)).collect::<Vec<_>>();
    assert_eq!(places(&in_77ths), places(&melody("twinkle")));
    // This file holds each note 72 of 77 ticks and strikes all alike.
    assert_eq!((in_77ths.notes()[0].length, in_77ths.notes()[0].velocity), (Ticks(898), 90));
    assert_eq!((in_77ths.bars(), in_77ths.tempo), (12, Tempo::DEFAULT));
}

#[test]
fn the_small_scales_are_read_whole_whatever_stands_between_their_notes() {
    for name in [
        "jazzsoft-corrupt-file-extra-byte",
        "jazzsoft-corrupt-file-missing-byte",
        "jazzsoft-non-midi-track",
        "jazzsoft-running-status-metaevent",
        "jazzsoft-running-status-sysex",
        "jazzsoft-smpte-offset",
        "jazzsoft-vlq-4-byte",
    ] {
        let scale = melody(name);
        assert_eq!(pitches(&scale), [60, 62, 64, 65, 67, 69, 71, 72], "{name}");
        assert_eq!((scale.length(), scale.bars()), (Ticks::quarters(8), 2), "{name}");
    }
}

#[test]
fn karaoke_gives_the_tune_and_the_top_of_its_last_chord() {
    let lamb = melody("jazzsoft-karaoke-kar");
    assert_eq!(pitches(&lamb)[..7], [64, 62, 60, 62, 64, 64, 64]);
    assert_eq!((lamb.notes().len(), pitches(&lamb).last()), (27, Some(&72)));
    assert_eq!((song("jazzsoft-karaoke-kar").tracks[0].notes.len(), lamb.tempo.micros()), (29, 666_667));
}

#[test]
fn a_jig_is_in_six_eight() {
    let jig = melody("cre-jig-6-8");
    assert_eq!((jig.meter, jig.notes().len()), (Meter::new(6, 8).unwrap(), 96));
    assert!(jig.is_monophonic());
}

#[test]
fn pop909_gives_its_track_melody() {
    let song = song("pop909-002");
    assert_eq!(song.tracks.iter().map(|track| track.notes.len()).collect::<Vec<_>>(), [310, 163, 935]);
    assert_eq!((song.melody_track(), song.tempos.changes().len()), (Ok(0), 16));
    let nameless = Song {
        tracks: song
            .tracks
            .iter()
            .cloned()
            .map(|track| crate::Track { name: String::new(), ..track })
            .collect(),
        ..song
    };
    assert_eq!(nameless.melody_track(), Ok(0));
}

#[test]
fn game_music_of_odd_divisions_gives_a_line_that_is_neither_bass_nor_drums() {
    let map19 = song("freedoom-d_map19");
    assert_eq!((map19.tracks.len(), map19.melody_track()), (7, Ok(4)));
    assert_eq!(map19.melody().unwrap().meter, Meter::COMMON);
    let read_m = song("freedoom-d_read_m");
    assert_eq!((read_m.tracks.len(), read_m.tempos.changes().len()), (4, 92));
    assert_eq!(read_m.tracks[read_m.melody_track().unwrap()].name, "Instrument4");
}

/// What holds of every song that was read, however damaged its file.
fn check(song: &Song) {
    for track in &song.tracks {
        assert!(!track.notes.is_empty());
        assert!(track.notes.is_sorted_by_key(|note| (note.onset, note.pitch)));
        for note in &track.notes {
            assert!(note.onset >= Ticks::ZERO && note.length > Ticks::ZERO && note.onset <= MAX_LENGTH);
            assert!((1..128).contains(&note.velocity) && note.channel < 16);
        }
    }
    if let Ok(melody) = song.melody() {
        assert!(melody.is_monophonic() && !melody.is_empty());
        assert!((Ticks::ZERO..melody.meter.bar()).contains(&melody.notes()[0].onset));
    }
    read(&write(song)).expect("what is written can be read");
}

#[derive(Debug, Clone)]
enum Change {
    Set(usize, u8),
    Insert(usize, u8),
    Remove(usize),
    Cut(usize),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        8 => (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        // The header and the start of the first track hold most of what can go wrong.
        4 => (0..40_usize, any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        2 => (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Change::Insert(at, byte)),
        2 => any::<usize>().prop_map(Change::Remove),
        1 => any::<usize>().prop_map(Change::Cut),
    ]
}

fn damaged(mut bytes: Vec<u8>, changes: Vec<Change>) -> Vec<u8> {
    for change in changes {
        let size = bytes.len().max(1);
        match change {
            Change::Insert(at, byte) => bytes.insert(at % size, byte),
            _ if bytes.is_empty() => {}
            Change::Set(at, byte) => bytes[at % size] = byte,
            Change::Remove(at) => drop(bytes.remove(at % size)),
            Change::Cut(at) => bytes.truncate(at % size),
        }
    }
    bytes
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let track = [b"MThd\0\0\0\x06\0\x01\0\x01\x03\xC0MTrk\0\0\x01\0", &bytes[..]].concat();
        let header = [b"MThd\0\0\0\x06", &bytes[..]].concat();
        for bytes in [bytes, header, track] {
            if let Ok(song) = read(&bytes) {
                check(&song);
            }
        }
    }

    #[test]
    fn damaged_files_are_read_or_refused(
        name in prop::sample::select(&READABLE[..]),
        changes in prop::collection::vec(change(), 1..12),
    ) {
        if let Ok(song) = read(&damaged(bytes(name), changes)) {
            check(&song);
        }
    }
}

#[test]
fn a_file_cut_anywhere_keeps_a_beginning_of_its_notes() {
    let (whole, whole_song) = (bytes("twinkle"), song("twinkle"));
    let places = |song: &Song| -> Vec<_> {
        song.tracks[0].notes.iter().map(|note| (note.onset, note.pitch)).collect()
    };
    let (mut refused, mut kept) = (0, 0);
    for cut in 0..whole.len() {
        match read_noting_damage(&whole[..cut]) {
            Ok((song, damage)) => {
                kept += 1;
                // Without its last two bytes, the end mark can still be told.
                assert!(damage.is_some() || cut >= whole.len() - 2, "{cut}");
                assert!(places(&whole_song).starts_with(&places(&song)), "{cut}");
            }
            Err(_) => refused += 1,
        }
    }
    // The first note-on fills the file's bytes up to the 73rd.
    assert_eq!((refused, kept), (73, whole.len() - 73));
}
