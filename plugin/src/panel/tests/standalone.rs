//! What only the standalone has: its transport, metronome, instrument and devices.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use melody::{Meter, Pitch, Tempo};

use super::pictures::Pictures;
use super::{bench, scenes};
use crate::panel::{
    Action, DeviceChoice, Devices, Metronome, MidiChoice, Place, Standalone, StandaloneAction, Transport,
    ViewModel,
};

const SIZE: [f32; 2] = [1000.0, 700.0];

fn alone() -> ViewModel {
    let devices = Devices {
        systems: vec!["JACK".to_owned(), "ALSA".to_owned(), "Silence".to_owned()],
        outputs: vec!["Monitor".to_owned()],
        rates: vec![48_000, 44_100],
        blocks: vec![128, 256],
        midi_inputs: vec!["Keystation".to_owned()],
        midi_outputs: vec!["Synth".to_owned()],
        ..Devices::default()
    };
    let instruments = vec!["Electric piano".to_owned(), "Soft pad".to_owned()];
    let standalone = Standalone { devices, instruments, ..Standalone::new("ALSA, 48 kHz") };
    ViewModel { standalone: Some(standalone), ..scenes::empty() }
}

fn sent(action: StandaloneAction) -> Vec<Action> {
    vec![Action::Standalone(action)]
}

#[test]
fn the_transport_starts_stops_and_returns() {
    for size in [SIZE, [640.0, 400.0]] {
        let mut harness = bench(alone(), size);
        for (label, playing) in [("Play the song", true), ("Stop the song", false)] {
            harness.get_by_label(label).click();
            harness.run_steps(2);
            assert_eq!(harness.state().model.transport.playing, playing);
            assert_eq!(
                std::mem::take(&mut harness.state_mut().actions),
                sent(StandaloneAction::Play(playing))
            );
        }
    }
    let mut harness = bench(alone(), SIZE);
    harness.get_by_label("Return to start").click();
    harness.run_steps(2);
    assert_eq!(harness.state().actions, sent(StandaloneAction::Return));
}

#[test]
fn control_and_space_play_the_song_and_space_alone_continues() {
    let mut harness = bench(alone(), SIZE);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Space);
    harness.run_steps(2);
    assert_eq!(std::mem::take(&mut harness.state_mut().actions), sent(StandaloneAction::Play(true)));
    harness.key_press(Key::Space);
    harness.run_steps(2);
    assert_eq!(harness.state().actions, [Action::Answer]);
}

#[test]
fn the_tempo_is_dragged_and_typed_and_stays_in_its_range() {
    let mut harness = bench(alone(), SIZE);
    let place = harness.get_by_label("Tempo").rect().center();
    harness.drag_at(place);
    harness.run_steps(1);
    harness.hover_at(place + egui::vec2(60.0, 0.0));
    harness.run_steps(1);
    harness.drop_at(place + egui::vec2(60.0, 0.0));
    harness.run_steps(2);
    let dragged = harness.state().model.transport.tempo.bpm();
    assert!(dragged > 130.0, "{dragged}");
    for (typed, tempo) in [("97.5", 97.5), ("1000", 300.0), ("3", 20.0)] {
        harness.state_mut().actions.clear();
        harness.get_by_label("Tempo").click();
        harness.run_steps(2);
        harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        harness.event(egui::Event::Text(typed.to_owned()));
        harness.run_steps(1);
        harness.key_press(Key::Enter);
        harness.run_steps(2);
        assert_eq!(harness.state().actions, sent(StandaloneAction::SetTempo(tempo)), "{typed}");
        assert_eq!(harness.state().model.transport.tempo, Tempo::from_bpm(tempo));
    }
}

#[test]
fn the_meter_is_chosen_from_the_menu() {
    let mut harness = bench(alone(), SIZE);
    harness.get_by_label("Meter").click();
    harness.run_steps(2);
    harness.get_by_label("7/8").click();
    harness.run_steps(2);
    let meter = Meter::new(7, 8).unwrap();
    assert_eq!(harness.state().actions, sent(StandaloneAction::SetMeter(meter)));
    assert_eq!(harness.state().model.transport.meter, meter);
}

#[test]
fn the_click_is_switched_in_the_header() {
    let mut harness = bench(alone(), SIZE);
    harness.get_by_label("Metronome").click();
    harness.run_steps(2);
    let on = Metronome { on: true, ..Metronome::default() };
    assert_eq!(harness.state().actions, sent(StandaloneAction::SetMetronome(on)));
}

#[test]
fn the_header_says_where_the_song_is() {
    for (place, label) in [
        (None, "Bar 1, beat 1"),
        (Some(Place::Song { bar: 12, beat: 3 }), "Bar 12, beat 3"),
        (Some(Place::CountIn { beat: 2 }), "Count-in, beat 2"),
    ] {
        let mut model = alone();
        model.standalone.as_mut().unwrap().place = place;
        model.transport = Transport { playing: place.is_some(), ..model.transport };
        assert!(bench(model, SIZE).query_by_label(label).is_some(), "{label}");
    }
}

#[test]
fn sound_and_devices_open_and_what_is_chosen_is_sent() {
    for size in [SIZE, [640.0, 400.0]] {
        let mut harness = bench(alone(), size);
        harness.get_by_label("Sound and devices").click();
        harness.run_steps(3);
        assert_eq!(std::mem::take(&mut harness.state_mut().actions), sent(StandaloneAction::LookForDevices));
        harness.get_by_label("Count-in").click();
        harness.run_steps(2);
        let counted = Metronome { count_in: true, ..Metronome::default() };
        assert_eq!(
            std::mem::take(&mut harness.state_mut().actions),
            sent(StandaloneAction::SetMetronome(counted))
        );
        harness.get_by_label("Instrument").click();
        harness.run_steps(3);
        harness.get_by_label("Soft pad").click();
        harness.run_steps(3);
        assert_eq!(
            std::mem::take(&mut harness.state_mut().actions),
            sent(StandaloneAction::SetInstrument(1))
        );
        assert!(harness.query_by_label("Count-in").is_some(), "the window stays open");
    }
}

#[test]
fn other_devices_are_sent_as_they_are_chosen() {
    for (menu, option, choice) in [
        (
            "Sound through",
            "JACK",
            DeviceChoice { system: Some("JACK".to_owned()), ..DeviceChoice::default() },
        ),
        (
            "Audio output",
            "Monitor",
            DeviceChoice { output: Some("Monitor".to_owned()), ..DeviceChoice::default() },
        ),
        ("Sample rate", "44.1 kHz", DeviceChoice { rate: Some(44_100), ..DeviceChoice::default() }),
        ("Block", "128 samples", DeviceChoice { block: Some(128), ..DeviceChoice::default() }),
        (
            "MIDI in",
            "Keystation",
            DeviceChoice { midi_input: MidiChoice::One("Keystation".to_owned()), ..DeviceChoice::default() },
        ),
        (
            "MIDI out",
            "Synth",
            DeviceChoice { midi_output: Some("Synth".to_owned()), ..DeviceChoice::default() },
        ),
    ] {
        let mut harness = bench(alone(), SIZE);
        harness.get_by_label("Sound and devices").click();
        harness.run_steps(3);
        harness.state_mut().actions.clear();
        harness.get_by_label(menu).click();
        harness.run_steps(3);
        harness.get_by_label(option).click();
        harness.run_steps(3);
        assert_eq!(harness.state().actions, sent(StandaloneAction::SetDevices(choice)), "{menu}");
    }
}

#[test]
fn the_window_of_devices_closes_with_escape() {
    let mut harness = bench(alone(), SIZE);
    harness.get_by_label("Sound and devices").click();
    harness.run_steps(3);
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(harness.query_by_label("Count-in").is_none());
}

#[test]
fn c_and_v_change_how_hard_the_computer_keyboard_plays() {
    let mut harness = bench(alone(), SIZE);
    let pitch = Pitch::MIDDLE_C;
    for (key, velocity) in
        [(Key::C, 80), (Key::C, 64), (Key::V, 80), (Key::V, 96), (Key::V, 112), (Key::V, 127)]
    {
        harness.key_press(key);
        harness.run_steps(2);
        harness.key_press(Key::A);
        harness.run_steps(2);
        let actions = std::mem::take(&mut harness.state_mut().actions);
        assert_eq!(actions, [Action::KeyDown { pitch, velocity }, Action::KeyUp { pitch }]);
    }
    for _ in 0..20 {
        harness.get_by_label("Softer").click();
        harness.run_steps(1);
    }
    assert_eq!(harness.state().model.standalone.as_ref().unwrap().velocity, Standalone::SOFTEST);
}

#[test]
fn a_problem_of_the_standalone_can_be_put_away() {
    let mut model = alone();
    model.standalone.as_mut().unwrap().problem = Some("The JACK server has gone.".to_owned());
    let mut harness = bench(model, SIZE);
    harness.get_by_label("Dismiss").click();
    harness.run_steps(1);
    assert_eq!(harness.state().actions, [Action::DismissProblem]);
}

#[test]
fn sound_and_devices_as_a_picture() {
    let mut pictures = Pictures::default();
    for (name, size) in [("sound_and_devices", SIZE), ("sound_and_devices_small", [640.0, 400.0])] {
        let mut harness = bench(alone(), size);
        harness.get_by_label("Sound and devices").click();
        harness.run_steps(3);
        harness.hover_at(egui::pos2(1.0, 1.0));
        harness.run_steps(2);
        pictures.keep(name, harness);
    }
}
