//! The recipes in `models/recipes`, built into the program.

/// Ids with the texts of their files.
macro_rules! recipes {
    ($($id:literal),* $(,)?) => {
        &[$(($id, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/recipes/", $id, ".toml")))),*]
    };
}

/// Ids with their files' texts, in the order in which `cargo xtask train all` makes them.
pub const RECIPES: &[(&str, &str)] = recipes![
    "random-corpus",
    "gan",
    "gan-paper",
    "vae",
    "dnn",
    "seq2seq",
    "seq2seq-attention",
    "continuo",
    "basic-lstm",
    "dense",
    "lstm-gan",
    "lstm-gan-paper",
    "midinet-1d",
    "midinet-2d",
    "biaxial-lstm"
];
