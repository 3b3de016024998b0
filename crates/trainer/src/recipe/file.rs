//! Recipes as files: what a model is made from, how large it is and how it is taught, in TOML.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::corpus::Source;

mod shipped;

/// What a recipe's file says. The fields that do not fit every model, `sizes` and `options`, are asked for by name with
/// [`Recipe::sizes`] and [`Recipe::options`].
///
/// ```
/// use trainer::recipe::file::Recipe;
/// let recipe = Recipe::shipped("seq2seq").unwrap();
/// let [window, embedding, hidden] = recipe.sizes(["window", "embedding", "hidden"]).unwrap();
/// assert_eq!((window, embedding, hidden), (5, 16, 256));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// The pack's name in commands and projects; a shipped recipe's file bears it too.
    pub id: String,
    /// Which code makes the pack: one of [`super::kinds`].
    pub kind: String,
    /// Decides first weights and order.
    pub seed: u64,
    /// Times through the training part; 0, with `batch` and `learning_rate`, where nothing is taught.
    #[serde(default)]
    pub epochs: u64,
    /// Windows, or melodies, a step.
    #[serde(default)]
    pub batch: usize,
    /// The optimizer's largest step.
    #[serde(default)]
    pub learning_rate: f64,
    /// A token that occurs less often in the training part is replaced by its nearest relative.
    pub rarest: usize,
    /// The collections to read, each with its weight: how much of what is learnt from is drawn from it, as a share of
    /// the sum of all weights.
    pub data: BTreeMap<Source, f64>,
    /// Widths, windows, layers.
    #[serde(default)]
    sizes: BTreeMap<String, usize>,
    /// Numbers that only models of this kind know.
    #[serde(default)]
    options: BTreeMap<String, f64>,
    /// What it was chosen from: the validation loss of each after as many steps, all else being alike.
    #[serde(default, skip_serializing)]
    pub compared: BTreeMap<String, f64>,
}

/// Why a recipe cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecipeFileError {
    /// No recipe of this name.
    #[error("there is no recipe \"{name}\": choose one of {known}, or give the path of a .toml file")]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// The file cannot be read.
    #[error("the recipe {path} cannot be read ({reason}): check the path")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// The file is no recipe.
    #[error("the recipe {name}: {reason}")]
    Malformed {
        /// The file or the shipped name.
        name: String,
        /// What is wrong, and where.
        reason: String,
    },
    /// The file makes another model than the one asked for.
    #[error(
        "the recipe makes \"{found}\" and not \"{wanted}\": ask for `continuo train {found}`, or change its id"
    )]
    OtherModel {
        /// The id in the file.
        found: String,
        /// The id asked for.
        wanted: String,
    },
    /// A number is missing.
    #[error("the recipe \"{id}\" does not say how much `{field}` is: add it under [{table}]")]
    Lacks {
        /// The recipe.
        id: String,
        /// The table of the file.
        table: &'static str,
        /// The field.
        field: String,
    },
    /// A number that this kind of model has no use for.
    #[error("the recipe \"{id}\" sets `{field}` under [{table}], which {kind} does not know: remove it")]
    Useless {
        /// The recipe.
        id: String,
        /// Its kind.
        kind: String,
        /// The table of the file.
        table: &'static str,
        /// The field.
        field: String,
    },
}

impl Recipe {
    /// Reads a recipe's text; `name` is what errors call it.
    ///
    /// # Errors
    /// [`RecipeFileError::Malformed`] says what is wrong, and in which line.
    pub fn read(text: &str, name: &str) -> Result<Recipe, RecipeFileError> {
        let refuse = |reason: String| RecipeFileError::Malformed { name: name.to_owned(), reason };
        let recipe: Recipe = toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| 1 + text[..span.start].matches('\n').count());
            let place = line.map_or_else(String::new, |line| format!("line {line}: "));
            refuse(format!("{place}{}", error.message().replace('\n', " ")))
        })?;
        recipe.check().map_err(refuse)?;
        Ok(recipe)
    }

    /// Reads a recipe's file.
    ///
    /// # Errors
    /// [`RecipeFileError`] where it cannot be read or is no recipe.
    pub fn open(path: &Path) -> Result<Recipe, RecipeFileError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path);
        let refuse = |error: std::io::Error| RecipeFileError::Unreadable {
            path: name.clone(),
            reason: error.to_string(),
        };
        Recipe::read(&text.map_err(refuse)?, &name)
    }

    /// The recipe of this name in `models/recipes`, which are built into the program.
    ///
    /// # Errors
    /// [`RecipeFileError::Unknown`] lists those that there are.
    pub fn shipped(id: &str) -> Result<Recipe, RecipeFileError> {
        match shipped::RECIPES.iter().find(|(name, _)| *name == id) {
            Some((name, text)) => Recipe::read(text, name),
            None => {
                let known = Recipe::ids().collect::<Vec<_>>().join(", ");
                Err(RecipeFileError::Unknown { name: id.to_owned(), known })
            }
        }
    }

    /// The names of the recipes in `models/recipes`, in the order in which they are to be made.
    pub fn ids() -> impl Iterator<Item = &'static str> {
        shipped::RECIPES.iter().map(|(id, _)| *id)
    }

    /// The recipe that a command asks for: the shipped one of this id; with a `choice` that ends in `.toml` that file,
    /// and with any other the shipped variant `id-choice`.
    ///
    /// # Errors
    /// [`RecipeFileError`], also where the file makes another model than `id` or a variant of it.
    pub fn chosen(id: &str, choice: Option<&str>) -> Result<Recipe, RecipeFileError> {
        let recipe = match choice {
            None => return Recipe::shipped(id),
            Some(path) if path.ends_with(".toml") => Recipe::open(Path::new(path))?,
            Some(variant) => return Recipe::shipped(&format!("{id}-{variant}")),
        };
        let is_variant =
            recipe.id.strip_prefix(id).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
        if is_variant {
            return Ok(recipe);
        }
        Err(RecipeFileError::OtherModel { found: recipe.id, wanted: id.to_owned() })
    }

    /// The numbers under `[sizes]`, in the order of these names, which must be all that there are.
    ///
    /// # Errors
    /// [`RecipeFileError`] names one that is missing or of no use.
    pub fn sizes<const N: usize>(&self, names: [&str; N]) -> Result<[usize; N], RecipeFileError> {
        self.table("sizes", &self.sizes, names)
    }

    /// The numbers under `[options]`, in the order of these names, which must be all that there are.
    ///
    /// # Errors
    /// [`RecipeFileError`] names one that is missing or of no use.
    pub fn options<const N: usize>(&self, names: [&str; N]) -> Result<[f64; N], RecipeFileError> {
        self.table("options", &self.options, names)
    }

    /// The collections to read.
    pub fn sources(&self) -> Vec<Source> {
        self.data.keys().copied().collect()
    }

    /// The command that makes the pack again, for its cards.
    pub fn command(&self) -> String {
        format!("cargo xtask train {} --data DATA", self.id)
    }

    /// SHA-256 of all that the recipe says, in hexadecimal: a checkpoint of another recipe is of no use.
    pub fn fingerprint(&self) -> String {
        let text = toml::to_string(self)
            .unwrap_or_else(|error| unreachable!("a recipe has only what TOML can hold: {error}"));
        Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn check(&self) -> Result<(), String> {
        let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        if self.id.is_empty() || !self.id.chars().all(plain) {
            return Err(format!("its id \"{}\" must be small letters, digits and hyphens", self.id));
        }
        if !super::kinds().any(|kind| kind == self.kind) {
            let known = super::kinds().collect::<Vec<_>>().join(", ");
            return Err(format!("its kind \"{}\" is not known: choose one of {known}", self.kind));
        }
        if self.data.is_empty() {
            return Err("it names no collection: add one with its weight under [data]".to_owned());
        }
        if let Some((source, weight)) =
            self.data.iter().find(|(_, weight)| !(**weight > 0.0 && weight.is_finite()))
        {
            return Err(format!(
                "the weight {weight} of {}: choose a number above 0, or leave the line out",
                source.name()
            ));
        }
        let taught = [self.epochs > 0, self.batch > 0, self.learning_rate > 0.0];
        if taught.iter().any(|set| *set) && !taught.iter().all(|set| *set) {
            return Err("epochs, batch and learning_rate must all be above 0, or all be left out".to_owned());
        }
        Ok(())
    }

    fn table<T: Copy, const N: usize>(
        &self,
        table: &'static str,
        fields: &BTreeMap<String, T>,
        names: [&str; N],
    ) -> Result<[T; N], RecipeFileError> {
        if let Some(field) = fields.keys().find(|field| !names.contains(&field.as_str())) {
            let (id, kind) = (self.id.clone(), self.kind.clone());
            return Err(RecipeFileError::Useless { id, kind, table, field: field.clone() });
        }
        let lacks =
            |name: &str| RecipeFileError::Lacks { id: self.id.clone(), table, field: name.to_owned() };
        let values: Vec<T> = names
            .iter()
            .map(|name| fields.get(*name).copied().ok_or_else(|| lacks(name)))
            .collect::<Result<_, _>>()?;
        Ok(std::array::from_fn(|place| values[place]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "id = \"dice\"\nkind = \"random\"\nseed = 1\nrarest = 2\n[data]\npop909 = 1\n";

    fn refusal(text: &str) -> String {
        Recipe::read(text, "dice.toml").unwrap_err().to_string()
    }

    #[test]
    fn every_shipped_recipe_is_read_and_bears_its_files_name() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/recipes");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        files.sort_unstable();
        let mut ids: Vec<&str> = Recipe::ids().collect();
        for id in &ids {
            assert_eq!(Recipe::shipped(id).unwrap().id, *id);
        }
        ids.sort_unstable();
        assert_eq!(ids, files, "recipe/file/shipped.rs lists what lies in models/recipes");
    }

    #[test]
    fn shipped_recipes_learn_from_nothing_with_unclear_terms() {
        for id in Recipe::ids() {
            let sources = Recipe::shipped(id).unwrap().sources();
            let clear = |source| Source::SHIPPED.contains(source) || Source::PERFORMED.contains(source);
            assert!(sources.iter().all(clear), "{id}");
        }
    }

    #[test]
    fn mistakes_are_named_with_the_line_and_the_remedy() {
        assert!(Recipe::read(SMALL, "dice.toml").is_ok());
        let unknown = refusal(&SMALL.replace("rarest", "rarst"));
        assert!(
            unknown.contains("dice.toml") && unknown.contains("line 4") && unknown.contains("rarst"),
            "{unknown}"
        );
        let source = refusal(&SMALL.replace("pop909", "pop910"));
        assert!(source.contains("pop910") && source.contains("openewld"), "{source}");
        assert!(refusal(&SMALL.replace("pop909 = 1", "pop909 = 0")).contains("above 0"));
        assert!(refusal(&SMALL.replace("\"random\"", "\"choir\"")).contains("seq2seq"));
        assert!(refusal(&SMALL.replace("seed = 1", "seed = 1\nepochs = 3")).contains("learning_rate"));
        assert!(refusal("id = ").starts_with("the recipe dice.toml: line 1"));
    }

    #[test]
    fn sizes_are_asked_for_by_name_and_no_other_is_silently_ignored() {
        let text = format!("{SMALL}[sizes]\nhidden = 3\nwindow = 2\n[options]\nslope = 0.5\n");
        let recipe = Recipe::read(&text, "dice.toml").unwrap();
        assert_eq!(recipe.sizes(["window", "hidden"]), Ok([2, 3]));
        assert_eq!(recipe.options(["slope"]), Ok([0.5]));
        let lacks = recipe.sizes(["window", "hidden", "layers"]).unwrap_err().to_string();
        assert!(lacks.contains("`layers`") && lacks.contains("[sizes]"), "{lacks}");
        assert!(recipe.sizes(["window"]).unwrap_err().to_string().contains("`hidden`"));
    }

    #[test]
    fn a_command_chooses_a_recipe_by_id_variant_or_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine.toml");
        std::fs::write(&path, SMALL).unwrap();
        let path = path.to_string_lossy();
        assert_eq!(Recipe::chosen("seq2seq", None).unwrap().id, "seq2seq");
        assert_eq!(Recipe::chosen("dice", Some(&path)).unwrap().id, "dice");
        assert!(Recipe::chosen("seq2seq", Some(&path)).unwrap_err().to_string().contains("train dice"));
        assert!(
            Recipe::chosen("seq2seq", Some("nowhere")).unwrap_err().to_string().contains("random-corpus")
        );
        assert!(
            Recipe::chosen("dice", Some("missing.toml")).unwrap_err().to_string().contains("missing.toml")
        );
    }

    #[test]
    fn another_figure_is_another_fingerprint() {
        let recipe = Recipe::read(SMALL, "dice.toml").unwrap();
        let other = Recipe { seed: 2, ..recipe.clone() };
        assert_ne!(recipe.fingerprint(), other.fingerprint());
        assert_eq!(recipe.fingerprint(), recipe.clone().fingerprint());
    }
}
