//! Open Hymnal: hymns in four voices in ABC; the melody is the soprano.

use super::collection::Collection;
use super::fault::Fault;
use super::{Melody, Source, abc, melodies, score};

/// The name of the soprano's voice.
const SOPRANO: &str = "S1V1";

/// Reads `Part/Hymn/Hymn-Tune.abc`. Hymns to one tune are one song: what the file's name says after the hymn's.
pub fn read(collection: &Collection, path: &str) -> Result<Vec<Melody>, Fault> {
    // Words in other encodings than UTF-8 do not matter.
    let bytes = collection.bytes(path)?;
    let tune = abc::read(&String::from_utf8_lossy(&bytes), SOPRANO);
    let phrases = score::phrases(&tune.bars, tune.tempo)?;
    melodies(Source::OpenHymnal, &song(path), phrases)
}

fn song(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".abc");
    let mut names = file.split('-');
    let hymn = names.next().unwrap_or(file);
    let tune = names.next().filter(|tune| *tune != "untitled").unwrap_or(hymn);
    tune.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hymns_to_one_tune_are_one_song() {
        assert_eq!(song("Complete/Rock_of_Ages/Rock_of_Ages-Toplady.abc"), "toplady");
        assert_eq!(song("Complete/O_Rest/O_Rest-Toplady-Other.abc"), "toplady");
        assert_eq!(song("Complete/Jesus_Loves_Me/Jesus_Loves_Me-untitled.abc"), "jesus_loves_me");
    }
}
