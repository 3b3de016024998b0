//! Promises of the user's own presets.

use super::*;

fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect()
}

fn own(presets: &Presets) -> Vec<PresetEntry> {
    presets.list().into_iter().filter(|entry| !entry.factory).collect()
}

#[test]
fn what_is_saved_is_listed_read_and_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let presets = Presets::in_folder(&folder.path().join("not/there/yet"));
    assert!(presets.list().iter().all(|entry| entry.factory));
    let kept = values(&[("bars", "4"), ("temperature", "1.10")]);
    let id = presets.save("  My   evening ", &kept).unwrap();
    let listed = own(&presets);
    assert_eq!((listed.len(), &listed[0].id, listed[0].name.as_str()), (1, &id, "My evening"));
    let read = presets.read(&id).unwrap();
    assert_eq!((read.values, read.factory), (kept, false));
    presets.delete(&id).unwrap();
    assert_eq!(own(&presets), []);
    assert!(presets.delete(&id).unwrap_err().contains("no preset"));
    assert!(presets.read(&id).unwrap_err().contains("choose another"));
}

#[test]
fn saving_again_changes_the_preset_and_keeps_what_is_not_known_here() {
    let folder = tempfile::tempdir().unwrap();
    let presets = Presets::in_folder(folder.path());
    let id = presets.save("Mine", &values(&[("bars", "4"), ("reverb", "lots")])).unwrap();
    assert_eq!(presets.save("Mine", &values(&[("bars", "8"), ("seed", "7")])), Ok(id.clone()));
    assert_eq!(presets.read(&id).unwrap().values, values(&[("bars", "8"), ("reverb", "lots")]));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half written stays");
}

#[test]
fn names_that_look_alike_get_files_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let presets = Presets::in_folder(folder.path());
    let names = ["A+B", "a b", "../../etc/passwd", "…", "?", "con"];
    let ids: Vec<String> = names.iter().map(|name| presets.save(name, &values(&[])).unwrap()).collect();
    let mut files: Vec<String> = fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let expected = [
        "preset-2.json",
        "preset-a-b-2.json",
        "preset-a-b.json",
        "preset-con.json",
        "preset-etc-passwd.json",
        "preset.json",
    ];
    assert_eq!(files, expected);
    for (name, id) in names.iter().zip(&ids) {
        assert_eq!(&presets.read(id).unwrap().name, name);
    }
    assert!(presets.save(" \n", &values(&[])).unwrap_err().contains("needs a name"));
    assert!(presets.save(&"long ".repeat(100), &values(&[])).is_ok());
}

#[test]
fn what_cannot_be_used_is_listed_with_its_reason_and_harms_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let presets = Presets::in_folder(folder.path());
    presets.save("Good", &values(&[("bars", "4")])).unwrap();
    let newer = r#"{"format": "continuo preset", "version": 9, "name": "Later", "settings": {}}"#;
    fs::write(folder.path().join("later.json"), newer).unwrap();
    fs::write(folder.path().join("broken.json"), "{").unwrap();
    fs::write(folder.path().join("huge.json"), vec![b' '; MAX_BYTES as usize + 1]).unwrap();
    fs::write(folder.path().join(".hidden.json"), "{").unwrap();
    fs::write(folder.path().join("notes.txt"), "mine").unwrap();
    fs::create_dir(folder.path().join("folder.json")).unwrap();
    let listed = own(&presets);
    let names: Vec<&str> = listed.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["broken", "folder", "Good", "huge", "Later"]);
    for (name, said) in [("Later", "newer Continuo"), ("broken", "broken.json"), ("huge", "huge.json")] {
        let entry = listed.iter().find(|entry| entry.name == name).unwrap();
        let sentence = entry.problem.clone().unwrap();
        assert!(sentence.contains(said), "{sentence}");
        assert_eq!(presets.read(&entry.id), Err(sentence));
    }
    let refused = presets.save("Later", &values(&[])).unwrap_err();
    assert!(refused.contains("newer") && refused.contains("another name"), "{refused}");
    assert_eq!(fs::read_to_string(folder.path().join("later.json")).unwrap(), newer);
    assert_eq!(
        presets.save("broken", &values(&[])).as_deref(),
        Ok("user/preset-broken"),
        "beside what is damaged"
    );
}

#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let folder = tempfile::tempdir().unwrap();
    // A file where the folder should be stops the administrator too.
    let blocked = folder.path().join("presets");
    fs::write(&blocked, "x").unwrap();
    let sentence = Presets::in_folder(&blocked).save("Mine", &values(&[])).unwrap_err();
    assert!(sentence.contains(&*blocked.to_string_lossy()) && sentence.contains("not saved"), "{sentence}");
    let nowhere = Presets { folder: None };
    assert!(nowhere.save("Mine", &values(&[])).unwrap_err().contains("no folder"));
    assert!(!nowhere.list().is_empty());
}

#[test]
fn an_id_leads_nowhere_but_to_a_preset() {
    let folder = tempfile::tempdir().unwrap();
    let outside = folder.path().join("secret.json");
    fs::write(&outside, "{}").unwrap();
    let presets = Presets::in_folder(&folder.path().join("presets"));
    for id in ["user/../secret", "../secret", "factory/../secret", "factory/nothing", ""] {
        assert!(presets.read(id).is_err() && presets.delete(id).is_err(), "{id}");
    }
    assert!(outside.is_file());
    let shipped = presets.list().remove(0).id;
    assert!(presets.delete(&shipped).unwrap_err().contains("ships with Continuo"));
}
