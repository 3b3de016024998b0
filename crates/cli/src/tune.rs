//! From a `.mid` file's name to the prompt in it.

use std::path::Path;

use anyhow::{Result, anyhow, bail};
use melody::{Key, Phrase, midi};

use crate::console::Console;
use crate::output;

/// What is to be continued, and where it was found.
#[derive(Debug)]
pub struct Tune {
    /// What is heard, from its first bar line on: the line, or all voices ([`Tune::in_voices`]).
    pub prompt: Phrase,
    /// All that is played where the line is the highest of.
    voices: Phrase,
    /// Its key, as Krumhansl and Schmuckler hear it.
    pub key: Key,
    /// The track that it comes from, counted from 1.
    pub track: usize,
    /// That track's name; empty where it has none.
    pub track_name: String,
    /// What is missing from a damaged file.
    pub damage: Option<String>,
    /// Whether the line is one of several voices.
    has_chords: bool,
}

impl Tune {
    /// Reads a file and picks the line of `track` (a name, or a number from 1), or else the melody; of it the last
    /// `bars` bars, or else all. Damage that could be read around is remarked.
    ///
    /// # Errors
    /// One sentence that names the file and what is wrong with it.
    pub fn read(path: &Path, track: Option<&str>, bars: Option<u32>, console: &Console) -> Result<Tune> {
        let named = |sentence: &dyn std::fmt::Display| anyhow!("{}: {sentence}", path.display());
        let bytes = output::read_capped(path, midi::MAX_BYTES)?;
        let (song, damage) = midi::read_noting_damage(&bytes).map_err(|error| named(&error))?;
        let damage = damage.map(|damage| damage.to_string());
        if let Some(damage) = &damage {
            console.remark(&format!("continuo: {}: {damage}; going on with the rest", path.display()));
        }
        let melody::Tune { track, name, line, voices, has_chords, changes } =
            song.tune(track).map_err(|error| named(&error))?;
        let (prompt, voices) = match bars {
            Some(bars) => {
                let cut = |phrase| last_bars(phrase, bars).map_err(|error| named(&error));
                (cut(&line)?, cut(&voices)?)
            }
            None => (line, voices),
        };
        let key = Key::estimate(prompt.notes()).unwrap_or(Key::C_MAJOR);
        if changes {
            console.remark(&format!(
                "continuo: {}: tempo or meter change on the way; what is written keeps those of the first note",
                path.display()
            ));
        }
        Ok(Tune { prompt, voices, key, track: track + 1, track_name: name, damage, has_chords })
    }

    /// Heard as one line; that of chords one note is heard is remarked.
    pub fn in_one_line(self, path: &Path, console: &Console) -> Tune {
        if self.has_chords {
            console.remark(&format!(
                "continuo: {}: track {} plays several notes at once; of these the highest is heard",
                path.display(),
                self.track
            ));
        }
        self
    }

    /// Heard with all its voices.
    pub fn in_voices(self) -> Tune {
        Tune { prompt: self.voices.clone(), ..self }
    }
}

fn last_bars(line: &Phrase, bars: u32) -> Result<Phrase> {
    if bars == 0 {
        bail!("--prompt-bars is 0; choose at least 1, or leave it out to go on from the whole melody");
    }
    let part = line.last_bars(bars as usize);
    if part.is_empty() {
        bail!("no note starts in the last {bars} bars; choose more with --prompt-bars");
    }
    Ok(part)
}
