//! From a folder of music to a model pack: everything that knows burn.
//!
//! [`corpus`] reads collections to melodies; [`dataset`] makes token lines of them and splits them by song;
//! [`windows`] cuts the lines into batches; [`training`] teaches a network such as [`dnn`], [`seq2seq`] or
//! [`attention`]; [`ngram`] is the baseline that it has to beat; [`recipe`] ties them together and writes the pack.

pub mod attention;
pub mod biaxial;
pub mod corpus;
pub mod dataset;
pub mod dnn;
pub mod gan;
pub mod house;
pub mod melody2vec;
pub mod midinet;
pub mod ngram;
#[cfg(test)]
mod parity;
pub mod performer;
pub mod recipe;
pub mod seq2seq;
pub mod training;
pub mod vae;
mod weights;
pub mod windows;
