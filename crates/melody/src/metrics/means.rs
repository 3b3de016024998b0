//! Means, and the lines that all measures are tested with.

/// The mean; `None` of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Lines for the tests of all measures.
#[cfg(test)]
pub(super) mod testing {
    use crate::{Meter, Phrase, Tempo, Ticks, Token, tokens};

    /// A line of tokens such as `C4:1.0 R:0.5`, in 4/4; it lasts as long as they do.
    pub fn line(text: &str) -> Phrase {
        let tokens: Vec<Token> = text.split_whitespace().map(|token| token.parse().unwrap()).collect();
        let notes = tokens::decode(&tokens, Ticks::ZERO, |_| 80);
        let length = tokens.iter().map(|token| token.length).sum();
        Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT).lasting(length)
    }
}
