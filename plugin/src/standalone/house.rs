//! The panel's side of the standalone: shows transport, devices and what is wrong, and remembers what the user does.

use std::sync::Arc;
use std::thread;

use melody::Tempo;
use parking_lot::Mutex;

use super::board::Board;
use super::device;
use super::instrument::TIMBRES;
use super::keeper::Keeper;
use super::midi::{Midi, Wish};
use super::notices::Notices;
use super::{Closing, Ending};
use crate::format;
use crate::panel::{DeviceChoice, Devices, Standalone, StandaloneAction, Transport, ViewModel};

/// What stands around the standalone's panel.
pub struct House {
    backend: String,
    board: Arc<Board>,
    keeper: Arc<Keeper>,
    notices: Arc<Notices>,
    ending: Arc<Ending>,
    /// `None` where the user has said on the command line what is connected.
    midi: Option<Midi>,
    /// What is there to choose from, as it was found last.
    found: Arc<Mutex<Devices>>,
    /// The panel shows what was remembered.
    furnished: bool,
}

impl House {
    /// A house whose board and devices are as the keeper remembers them. `[main-thread]`
    pub fn new(
        backend: String,
        board: Arc<Board>,
        keeper: Arc<Keeper>,
        notices: Arc<Notices>,
        ending: Arc<Ending>,
        midi: Option<Midi>,
    ) -> House {
        let settings = keeper.settings();
        board.set_tempo(settings.tempo);
        board.set_meter(settings.meter);
        board.set_metronome(settings.metronome());
        board.set_instrument(settings.instrument_place());
        board.set_volume(settings.volume);
        House { backend, board, keeper, notices, ending, midi, found: Arc::default(), furnished: false }
    }

    /// Fills the panel with what is remembered.
    fn furnish(&mut self, model: &mut ViewModel) {
        self.furnished = true;
        let settings = self.keeper.settings();
        model.look = settings.look();
        model.standalone = Some(Standalone {
            octave: settings.octave,
            velocity: settings.velocity,
            metronome: settings.metronome(),
            instruments: TIMBRES.iter().map(|timbre| timbre.name().to_owned()).collect(),
            instrument: settings.instrument_place(),
            volume: settings.volume,
            devices: Devices { chosen: DeviceChoice::from(&settings.devices), ..Devices::default() },
            ..Standalone::new(self.backend.clone())
        });
    }

    fn choose(&mut self, choice: &DeviceChoice) {
        let before = DeviceChoice::from(&self.keeper.settings().devices);
        self.keeper.change(|settings| settings.devices = choice.into());
        if let Some(midi) = &self.midi {
            midi.wish(Wish { input: choice.midi_input.clone(), output: choice.midi_output.clone() });
        }
        let sound =
            |choice: &DeviceChoice| (choice.system.clone(), choice.output.clone(), choice.rate, choice.block);
        if sound(&before) != sound(choice) {
            self.ending.begin_anew();
        }
    }

    /// Finds out what there is, beside the panel's thread.
    fn look_for_devices(&self) {
        let (found, choice) = (self.found.clone(), DeviceChoice::from(&self.keeper.settings().devices));
        let look = move || *found.lock() = device::survey(&choice);
        // Without a thread the menus keep what they have.
        let _ = thread::Builder::new().name("continuo devices".to_owned()).spawn(look);
    }
}

impl format::House for House {
    fn window(&self) -> Option<(u32, u32)> {
        Some(self.keeper.settings().window)
    }

    fn opened(&mut self, context: &egui::Context) {
        self.ending.note_opened();
        // The context goes when its window does, and nothing else tells us.
        let closing = Arc::new(Closing::of(self.ending.clone()));
        context.data_mut(|data| data.insert_temp(egui::Id::unique("continuo: the window closes"), closing));
    }

    fn refresh(&mut self, model: &mut ViewModel) {
        if !self.furnished {
            self.furnish(model);
        }
        model.transport = Transport {
            playing: self.board.playing(),
            tempo: Tempo::from_bpm(self.board.tempo()),
            meter: self.board.meter(),
        };
        let Some(standalone) = &mut model.standalone else { return };
        standalone.problem = self.notices.text();
        standalone.place = self.board.place();
        let chosen = std::mem::take(&mut standalone.devices.chosen);
        standalone.devices = Devices { chosen, ..self.found.lock().clone() };
        if let Some(midi) = &self.midi {
            let ports = midi.ports();
            (standalone.devices.midi_inputs, standalone.devices.midi_outputs) = (ports.inputs, ports.outputs);
        }
    }

    fn act(&mut self, action: StandaloneAction) {
        match action {
            StandaloneAction::Play(playing) => self.board.play(playing),
            StandaloneAction::Return => self.board.return_to_start(),
            StandaloneAction::SetTempo(tempo) => {
                self.board.set_tempo(tempo);
                self.keeper.change(|settings| settings.tempo = self.board.tempo());
            }
            StandaloneAction::SetMeter(meter) => {
                self.board.set_meter(meter);
                self.keeper.change(|settings| settings.meter = meter);
            }
            StandaloneAction::SetMetronome(metronome) => self.board.set_metronome(metronome),
            StandaloneAction::SetInstrument(place) => self.board.set_instrument(place),
            StandaloneAction::SetVolume(volume) => self.board.set_volume(volume),
            StandaloneAction::SetDevices(choice) => self.choose(&choice),
            StandaloneAction::LookForDevices => self.look_for_devices(),
            StandaloneAction::RestartSound => self.ending.begin_anew(),
        }
    }

    fn dismiss_problem(&mut self) {
        self.notices.dismiss();
    }

    fn remember(&mut self, model: &ViewModel, window: egui::Vec2) {
        let Some(standalone) = &model.standalone else { return };
        self.keeper.change(|settings| {
            settings.take(standalone, model.look);
            settings.window = (window.x.round() as u32, window.y.round() as u32);
        });
    }

    fn quits(&self) -> bool {
        self.ending.is_near()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use melody::Meter;

    use super::*;
    use crate::format::House as _;
    use crate::instance::Instance;
    use crate::panel::{Look, Metronome};
    use crate::standalone::keeper;

    fn house(folder: &Path) -> (House, ViewModel) {
        let notices = Arc::new(Notices::default());
        let folder = folder.to_owned();
        let settings = keeper::read_settings(Some(&folder), &notices);
        let keeper = Keeper::open(Some(folder), settings, Arc::new(Instance::new()), notices.clone());
        let mut house = House::new("ALSA".to_owned(), Arc::default(), keeper, notices, Arc::default(), None);
        let mut model = ViewModel::default();
        house.refresh(&mut model);
        (house, model)
    }

    #[test]
    fn all_that_the_user_sets_is_there_the_next_time() {
        let folder = tempfile::tempdir().unwrap();
        let (mut house, mut model) = house(folder.path());
        let metronome = Metronome { on: true, volume: 21, count_in: true };
        let meter = Meter::new(7, 8).unwrap();
        for action in [
            StandaloneAction::SetTempo(83.5),
            StandaloneAction::SetMeter(meter),
            StandaloneAction::SetMetronome(metronome),
            StandaloneAction::SetInstrument(1),
            StandaloneAction::SetVolume(40),
        ] {
            house.act(action);
        }
        model.look = Look::Light;
        let shown = model.standalone.as_mut().unwrap();
        (shown.metronome, shown.instrument, shown.volume) = (metronome, 1, 40);
        (shown.octave, shown.velocity) = (2, 48);
        house.remember(&model, egui::vec2(1234.4, 777.0));
        house.keeper.write();

        let (again, mut shown) = self::house(folder.path());
        assert_eq!(again.window(), Some((1234, 777)));
        assert_eq!(shown.transport.meter, meter);
        assert!((shown.transport.tempo.bpm() - 83.5).abs() < 0.01);
        assert_eq!(
            (again.board.metronome(), again.board.instrument(), again.board.volume()),
            (metronome, 1, 40)
        );
        let standalone = shown.standalone.take().unwrap();
        assert_eq!((standalone.octave, standalone.velocity, standalone.instrument), (2, 48, 1));
        assert_eq!((standalone.metronome, standalone.volume, shown.look), (metronome, 40, Look::Light));
    }

    #[test]
    fn the_song_runs_when_it_is_played_and_stands_when_the_program_begins() {
        let folder = tempfile::tempdir().unwrap();
        let (mut house, mut model) = house(folder.path());
        assert!(!model.transport.playing);
        house.act(StandaloneAction::Play(true));
        house.refresh(&mut model);
        assert!(model.transport.playing && house.board.playing());
        house.keeper.write();
        assert!(!self::house(folder.path()).1.transport.playing);
    }

    #[test]
    fn another_audio_device_begins_the_sound_anew_and_another_midi_device_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let (mut house, _) = house(folder.path());
        let midi = DeviceChoice { midi_output: Some("Synth".to_owned()), ..DeviceChoice::default() };
        house.act(StandaloneAction::SetDevices(midi.clone()));
        assert!(!house.quits());
        house.act(StandaloneAction::SetDevices(DeviceChoice { rate: Some(44_100), ..midi }));
        assert!(house.quits() && house.ending.is_new_beginning());
        assert_eq!(house.keeper.settings().devices.rate, Some(44_100));
    }

    #[test]
    fn what_is_wrong_is_shown_until_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("standalone.json"), "{").unwrap();
        let (mut house, mut model) = house(folder.path());
        assert!(model.standalone.as_ref().unwrap().problem.is_some());
        house.dismiss_problem();
        house.refresh(&mut model);
        assert_eq!(model.standalone.unwrap().problem, None);
    }
}
