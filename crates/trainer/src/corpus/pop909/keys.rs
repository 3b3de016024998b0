//! POP909-CL's log of corrections, as far as it tells of changes of key: the files themselves state the first key only.

use std::collections::HashMap;

use melody::{Key, Meter, Tempo, Ticks};
use serde::Deserialize;

/// The log's place in the collection.
pub const LOG: &str = "pop909-cl/midi_operations.json";

#[derive(Deserialize)]
struct Operation {
    operation: String,
    #[serde(default)]
    time: String,
    #[serde(default)]
    key: String,
}

/// The changes of key that the log tells of a song, by its number, in order of time from the start of the corrected
/// file, each moved to the nearest bar line. What the log states otherwise than `Bar55` or `02:23:00` (minutes and
/// seconds at the corrected file's tempo) is passed over.
pub fn changes(log: &[u8], song: usize, meter: Meter, tempo: Tempo) -> Vec<(Ticks, Key)> {
    let songs: HashMap<String, Vec<Operation>> = serde_json::from_slice(log).unwrap_or_default();
    let operations = songs.get(&song.to_string()).into_iter().flatten();
    let changes = operations.filter(|operation| operation.operation == "add_key_change");
    let placed = changes.filter_map(|change| {
        let time = time(&change.time.to_lowercase(), meter, tempo)?;
        Some((time.round_to(meter.bar()), change.key.parse().ok()?))
    });
    let mut placed: Vec<(Ticks, Key)> = placed.collect();
    placed.sort_by_key(|(time, _)| *time);
    placed
}

fn time(text: &str, meter: Meter, tempo: Tempo) -> Option<Ticks> {
    if let Some(bar) = text.strip_prefix("bar") {
        let bar: u16 = bar.parse().ok()?;
        return Some(meter.bar() * (i64::from(bar) - 1));
    }
    let mut parts = text.split(':').map(|part| part.parse::<u16>().ok());
    let seconds = f64::from(parts.next()??) * 60.0 + f64::from(parts.next()??);
    Some(Ticks::nearest(seconds * tempo.bpm() / 60.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_and_minutes_are_understood() {
        let log = br#"{"7": [{"operation": "shift_start_beat", "to_beat": 4},
            {"operation": "add_key_change", "time": "00:33:00", "unit": "minute:second:ms", "key": "C#m"},
            {"operation": "add_key_change", "time": "Bar3", "unit": "bar:beat", "key": "Eb"},
            {"operation": "add_key_change", "time": "later", "key": "F"}]}"#;
        let found = changes(log, 7, Meter::COMMON, Tempo::from_bpm(100.0));
        let texts: Vec<(i64, String)> = found.iter().map(|(time, key)| (time.0, key.to_string())).collect();
        // 33 s are 55 quarters: the nearest bar line is at 56.
        assert_eq!(texts, [(7680, "Eb major".to_owned()), (56 * 960, "C# minor".to_owned())]);
        assert_eq!(changes(log, 8, Meter::COMMON, Tempo::DEFAULT), []);
        assert_eq!(changes(b"{", 7, Meter::COMMON, Tempo::DEFAULT), []);
    }
}
