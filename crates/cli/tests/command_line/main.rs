//! The real `continuo`, run as a person or a script runs it.

mod comparing;
mod continuing;
mod judging;
mod making;
mod measuring;
mod packs;
mod program;
mod refusing;
mod studying;
