//! What can be done with a candidate: by its buttons, and by the keys of the same meaning.

use egui::Key;

use crate::panel::gesture::Outgoing;
use crate::panel::icon::Icon;
use crate::panel::shortcuts::CTRL;
use crate::panel::{Action, Export, Mark, ViewModel};

/// Something to do with one candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Like it, or not any more.
    Favourite,
    /// Into the Keep track.
    Keep,
    /// Variations of it.
    MoreLike,
    /// A way from it to another one.
    Between,
    /// Off the list.
    ThrowAway,
    /// Into a file.
    Save,
    /// Into the clipboard.
    Copy,
}

impl Deed {
    /// All of them in the order of their buttons.
    pub const ALL: [Deed; 7] =
        [Deed::Favourite, Deed::Keep, Deed::MoreLike, Deed::Between, Deed::ThrowAway, Deed::Save, Deed::Copy];
    /// Those that a card offers under the mouse.
    pub const ON_CARD: [Deed; 3] = [Deed::Favourite, Deed::Keep, Deed::ThrowAway];

    /// What its button is called.
    pub fn name(self) -> &'static str {
        match self {
            Deed::Favourite => "Favourite",
            Deed::Keep => "Keep",
            Deed::MoreLike => "More like this",
            Deed::Between => "Between two",
            Deed::ThrowAway => "Throw away",
            Deed::Save => "Save",
            Deed::Copy => "Copy",
        }
    }

    /// Its picture.
    pub fn icon(self, mark: Mark) -> Icon {
        match self {
            Deed::Favourite if mark.favourite => Icon::Starred,
            Deed::Favourite => Icon::Star,
            Deed::Keep if mark.kept => Icon::Done,
            Deed::Keep => Icon::Higher,
            Deed::MoreLike => Icon::MoreLike,
            Deed::Between => Icon::Between,
            Deed::ThrowAway => Icon::Bin,
            Deed::Save => Icon::Save,
            Deed::Copy => Icon::Copy,
        }
    }

    /// What it does, with its key.
    pub fn says(self, mark: Mark) -> String {
        match self {
            Deed::Favourite if mark.favourite => "Like it no more (F).".to_owned(),
            Deed::Favourite => "Favourite: it stays in the project, whatever comes next (F).".to_owned(),
            Deed::Keep if mark.kept => "Keep it once more at the end of the Keep track (K).".to_owned(),
            Deed::Keep => "Keep it at the end of the Keep track, where phrases become a song (K).".to_owned(),
            Deed::MoreLike => "More like this: makes variations of it (M).".to_owned(),
            Deed::Between => {
                "Between two: makes a way in steps from this one to another that you choose next (B)."
                    .to_owned()
            }
            Deed::ThrowAway => "Throw it away (Delete). Undo brings it back.".to_owned(),
            Deed::Save => format!("Save it as a .mid file ({CTRL}+S)."),
            Deed::Copy => format!("Copy its notes, to paste them into another Continuo ({CTRL}+C)."),
        }
    }

    /// The keys that do it while the cards have the focus.
    pub fn keys(self) -> &'static [Key] {
        match self {
            Deed::Favourite => &[Key::F],
            Deed::Keep => &[Key::K],
            Deed::MoreLike => &[Key::M],
            Deed::Between => &[Key::B],
            Deed::ThrowAway => &[Key::Delete, Key::Backspace],
            // With Ctrl they work everywhere.
            Deed::Save | Deed::Copy => &[],
        }
    }

    /// Does it with the candidate at this place.
    pub fn act(self, index: usize, model: &mut ViewModel, outgoing: &mut Outgoing) {
        outgoing.push(match self {
            Deed::Favourite => Action::Favourite { index },
            Deed::Keep => Action::Keep { index },
            Deed::MoreLike => Action::MoreLike { index },
            Deed::ThrowAway => Action::ThrowAway { index },
            Deed::Save => Action::Save(Export::Candidate(index)),
            Deed::Copy => Action::Copy(Export::Candidate(index)),
            Deed::Between => match model.between.take() {
                Some(from) if from != index => Action::Between { from, to: index },
                Some(_) => return,
                None => {
                    model.between = Some(index);
                    return;
                }
            },
        });
    }
}
