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

#[cfg(test)]
mod tests {
    use nice_plug::midi::{Channel, Key, VoiceID};

    use super::super::midi;
    use super::*;
    use crate::format::Rig as _;
    use crate::panel;

    const FRAMES: usize = 512;

    fn rig() -> (Rig, Arc<Board>, midi::DeviceEnds) {
        let board = Arc::new(Board::default());
        let (audio, devices) = midi::open();
        let mut rig = Rig::new(board.clone(), audio);
        rig.set_rate(48_000.0);
        (rig, board, devices)
    }

    /// One block: what time it is, and how loud it is.
    fn block(rig: &mut Rig) -> (Reported, f32) {
        let host =
            Reported { sample_rate: 48_000.0, playing: true, tempo: Some(55.0), ..Reported::default() };
        let reported = rig.keep_time(host, FRAMES as u32);
        let (mut left, mut right) = (vec![0.0; FRAMES], vec![0.0; FRAMES]);
        let mut buffer = Buffer::default();
        // SAFETY: The slices outlive the buffer and have the length that is given.
        unsafe { buffer.set_slices(FRAMES, |slices| *slices = vec![&mut left[..], &mut right[..]]) };
        rig.render(&mut buffer);
        drop(buffer);
        (reported, left.iter().fold(0.0, |most, sample| sample.abs().max(most)))
    }

    #[test]
    fn time_is_our_own_whatever_is_around_us() {
        let (mut rig, board, _devices) = rig();
        board.set_tempo(90.0);
        let (stands, _) = block(&mut rig);
        assert_eq!((stands.playing, stands.tempo, stands.position), (false, Some(90.0), None));
        board.play(true);
        let (begins, _) = block(&mut rig);
        assert_eq!((begins.playing, begins.position, begins.bar_start), (true, Some(0.0), Some(0.0)));
        assert_eq!(board.blocks(), 2);
    }

    #[test]
    fn the_click_is_heard_and_never_sent_and_notes_are_both() {
        let (mut rig, board, mut devices) = rig();
        board.set_metronome(panel::Metronome { on: true, ..panel::Metronome::default() });
        assert_eq!(block(&mut rig).1, 0.0, "the song stands");
        board.play(true);
        assert!(block(&mut rig).1 > 0.05);
        assert_eq!(devices.sent(), None);
        board.play(false);
        for _ in 0..50 {
            block(&mut rig);
        }
        assert_eq!(block(&mut rig).1, 0.0);
        let (voice_id, channel, key) = (VoiceID::Wildcard, Channel::Number(0), Key::Number(60));
        let note = NoteEvent::NoteOn { timing: 0, voice_id, channel, key, velocity: 1.0 };
        rig.note(&note);
        assert!(block(&mut rig).1 > 0.01);
        assert_eq!(devices.sent(), Some(note));
    }
}
