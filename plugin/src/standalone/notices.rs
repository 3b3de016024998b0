//! What is wrong around the panel, one sentence for each matter, from whichever thread notices.

use parking_lot::Mutex;

/// What a sentence is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matter {
    /// The sound.
    Sound,
    /// The MIDI devices.
    Midi,
    /// What is remembered.
    Memory,
}

/// The sentences that are to be read.
#[derive(Debug, Default)]
pub struct Notices {
    sentences: Mutex<Vec<(Matter, String)>>,
}

impl Notices {
    /// No sentence.
    pub const fn new() -> Notices {
        Notices { sentences: Mutex::new(Vec::new()) }
    }

    /// Says something, in the place of what was said of this matter before.
    pub fn say(&self, matter: Matter, sentence: impl Into<String>) {
        let mut sentences = self.sentences.lock();
        sentences.retain(|(about, _)| *about != matter);
        sentences.push((matter, sentence.into()));
    }

    /// Whether there is a sentence of this matter.
    pub fn has(&self, matter: Matter) -> bool {
        self.sentences.lock().iter().any(|(about, _)| *about == matter)
    }

    /// This matter is well again.
    pub fn clear(&self, matter: Matter) {
        self.sentences.lock().retain(|(about, _)| *about != matter);
    }

    /// All has been read.
    pub fn dismiss(&self) {
        self.sentences.lock().clear();
    }

    /// All that is to be read, as one text.
    pub fn text(&self) -> Option<String> {
        let sentences = self.sentences.lock();
        let texts: Vec<&str> = sentences.iter().map(|(_, sentence)| sentence.as_str()).collect();
        (!texts.is_empty()).then(|| texts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_matter_has_one_sentence_until_it_is_well_or_read() {
        let notices = Notices::new();
        assert_eq!(notices.text(), None);
        notices.say(Matter::Midi, "One.");
        notices.say(Matter::Sound, "Two.");
        notices.say(Matter::Midi, "Three.");
        assert_eq!(notices.text().as_deref(), Some("Two. Three."));
        notices.clear(Matter::Sound);
        assert_eq!(notices.text().as_deref(), Some("Three."));
        notices.dismiss();
        assert_eq!(notices.text(), None);
    }
}
