//! The cards of the candidates.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

use super::{SIZE, after_click, bench, click, drag, press, scenes, set_at_once};
use crate::panel::{Action, Export, Setting, Standalone, ViewModel};

#[test]
fn a_click_on_a_card_auditions_it() {
    let harness = after_click(scenes::varied(), "Phrase 5: 7 notes, likeness 0.70 of 1");
    assert_eq!(harness.state().actions, [Action::Audition { index: 4 }]);
    assert_eq!(harness.state().model.auditioned, 4, "and is shown at once");
}

#[test]
fn arrow_keys_walk_the_list_to_its_ends() {
    let mut harness = bench(scenes::varied(), SIZE);
    for (key, index) in [
        (Key::ArrowDown, Some(3)),
        (Key::ArrowUp, Some(2)),
        (Key::ArrowUp, Some(1)),
        (Key::ArrowUp, Some(0)),
        (Key::ArrowUp, None),
    ] {
        harness.state_mut().actions.clear();
        harness.key_press(key);
        harness.run_steps(2);
        let expected: Vec<Action> = index.map(|index| Action::Audition { index }).into_iter().collect();
        assert_eq!(harness.state().actions, expected);
    }
    harness.state_mut().model.auditioned = 7;
    harness.key_press(Key::ArrowDown);
    harness.run_steps(2);
    assert_eq!(harness.state().actions, [], "below the last there is none");
}

#[test]
fn arrow_keys_belong_to_a_knob_that_has_the_focus() {
    let mut harness = bench(scenes::varied(), SIZE);
    harness.get_by_label("How far").focus();
    harness.run_steps(1);
    harness.key_press(Key::ArrowUp);
    harness.run_steps(2);
    assert_eq!(harness.state().actions, set_at_once(Setting::Neighbourhood(0.21)));
}

#[test]
fn a_focused_list_keeps_the_arrows_and_enter_plays_again() {
    let mut harness = bench(scenes::next_notes(), SIZE);
    harness.get_by_label("8 next notes").focus();
    harness.run_steps(2);
    for key in [Key::ArrowDown, Key::ArrowDown, Key::Enter] {
        harness.key_press(key);
        harness.run_steps(2);
    }
    assert_eq!(harness.state().actions, [1, 2, 2].map(|index| Action::Audition { index }));
}

#[test]
fn an_answer_of_one_is_a_card_as_well() {
    assert!(bench(scenes::answered(), SIZE).query_by_label("Melody 1: 36 notes, seed 042317").is_some());
    assert!(bench(scenes::listening(), SIZE).query_by_label_contains("Melody 1").is_none());
}

#[test]
fn the_chosen_card_has_a_button_for_everything() {
    let index = 2;
    for (label, action) in [
        ("Favourite", Action::Favourite { index }),
        ("Keep", Action::Keep { index }),
        ("More like this", Action::MoreLike { index }),
        ("Throw away", Action::ThrowAway { index }),
        ("Save", Action::Save(Export::Candidate(index))),
        ("Copy", Action::Copy(Export::Candidate(index))),
    ] {
        assert_eq!(after_click(scenes::shaped(4), label).state().actions, [action], "{label}");
    }
}

#[test]
fn a_card_under_the_mouse_offers_its_own_buttons() {
    let index = 0;
    for (label, action) in [
        ("Favourite 1", Action::Favourite { index }),
        ("Keep 1", Action::Keep { index }),
        ("Throw away 1", Action::ThrowAway { index }),
    ] {
        let mut harness = bench(scenes::shaped(4), SIZE);
        assert!(harness.query_by_label(label).is_none());
        harness.get_by_label_contains("Melody 1:").hover();
        harness.run_steps(2);
        click(&mut harness, &[label]);
        assert_eq!(harness.state().actions, [action], "{label}: and it does not audition");
    }
}

#[test]
fn the_cards_have_keys() {
    let mut harness = bench(scenes::shaped(8), SIZE);
    harness.get_by_label("8 melodies").focus();
    harness.run_steps(2);
    let keys = [Key::F, Key::K, Key::M, Key::Delete, Key::ArrowRight, Key::Space];
    let actions = press(&mut harness, &keys.map(|key| (Modifiers::NONE, key)));
    let index = 2;
    let expected = [
        Action::Favourite { index },
        Action::Keep { index },
        Action::MoreLike { index },
        Action::ThrowAway { index },
        Action::Audition { index: 3 },
        Action::Audition { index: 3 },
    ];
    assert_eq!(actions, expected);
}

#[test]
fn arrows_walk_across_the_rows_of_sixteen() {
    let mut harness = bench(scenes::shaped(16), SIZE);
    let keys = [Key::ArrowDown, Key::ArrowLeft, Key::ArrowUp].map(|key| (Modifiers::NONE, key));
    assert_eq!(press(&mut harness, &keys), [10, 9, 1].map(|index| Action::Audition { index }));
}

#[test]
fn a_way_between_two_is_asked_for_by_two_clicks() {
    let mut harness = after_click(scenes::shaped(4), "Between two");
    assert_eq!((harness.state().model.between, &harness.state().actions[..]), (Some(2), &[][..]));
    assert!(harness.query_by_label_contains("From 3 to which one?").is_some());
    harness.get_by_label_contains("Melody 1:").click();
    harness.run_steps(2);
    assert_eq!(harness.state().actions, [Action::Between { from: 2, to: 0 }]);
    assert_eq!(harness.state().model.between, None);
}

#[test]
fn a_way_between_two_is_asked_for_by_keys_and_left_by_escape() {
    let mut harness = bench(scenes::shaped(4), SIZE);
    harness.get_by_label("4 melodies").focus();
    harness.run_steps(2);
    let key = |key| (Modifiers::NONE, key);
    let actions = press(&mut harness, &[key(Key::B), key(Key::ArrowRight), key(Key::Enter)]);
    assert_eq!(actions, [Action::Audition { index: 3 }, Action::Between { from: 2, to: 3 }]);
    assert_eq!(press(&mut harness, &[key(Key::B), key(Key::Escape)]), []);
    assert_eq!(harness.state().model.between, None);
}

#[test]
fn in_the_standalone_letters_are_notes_until_the_cards_have_the_focus() {
    let standalone = Some(Standalone::new("ALSA"));
    let mut harness = bench(ViewModel { standalone, ..scenes::shaped(4) }, SIZE);
    let keep = [(Modifiers::NONE, Key::K)];
    assert!(
        press(&mut harness, &keep)
            .iter()
            .all(|action| matches!(action, Action::KeyDown { .. } | Action::KeyUp { .. }))
    );
    harness.get_by_label("4 melodies").focus();
    harness.run_steps(2);
    assert_eq!(press(&mut harness, &keep), [Action::Keep { index: 2 }]);
}

#[test]
fn a_card_is_dragged_out_once_and_only_where_that_works() {
    for (can_drag_out, expected) in [(true, vec![Action::DragOut(Export::Candidate(1))]), (false, vec![])] {
        let mut harness = bench(ViewModel { can_drag_out, ..scenes::shaped(4) }, SIZE);
        let start = harness.get_by_label_contains("Melody 2:").rect().center();
        let way = [0.0, 3.0, 9.0, 30.0, 60.0].map(|x| start + egui::vec2(x, 0.0));
        assert_eq!(drag(&mut harness, &way), expected);
    }
}
