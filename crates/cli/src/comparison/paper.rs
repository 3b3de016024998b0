//! What paper A (Hirai, "Comparison of Deep Learning Models for Melody Generation") printed.

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
    }
}
