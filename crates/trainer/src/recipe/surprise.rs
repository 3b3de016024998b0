//! How surprised a model is by songs it never saw: nats by source, beside the n-grams on the very same tokens.

use std::collections::BTreeMap;

use crate::corpus::Source;
use crate::dataset::{Dataset, Line};
use crate::ngram::Ngram;

/// The test part, cut so that every model is measured on the same tokens: of each line those from place `window` on,
/// in whole windows.
#[derive(Debug, Clone)]
pub struct HeldOut<'a> {
    dataset: &'a Dataset,
    window: usize,
    lines: BTreeMap<Source, Vec<Line>>,
}

/// The surprise of a model, by source.
#[derive(Debug, Clone, PartialEq)]
pub struct Surprise(BTreeMap<Source, Share>);

/// What one source has of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Nats a token.
    pub per_token: f64,
    /// Nats a note: the rests' cost is counted too and divided by the notes.
    pub per_note: f64,
}

impl<'a> HeldOut<'a> {
    /// Cuts the test part of a dataset to windows of so many tokens.
    pub fn of(dataset: &'a Dataset, window: usize) -> HeldOut<'a> {
        let mut lines = BTreeMap::<Source, Vec<Line>>::new();
        for line in &dataset.test {
            let whole = line.tokens.len() / window * window;
            if whole > window {
                let cut = Line { source: line.source, tokens: line.tokens[..whole].to_vec() };
                lines.entry(line.source).or_default().push(cut);
            }
        }
        HeldOut { dataset, window, lines }
    }

    /// The surprise of a model; `nats` gives its mean in nats a token over the tokens of these lines from place `window`
    /// on.
    pub fn measure(&self, mut nats: impl FnMut(&[Line]) -> f64) -> Surprise {
        let share = |(source, lines): (&Source, &Vec<Line>)| {
            let per_token = nats(lines);
            (*source, Share { per_token, per_note: per_token / self.notes_share(lines) })
        };
        Surprise(self.lines.iter().map(share).collect())
    }

    /// The surprise of the n-grams (Witten-Bell) of order 0 to 3, counted in the training part.
    pub fn ngrams(&self) -> [Surprise; 4] {
        std::array::from_fn(|back| {
            let ngram = Ngram::count(&self.dataset.train, back, self.dataset.vocabulary.len());
            self.measure(|lines| ngram.nats(lines, self.window))
        })
    }

    fn notes_share(&self, lines: &[Line]) -> f64 {
        let measured = || lines.iter().flat_map(|line| &line.tokens[self.window..]);
        let is_note = |id: &&u32| !self.dataset.vocabulary.tokens()[**id as usize].is_rest();
        measured().filter(is_note).count().max(1) as f64 / measured().count().max(1) as f64
    }
}

impl Surprise {
    /// By source, those without a song in the test part left out.
    pub fn by_source(&self) -> &BTreeMap<Source, Share> {
        &self.0
    }

    /// The mean over the sources, each counting alike.
    pub fn mean(&self) -> Share {
        let count = self.0.len().max(1) as f64;
        let mean = |figure: fn(&Share) -> f64| self.0.values().map(figure).sum::<f64>() / count;
        Share { per_token: mean(|share| share.per_token), per_note: mean(|share| share.per_note) }
    }

    /// That of the least mean.
    pub fn best(many: &[Surprise; 4]) -> (usize, &Surprise) {
        let least =
            (0..many.len()).min_by(|a, b| many[*a].mean().per_token.total_cmp(&many[*b].mean().per_token));
        let least = least.unwrap_or_default();
        (least, &many[least])
    }
}

/// The figures of a card: the model's means over the sources, its nats a note by source, and the n-grams' beside them.
pub fn metrics(model: &Surprise, ngrams: &[Surprise; 4]) -> BTreeMap<String, f64> {
    let (_, best) = Surprise::best(ngrams);
    let mut metrics = BTreeMap::from([
        ("nats_per_token".to_owned(), tidy(model.mean().per_token)),
        ("nats_per_note".to_owned(), tidy(model.mean().per_note)),
        ("best_ngram_nats_per_note".to_owned(), tidy(best.mean().per_note)),
    ]);
    for (name, surprise) in [("nats_per_note", model), ("best_ngram_nats_per_note", best)] {
        for (source, share) in surprise.by_source() {
            metrics.insert(format!("{name}_{}", source.name()), tidy(share.per_note));
        }
    }
    for (back, ngram) in ngrams.iter().enumerate() {
        metrics.insert(format!("ngram_{back}_nats_per_token"), tidy(ngram.mean().per_token));
    }
    metrics
}

/// The same as Markdown: a table of means over the sources, one by source, and whether the model earned its place.
pub fn table(name: &str, model: &Surprise, ngrams: &[Surprise; 4]) -> String {
    let row =
        |name: &str, share: Share| format!("| {name} | {:.3} | {:.3} |\n", share.per_token, share.per_note);
    let orders: String =
        (0..ngrams.len()).map(|back| row(&format!("n-gram of order {back}"), ngrams[back].mean())).collect();
    let (order, best) = Surprise::best(ngrams);
    let by_source: String = model
        .by_source()
        .iter()
        .filter_map(|(source, share)| Some((source, share, best.by_source().get(source)?)))
        .map(|(source, share, ngram)| {
            format!("| {} | {:.3} | {:.3} |\n", source.name(), share.per_note, ngram.per_note)
        })
        .collect();
    let lead = best.mean().per_token - model.mean().per_token;
    let verdict = if lead > 0.0 {
        format!("It beats the best n-gram by {lead:.3} nats a token.")
    } else {
        format!("The best n-gram beats it by {:.3} nats a token.", -lead)
    };
    format!(
        "| mean over the sources | nats a token | nats a note |\n| --- | --- | --- |\n{}{orders}\n{verdict}\n\n\
         | nats a note, by source | {name} | n-gram of order {order} |\n| --- | --- | --- |\n{by_source}",
        row(&format!("**{name}**"), model.mean()),
    )
}

/// A figure as cards have it: four decimals.
pub fn tidy(figure: f64) -> f64 {
    (figure * 1e4).round() / 1e4
}
