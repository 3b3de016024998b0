//! MidiNet's card for people.

use generator::pack::Card;

use super::Figures;
use crate::midinet::HEARD;
use crate::midinet::bars::Bars;
use crate::midinet::duel::{Contest, Outcome};
use crate::recipe::credits;
use crate::recipe::file::Recipe;

/// What was made, of what, how, and how well.
pub fn text(
    recipe: &Recipe,
    contest: &Contest,
    card: &Card,
    bars: &Bars,
    outcome: &Outcome,
    figures: &Figures,
) -> String {
    let Some(training) = &card.training else { return String::new() };
    let lines = [&bars.train, &bars.validation, &bars.test]
        .map(|lines| lines.iter().map(|line| line.tokens.len().saturating_sub(1)).sum::<usize>());
    format!(
        "# {name}\n\n{story}\n{parameters} parameters.\n\n\
         Weights: MIT. The melodies they were learnt from:\n\n{sources}\n\
         Melodies in bars as long as 4/4, one line each, put on sixteenths (triplets on the nearest one) and moved to C major or\n\
         A minor around G4. {told:.0} % of the bars have the chord that the source tells, {guessed:.0} % the triad that holds most of what sounds\n\
         in them, the others none. The split is by song (a hash of its name): {train} bars to learn from, {validation} to decide when to\n\
         stop, {test} to measure.\n\n\
         ## What differs from the original\n\n{changes}\n\n\
         ## Figures\n\n{playing}\
         - Pairs of a sixteenth's row and the next differ from those of the test part by {distance:.3} (0: the same, 1: none in common).\n\n\
         ## Training\n\n\
         `{command}`, seed {seed}: {steps} steps of {batch} bars, {minutes} minutes on one thread, about {pace:.0} notes a second, Adam, rate\n\
         {rate}, falling to zero over the second half. The weights are those that came nearest to the validation part.\n\n\
         | step | critic's loss | distance from the validation part |\n| --- | --- | --- |\n{course}",
        name = card.name,
        story = story(contest),
        parameters = training.parameters,
        sources = credits::of_counts(recipe, &bars.melodies, &bars.notes),
        told = bars.told.0 * 100.0,
        guessed = bars.told.1 * 100.0,
        train = lines[0],
        validation = lines[1],
        test = lines[2],
        changes = changes(contest, recipe),
        playing = figures.playing.text(),
        distance = figures.distance,
        command = training.command,
        seed = training.seed,
        steps = training.steps,
        batch = recipe.batch,
        minutes = training.minutes,
        pace = figures.notes_per_second,
        rate = recipe.learning_rate,
        course = course(outcome),
    )
}

fn story(contest: &Contest) -> String {
    let shape = &contest.shape;
    let condition = match shape.hears {
        true => format!(
            "Its conditions are the chord (13 numbers) and the bar before, which four convolutions of {HEARD} channels hear; both go into\n\
             every layer. In the original these are the 1-D and the 2-D condition; this is paper B's MidiNet-2D."
        ),
        false => "Its only condition is the chord (13 numbers), which goes into every layer: the original's 1-D condition. Paper B does not\n\
                  say what its MidiNet-1D is; this one does not hear the bar before."
            .to_owned(),
    };
    format!(
        "MidiNet (Yang et al., 2017): 100 random numbers become a bar of 16 steps and 128 rows through a dense layer ({hidden}), four\n\
         transposed convolutions that double the steps ({channels} channels) and one over all rows. {condition}",
        hidden = shape.hidden,
        channels = shape.channels,
    )
}

fn changes(contest: &Contest, recipe: &Recipe) -> String {
    let shape = &contest.shape;
    let sharp = match contest.sharp {
        true => {
            "- The critic sees ones and zeros of made bars, too; gradients go straight through the choice. The original's are sigmoids.\n"
        }
        false => "",
    };
    let penalty = match contest.penalty > 0.0 {
        true => format!(
            "- The critic's slope is kept small on real and made bars (weight {}).\n",
            contest.penalty
        ),
        false => String::new(),
    };
    format!(
        "- Smaller: a dense layer of {hidden} instead of 1024 and 512, {channels} channels instead of 128; the critic's convolutions have {pairs} and\n  \
           {motifs} channels (14 and 77), its dense layer {critic} (1024).\n\
         - Two rows that no melody needs are a rest and a held note. In the original a held note cannot be told from a repeated one.\n\
         - No batch normalisation. The critic hears the bar before where the generator does.\n\
         {sharp}{penalty}\
         - Kept: one-sided label smoothing ({label}), matching of the mean bar ({bar}) and of the critic's first layer ({feature}).\n\
         - What is played are weights averaged over the latest steps ({average}), with scores scaled to be sure of their choice.\n\
         - Of the bars, {told:.0} % are told their chord, so that it can also be left open. Seeds, `[options]` and `[sizes]` are in the recipe\n  \
           `{id}.toml`.\n\
         - At play the bars of eight share noise, dice and the bar that they follow by a form (a b c d a b c e), so that something\n  \
           comes back; in the original each bar has its own. Wished chords weigh twice as much as with other models.\n\
         - Velocities, which the original does not have either: as the player accents the bar, and by the meter where nothing was\n  \
           played (strong beats 100, others 90, between them 78).\n\
         - A bar of another meter takes the first of the 16 steps.",
        hidden = shape.hidden,
        channels = shape.channels,
        pairs = shape.pairs,
        motifs = shape.motifs,
        critic = shape.critic,
        label = contest.label,
        bar = contest.bar_matching,
        feature = contest.feature_matching,
        average = contest.average,
        told = contest.told * 100.0,
        id = recipe.id,
    )
}

fn course(outcome: &Outcome) -> String {
    let row =
        |(step, critic, distance): &(u64, f64, f64)| format!("| {step} | {critic:.3} | {distance:.3} |\n");
    outcome.course.iter().map(row).collect()
}
