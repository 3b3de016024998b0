//! The real `continuo`, run as a person or a script runs it.

mod continuing;
mod packs;
mod program;
mod refusing;
