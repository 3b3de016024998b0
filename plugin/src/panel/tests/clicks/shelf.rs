//! The shelf: history, favourites, the Keep track, the map.

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::{Bench, SIZE, SMALL, after_click, after_clicks, bench, click, drag, press, scenes};
use crate::panel::{Action, Export, ViewModel};

const RIGHT: (Modifiers, Key) = (Modifiers::NONE, Key::ArrowRight);
const ENTER: (Modifiers, Key) = (Modifiers::NONE, Key::Enter);
const DELETE: (Modifiers, Key) = (Modifiers::NONE, Key::Delete);

/// The panel with this tab open and its list focused.
fn focused(tab: &str, list: &str) -> Harness<'static, Bench> {
    let mut harness = after_click(scenes::shaped(4), tab);
    harness.get_by_label(list).focus();
    harness.run_steps(2);
    harness
}

#[test]
fn an_answer_of_the_history_is_recalled() {
    let harness = after_clicks(scenes::shaped(4), &["History: 4", "Answer 2: Vary by VAE, 5 of them"]);
    assert_eq!(harness.state().actions, [Action::Recall { answer: 1 }]);
    assert_eq!(harness.state().model.recalled, Some(1));
    let mut harness = focused("History: 4", "4 earlier answers");
    // The newest is the first, and the one that is shown.
    let expected = [2, 1, 1].map(|answer| Action::Recall { answer });
    assert_eq!(press(&mut harness, &[RIGHT, RIGHT, ENTER]), expected);
}

#[test]
fn favourites_are_played_used_kept_saved_copied_and_dropped() {
    let piece = "Favourite phrase 2: VAE 042321";
    let open = || after_clicks(scenes::shaped(4), &["Favourites: 3", piece]);
    assert_eq!(open().state().actions, [Action::PlayFavourite { index: 1 }]);
    for (label, action) in [
        ("Play the favourite", Action::PlayFavourite { index: 1 }),
        ("Use as what was played", Action::UseFavourite { index: 1 }),
        ("Keep", Action::KeepFavourite { index: 1 }),
        ("Like it no more", Action::DropFavourite { index: 1 }),
        ("Save", Action::Save(Export::Favourite(1))),
        ("Copy", Action::Copy(Export::Favourite(1))),
    ] {
        let mut harness = open();
        harness.state_mut().actions.clear();
        click(&mut harness, &[label]);
        assert_eq!(harness.state().actions, [action], "{label}");
    }
}

#[test]
fn favourites_have_keys() {
    let mut harness = focused("Favourites: 3", "3 favourite phrases");
    let key = |key| (Modifiers::NONE, key);
    let actions = press(&mut harness, &[RIGHT, key(Key::U), key(Key::K), ENTER, DELETE]);
    let index = 1;
    let expected = [
        Action::PlayFavourite { index },
        Action::UseFavourite { index },
        Action::KeepFavourite { index },
        Action::PlayFavourite { index },
        Action::DropFavourite { index },
    ];
    assert_eq!(actions, expected);
}

#[test]
fn an_orphaned_favourite_says_what_can_be_done_with_it() {
    let mut harness = after_click(scenes::shaped(4), "Favourites: 3");
    harness.get_by_label("Favourite phrase 3: My own 000007").hover();
    harness.run_steps(6);
    assert!(harness.query_by_label_contains("it can be played and kept").is_some());
}

#[test]
fn the_song_is_played_saved_copied_and_its_pieces_moved_and_dropped() {
    let open = || after_clicks(scenes::shaped(4), &["Keep track: 5", "Piece 3 of the song: Continuo 042320"]);
    assert_eq!(open().state().actions, [], "a click chooses a piece");
    for (label, action) in [
        ("Play song", Action::PlaySong),
        ("Save song", Action::Save(Export::Song)),
        ("Copy song", Action::Copy(Export::Song)),
        ("Move earlier", Action::MovePiece { from: 2, to: 1 }),
        ("Move later", Action::MovePiece { from: 2, to: 3 }),
        ("Drop piece", Action::DropPiece { index: 2 }),
    ] {
        let mut harness = open();
        click(&mut harness, &[label]);
        assert_eq!(harness.state().actions, [action], "{label}");
    }
}

#[test]
fn the_song_has_keys_and_a_moved_piece_stays_chosen() {
    let mut harness = focused("Keep track: 5", "5 kept phrases");
    let shift = (Modifiers::SHIFT, Key::ArrowRight);
    assert_eq!(
        press(&mut harness, &[RIGHT, shift, ENTER, DELETE]),
        [Action::MovePiece { from: 1, to: 2 }, Action::PlaySong, Action::DropPiece { index: 2 }]
    );
}

#[test]
fn a_piece_is_dragged_to_another_place() {
    let mut harness = after_click(scenes::shaped(4), "Keep track: 5");
    let centre =
        |harness: &Harness<'static, Bench>, label| harness.get_by_label_contains(label).rect().center();
    let (first, third) = (centre(&harness, "Piece 1 of"), centre(&harness, "Piece 3 of"));
    let way = [first, first + egui::vec2(20.0, 0.0), third + egui::vec2(30.0, 0.0)];
    assert_eq!(drag(&mut harness, &way), [Action::MovePiece { from: 0, to: 2 }]);
}

#[test]
fn whatever_lies_on_the_shelf_can_be_dragged_out_once() {
    for (tab, handle, export) in [
        ("Answers: 4", "Drag to DAW", Export::Candidate(2)),
        ("Favourites: 3", "Drag to DAW", Export::Favourite(0)),
        ("Favourites: 3", "Favourite phrase 2: VAE 042321", Export::Favourite(1)),
        ("Keep track: 5", "Drag song to DAW", Export::Song),
    ] {
        let mut harness = bench(scenes::shaped(4), SIZE);
        if tab != "Answers: 4" {
            click(&mut harness, &[tab]);
        }
        let start = harness.get_by_label(handle).rect().center();
        let way = [0.0, 4.0, 12.0, 40.0].map(|x| start + egui::vec2(x, 0.0));
        assert_eq!(drag(&mut harness, &way), [Action::DragOut(export)], "{tab} {handle}");
        let model = ViewModel { can_drag_out: false, ..scenes::shaped(4) };
        assert!(after_click(model, "Favourites: 3").query_by_label("Drag to DAW").is_none());
    }
}

#[test]
fn the_open_tab_folds_the_shelf_up() {
    let harness = after_click(scenes::shaped(4), "Answers: 4");
    assert!(harness.query_by_label_contains("Melody 1:").is_none());
    let harness = after_clicks(scenes::shaped(4), &["Answers: 4", "Answers: 4"]);
    assert!(harness.query_by_label_contains("Melody 1:").is_some());
}

#[test]
fn dragging_over_the_map_wanders_in_steps_that_matter() {
    let mut harness = bench(scenes::mapped(), SIZE);
    let centre = harness.get_by_label("Map of 400 phrases").rect().center();
    let way = [0.0, 0.5, 1.0, 40.0].map(|x| centre + egui::vec2(x, 0.0));
    let actions = drag(&mut harness, &way);
    let [Action::Wander { to: first }, Action::Wander { to: second }] = actions[..] else {
        panic!("{actions:?}");
    };
    assert!(first[0].abs() < 0.02 && second[0] > 0.2 && second[1] == first[1], "{actions:?}");
}

#[test]
fn arrow_keys_walk_over_the_map() {
    let mut harness = bench(scenes::mapped(), SIZE);
    harness.get_by_label("Map of 400 phrases").focus();
    harness.run_steps(1);
    let actions = press(&mut harness, &[RIGHT, (Modifiers::NONE, Key::ArrowDown)]);
    let [Action::Wander { to: first }, Action::Wander { to: second }] = actions[..] else {
        panic!("{actions:?}");
    };
    let near = |place: [f32; 2], x: f32, y: f32| (place[0] - x).abs() < 1e-5 && (place[1] - y).abs() < 1e-5;
    assert!(near(first, -0.05, 0.34) && near(second, -0.05, 0.29), "from the player's place: {actions:?}");
}

#[test]
fn in_the_smallest_panel_the_map_is_a_tab() {
    let mut harness = bench(scenes::mapped(), SMALL);
    click(&mut harness, &["Map"]);
    assert!(harness.query_by_label("Map of 400 phrases").is_some());
}
