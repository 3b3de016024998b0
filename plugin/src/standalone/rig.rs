//! What stands around the plugin on the audio thread: transport, metronome, instrument and MIDI devices.

use std::sync::Arc;

use nice_plug::buffer::Buffer;
use nice_plug::midi::NoteEvent;

use super::board::Board;
use super::instrument::Instrument;
use super::metronome::Metronome;
use super::midi::AudioEnds;
use super::transport::Transport;
use crate::audio::clock::Reported;
use crate::format;

/// The standalone's rig. Allocates when it is made and when it is told the sample rate.
pub struct Rig {
    board: Arc<Board>,
    transport: Transport,
    metronome: Metronome,
    instrument: Instrument,
    midi: AudioEnds,
    rate: f32,
}

impl Rig {
    /// A rig that heeds this board, with these ends of the MIDI devices. `[main-thread]`
    pub fn new(board: Arc<Board>, midi: AudioEnds) -> Rig {
        Rig {
            board,
            transport: Transport::default(),
            metronome: Metronome::default(),
            instrument: Instrument::default(),
            midi,
            rate: 48_000.0,
        }
    }
}

impl Default for Rig {
    fn default() -> Rig {
        let shared = super::shared();
        Rig::new(shared.board.clone(), shared.midi.lock().take().unwrap_or_default())
    }
}

impl format::Rig for Rig {
    fn set_rate(&mut self, rate: f32) {
        self.rate = if rate >= 1.0 { rate } else { 48_000.0 };
        self.instrument.set_rate(self.rate);
    }

    /// Whatever else keeps time around us: the song is our own.
    fn keep_time(&mut self, host: Reported, frames: u32) -> Reported {
        let rate = if host.sample_rate >= 1.0 { host.sample_rate } else { f64::from(self.rate) };
        self.board.count_block();
        self.transport.advance(&self.board, rate, frames)
    }

    fn next(&mut self) -> Option<NoteEvent<()>> {
        self.midi.receive()
    }

    fn note(&mut self, event: &NoteEvent<()>) {
        self.instrument.note(event);
        self.midi.send(event);
    }

    fn render(&mut self, buffer: &mut Buffer) {
        self.instrument.choose(self.board.instrument());
        self.instrument.set_volume(f32::from(self.board.volume()) / 100.0);
        let channels = buffer.as_slice();
        self.instrument.render(channels);
        let click = self.board.metronome();
        let volume = f32::from(click.volume) / 100.0;
        self.metronome.render(channels, self.transport.beats(), self.rate, (volume, click.on));
    }

    fn silence(&mut self) {
        self.instrument.silence();
        self.metronome.silence();
    }
}
