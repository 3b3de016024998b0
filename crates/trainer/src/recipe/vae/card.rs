//! The card for people of a variational autoencoder.

use generator::pack::Card;

use super::super::credits;
use super::figures::{Figures, Standings};
use super::{Facts, Vae};
use crate::melody2vec::evaluation::{STRANGERS, Standing};
use crate::training::Trained;
use crate::vae::choice;

/// The text of CARD.md.
pub fn text(facts: &Facts<'_>, card: &Card, trained: &Trained<Vae>, figures: &Figures) -> String {
    [model(facts, card), copying(facts), measured(facts, figures), training(facts, card, trained)].concat()
}

fn model(facts: &Facts<'_>, card: &Card) -> String {
    let Facts { recipe, numbers, dataset, spoke, bank } = facts;
    let words = &spoke.phrases;
    let occurring: usize = words.train.iter().map(|spoken| spoken.words.len()).sum();
    let once = words.counts.iter().filter(|count| count.times == 1).count();
    format!(
        "# Relatives\n\n\
         Paper A's \"VAE\" over melody2vec. A melody is cut into phrases by the local grouping preference rules of GTTM\n\
         (2a, 2b, 3a, 3d; see `melody::grouping`). A phrase at home (C major or A minor around G4: one model for all keys)\n\
         is a word: its pitches with octave, its lengths and inner rests; the silence after it is left out. Each word has a\n\
         vector of 100 numbers; an encoder ({hidden} tanh, then 10) and a decoder ({hidden} tanh, then 100) make a latent of\n\
         it and a vector again; the nearest phrase of the bank by cosine is the answer, phrase by phrase.\n\n\
         Beyond the paper:\n\n\
         - Of {known} different phrases ({occurring} in all) {once} occur once, of which words alone learn next to nothing. So a\n\
           phrase's vector is the mean of those of its runs of notes ({buckets} buckets) and, from {often} occurrences on, of one of\n\
           its own. A phrase never heard before has a vector too. Neighbours are spelled likewise.\n\
         - What is lost on the way through 10 numbers is added again, less of it the larger the neighbourhood: at 0 a phrase\n\
           of the bank finds itself first, with similarity 1; at 1 the search is for the decoder's vector of a latent one\n\
           standard deviation off.\n\
         - An answer that lasts twice or half as long as the phrase counts as 0.2 farther; it is cut, held or followed by\n\
           silence so that bars stay where they are. In the paper the length is left to chance.\n\n\
         The bank holds {bank} phrases of {fewest} to {most} notes. {parameters} parameters in the network.\n\n\
         Weights: MIT. The melodies they were learnt from:\n\n{sources}\n\
         The split is by song (a hash of its name): {train} melodies to learn from, {validation} to decide when to stop, {test} to\n\
         measure.\n\n",
        hidden = numbers.hidden,
        known = words.known(),
        buckets = numbers.buckets,
        often = numbers.often,
        bank = bank.len(),
        fewest = choice::FEWEST_NOTES,
        most = bank.words().iter().map(|word| word.notes()).max().unwrap_or_default(),
        parameters = card.training.as_ref().map_or(0, |training| training.parameters),
        sources = credits::table(recipe, dataset),
        train = words.train.len(),
        validation = words.validation.len(),
        test = words.test.len(),
    )
}

fn copying(facts: &Facts<'_>) -> String {
    let phrases = facts.spoke.phrases;
    let shared = |id: usize| phrases.counts[id].songs > 1;
    let places: std::collections::HashMap<_, usize> = phrases.lexicon.iter().zip(0..).collect();
    let many =
        facts.bank.words().iter().filter(|word| places.get(word).is_some_and(|id| shared(*id))).count();
    format!(
        "## Copying\n\n\
         The answers are made of short pieces of real songs: that is the paper's design, and they are recognised where a listener\n\
         knows the song. {many} of the bank's {all} phrases occur in two songs or more. Of those that a single song has none is longer\n\
         than {longest} notes; these are taken from each source by its weight. Bank phrases keep the song's pitches (moved to the\n\
         player's key and octave) and rhythm.\n\n",
        all = facts.bank.len(),
        longest = choice::MOST_OF_ONE_SONG,
    )
}

fn measured(facts: &Facts<'_>, figures: &Figures) -> String {
    let words = &figures.words;
    let row = |name: &str, standings: &Standings| -> String {
        let cells = standings.values().map(|standing| format!(" {} |", cell(standing)));
        format!("| {name} |{}\n", cells.collect::<String>())
    };
    let kinds: String = words
        .ours
        .iter()
        .map(|(kind, standing)| format!(" {} ({}) |", kind.name().replace('_', " "), standing.asked))
        .collect();
    let answers: String = figures
        .likeness
        .answers
        .iter()
        .map(|(neighbourhood, similarity)| format!("| {neighbourhood} | {similarity:.3} |\n"))
        .collect();
    format!(
        "## Do variants lie nearer than strangers?\n\n\
         Each phrase of the test part is asked for a variant of it among {STRANGERS} phrases of other songs drawn by chance: the\n\
         mean of one by the variant's place, and the share of strangers that are farther (0.5 is chance). \"Same song\" are real\n\
         pairs that differ in one note; the others are made by rule (an octave off; one note a tone off; one note parted\n\
         with a neighbouring tone; two equal lengths made dotted). \"Next\" is no variant but the phrase that follows, which\n\
         skip-gram is taught to tell. In brackets how many were asked.\n\n\
         | vectors |{kinds}\n| --- |{rules}\n{ours}{untaught}\n\
         Of held-out phrases {known_share:.1} % occur in the training part; words alone have no vector for the others. On {asked} real\n\
         pairs that both occur in the training part: as shipped {known_ours}, words alone (the paper's melody2vec, as many\n\
         epochs) {known_words}.\n\n\
         ## How far is an answer?\n\n\
         The decoder gives back a held-out phrase's vector with a mean cosine of {kept:.3}; with it alone, as in the paper, {itself:.1} % of\n\
         the bank's phrases find themselves first (as shipped, at neighbourhood 0, all do). The nearest phrase of the bank is\n\
         {nearest:.3} from a held-out one on average (cosine; two phrases of the bank drawn by chance: {chance:.3}).\n\n\
         | neighbourhood | mean similarity of 8 answers |\n| --- | --- |\n{answers}\n",
        rules = " --- |".repeat(words.ours.len()),
        ours = row("as shipped", &words.ours),
        untaught = row("same units, untaught", &words.untaught),
        known_share = 100.0 * words.known_share,
        asked = words.known_ours.asked,
        known_ours = cell(&words.known_ours),
        known_words = cell(&words.known_words),
        kept = figures.likeness.kept,
        itself = 100.0 * figures.likeness.itself,
        nearest = figures.likeness.nearest,
        chance = figures.likeness.chance,
    ) + &format!(
        "A phrase of the bank takes {} bytes of the file and a unit 104.\n\n",
        facts.bank.bytes().len().saturating_sub(104 * facts.numbers.buckets) / facts.bank.len()
    )
}

fn cell(standing: &Standing) -> String {
    format!("{:.2} / {:.3}", standing.reciprocal_rank, standing.nearer)
}

fn training(facts: &Facts<'_>, card: &Card, trained: &Trained<Vae>) -> String {
    let Some(training) = &card.training else { return String::new() };
    let (recipe, numbers) = (facts.recipe, facts.numbers);
    let course: String = trained
        .course
        .iter()
        .map(|(step, training, validation)| format!("| {step} | {training:.3} | {validation:.3} |\n"))
        .collect();
    format!(
        "## Training\n\n\
         `{command}`, seed {seed}, {minutes} minutes. Vectors: skip-gram with negative sampling, window {window}, {strangers} strangers\n\
         a neighbour, {epochs} epochs, rate {rate} falling to zero. Network: {steps} steps of {batch} phrases, AdamW, rate {network_rate}; half\n\
         the squared distance of vectors of length 10 plus {weight} times the divergence, which rises from zero over the first\n\
         {rise:.0} % of the training; the validation loss is without noise and with the full weight.\n\n\
         | step | training loss | validation loss |\n| --- | --- | --- |\n{course}",
        command = training.command,
        seed = training.seed,
        minutes = training.minutes,
        window = numbers.words.window,
        strangers = numbers.words.strangers,
        epochs = numbers.words.epochs,
        rate = numbers.words.rate,
        steps = training.steps,
        batch = recipe.batch,
        network_rate = recipe.learning_rate,
        weight = numbers.weight,
        rise = 100.0 * numbers.rise,
    )
}
