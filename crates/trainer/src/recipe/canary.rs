//! The question with its answer that a pack carries, to see that the model works elsewhere as it did when it was made.

use generator::pack::Canary;
use melody::Token;

use super::RecipeError;

/// Twinkle, at home: a stretch of it is the question.
const TWINKLE: &str =
    "C4:1.0 C4:1.0 G4:1.0 G4:1.0 A4:1.0 A4:1.0 G4:2.0 F4:1.0 F4:1.0 E4:1.0 E4:1.0 D4:1.0 D4:1.0 C4:2.0";
/// The least lead in nats that an answer needs, so that another processor's rounding cannot change it.
const SAFE_LEAD: f32 = 0.02;

/// The likeliest tokens to follow, each with its lead in nats over the second.
type Answer = Vec<(Token, f32)>;

/// The stretch of `window` tokens (at most 14) of Twinkle to which the model has the longest answer that it is sure of,
/// with that answer. `likeliest` answers a prompt.
///
/// # Errors
/// [`RecipeError::Export`] where the model does not run.
pub fn find(
    window: usize,
    likeliest: &dyn Fn(&[Token]) -> Result<Answer, String>,
) -> Result<Canary, RecipeError> {
    let tune: Vec<Token> = TWINKLE.split(' ').filter_map(|token| token.parse().ok()).collect();
    let window = window.clamp(1, tune.len());
    let mut best = Canary { prompt: tune[..window].to_vec(), answer: Vec::new() };
    for prompt in tune.windows(window) {
        let sure = likeliest(prompt).map_err(RecipeError::Export)?;
        let sure = sure.into_iter().take_while(|(_, lead)| *lead > SAFE_LEAD);
        let answer: Vec<Token> = sure.map(|(token, _)| token).collect();
        if answer.len() > best.answer.len() {
            best = Canary { prompt: prompt.to_vec(), answer };
        }
    }
    Ok(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_sure_answer_is_taken() {
        let note: Token = "C4:1.0".parse().unwrap();
        let sure_after_f = |prompt: &[Token]| {
            let count = if prompt[0].to_string() == "F4:1.0" { 3 } else { 1 };
            Ok((0..5).map(|place| (note, if place < count { 1.0 } else { 0.01 })).collect())
        };
        let canary = find(2, &sure_after_f).unwrap();
        assert_eq!((canary.prompt[0].to_string().as_str(), canary.answer.len()), ("F4:1.0", 3));
        assert!(find(2, &|_| Err("broken".to_owned())).is_err());
    }
}
