//! A checked graph as something that runs: all of tract that the rest of the crate sees.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use tract_onnx::prelude::*;

use crate::onnx;

/// A network ready to run, with inputs of fixed shapes; shared by all who run it.
pub(crate) struct Network {
    plan: Arc<TypedRunnableModel>,
}

/// An input's name, what it holds, and its shape.
pub(crate) type Input<'a> = (&'a str, Holds, &'a [usize]);

/// What a tensor holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Token ids (int64).
    Ids,
    /// Numbers (float32).
    Numbers,
}

impl Network {
    /// Checks, loads and optimises a graph; `inputs` in the order in which they will be given. Nothing in the file
    /// can make this panic or take much memory.
    pub fn load(bytes: &[u8], inputs: &[Input<'_>]) -> Result<Network, String> {
        let shapes: Vec<(&str, &[usize])> = inputs.iter().map(|(name, _, shape)| (*name, *shape)).collect();
        onnx::check(bytes, &shapes).map_err(|error| error.to_string())?;
        let load = || -> TractResult<Network> {
            let mut model = tract_onnx::onnx().model_for_read(&mut Cursor::new(bytes))?;
            let names: Vec<&str> = inputs.iter().map(|(name, _, _)| *name).collect();
            model.set_input_names(&names)?;
            for (index, (_, holds, shape)) in inputs.iter().enumerate() {
                let kind = match holds {
                    Holds::Ids => i64::datum_type(),
                    Holds::Numbers => f32::datum_type(),
                };
                model.set_input_fact(index, kind.fact(shape.iter().copied()).into())?;
            }
            Ok(Network { plan: model.into_optimized()?.into_runnable()? })
        };
        match catch_unwind(load) {
            Ok(loaded) => loaded.map_err(|error| format!("{error:#}")),
            Err(_) => Err("tract cannot build it".to_owned()),
        }
    }

    /// A run of the network that keeps its working memory from call to call.
    pub fn runner(&self) -> Result<Runner, String> {
        let state = self.plan.spawn().map_err(|error| format!("{error:#}"))?;
        Ok(Runner { state })
    }
}

/// A network at work on one thread.
pub(crate) struct Runner {
    state: TypedSimpleState,
}

/// A tensor that a network gave, kept to be looked into later or to be given to it again.
pub(crate) type Kept = TValue;

/// A tensor to give to a network.
pub(crate) fn ids(values: &[i64], shape: &[usize]) -> Result<TValue, String> {
    Tensor::from_shape(shape, values).map(Tensor::into_tvalue).map_err(|error| format!("{error:#}"))
}

/// A tensor to give to a network.
pub(crate) fn numbers(values: &[f32], shape: &[usize]) -> Result<TValue, String> {
    Tensor::from_shape(shape, values).map(Tensor::into_tvalue).map_err(|error| format!("{error:#}"))
}

/// The numbers in a tensor, all finite.
pub(crate) fn read(value: &TValue) -> Result<&[f32], String> {
    let view = value.try_as_plain_ram().map_err(|error| format!("{error:#}"))?;
    let numbers = view.as_slice::<f32>().map_err(|error| format!("{error:#}"))?;
    if numbers.iter().all(|number| number.is_finite()) {
        Ok(numbers)
    } else {
        Err("it gives infinite numbers".to_owned())
    }
}

/// Copies a tensor's numbers, which must be so many and finite.
pub(crate) fn keep(value: &TValue, length: usize, into: &mut Vec<f32>) -> Result<(), String> {
    let numbers = read(value)?;
    if numbers.len() != length {
        return Err(format!("it gives {} numbers instead of {length}", numbers.len()));
    }
    into.clear();
    into.extend_from_slice(numbers);
    Ok(())
}

/// A token's id as a network takes it. One out of range would make tract panic: it never gets there.
pub(crate) fn known(id: usize, words: usize) -> Result<i64, String> {
    if id < words { Ok(id as i64) } else { Err(format!("token {id} of {words}")) }
}

impl Runner {
    /// Runs once; outputs come in the order of the graph.
    pub fn run(&mut self, inputs: TVec<TValue>) -> Result<TVec<TValue>, String> {
        let ran = catch_unwind(AssertUnwindSafe(|| self.state.run(inputs)));
        clear_upper_halves();
        match ran {
            Ok(outputs) => outputs.map_err(|error| format!("{error:#}")),
            Err(_) => Err("tract cannot run it".to_owned()),
        }
    }
}

/// Clears the upper halves of the vector registers, which tract's kernels for AVX-512 leave as they are: until somebody
/// does, every older instruction of this thread (an `exp`, say) is some ten times slower.
fn clear_upper_halves() {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx")]
        fn clear() {
            std::arch::x86_64::_mm256_zeroupper();
        }
        if is_x86_feature_detected!("avx") {
            // SAFETY: the processor was just asked whether it has this instruction.
            unsafe { clear() };
        }
    }
}
