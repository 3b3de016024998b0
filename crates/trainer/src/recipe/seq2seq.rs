//! The recipe of paper A's seq2seq: five tokens in, five out, from songs in C major and A minor.

use std::collections::BTreeMap;

use burn::module::Module;
use burn::tensor::Device;
use generator::pack::card::Training;
use generator::pack::{self, Canary, Card, Kind, Pack};
use generator::{Knob, Task};
use melody::Token;

use super::{News, Order, RecipeError, Watch, write_card};
use crate::corpus::{self, Source};
use crate::dataset::{Dataset, Lines};
use crate::ngram::Ngram;
use crate::seq2seq::{Seq2seq, Shape};
use crate::training::{self, Plan, Trained, Verdict};
use crate::windows::Windows;

/// Tokens in, and tokens out (paper A).
const WINDOW: usize = 5;
/// A token that occurs less often in the training part is replaced by its nearest relative.
const RAREST: usize = 40;
/// Times through the data unless the order says otherwise. The paper has 25; here, with a falling learning rate, the
/// loss on the validation part is least at the end of two; with five it rises again after one.
const EPOCHS: u64 = 2;
const BATCH: usize = 128;
const LEARNING_RATE: f64 = 2e-3;
/// Twinkle, at home: a stretch of it is the canary's question.
const TWINKLE: &str =
    "C4:1.0 C4:1.0 G4:1.0 G4:1.0 A4:1.0 A4:1.0 G4:2.0 F4:1.0 F4:1.0 E4:1.0 E4:1.0 D4:1.0 D4:1.0 C4:2.0";
/// The least lead in nats that an answer of the canary needs, so that another processor's rounding cannot change it.
const SAFE_LEAD: f32 = 0.02;

/// Reads the shipped collections, measures the n-grams, teaches the network and writes its pack.
///
/// # Errors
/// [`RecipeError`]; a paused training is one of them and leaves a checkpoint.
pub fn make(order: &Order, watch: Watch<'_>) -> Result<Card, RecipeError> {
    let dataset = read(order, watch)?;
    let test = whole_windows(&dataset.test);
    let baselines: [f64; 4] = std::array::from_fn(|back| {
        Ngram::count(&dataset.train, back, dataset.vocabulary.len()).nats(&test, WINDOW)
    });
    watch(&News::Baselines(baselines));
    let trained = teach(order, &dataset, watch)?;
    let network = trained.network.valid().rounded();
    let loss = training::measure(&network, &Windows::of(&test, WINDOW, WINDOW, WINDOW), BATCH);
    let figures = Figures { loss, baselines, notes_share: notes_share(&dataset, &test) };
    let pack = finish(order, &dataset, &trained, &network, &figures)?;
    pack.write(&order.pack)?;
    write_card(&order.pack, &people_card(&pack.card, &dataset, &trained, &figures))?;
    Ok(pack.card)
}

/// What was measured on the test part.
struct Figures {
    /// The network's nats a token.
    loss: f64,
    /// Those of the n-grams of order 0 to 3, on the same tokens.
    baselines: [f64; 4],
    /// The share of tokens that are notes.
    notes_share: f64,
}

impl Figures {
    fn best_baseline(&self) -> f64 {
        self.baselines.iter().copied().fold(f64::INFINITY, f64::min)
    }

    fn metrics(&self, dataset: &Dataset, trained: &Trained<Seq2seq>) -> BTreeMap<String, f64> {
        let mut metrics = BTreeMap::from([
            ("nats_per_token".to_owned(), tidy(self.loss)),
            ("nats_per_note".to_owned(), tidy(self.loss / self.notes_share)),
            ("validation_nats_per_token".to_owned(), tidy(trained.validation_loss)),
            ("vocabulary_coverage_share".to_owned(), tidy(dataset.coverage)),
        ]);
        for (back, nats) in self.baselines.iter().enumerate() {
            metrics.insert(format!("ngram_{back}_nats_per_token"), tidy(*nats));
        }
        metrics.insert("best_ngram_nats_per_note".to_owned(), tidy(self.best_baseline() / self.notes_share));
        metrics
    }
}

fn tidy(figure: f64) -> f64 {
    (figure * 1e4).round() / 1e4
}

fn read(order: &Order, watch: Watch<'_>) -> Result<Dataset, RecipeError> {
    let mut report = |progress| {
        watch(&News::Reading(progress));
    };
    let corpus = corpus::read(&order.data, &Source::SHIPPED, &mut report)?;
    let dataset = Dataset::of(&corpus.melodies, 2 * WINDOW, RAREST)?;
    watch(&News::Read {
        melodies: dataset.melodies.values().sum(),
        tokens: dataset.train.iter().map(Vec::len).sum(),
        vocabulary: dataset.vocabulary.len(),
        skipped: corpus.skipped.len(),
    });
    Ok(dataset)
}

fn teach(order: &Order, dataset: &Dataset, watch: Watch<'_>) -> Result<Trained<Seq2seq>, RecipeError> {
    let train = Windows::of(&dataset.train, WINDOW, WINDOW, 1);
    let validation = Windows::of(&dataset.validation, WINDOW, WINDOW, WINDOW);
    let epochs = order.epochs.unwrap_or(EPOCHS);
    let plan = Plan {
        epochs,
        batch: BATCH,
        workers: order.workers,
        seed: order.seed,
        learning_rate: LEARNING_RATE,
        validate_every: (train.len() / BATCH / 4).max(1) as u64,
        folder: order.checkpoints.clone(),
        fingerprint: format!("seq2seq {} {} {epochs} {}", dataset.vocabulary.hash(), train.len(), order.seed),
    };
    let shape = Shape::of_the_paper(dataset.vocabulary.len());
    let fresh = Seq2seq::new(shape, order.seed, &Device::flex().autodiff());
    let mut report = |progress: &training::Progress| -> Verdict { watch(&News::Teaching(progress.clone())) };
    Ok(training::train(fresh, &plan, &train, &validation, order.resume, &mut report)?)
}

/// Lines cut to whole windows, so that network and n-grams are measured on the very same tokens.
fn whole_windows(lines: &Lines) -> Lines {
    let whole = |line: &Vec<u32>| line[..line.len() / WINDOW * WINDOW].to_vec();
    lines.iter().map(whole).collect()
}

fn notes_share(dataset: &Dataset, lines: &Lines) -> f64 {
    let measured = || lines.iter().flat_map(|line| &line[WINDOW..]);
    let notes = measured().filter(|id| !dataset.vocabulary.tokens()[**id as usize].is_rest()).count();
    notes as f64 / measured().count().max(1) as f64
}

fn finish(
    order: &Order,
    dataset: &Dataset,
    trained: &Trained<Seq2seq>,
    network: &Seq2seq,
    figures: &Figures,
) -> Result<Pack, RecipeError> {
    let files = BTreeMap::from([
        (pack::VOCABULARY.to_owned(), dataset.vocabulary.text().into_bytes()),
        (pack::ENCODER.to_owned(), network.encoder_graph(WINDOW)),
        (pack::DECODER.to_owned(), network.decoder_graph()),
    ]);
    let card = Card {
        format: Card::FORMAT,
        id: "seq2seq".to_owned(),
        name: "Seq2seq".to_owned(),
        description: "Hears the last five notes and goes on with the next five, again and again.".to_owned(),
        kind: Kind::Seq2seq,
        tasks: vec![Task::Continue],
        knobs: vec![Knob::Temperature, Knob::TopP, Knob::Chord, Knob::KeyLock],
        source: "Hirai, a comparison of melody generators (paper A), \"Seq2seq (LSTM)\"".to_owned(),
        licence: "MIT".to_owned(),
        window: WINDOW,
        vocabulary: Some(dataset.vocabulary.hash()),
        training: Some(Training {
            command: "cargo xtask train seq2seq --data DATA".to_owned(),
            seed: order.seed,
            parameters: network.num_params() as u64,
            steps: trained.steps,
            minutes: trained.elapsed.as_secs() / 60,
            melodies: dataset.melodies.clone(),
            metrics: figures.metrics(dataset, trained),
        }),
        canary: None,
        files: BTreeMap::new(),
    };
    let unproven = Pack::new(card, files.clone());
    let canary = find_canary(&unproven)?;
    Ok(Pack::new(Card { canary: Some(canary), ..unproven.card }, files))
}

/// The stretch of Twinkle to which the pack has the longest answer that it is sure of, with that answer.
///
/// # Errors
/// The pack's network is refused or does not run.
pub fn find_canary(pack: &Pack) -> Result<Canary, RecipeError> {
    let model = generator::seq2seq::Seq2seq::load(pack)?;
    let tune: Vec<Token> = TWINKLE.split(' ').filter_map(|token| token.parse().ok()).collect();
    let mut best = Canary { prompt: tune[..WINDOW].to_vec(), answer: Vec::new() };
    for prompt in tune.windows(WINDOW) {
        let answer = model.likeliest(prompt, 4 * WINDOW).map_err(RecipeError::Export)?;
        let sure = answer.into_iter().take_while(|(_, lead)| *lead > SAFE_LEAD);
        let answer: Vec<Token> = sure.map(|(token, _)| token).collect();
        if answer.len() > best.answer.len() {
            best = Canary { prompt: prompt.to_vec(), answer };
        }
    }
    Ok(best)
}

fn people_card(card: &Card, dataset: &Dataset, trained: &Trained<Seq2seq>, figures: &Figures) -> String {
    let count = |lines: &Lines| (lines.len(), lines.iter().map(Vec::len).sum::<usize>());
    let (train, validation, test) = (count(&dataset.train), count(&dataset.validation), count(&dataset.test));
    let source = |source: &Source| {
        let melodies = dataset.melodies.get(source.name()).copied().unwrap_or(0);
        format!("| {} | {melodies} | {} | {} |\n", source.title(), source.licence(), source.attribution())
    };
    let sources: String = Source::SHIPPED.iter().map(source).collect();
    let ngrams: String = figures
        .baselines
        .iter()
        .enumerate()
        .map(|(back, nats)| {
            format!("| n-gram of order {back} | {nats:.3} | {:.3} |\n", nats / figures.notes_share)
        })
        .collect();
    let Some(training) = &card.training else { return String::new() };
    let course: String = trained
        .course
        .iter()
        .map(|(step, training, validation)| format!("| {step} | {training:.3} | {validation:.3} |\n"))
        .collect();
    let verdict = figures.best_baseline() - figures.loss;
    let verdict = if verdict > 0.0 {
        format!("It beats the best n-gram by {verdict:.3} nats a token.")
    } else {
        format!("The best n-gram beats it by {:.3} nats a token: it was not trained long enough.", -verdict)
    };
    format!(
        "# Seq2seq\n\n\
         Paper A's \"Seq2seq (LSTM)\": an encoder LSTM (embedding 16, state 256) hears five tokens; its last state starts\n\
         the decoder and is fed to each of its steps and to the output; five tokens come out, and the next five follow\n\
         from those. {parameters} parameters, {vocabulary} tokens. It knows nothing of bars and remembers five notes.\n\n\
         Weights: MIT. The melodies they were learnt from:\n\n\
         | collection | melodies | licence | by |\n| --- | --- | --- | --- |\n{sources}\n\
         Each melody is reduced to one line, put on sixteenths and triplets, and moved to C major or A minor around G4.\n\
         The split is by song (a hash of its name): {train_l} lines ({train_t} tokens) to learn from, {val_l} ({val_t}) to decide\n\
         when to stop, {test_l} ({test_t}) to measure. A token seen fewer than {RAREST} times is replaced by its nearest relative\n\
         ({coverage:.2} % of test tokens are in the vocabulary as they stand).\n\n\
         ## Figures on the test part\n\n\
         Mean surprise over tokens 6 onwards of each line, whole windows of five; network and n-grams (Witten-Bell) see the\n\
         same tokens. \"A note\" counts the rests' cost too and divides by the notes. The network's figures are of the weights\n\
         as shipped (rounded to 12 significant bits), with the right tokens fed back (teacher forcing).\n\n\
         | model | nats a token | nats a note |\n| --- | --- | --- |\n| **seq2seq** | **{loss:.3}** | **{note:.3}** |\n{ngrams}\n\
         {verdict}\n\n\
         ## Training\n\n\
         `{command}`, seed {seed}: {steps} steps of {BATCH} windows, {minutes} minutes, AdamW, rate {LEARNING_RATE} falling along a half\n\
         cosine, teacher forcing, gradients cut to norm 1; the weights with the least validation loss are kept.\n\n\
         | step | training loss | validation loss |\n| --- | --- | --- |\n{course}",
        parameters = training.parameters,
        vocabulary = dataset.vocabulary.len(),
        train_l = train.0,
        train_t = train.1,
        val_l = validation.0,
        val_t = validation.1,
        test_l = test.0,
        test_t = test.1,
        coverage = dataset.coverage * 100.0,
        loss = figures.loss,
        note = figures.loss / figures.notes_share,
        command = training.command,
        seed = training.seed,
        steps = training.steps,
        minutes = training.minutes,
    )
}
