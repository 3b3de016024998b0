//! The Biaxial LSTM's card for people.

use generator::biaxial::{PITCH, TIME};
use generator::pack::Card;

use super::Figures;
use crate::biaxial::Biaxial;
use crate::biaxial::moments::Moments;
use crate::recipe::credits;
use crate::recipe::file::Recipe;
use crate::training::Trained;

/// The licence of the weights.
pub const LICENCE: &str = "MIT; learnt in part from music under CC BY-SA 3.0 DE, see CARD.md";

/// What was made, of what, how, and how well.
pub fn text(
    recipe: &Recipe,
    card: &Card,
    moments: &Moments,
    trained: &Trained<Biaxial>,
    figures: &Figures,
) -> String {
    let Some(training) = &card.training else { return String::new() };
    let steps = [&moments.train, &moments.validation, &moments.test]
        .map(|lines| lines.iter().map(|line| line.tokens.len().saturating_sub(1)).sum::<usize>());
    format!(
        "# {name}\n\n\
         The Biaxial LSTM (Johnson, 2015): two LSTM layers along time ({TIME}, {TIME}) with the same weights for each of 78 keys, then two\n\
         along pitch ({low}, {high}), from the lowest key up. {parameters} parameters. A key hears its place, its pitch class, its\n\
         neighbours an octave around, how many of each pitch class sound, and the beat; it is played or not, and struck or held.\n\n\
         Weights: {licence}. What they were learnt from:\n\n{sources}\n\
         Performances in bars as long as 4/4, put on sixteenths (triplets on the nearest one) and moved to C major or A minor by the\n\
         shortest way. The split is by song (a hash of its name): {train} sixteenths to learn from, {validation} to decide when to stop,\n\
         {test} to measure.\n\n\
         ## What differs from the original\n\n\
         - Smaller: {TIME} and {TIME} along time instead of 300 and 300, {low} and {high} along pitch instead of 100 and 50; no dropout, AdamW\n  \
           instead of AdaDelta, windows of {window} steps instead of 128.\n\
         - Each key also hears whether a chord is wished, whether it is of it, and whether it is its root; {told:.0} % of the windows are told\n  \
           the chords that their source knows.\n\
         - A chord seed is struck as the first step of a fresh answer. After a beat of silence all keys gain half a nat each sixteenth,\n  \
           so that an answer does not end in silence.\n\
         - Temperature 0.9 is what it was taught at; a key less probable than half of what top-p leaves out is silent, for of 78\n  \
           improbable keys there is always one that sounds.\n\
         - Velocities, which the original does not have either: as the player accents the bar, and by the meter where nothing was\n  \
           played (strong beats 100, others 90, between them 78).\n\n\
         ## Figures\n\n{playing}\
         - Surprise on the test part: {loss:.3} nats a sixteenth, all keys together; {baseline:.3} where each key knows no more than whether it\n  \
           sounded before.\n\n\
         ## Training\n\n\
         `{command}`, seed {seed}: {steps} steps of {batch} windows, {minutes} minutes on one thread, about {pace:.0} notes a second, rate {rate}.\n\
         The weights are those that did best on the validation part.\n\n\
         | step | training | validation |\n| --- | --- | --- |\n{course}",
        name = card.name,
        low = PITCH[0],
        high = PITCH[1],
        parameters = training.parameters,
        licence = card.licence,
        sources = credits::of_counts(recipe, &moments.performances, &moments.notes),
        train = steps[0],
        validation = steps[1],
        test = steps[2],
        window = recipe.sizes(["steps", "stride"]).map_or(0, |[steps, _]| steps),
        told = recipe.options(["told"]).map_or(0.0, |[told]| told * 100.0),
        playing = figures.playing.text(),
        loss = figures.loss,
        baseline = figures.baseline,
        command = training.command,
        seed = training.seed,
        steps = training.steps,
        batch = recipe.batch,
        minutes = training.minutes,
        pace = figures.notes_per_second,
        rate = recipe.learning_rate,
        course = course(trained),
    )
}

fn course(trained: &Trained<Biaxial>) -> String {
    let row = |(step, training, validation): &(u64, f64, f64)| {
        format!("| {step} | {training:.3} | {validation:.3} |\n")
    };
    trained.course.iter().map(row).collect()
}
