//! Promises of the parameters.

use super::*;
use nice_plug::params::Param;
use nice_plug::params::internals::ParamPtr;

fn params() -> (ContinuoParams, Arc<Signals>) {
    let (memory, signals) = (Memory::default(), Arc::new(Signals::default()));
    let models = Models::new(memory.clone());
    (ContinuoParams::new(memory, &models, &signals), signals)
}

/// Each step of a parameter, or a hundred and one of those that have none or very many.
fn values(param: &ParamPtr) -> Vec<f32> {
    // SAFETY: The pointers come from parameters that outlive this call.
    let steps = unsafe { param.step_count() }.filter(|steps| *steps <= 10_000).unwrap_or(100);
    (0..=steps).map(|step| step as f32 / steps as f32).collect()
}

#[test]
fn every_value_of_every_parameter_is_read_back_from_its_text() {
    let (params, _) = params();
    for (id, param, _) in params.param_map() {
        for value in values(&param) {
            // SAFETY: As above.
            let (text, back) = unsafe {
                let text = param.normalized_value_to_string(value, true);
                (text.clone(), param.string_to_normalized_value(&text))
            };
            let back = back.unwrap_or_else(|| panic!("{id} does not read \"{text}\""));
            // SAFETY: As above.
            let again = unsafe { param.normalized_value_to_string(back, true) };
            assert_eq!(text, again, "{id}");
        }
    }
}

#[test]
fn every_seed_survives_the_hosts_float() {
    let (params, _) = params();
    for seed in (0..=MAX_SEED).step_by(37).chain([MAX_SEED - 1, MAX_SEED]) {
        let normalized = params.seed.preview_normalized(seed);
        assert_eq!(params.seed.preview_plain((f64::from(normalized) * 999_999.0 / 999_999.0) as f32), seed);
    }
}

#[test]
fn ids_and_ranges_are_what_projects_were_saved_with() {
    let (params, _) = params();
    // SAFETY: As above.
    let found: Vec<(String, Option<usize>)> =
        params.param_map().iter().map(|(id, param, _)| (id.clone(), unsafe { param.step_count() })).collect();
    let expected = [
        ("bypass", Some(1)),
        ("model", Some(31)),
        ("task", Some(15)),
        ("temperature", None),
        ("top_p", None),
        ("neighbourhood", None),
        ("bars", Some(63)),
        ("chord_seed", Some(9792)),
        ("chord_strength", None),
        ("style", Some(15)),
        ("key_lock", Some(25)),
        ("seed", Some(999_999)),
        ("seed_lock", Some(1)),
        ("continue", Some(1)),
        ("start", Some(2)),
        ("listen_bars", Some(31)),
        ("channel", Some(16)),
        ("trigger_note", Some(128)),
        ("count", Some(15)),
        ("density", None),
        ("lowest", Some(127)),
        ("highest", Some(127)),
        ("kept_beats", Some(64)),
        ("mix", Some(2)),
        ("loop", Some(1)),
        ("respond", Some(1)),
        ("trigger_cc", Some(119)),
    ];
    assert_eq!(found.len(), expected.len());
    for (id, steps) in expected {
        assert!(
            found.iter().any(|(known, range)| known == id && (*range == steps || steps.is_none())),
            "{id}"
        );
    }
}

#[test]
fn the_densitys_middle_leaves_it_to_the_model() {
    let (params, _) = params();
    assert_eq!(params.density(), None);
    let param = params.param_map().into_iter().find(|(id, ..)| id == "density").unwrap().1;
    for (value, density) in [(0.0, Some(0.25)), (0.5, None), (1.0, Some(4.0))] {
        // SAFETY: As above.
        unsafe { param._internal_set_normalized_value(value) };
        assert_eq!(params.density(), density);
    }
}

#[test]
fn a_range_is_one_whichever_of_its_ends_comes_first() {
    let (params, _) = params();
    assert_eq!(params.range(), None);
    let set = |wanted: &str, key: f32| {
        let param = params.param_map().into_iter().find(|(id, ..)| id == wanted).unwrap().1;
        // SAFETY: As above.
        unsafe { param._internal_set_normalized_value(key / 127.0) };
    };
    set("lowest", 72.0);
    set("highest", 60.0);
    let range = params.range().map(|(lowest, highest)| (lowest.number(), highest.number()));
    assert_eq!(range, Some((60, 72)));
}

#[test]
fn only_the_rising_edge_of_continue_counts() {
    let (params, signals) = params();
    let param = params.param_map().into_iter().find(|(id, ..)| id == "continue").unwrap().1;
    for (value, presses) in [(1.0, 1), (1.0, 1), (0.0, 1), (1.0, 2)] {
        // SAFETY: As above.
        unsafe { param._internal_set_normalized_value(value) };
        assert_eq!(signals.presses.load(Ordering::Relaxed), presses);
    }
}

#[test]
fn another_model_makes_older_answers_stale() {
    let (params, signals) = params();
    let param = params.param_map().into_iter().find(|(id, ..)| id == "model").unwrap().1;
    // SAFETY: As above.
    unsafe { param._internal_set_normalized_value(1.0) };
    assert_eq!(signals.generation(), 1);
}

#[test]
fn the_trigger_key_is_none_until_chosen() {
    let (params, _) = params();
    assert_eq!(params.controls(), Controls::default());
    assert_eq!(text::parse_trigger("C1"), Some(25));
    assert_eq!(text::key_lock_number(params.key_lock()), 0);
}
