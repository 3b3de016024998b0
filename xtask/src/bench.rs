//! `cargo xtask bench`: the benchmarks, on the optimised bundles.

use anyhow::Result;

use crate::process::{cargo, run};
use crate::{bundle, system};

/// Bundles the optimised plugin and prints every benchmark, or those that the arguments choose.
///
/// # Errors
/// A build or a benchmark fails.
pub fn bench(args: &[String]) -> Result<()> {
    system::provide(&[system::BUILD, system::TESTS])?;
    let bundles = bundle::bundle_for_benches()?;
    let mut benches = cargo(["bench", "--package", "continuo-tests", "--bench", "*", "--"]);
    run(benches.args(args).env(crate::test::BUNDLES, bundles))
}
