//! Counting a model's surprise over a melody.

use melody::Prompt;

use super::NextToken;
use crate::Score;

/// Counts every token of a melody with notes: the first window, before which the model has nothing to say, by the
/// corpus, each later one by the model.
pub(super) fn score(model: &dyn NextToken, prompt: &Prompt) -> Result<Score, String> {
    let lexicon = model.lexicon();
    let line = lexicon.ids(&prompt.tokens);
    let blind = model.card().window.min(line.len());
    let mut nats: f64 = line[..blind].iter().map(|id| lexicon.surprise(*id)).sum();
    let mut walk = model.begin()?;
    for place in blind..line.len() {
        nats += surprise(walk.next(&line[..place])?, line[place]);
    }
    Ok(Score {
        nats,
        notes: prompt.notes(),
        replaced: lexicon.strangers(&prompt.tokens),
        counted: counted(model, prompt, blind),
    })
}

/// `-ln softmax(scores)[id]`.
fn surprise(scores: &[f32], id: usize) -> f64 {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = scores.iter().map(|score| f64::from(score - highest).exp()).sum();
    f64::from(highest - scores[id]) + sum.ln()
}

fn counted(model: &dyn NextToken, prompt: &Prompt, blind: usize) -> String {
    let (notes, tokens) = (prompt.notes(), prompt.tokens.len());
    let odds = match model.lexicon().has_counts() {
        true => "by how often it occurs in the corpus".to_owned(),
        false => format!("as one of {} alike", model.lexicon().vocabulary().len()),
    };
    let first = if blind == 1 { "the first".to_owned() } else { format!("each of the first {blind}") };
    format!(
        "pitch and length of the {notes} notes of the line and of the {rests} rests between them and up to the last bar line, in \
         C major or A minor; {first} {odds}, each later one {sight}",
        rests = tokens - notes,
        sight = model.sight(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surprise_is_exact_where_a_probability_would_vanish() {
        assert!((surprise(&[0.0, 0.0], 1) - 2.0_f64.ln()).abs() < 1e-12);
        assert!((surprise(&[500.0, 0.0], 1) - 500.0).abs() < 1e-9);
    }
}
