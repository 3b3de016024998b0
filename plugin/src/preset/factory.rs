//! The presets that ship: files of `assets/presets`, inside the program, in the order of the menu.

use super::file::PresetFile;

/// The name and the text of each file.
const FILES: [(&str, &str); 14] = [
    ("safe-and-close", include_str!("../../../assets/presets/safe-and-close.json")),
    ("daring", include_str!("../../../assets/presets/daring.json")),
    ("sparse", include_str!("../../../assets/presets/sparse.json")),
    ("busy", include_str!("../../../assets/presets/busy.json")),
    ("jazz-line", include_str!("../../../assets/presets/jazz-line.json")),
    ("hymn", include_str!("../../../assets/presets/hymn.json")),
    ("folk-dance", include_str!("../../../assets/presets/folk-dance.json")),
    ("game-loop", include_str!("../../../assets/presets/game-loop.json")),
    ("call-and-response", include_str!("../../../assets/presets/call-and-response.json")),
    ("hold-the-chord-cadd9", include_str!("../../../assets/presets/hold-the-chord-cadd9.json")),
    ("four-chords", include_str!("../../../assets/presets/four-chords.json")),
    ("low-voice", include_str!("../../../assets/presets/low-voice.json")),
    ("small-variations", include_str!("../../../assets/presets/small-variations.json")),
    ("a-dozen-ideas", include_str!("../../../assets/presets/a-dozen-ideas.json")),
];

/// All that ship, with their files' names.
pub fn presets() -> impl Iterator<Item = (&'static str, PresetFile)> {
    // A file that cannot be read would be left out: the tests read them all.
    FILES.iter().filter_map(|(stem, text)| Some((*stem, PresetFile::read(text).ok()?)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use nice_plug::params::Params;

    use super::super::tests::params;
    use super::super::{CHORD, Presets, is_held};
    use super::*;
    use crate::chord_choice;

    #[test]
    fn every_file_of_the_folder_ships() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/presets");
        let there = folder.read_dir().unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        let shipped = FILES.iter().map(|(stem, _)| format!("{stem}.json"));
        assert_eq!(there.collect::<BTreeSet<_>>(), shipped.collect());
        assert_eq!(presets().count(), FILES.len());
        let mut names: Vec<String> = presets().map(|(_, file)| file.name).collect();
        names.dedup();
        assert_eq!(names.len(), FILES.len());
        assert!(presets().all(|(_, file)| file.description.ends_with('.')));
    }

    #[test]
    fn every_setting_is_what_a_host_would_show() {
        let params = params();
        for (stem, file) in presets() {
            for (id, text) in &file.settings {
                assert!(is_held(id), "{stem}: {id}");
                if id == CHORD && chord_choice::progression(text).is_some() {
                    continue;
                }
                let map = params.param_map();
                let (_, param, _) = map.iter().find(|(known, ..)| known == id).unwrap_or_else(|| {
                    panic!("{stem}: there is no parameter {id}");
                });
                // SAFETY: The pointer comes from parameters that live until the end of the test.
                let again = unsafe {
                    let place = param.string_to_normalized_value(text);
                    let place = place.unwrap_or_else(|| panic!("{stem}: {id} does not read \"{text}\""));
                    param.normalized_value_to_string(place, true)
                };
                assert_eq!(&again, text, "{stem}: {id}");
            }
        }
    }

    #[test]
    fn each_sets_the_same_knobs_so_that_none_is_left_from_the_one_before() {
        let ids = |file: &PresetFile| file.settings.keys().cloned().collect::<Vec<_>>();
        let (_, first) = presets().next().unwrap();
        for (stem, file) in presets() {
            assert_eq!(ids(&file), ids(&first), "{stem}");
        }
    }

    #[test]
    fn all_of_them_can_be_used_by_a_newcomer() {
        let (params, presets) = (params(), Presets::in_folder(Path::new("")));
        for entry in presets.list() {
            let preset = presets.read(&entry.id).unwrap();
            let knobs = preset.knobs(&params);
            assert_eq!(knobs.skipped, None, "{}", preset.name);
            let set = knobs.places.len() + usize::from(knobs.chord.is_some());
            assert_eq!(set, preset.values.len(), "{}", preset.name);
        }
    }
}
