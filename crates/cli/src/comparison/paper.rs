//! What the papers printed: A (Hirai, "Comparison of Deep Learning Models for Melody Generation") and B (the LSTM-GAN for
//! several categories of music).

use generator::pack::Kind;

/// The time of one training epoch as a ratio to the DNN's (Table 1).
pub fn epoch_ratio(kind: &str) -> Option<f64> {
    let ratios =
        [("vae", 0.0095), ("gan", 0.072), ("dnn", 1.0), ("seq2seq", 2.1), ("seq2seq-attention", 5.8)];
    ratios.iter().find(|(known, _)| *known == kind).map(|(_, ratio)| *ratio)
}

/// The number of the figure that shows what a model made, where the paper has one.
pub fn figure(kind: Kind) -> Option<u32> {
    match kind {
        Kind::Random => Some(1),
        Kind::Dnn => Some(2),
        Kind::Vae => Some(3),
        Kind::Seq2seq => Some(4),
        Kind::Seq2seqAttention => Some(5),
        Kind::Gan => Some(6),
        Kind::LstmGan | Kind::Dense | Kind::BasicLstm => None,
        Kind::Midinet1d | Kind::Midinet2d | Kind::BiaxialLstm => None,
        Kind::House => None,
    }
}

/// Whether a kind of model is one of paper B's six systems, which play several notes at once.
pub fn is_of_b(kind: &str) -> bool {
    ["lstm-gan", "dense", "basic-lstm", "midinet-1d", "midinet-2d", "biaxial-lstm"].contains(&kind)
}

/// What thirty listeners said of each system, by its recipe's id and its name, from 1 to 5: how real, how pleasing, how
/// complicated (paper B, Table II).
#[expect(clippy::approx_constant, reason = "listeners gave MidiNet-2D a mean of 3.14")]
pub const LISTENERS: [(&str, &str, [f64; 3]); 6] = [
    ("dense", "Dense", [1.21, 1.51, 2.62]),
    ("basic-lstm", "Basic LSTM", [1.65, 1.73, 2.50]),
    ("lstm-gan", "LSTM-GAN", [3.52, 3.38, 3.16]),
    ("midinet-1d", "MidiNet-1D", [3.18, 3.25, 3.02]),
    ("midinet-2d", "MidiNet-2D with chord", [3.72, 3.63, 3.14]),
    ("biaxial-lstm", "Biaxial LSTM", [3.05, 3.18, 2.98]),
];
