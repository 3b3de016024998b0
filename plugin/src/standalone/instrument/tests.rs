//! Promises of the instrument, each kept by every sound.

use nice_plug::midi::VoiceID;

use super::*;

const RATE: f32 = 48_000.0;

fn instrument(place: usize) -> Instrument {
    let mut instrument = Instrument::default();
    instrument.set_rate(RATE);
    instrument.choose(place);
    instrument.set_volume(1.0);
    // The volume glides there.
    rendered(&mut instrument, 4_800);
    instrument
}

fn all() -> impl Iterator<Item = (Timbre, Instrument)> {
    TIMBRES.into_iter().enumerate().map(|(place, timbre)| (timbre, instrument(place)))
}

/// Left and right, one after the other.
fn rendered(instrument: &mut Instrument, frames: usize) -> Vec<f32> {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for from in (0..frames).step_by(256) {
        let length = 256.min(frames - from);
        let mut sides = [vec![9.0; length], vec![9.0; length]];
        let [one, other] = &mut sides;
        instrument.render(&mut [one, other]);
        left.extend_from_slice(one);
        right.extend_from_slice(other);
    }
    left.extend(right);
    left
}

fn on(timing: u32, key: u8, velocity: f32) -> NoteEvent<()> {
    let (channel, key) = (Channel::Number(0), Key::Number(key));
    NoteEvent::NoteOn { timing, voice_id: VoiceID::Wildcard, channel, key, velocity }
}

fn off(timing: u32, key: u8) -> NoteEvent<()> {
    let (channel, key) = (Channel::Number(0), Key::Number(key));
    NoteEvent::NoteOff { timing, voice_id: VoiceID::Wildcard, channel, key, velocity: 0.0 }
}

fn loudness(sound: &[f32]) -> f32 {
    sound.iter().fold(0.0, |most, sample| most.max(sample.abs()))
}

#[test]
fn a_note_is_heard_from_its_sample_on_and_is_silent_some_time_after_its_release() {
    for (timbre, mut instrument) in all() {
        instrument.note(&on(100, 57, 0.8));
        let sound = rendered(&mut instrument, 14_400);
        assert_eq!(loudness(&sound[..100]), 0.0, "{timbre:?}");
        assert!(loudness(&sound[101..14_400]) > 0.03, "{timbre:?}: {}", loudness(&sound));
        instrument.note(&off(0, 57));
        rendered(&mut instrument, 8 * 48_000);
        assert_eq!(loudness(&rendered(&mut instrument, 480)), 0.0, "{timbre:?}");
    }
}

#[test]
fn a_note_has_its_pitch() {
    // The pad's three saws beat, and the bass has the octave below.
    for place in [0, 2] {
        let mut instrument = instrument(place);
        instrument.note(&on(0, 69, 0.3));
        let sound = rendered(&mut instrument, 48_000);
        let half = &sound[12_000..36_000];
        let alike = |shift: usize| -> f32 { half.iter().zip(&half[shift..]).map(|(a, b)| a * b).sum() };
        let best = (60..200).max_by(|a, b| alike(*a).total_cmp(&alike(*b))).unwrap();
        assert!((108..=110).contains(&best), "sound {place}: a period of {best} samples");
    }
}

#[test]
fn eight_notes_at_full_velocity_do_not_clip_and_are_not_bent_much() {
    for (timbre, mut instrument) in all() {
        for key in [48, 52, 55, 59, 60, 64, 67, 71] {
            instrument.note(&on(0, key, 1.0));
        }
        let sound = rendered(&mut instrument, 48_000);
        let loudest = loudness(&sound);
        assert!((0.2..0.97).contains(&loudest), "{timbre:?}: {loudest}");
        let over = sound.iter().filter(|sample| sample.abs() > KNEE).count();
        assert!(over * 50 < sound.len(), "{timbre:?}: {over} samples above the knee");
    }
}

#[test]
fn any_storm_of_notes_stays_below_full_scale_and_ends() {
    for (timbre, mut instrument) in all() {
        for key in 0..128 {
            instrument.note(&on(u32::from(key), key, 1.0));
        }
        let sound = rendered(&mut instrument, 24_000);
        assert!(sound.iter().all(|sample| sample.is_finite() && sample.abs() < 1.0), "{timbre:?}");
        for key in 0..128 {
            instrument.note(&off(0, key));
        }
        rendered(&mut instrument, 12 * 48_000);
        assert_eq!(loudness(&rendered(&mut instrument, 480)), 0.0, "{timbre:?}");
    }
}

#[test]
fn the_sounds_differ_and_a_harder_note_is_louder() {
    let mut before: Vec<Vec<f32>> = Vec::new();
    for (place, timbre) in TIMBRES.into_iter().enumerate() {
        let play = |velocity: f32| {
            let mut instrument = instrument(place);
            instrument.note(&on(0, 60, velocity));
            rendered(&mut instrument, 24_000)
        };
        let (soft, hard) = (play(0.3), play(1.0));
        assert!(loudness(&hard) > 1.5 * loudness(&soft), "{timbre:?}");
        let apart = |other: &Vec<f32>| {
            let difference: Vec<f32> = other.iter().zip(&hard).map(|(a, b)| a - b).collect();
            loudness(&difference) > 0.3 * loudness(&hard)
        };
        assert!(before.iter().all(apart), "{timbre:?}");
        before.push(hard);
    }
}

#[test]
fn another_sound_lets_go_of_what_the_last_one_holds() {
    let mut instrument = instrument(1);
    instrument.note(&on(0, 60, 1.0));
    rendered(&mut instrument, 24_000);
    instrument.choose(3);
    rendered(&mut instrument, 8 * 48_000);
    assert_eq!(loudness(&rendered(&mut instrument, 480)), 0.0);
}

#[test]
fn the_volume_goes_down_to_nothing() {
    let mut instrument = instrument(0);
    instrument.note(&on(0, 60, 1.0));
    instrument.set_volume(0.0);
    rendered(&mut instrument, 48_000);
    assert!(loudness(&rendered(&mut instrument, 480)) < 1e-6);
}

#[test]
fn it_plays_at_every_sample_rate() {
    for rate in [8_000.0, 22_050.0, 44_100.0, 192_000.0, f32::NAN] {
        for place in 0..TIMBRES.len() {
            let mut instrument = Instrument::default();
            instrument.set_rate(rate);
            instrument.choose(place);
            for key in [0, 60, 127] {
                instrument.note(&on(0, key, 1.0));
            }
            let sound = rendered(&mut instrument, 9_600);
            assert!(
                sound.iter().all(|sample| sample.is_finite()) && loudness(&sound) > 0.0,
                "{rate} {place}"
            );
        }
    }
}

#[test]
fn no_sound_stands_to_one_side_of_zero() {
    for (timbre, mut instrument) in all() {
        instrument.note(&on(0, 57, 0.9));
        let sound = rendered(&mut instrument, 48_000);
        let mean = sound[9_600..48_000].iter().sum::<f32>() / 38_400.0;
        assert!(mean.abs() < 0.02 * loudness(&sound), "{timbre:?}: {mean} beside {}", loudness(&sound));
    }
}
