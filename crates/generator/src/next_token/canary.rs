//! The question with a known answer that shows whether a model works here as it did when it was made.

use super::{NextToken, likeliest};
use crate::pack::PackError;

/// The longest answer that is asked for, in tokens.
const LONGEST: usize = 64;

/// Asks a model the canary of its card; `file` is blamed where the network does not run.
///
/// # Errors
/// [`PackError::Canary`] where it answers otherwise, others where it has no canary or does not run.
pub(crate) fn ask(model: &dyn NextToken, file: &str) -> Result<(), PackError> {
    let card = model.card();
    let Some(canary) = &card.canary else {
        return Err(PackError::Card(
            "it has no canary, so nobody can tell whether the model works".to_owned(),
        ));
    };
    if canary.prompt.len() < card.window || canary.answer.len() > LONGEST {
        return Err(PackError::Card("its canary is too short or too long".to_owned()));
    }
    let refuse = |reason| PackError::Network { id: card.id.clone(), file: file.to_owned(), reason };
    let found = likeliest(model, &canary.prompt, canary.answer.len()).map_err(refuse)?;
    canary.hear(&card.id, found.into_iter().map(|(token, _)| token))
}
