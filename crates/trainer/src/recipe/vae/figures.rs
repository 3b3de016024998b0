//! What a card says of vectors and network: do variants lie nearer than strangers, and how far is an answer.

use std::collections::BTreeMap;

use generator::vae::{Vae as Model, Vector, Word};
use generator::{Cancel, Generator, Request, Task};
use melody::{Meter, Phrase, Tempo, Ticks};

use super::super::surprise::tidy;
use super::{Numbers, Recipe, RecipeError, Spoke};
use crate::melody2vec::evaluation::{Questions, Standing, cosine};
use crate::melody2vec::skipgram::{Lesson, Tables, teach};
use crate::melody2vec::spelling::{self, Spelling};
use crate::melody2vec::variants::{Kind, found};
use crate::training::Verdict;
use crate::vae::{Vae, choice};

/// All figures.
pub struct Figures {
    /// Of the vectors.
    pub words: Words,
    /// Of the way through the network.
    pub likeness: Likeness,
}

/// Where variants stand among strangers, by kind.
pub type Standings = BTreeMap<Kind, Standing>;

/// Figures of vectors, ours beside others.
pub struct Words {
    /// Held-out phrases, the vectors as shipped.
    pub ours: Standings,
    /// Held-out phrases, spelled in the same units with vectors drawn by chance.
    pub untaught: Standings,
    /// Pairs of phrases of one song that differ in one note and both occur in the training part: the vectors as shipped.
    pub known_ours: Standing,
    /// The same pairs, each phrase a word of its own (the paper's melody2vec, the same epochs).
    pub known_words: Standing,
    /// The share of held-out phrases that occur in the training part at all: of others words alone have no vector.
    pub known_share: f64,
}

/// A vector made 1 long.
pub fn unit(vector: Vector) -> Vector {
    let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
    if length > 0.0 { vector.map(|number| number / length) } else { vector }
}

/// Measures the vectors, and teaches those of words alone to compare.
pub fn of_words(recipe: &Recipe, numbers: &Numbers, spoke: &Spoke<'_>, questions: &Questions) -> Words {
    let phrases = spoke.phrases;
    let places: BTreeMap<&Word, usize> = phrases.lexicon.iter().zip(0..).take(phrases.known()).collect();
    let spelled = |table: &[Vector], word: &Word| match places.get(word) {
        Some(place) => spelling::mean(table, &spoke.spelling.words[*place]),
        None => spelling::mean(table, &spelling::units(word, numbers.buckets)),
    };
    let mut chance = Tables::new(spoke.spelling.rows, 0, 1.0, recipe.seed).phrases;
    spelling::centre(&mut chance, &spoke.spelling, phrases);

    let by_word = Spelling::by_word(phrases);
    let lesson = Lesson::of(phrases, &by_word, &by_word, &recipe.data);
    let mut tables = Tables::new(by_word.rows, by_word.rows, 0.03, recipe.seed);
    let taught =
        teach::<()>(&lesson, &mut tables, &numbers.words, &mut |_| Verdict::Continue, &mut |_| Ok(()));
    debug_assert!(taught.is_ok(), "nothing here can refuse");
    spelling::centre(&mut tables.phrases, &by_word, phrases);

    let pairs: Vec<(u32, u32)> = found(phrases, &phrases.train, 4, 1000);
    let known = Questions::known(phrases, &pairs, recipe.seed);
    let sole = |standings: Standings| standings[&Kind::SameSong];
    let (seen, all) =
        phrases.test.iter().flat_map(|spoken| &spoken.words).fold((0, 0), |(seen, all), word| {
            (seen + usize::from(phrases.counts[*word as usize].times > 0), all + 1)
        });
    Words {
        ours: questions.ask(&|word| spelled(&spoke.table, word)),
        untaught: questions.ask(&|word| spelled(&chance, word)),
        known_ours: sole(known.ask(&|word| spelled(&spoke.table, word))),
        known_words: sole(known.ask(&|word| tables.phrases[places[word]])),
        known_share: seen as f64 / f64::from(all.max(1)),
    }
}

/// Figures of the way through the latent and of answers, on the test part.
pub struct Likeness {
    /// The mean cosine of a held-out phrase's vector and what the decoder makes of its latent.
    pub kept: f64,
    /// The share of the bank's phrases that the decoder's vector alone finds again first, as in the paper.
    pub itself: f64,
    /// The mean cosine of held-out phrases with the nearest of the bank.
    pub nearest: f64,
    /// The mean cosine of two phrases of the bank drawn by chance.
    pub chance: f64,
    /// The mean similarity of eight answers to a held-out phrase, by neighbourhood.
    pub answers: Vec<(f32, f64)>,
}

impl Likeness {
    /// Asks the model as shipped, and the network that it was made from.
    pub fn of(model: &Model, network: &Vae, spoke: &Spoke<'_>) -> Result<Likeness, RecipeError> {
        const ASKED: usize = 300;
        let (phrases, bank) = (spoke.phrases, model.bank());
        let mut held_out: Vec<usize> =
            phrases.test.iter().flat_map(|spoken| &spoken.words).map(|word| *word as usize).collect();
        held_out.sort_unstable();
        held_out.dedup();
        held_out.retain(|id| phrases.lexicon[*id].notes() >= choice::FEWEST_NOTES);
        let stride = held_out.len().div_ceil(ASKED).max(1);
        let held_out: Vec<usize> = held_out.into_iter().step_by(stride).collect();
        let vectors: Vec<Vector> = held_out.iter().map(|id| spoke.vectors[*id]).collect();
        let decoded = network.decoded(&network.latents(&vectors));
        let kept = mean(vectors.iter().zip(&decoded).map(|(a, b)| f64::from(cosine(a, b))));

        let own: Vec<&Word> = bank.words().iter().step_by(bank.len().div_ceil(ASKED).max(1)).collect();
        let mut itself = Vec::with_capacity(own.len());
        for word in &own {
            let found = model.reconstruction(word).map_err(RecipeError::Export)?.0;
            itself.push(f64::from(u8::from(found == *word)));
        }
        let apart = own.iter().zip(own.iter().skip(own.len() / 2));
        let chance = mean(apart.map(|(a, b)| f64::from(cosine(&bank.vector(a), &bank.vector(b)))));

        let prompts: Vec<Phrase> = held_out.iter().map(|id| played(&phrases.lexicon[*id])).collect();
        let ask = |neighbourhood: f32, count: u32| -> Result<f64, RecipeError> {
            let mut similarities = Vec::new();
            for prompt in &prompts {
                let task = Task::Vary;
                let request = Request { task, neighbourhood, count, ..Request::to_continue(prompt.clone()) };
                let answers = model.generate(&request, &Cancel::never());
                let answers = answers.map_err(|error| RecipeError::Export(error.to_string()))?;
                similarities.extend(answers.iter().filter_map(|answer| answer.similarity).map(f64::from));
            }
            Ok(mean(similarities.into_iter()))
        };
        let answers = [0.0, 0.25, 0.5, 0.75, 1.0].map(|at| ask(at, 8).map(|similarity| (at, similarity)));
        let answers = answers.into_iter().collect::<Result<_, _>>()?;
        Ok(Likeness { kept, itself: mean(itself.into_iter()), nearest: ask(0.0, 1)?, chance, answers })
    }
}

/// A phrase as one would play it.
fn played(word: &Word) -> Phrase {
    let notes = melody::tokens::decode(&word.tokens(), Ticks::ZERO, |_| 80);
    Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT)
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len();
    values.sum::<f64>() / count.max(1) as f64
}

impl Figures {
    /// The card's figures by name.
    pub fn metrics(&self, validation_loss: f64) -> BTreeMap<String, f64> {
        let mut metrics = BTreeMap::from([("validation_loss".to_owned(), tidy(validation_loss))]);
        let mut put = |name: String, figure: f64| metrics.insert(name, tidy(figure));
        for (kind, standing) in &self.words.ours {
            put(format!("variant_{}_reciprocal_rank", kind.name()), standing.reciprocal_rank);
            put(format!("variant_{}_auc_share", kind.name()), standing.nearer);
        }
        let Likeness { kept, itself, nearest, chance, answers } = &self.likeness;
        put("latent_kept_cosine".to_owned(), *kept);
        put("latent_finds_itself_share".to_owned(), *itself);
        put("nearest_cosine".to_owned(), *nearest);
        put("chance_cosine".to_owned(), *chance);
        for (neighbourhood, similarity) in answers {
            put(format!("similarity_of_8_at_neighbourhood_{neighbourhood}"), *similarity);
        }
        metrics
    }
}
