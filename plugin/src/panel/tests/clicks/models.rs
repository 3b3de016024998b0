//! Models and tasks.

use egui_kittest::kittest::{NodeT, Queryable};
use generator::Task;

use super::{SIZE, SMALL, after_click, bench, click, scenes, set_at_once};
use crate::panel::{Action, Setting, Standalone, ViewModel};

#[test]
fn another_model_is_chosen_from_the_menu() {
    let mut harness = after_click(scenes::listening(), "Model");
    harness.get_by_label("Dice").click();
    harness.run_steps(2);
    assert_eq!(harness.state().actions, set_at_once(Setting::Model("random".to_owned())));
    assert_eq!(harness.state().model.settings.model, "random");
}

#[test]
fn a_model_that_cannot_do_the_task_brings_its_own() {
    let mut harness = after_click(scenes::asking("seq2seq", Task::Next), "Model");
    harness.get_by_label("VAE").click();
    harness.run_steps(2);
    let expected =
        [set_at_once(Setting::Model("vae".to_owned())), set_at_once(Setting::Task(Task::Vary))].concat();
    assert_eq!(harness.state().actions, expected);
    assert_eq!(harness.state().model.settings.task, Task::Vary);
}

#[test]
fn the_tabs_are_the_tasks_that_some_model_can_do() {
    let tabs = |model: ViewModel| {
        let harness = bench(model, SIZE);
        let labels = harness.query_all_by_label_contains("Task: ");
        labels.filter_map(|node| node.accesskit_node().label()).collect::<Vec<_>>()
    };
    let five = ["Task: Continue", "Task: Vary", "Task: Next note", "Task: Fresh", "Task: Morph"];
    assert_eq!(tabs(scenes::asking("seq2seq", Task::Continue)), five);
    assert_eq!(tabs(scenes::asking("gone", Task::Vary)), five);
    assert_eq!(tabs(scenes::shaped(4)), [&five[..], &["Task: Fill"]].concat());
    let mut alone = scenes::asking("vae", Task::Vary);
    alone
        .models
        .iter_mut()
        .filter(|entry| entry.id != "vae")
        .for_each(|entry| entry.problem = Some("gone".to_owned()));
    assert_eq!(tabs(alone), ["Task: Vary", "Task: Fresh", "Task: Morph"]);
}

#[test]
fn a_tab_that_the_model_cannot_do_brings_one_that_is_best_at_it() {
    for (task, tab, model) in [(Task::Vary, "Task: Vary", "vae"), (Task::Fresh, "Task: Fresh", "vae")] {
        let harness = after_click(scenes::asking("seq2seq", Task::Continue), tab);
        let expected =
            [set_at_once(Setting::Model(model.to_owned())), set_at_once(Setting::Task(task))].concat();
        assert_eq!(harness.state().actions, expected);
    }
    // Two can continue, and the first that is best at it takes over.
    let harness = after_click(scenes::asking("vae", Task::Vary), "Task: Continue");
    let expected =
        [set_at_once(Setting::Model("seq2seq".to_owned())), set_at_once(Setting::Task(Task::Continue))];
    assert_eq!(harness.state().actions, expected.concat());
}

#[test]
fn the_smallest_standalone_has_the_tasks_in_a_menu() {
    let standalone = Some(Standalone::new("ALSA"));
    let mut harness = bench(ViewModel { standalone, ..scenes::asking("seq2seq", Task::Continue) }, SMALL);
    click(&mut harness, &["Task", "Next note"]);
    assert_eq!(harness.state().actions, set_at_once(Setting::Task(Task::Next)));
}

#[test]
fn a_tab_chooses_its_task_and_the_button_says_it() {
    let mut harness = after_click(scenes::asking("seq2seq", Task::Continue), "Task: Next note");
    assert_eq!(harness.state().actions, set_at_once(Setting::Task(Task::Next)));
    assert!(harness.query_by_label_contains("the likeliest first").is_some(), "and the line explains it");
    harness.get_by_label("What next?").click();
    harness.run_steps(2);
    assert_eq!(harness.state().actions.last(), Some(&Action::Answer));
}
