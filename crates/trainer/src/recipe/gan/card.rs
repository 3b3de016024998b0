//! The GAN's card for people.

use generator::pack::Card;

use super::Figures;
use crate::dataset::Dataset;
use crate::gan::Variety;
use crate::gan::duel::{Contest, Outcome};
use crate::gan::loss::Rules;
use crate::recipe::credits;
use crate::recipe::file::Recipe;

/// What was made, of what, how, and how well.
pub fn text(
    recipe: &Recipe,
    contest: &Contest,
    card: &Card,
    dataset: &Dataset,
    outcome: &Outcome,
    figures: &Figures,
) -> String {
    let Some(training) = &card.training else { return String::new() };
    let shape = &contest.shape;
    format!(
        "# {name}\n\n\
         Paper A's \"GAN\": four dense layers (100 - {g} - {g} - {g} - {outputs}, rectifiers between them) make 100 notes and rests\n\
         of 100 random numbers. {parameters} parameters. It ignores what was played but for key, octave, meter, tempo and\n\
         touch. A seed is a melody; bars beyond its hundred notes are filled by the next hundred random numbers of the same seed.\n\n\
         Weights: MIT. The melodies of at least 100 notes and rests they were learnt from:\n\n\
         {sources}\n{split}\n\n\
         ## {heading}\n\n{changes}\n\n\
         ## Figures\n\n\
         Of the melodies of seeds 1 to 100, against the stretches of 100 notes and rests of the test part (each source by its\n\
         weight). The distance of two melodies is the share of notes to insert, delete or replace until pitches and lengths\n\
         agree. The overlap of two histograms is the sum of the smaller shares. \"Pitch pairs\" are a pitch and the next.\n\
         \"As found\" is temperature 0.9 and top-p 0.95, \"cold\" is temperature 0.\n\n\
         | figure | as found | cold | wanted |\n| --- | --- | --- | --- |\n{rows}\n\
         {verdict} The test part's own stretches overlap {real_pairs:.2} in pitch pairs.\n\n\
         ## Training\n\n\
         `{command}`, seed {seed}: {steps} steps of {batch} melodies, {minutes} minutes on one thread, Adam, rate {rate}, falling to\n\
         zero over the second half. The command makes pack, figures and this page again.\n\n\
         | step | discriminators' loss | generator's loss |\n| --- | --- | --- |\n{course}",
        name = card.name,
        g = shape.generator,
        outputs = 100 * shape.scores,
        parameters = training.parameters,
        sources = credits::table(recipe, dataset),
        split = credits::split(recipe, dataset),
        heading = match contest.rules {
            Rules::Plain => "As in the paper",
            Rules::Paired => "What was needed against collapse",
        },
        changes = changes(contest),
        rows = rows(&figures.warm, &figures.cold),
        verdict = verdict(&figures.warm),
        real_pairs = figures.warm.real_pairs,
        command = training.command,
        seed = training.seed,
        steps = training.steps,
        batch = recipe.batch,
        minutes = training.minutes,
        rate = recipe.learning_rate,
        course = course(outcome),
    )
}

fn changes(contest: &Contest) -> String {
    let shape = &contest.shape;
    if contest.rules == Rules::Plain {
        return format!(
            "Each place of a melody is one number for each of {scores} tokens (one-hot in real melodies, sigmoids in made ones); one\n\
             discriminator of four dense layers (width {critic}) sees all 100 places; discriminator and generator have the losses\n\
             of the first GANs, the generator's being -log D(G(z)). The paper's widths, loss and optimiser are not known.",
            scores = shape.scores,
            critic = shape.critic,
        );
    }
    let second = match shape.window {
        0 => "- One discriminator of four dense layers sees the whole melody.\n".to_owned(),
        window => format!(
            "- Beside the discriminator of whole melodies a second one, also of four dense layers, sees {window} notes at a time,\n  \
             wherever they stand: the first alone gives the right notes in a senseless order.\n"
        ),
    };
    format!(
        "The paper's GAN often gave the same melody for every noise. This one keeps its 4 + 4 dense layers, 100 numbers and 100\n\
         notes, and differs in this:\n\n\
         - Pitch and length are chosen apart, {scores} scores a place instead of one for each of their combinations.\n\
         - The discriminators see ones and zeros of made melodies too, never odds; gradients go straight through the choice.\n\
         - A discriminator compares made melodies with real ones (relativistic pairing), and its squared gradient is kept small\n  \
           on both (R1 + R2, weights {penalties:?}), worked out exactly: a leaky rectifier is straight between its bends.\n\
         {second}\
         - What is played are weights averaged over the latest steps ({average}), with scores scaled so that the likeliest note has\n  \
           odds of about 0.9 at temperature 1: at temperature 0 a seed gives its own melody, and more warmth varies it.",
        scores = shape.scores,
        penalties = &contest.penalties[..shape.windows().len()],
        average = contest.average,
    )
}

fn rows(warm: &Variety, cold: &Variety) -> String {
    let row = |figure: &str, read: &dyn Fn(&Variety) -> f64, wanted: &str| {
        format!("| {figure} | {:.3} | {:.3} | {wanted} |\n", read(warm), read(cold))
    };
    [
        row("different melodies of 100", &|v| v.different as f64, "at least 95"),
        row("mean distance", &|v| v.distance, ""),
        row("mean distance of real ones", &|v| v.real_distance, ""),
        row("the first as a share of the second", &Variety::distance_share, "at least 0.8"),
        row("overlap of pitches", &|v| v.pitches, "at least 0.8"),
        row("overlap of lengths", &|v| v.lengths, "at least 0.8"),
        row("overlap of pitch pairs", &|v| v.pairs, ""),
    ]
    .concat()
}

fn verdict(variety: &Variety) -> &'static str {
    if variety.holds() {
        "It has not collapsed, and it has the notes of real melodies; that does not make it one who can tell a tune."
    } else {
        "It falls short of what is wanted."
    }
}

fn course(outcome: &Outcome) -> String {
    let row = |(step, critics, generator): &(u64, f64, f64)| {
        format!("| {step} | {critics:.3} | {generator:.3} |\n")
    };
    outcome.course.iter().map(row).collect()
}
