//! What panel and audio thread tell each other of transport, metronome and instrument: numbers that each may read at
//! any time.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU16, AtomicU64, Ordering};

use melody::Meter;

use crate::panel::{Metronome, Place, Standalone};

/// The numbers. The panel sets what is wished, the audio thread what is.
#[derive(Debug)]
pub struct Board {
    playing: AtomicBool,
    /// How often the song was sent to its start.
    returns: AtomicU64,
    /// Quarters a minute, as bits.
    tempo: AtomicU64,
    /// Numerator and denominator.
    meter: AtomicU16,
    click: AtomicBool,
    click_volume: AtomicU8,
    count_in: AtomicBool,
    instrument: AtomicU8,
    volume: AtomicU8,
    /// Where the song is: see [`Board::place`].
    place: AtomicU64,
    /// Blocks that were played.
    blocks: AtomicU64,
}

/// In [`Board::place`], before the beat of a bar that is counted in.
const COUNT_IN: u64 = 1 << 63;

impl Default for Board {
    fn default() -> Board {
        let board = Board {
            playing: AtomicBool::new(false),
            returns: AtomicU64::new(0),
            tempo: AtomicU64::new(120.0_f64.to_bits()),
            meter: AtomicU16::new(0x0404),
            click: AtomicBool::new(false),
            click_volume: AtomicU8::new(0),
            count_in: AtomicBool::new(false),
            instrument: AtomicU8::new(0),
            volume: AtomicU8::new(80),
            place: AtomicU64::new(0),
            blocks: AtomicU64::new(0),
        };
        board.set_metronome(Metronome::default());
        board
    }
}

impl Board {
    /// Starts the song, or lets it stand. `[main-thread]`
    pub fn play(&self, playing: bool) {
        self.playing.store(playing, Ordering::Relaxed);
    }

    /// Whether the song is to run.
    pub fn playing(&self) -> bool {
        self.playing.load(Ordering::Relaxed)
    }

    /// Sends the song to its start. `[main-thread]`
    pub fn return_to_start(&self) {
        self.returns.fetch_add(1, Ordering::Relaxed);
    }

    /// How often the song was sent to its start.
    pub fn returns(&self) -> u64 {
        self.returns.load(Ordering::Relaxed)
    }

    /// Sets the tempo in quarters a minute; it is kept within what the transport takes. `[main-thread]`
    pub fn set_tempo(&self, bpm: f64) {
        let sane = if bpm.is_finite() { bpm } else { 120.0 };
        let (slowest, fastest) = (*Standalone::TEMPOS.start(), *Standalone::TEMPOS.end());
        self.tempo.store(sane.clamp(slowest, fastest).to_bits(), Ordering::Relaxed);
    }

    /// The tempo in quarters a minute.
    pub fn tempo(&self) -> f64 {
        f64::from_bits(self.tempo.load(Ordering::Relaxed))
    }

    /// Sets the time signature. `[main-thread]`
    pub fn set_meter(&self, meter: Meter) {
        let (numerator, denominator) = meter.into();
        self.meter.store(u16::from_be_bytes([numerator, denominator]), Ordering::Relaxed);
    }

    /// The time signature.
    pub fn meter(&self) -> Meter {
        let [numerator, denominator] = self.meter.load(Ordering::Relaxed).to_be_bytes();
        Meter::new(numerator, denominator).unwrap_or_default()
    }

    /// Sets the click. `[main-thread]`
    pub fn set_metronome(&self, metronome: Metronome) {
        self.click.store(metronome.on, Ordering::Relaxed);
        self.click_volume.store(metronome.volume.min(100), Ordering::Relaxed);
        self.count_in.store(metronome.count_in, Ordering::Relaxed);
    }

    /// The click.
    pub fn metronome(&self) -> Metronome {
        Metronome {
            on: self.click.load(Ordering::Relaxed),
            volume: self.click_volume.load(Ordering::Relaxed),
            count_in: self.count_in.load(Ordering::Relaxed),
        }
    }

    /// Chooses a sound by its place. `[main-thread]`
    pub fn set_instrument(&self, place: usize) {
        self.instrument.store(u8::try_from(place).unwrap_or(0), Ordering::Relaxed);
    }

    /// The place of the chosen sound.
    pub fn instrument(&self) -> usize {
        usize::from(self.instrument.load(Ordering::Relaxed))
    }

    /// Sets how loud the instrument is, 0 to 100. `[main-thread]`
    pub fn set_volume(&self, volume: u8) {
        self.volume.store(volume.min(100), Ordering::Relaxed);
    }

    /// How loud the instrument is, 0 to 100.
    pub fn volume(&self) -> u8 {
        self.volume.load(Ordering::Relaxed)
    }

    /// Says where the song is. `[audio-thread]`
    pub fn set_place(&self, place: Option<Place>) {
        let bits = match place {
            None => 0,
            Some(Place::CountIn { beat }) => COUNT_IN | u64::from(beat),
            Some(Place::Song { bar, beat }) => u64::from(bar & 0x7FFF_FFFF) << 32 | u64::from(beat),
        };
        self.place.store(bits, Ordering::Relaxed);
    }

    /// Where the song is; `None` while it stands at its start.
    pub fn place(&self) -> Option<Place> {
        let bits = self.place.load(Ordering::Relaxed);
        let beat = (bits & 0xFFFF_FFFF) as u32;
        match bits {
            0 => None,
            _ if bits & COUNT_IN != 0 => Some(Place::CountIn { beat }),
            _ => Some(Place::Song { bar: (bits >> 32) as u32, beat }),
        }
    }

    /// One more block was played. `[audio-thread]`
    pub fn count_block(&self) {
        self.blocks.fetch_add(1, Ordering::Relaxed);
    }

    /// How many blocks were played: where this does not grow, no audio runs.
    pub fn blocks(&self) -> u64 {
        self.blocks.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_comes_back_as_it_was_set() {
        let board = Board::default();
        let song = |bar, beat| Some(Place::Song { bar, beat });
        for place in [None, song(1, 1), song(12_345, 7), Some(Place::CountIn { beat: 3 })] {
            board.set_place(place);
            assert_eq!(board.place(), place);
        }
    }

    #[test]
    fn no_tempo_leaves_the_range() {
        let board = Board::default();
        for (wished, kept) in [(5.0, 20.0), (1e9, 300.0), (f64::NAN, 120.0), (97.3, 97.3)] {
            board.set_tempo(wished);
            assert_eq!(board.tempo(), kept);
        }
    }
}
