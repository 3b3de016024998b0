//! The performers' cards for people.

use generator::pack::{Card, Kind};
use generator::performer::Manner;
use melody::metrics::Six;

use super::figures::{Figures, PIECES};
use super::pieces::Pieces;
use super::{Numbers, Taught};
use crate::performer::{chords, listening};
use crate::recipe::credits;
use crate::recipe::file::Recipe;

/// The licence of the weights.
pub const LICENCE: &str = "MIT; learnt in part from music under CC BY-SA 3.0 DE and CC BY 4.0, see CARD.md";

/// A model's name, what it is good for in a sentence, and where it is described.
pub fn words(numbers: &Numbers) -> (&'static str, &'static str, &'static str) {
    match (numbers.kind, numbers.shape.manner) {
        (Kind::LstmGan, Manner::Numbers) => (
            "LSTM-GAN, plain",
            "The LSTM-GAN as the paper describes it, kept to compare: its pitches are rounded numbers.",
            "Multi-category MIDI by an LSTM-GAN (paper B), \"LSTM-GAN\"",
        ),
        (Kind::LstmGan, _) => (
            "LSTM-GAN",
            "Music for several voices from a chord, in classical, jazz or pop, with lengths and velocities.",
            "Multi-category MIDI by an LSTM-GAN (paper B), \"LSTM-GAN\"",
        ),
        (Kind::Dense, _) => (
            "Dense",
            "Several notes at once from the last few alone: it hears no farther back.",
            "Multi-category MIDI by an LSTM-GAN (paper B), \"Dense\" in Table II",
        ),
        _ => (
            "Basic LSTM",
            "Music for several voices, taught by the next note alone, without a critic.",
            "Multi-category MIDI by an LSTM-GAN (paper B), \"Basic LSTM\" in Table II",
        ),
    }
}

/// What was made, of what, how, and how well.
pub fn text(
    recipe: &Recipe,
    numbers: &Numbers,
    card: &Card,
    pieces: &Pieces,
    taught: &Taught,
    figures: &Figures,
) -> String {
    let Some(training) = &card.training else { return String::new() };
    format!(
        "# {name}\n\n{story} {parameters} parameters.\n\n\
         Weights: {licence}. What they were learnt from; notes are those of all parts:\n\n\
         {sources}\n\
         Stretches in one meter and key, on sixteenths and triplets, moved to C major or A minor by the shortest way. Solos of\n\
         wjazzd have no velocities: they get 80, strong beats more; giantmidi tells no beats: a second counts as two quarters. The\n\
         split is by song (a hash of its name): {train} stretches to learn from, {validation} to decide when to stop, {test} to measure.\n\n\
         ## Figures\n\n\
         Paper B's six metrics: means over {count} pieces of {bars} bars of each style (seeds 1 to {count}, knobs where a newcomer finds\n\
         them) beside as long stretches of the test part. Repetitions of real music are corrected to the length of what is played.\n\n\
         | style | | notes | {heads} |\n| --- | --- | --- |{rules}\n{six}\n\
         - Different pop pieces of {count}: {different}.\n\
         - Of the first bar's notes {seeded:.2} lie in the chord that the music was to start from, and {unseeded:.2} where nobody asked for it\n  \
           (24 chords, {seeds} seeds each).\n\
         - Held-out loss: {loss:.3} {unit}{sureness}.\n\n\
         ## Training\n\n\
         `{command}`, seed {seed}: {steps} steps of {batch} lines, {minutes} minutes on one thread, {pace:.0} notes a second.\n\n{course}",
        name = card.name,
        story = story(numbers),
        parameters = training.parameters,
        licence = card.licence,
        sources = credits::of_counts(recipe, &pieces.melodies, &pieces.notes),
        train = pieces.train.len(),
        validation = pieces.validation.len(),
        test = pieces.test.len(),
        count = PIECES,
        bars = listening::BARS,
        heads = Six::COLUMNS.map(|(_, head, _)| head).join(" | "),
        rules = " --- |".repeat(Six::COLUMNS.len()),
        six = six(figures),
        different = figures.different,
        seeded = figures.chords.seeded,
        unseeded = figures.chords.unseeded,
        seeds = chords::SEEDS,
        loss = figures.loss,
        unit = unit(numbers),
        sureness = sureness(numbers),
        command = training.command,
        seed = training.seed,
        steps = training.steps,
        batch = recipe.batch,
        minutes = training.minutes,
        pace = taught.notes_per_second(),
        course = course(taught),
    )
}

/// What was done to the odds that were learnt.
fn sureness(numbers: &Numbers) -> String {
    if numbers.sureness == [1.0; 2] || numbers.shape.manner == Manner::Numbers {
        return String::new();
    }
    let [pitches, rest] = numbers.sureness;
    format!(
        ", as it was taught. In the pack the\n  scores of pitches are {pitches} times as large and the others {rest} times, so that where a newcomer finds the knobs it\n  \
         repeats itself about as much as people do: drawn by the odds as they were learnt it wanders, for it errs and goes on\n  from its errors"
    )
}

fn unit(numbers: &Numbers) -> &'static str {
    match numbers.shape.manner {
        Manner::Words { .. } => {
            "nats a note (pitch, length, velocity and the gap to the next onset together)"
        }
        Manner::Numbers => "mean squared error of the four numbers",
    }
}

fn story(numbers: &Numbers) -> String {
    let shape = &numbers.shape;
    match (numbers.kind, shape.manner) {
        (Kind::LstmGan, manner) => of_gan(numbers, manner),
        (Kind::Dense, Manner::Words { memory, .. }) => format!(
            "Paper B's \"Dense\": {} layers of {} units (rectifiers) say the next note from the last {memory}. The paper gives no sizes.\n{WORDS}",
            shape.dense, shape.hidden
        ),
        _ => format!(
            "Paper B's \"Basic LSTM\": {} LSTM layers of {} say the next note from all before it. The paper gives no sizes.\n{WORDS}",
            shape.layers, shape.hidden
        ),
    }
}

/// How the shipped models differ from the paper's.
const WORDS: &str = "Paper B's notes are four numbers: length, pitch, intensity, time since the note before (0 makes a chord). Here each of the\n\
     four is a choice among words instead (88 keys, 16 lengths, 16 velocities, 25 gaps): a network that is taught numbers by\n\
     squared error plays a mean of what might come, which is in no key. It is told the place in the bar and the style besides.";

fn of_gan(numbers: &Numbers, manner: Manner) -> String {
    let (shape, contest) = (&numbers.shape, &numbers.contest);
    let [layers, units] = numbers.critic.unwrap_or_default();
    let words = match manner {
        Manner::Words { .. } => format!(
            "{WORDS} The critic sees the choices as ones and zeros,\nand gradients go straight through them (Gumbel softmax)."
        ),
        Manner::Numbers => "A note is four numbers, as in the paper.".to_owned(),
    };
    let switch = |on: bool| if on { "on" } else { "off" };
    format!(
        "Paper B's LSTM-GAN: {} LSTM layers of {} make each note of four random numbers and the note before; a critic of {layers}\n\
         bidirectional layers of {units} (the paper has 3 of 200; it is not part of the pack) tells real lines from made ones.\n{words}\n\
         A chord is fed as the first notes, with no time between them, and leaned towards in the first bar.\n\n\
         Pre-training by the next note: {}. Curriculum from {} notes to {}: {}. Freezing at 70 %: {}. Feature matching: {}. L2: {}.\n\
         Descent: {}. In the contest the next note still weighs {} (the paper has 0).",
        shape.layers,
        shape.hidden,
        switch(numbers.pretraining),
        crate::performer::contest::Rules::SHORTEST,
        numbers.notes,
        switch(numbers.curriculum),
        switch(contest.freezing),
        switch(contest.feature_matching),
        numbers.l2,
        if numbers.plain_descent { "plain (SGD)" } else { "AdamW" },
        contest.anchor,
    )
}

fn six(figures: &Figures) -> String {
    let row = |style: String, whose: &str, six: &Six| {
        let cells = Six::COLUMNS
            .map(|(_, _, figure)| figure(six).map_or("-".to_owned(), |figure| format!("{figure:.2}")));
        format!("| {style} | {whose} | {:.0} | {} |\n", six.notes, cells.join(" | "))
    };
    let both = figures.six.iter().map(|(style, (played, real))| {
        let real = real.at_length(played.notes);
        row(style.to_string(), "played", played) + &row(style.to_string(), "real", &real)
    });
    both.collect()
}

/// The losses; the metrics on the way are in the pack's card.
fn course(taught: &Taught) -> String {
    let losses = taught
        .course
        .iter()
        .filter(|(name, _)| ["training", "validation", "generator"].contains(&name.as_str()));
    let row = |(name, curve): (&String, &Vec<(u64, f64)>)| {
        let points: Vec<String> = curve.iter().map(|(step, loss)| format!("{loss:.3} ({step})")).collect();
        format!("| {name} | {} |\n", points.join(", "))
    };
    format!("| loss | at its step |\n| --- | --- |\n{}", losses.map(row).collect::<String>())
}
