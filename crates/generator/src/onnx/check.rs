//! Looking a graph over before anything is built from it: what it may hold, and how large each of its tensors gets.
//!
//! tract panics on some malformed graphs, and a few bytes can ask it for gigabytes; a failed allocation would end the
//! host. So a graph is walked as bytes first: only known operators, no subgraphs, no outside data, weights as long
//! as their dimensions say, every name made before it is used, and no tensor above a cap.

use std::collections::HashMap;

use prost::Message;
use tract_onnx::pb::{
    AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto, attribute_proto::AttributeType,
    tensor_proto::DataType,
};

const MAX_NODES: usize = 256;
const MAX_WEIGHTS: usize = 512;
const MAX_WEIGHT_BYTES: usize = 64 * 1024 * 1024;
const MAX_RANK: usize = 4;
/// The most numbers that any tensor on the way may hold.
const MAX_NUMBERS: usize = 1 << 24;

/// Why a graph is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// The bytes are no ONNX file.
    #[error("it is not an ONNX file ({0})")]
    Format(String),
    /// It holds something that no model of ours needs.
    #[error("it holds {0}, which Continuo does not run")]
    Foreign(String),
    /// A part is too large.
    #[error("{what} is too large ({found}, at most {most})")]
    TooLarge {
        /// The part.
        what: String,
        /// Its size.
        found: usize,
        /// The most that is taken.
        most: usize,
    },
    /// It contradicts itself.
    #[error("{0}")]
    Broken(String),
}

/// Checks a graph whose named inputs will have these shapes.
///
/// # Errors
/// [`GraphError`] says what is refused.
pub fn check(bytes: &[u8], inputs: &[(&str, &[usize])]) -> Result<(), GraphError> {
    let model = ModelProto::decode(bytes).map_err(|error| GraphError::Format(error.to_string()))?;
    let foreign = |what: &str| Err(GraphError::Foreign(what.to_owned()));
    if !model.functions.is_empty() || !model.training_info.is_empty() {
        return foreign("functions or training steps");
    }
    let opsets = model
        .opset_import
        .iter()
        .all(|opset| opset.domain.is_empty() && opset.version == super::write::OPSET);
    if !opsets || model.opset_import.len() != 1 {
        return foreign("an operator set other than ONNX 12");
    }
    let Some(graph) = &model.graph else { return Err(GraphError::Broken("it holds no graph".to_owned())) };
    cap("the number of nodes", graph.node.len(), MAX_NODES)?;
    cap("the number of weights", graph.initializer.len(), MAX_WEIGHTS)?;
    if !graph.sparse_initializer.is_empty() {
        return foreign("sparse weights");
    }
    let mut shapes = Shapes::default();
    shapes.take_inputs(graph, inputs)?;
    shapes.take_weights(graph)?;
    for node in &graph.node {
        shapes.walk(node)?;
    }
    graph.output.iter().try_for_each(|output| shapes.of(&output.name).map(|_| ()))
}

fn cap(what: &str, found: usize, most: usize) -> Result<(), GraphError> {
    if found <= most { Ok(()) } else { Err(GraphError::TooLarge { what: what.to_owned(), found, most }) }
}

type Shape = Vec<usize>;

/// The shape of every tensor made so far.
#[derive(Default)]
struct Shapes(HashMap<String, Shape>);

impl Shapes {
    fn of(&self, name: &str) -> Result<&Shape, GraphError> {
        self.0
            .get(name)
            .ok_or_else(|| GraphError::Broken(format!("the tensor \"{name}\" is used but never made")))
    }

    fn make(&mut self, name: &str, shape: Shape) -> Result<(), GraphError> {
        let numbers = shape.iter().try_fold(1_usize, |product, dim| product.checked_mul(*dim));
        cap(&format!("the tensor \"{name}\""), numbers.unwrap_or(usize::MAX), MAX_NUMBERS)?;
        cap(&format!("the rank of the tensor \"{name}\""), shape.len(), MAX_RANK)?;
        if name.is_empty() || self.0.insert(name.to_owned(), shape).is_some() {
            return Err(GraphError::Broken(format!("the tensor \"{name}\" has no name or is made twice")));
        }
        Ok(())
    }

    fn take_inputs(&mut self, graph: &GraphProto, inputs: &[(&str, &[usize])]) -> Result<(), GraphError> {
        if graph.input.len() != inputs.len() {
            return Err(GraphError::Broken(format!(
                "it has {} inputs instead of {}",
                graph.input.len(),
                inputs.len()
            )));
        }
        for input in &graph.input {
            let known = inputs.iter().find(|(name, _)| *name == input.name);
            let (name, shape) =
                known.ok_or_else(|| GraphError::Foreign(format!("an input \"{}\"", input.name)))?;
            self.make(name, shape.to_vec())?;
        }
        Ok(())
    }

    fn take_weights(&mut self, graph: &GraphProto) -> Result<(), GraphError> {
        let bytes =
            graph.initializer.iter().map(|weights| weights.raw_data.len()).fold(0, usize::saturating_add);
        cap("the weights together, in bytes,", bytes, MAX_WEIGHT_BYTES)?;
        for weights in &graph.initializer {
            self.make(&weights.name, weight_shape(weights)?)?;
        }
        Ok(())
    }

    /// Takes a node's inputs, checks its operator and makes its outputs.
    fn walk(&mut self, node: &NodeProto) -> Result<(), GraphError> {
        if !node.domain.is_empty() {
            return Err(GraphError::Foreign(format!("an operator of the domain \"{}\"", node.domain)));
        }
        let plain = |attribute: &AttributeProto| {
            [AttributeType::Int as i32, AttributeType::Ints as i32].contains(&attribute.r#type)
        };
        if !node.attribute.iter().all(plain) {
            return Err(GraphError::Foreign(format!(
                "an attribute of {} that is no whole number",
                node.op_type
            )));
        }
        let inputs = node.input.iter().filter(|name| !name.is_empty());
        let inputs: Vec<Shape> = inputs.map(|name| self.of(name).cloned()).collect::<Result<_, _>>()?;
        let outputs = Node { node, inputs: &inputs }.output_shapes()?;
        if outputs.len() < node.output.len() {
            return Err(GraphError::Broken(format!("{} has too many outputs", node.op_type)));
        }
        for (name, shape) in node.output.iter().zip(outputs).filter(|(name, _)| !name.is_empty()) {
            self.make(name, shape)?;
        }
        Ok(())
    }
}

fn weight_shape(weights: &TensorProto) -> Result<Shape, GraphError> {
    let name = &weights.name;
    let inline = weights.external_data.is_empty()
        && weights.data_location.unwrap_or(0) == 0
        && weights.segment.is_none();
    if weights.data_type != DataType::Float as i32 || !inline {
        return Err(GraphError::Foreign(format!(
            "weights \"{name}\" that are not plain float32 in the file itself"
        )));
    }
    let dims: Result<Shape, _> = weights.dims.iter().map(|dim| usize::try_from(*dim)).collect();
    let dims =
        dims.map_err(|_| GraphError::Broken(format!("the weights \"{name}\" have a negative size")))?;
    let numbers = dims.iter().try_fold(1_usize, |product, dim| product.checked_mul(*dim));
    if numbers.and_then(|numbers| numbers.checked_mul(4)) != Some(weights.raw_data.len()) {
        return Err(GraphError::Broken(format!("the weights \"{name}\" are not as long as their sizes say")));
    }
    let finite = |bytes: &[u8]| bytes.try_into().is_ok_and(|bytes| f32::from_le_bytes(bytes).is_finite());
    if !weights.raw_data.chunks_exact(4).all(finite) {
        return Err(GraphError::Broken(format!("the weights \"{name}\" hold an infinite number or none")));
    }
    Ok(dims)
}

/// A node with the shapes of its inputs.
struct Node<'a> {
    node: &'a NodeProto,
    inputs: &'a [Shape],
}

impl Node<'_> {
    fn output_shapes(&self) -> Result<Vec<Shape>, GraphError> {
        let op = self.node.op_type.as_str();
        let shapes = match (op, self.inputs) {
            ("Sigmoid" | "Tanh" | "Relu" | "Identity", [x]) => vec![x.clone()],
            ("Add" | "Mul", [a, b]) => vec![broadcast(a, b).ok_or_else(|| self.misfit())?],
            ("MatMul", [a, b]) => vec![self.product(a, b)?],
            ("Gather", [table, ids]) if self.int("axis").unwrap_or(0) == 0 && !table.is_empty() => {
                vec![[ids.as_slice(), &table[1..]].concat()]
            }
            ("Transpose", [x]) => vec![self.transposed(x)?],
            ("Squeeze", [x]) => vec![self.squeezed(x)?],
            ("Unsqueeze", [x]) => vec![self.unsqueezed(x)?],
            ("Softmax", [x]) => vec![self.softmaxed(x)?],
            ("Split", [x]) => self.parts(x)?,
            ("LSTM", [x, w, r, b]) => self.lstm(x, w, r, b)?,
            ("Concat", [first, others @ ..]) => vec![self.joined(first, others)?],
            ("Conv", [x, w, b]) => vec![self.convolved(x, w, b)?],
            ("ConvTranspose", [x, w, b]) => vec![self.spread(x, w, b)?],
            (
                "Sigmoid" | "Tanh" | "Relu" | "Identity" | "Add" | "Mul" | "MatMul" | "Gather" | "Transpose"
                | "Squeeze" | "Unsqueeze" | "Softmax",
                _,
            )
            | ("Split" | "LSTM" | "Concat" | "Conv" | "ConvTranspose", _) => return Err(self.misfit()),
            _ => return Err(GraphError::Foreign(format!("the operator \"{op}\""))),
        };
        Ok(shapes)
    }

    fn misfit(&self) -> GraphError {
        let NodeProto { op_type, name, .. } = self.node;
        GraphError::Broken(format!("the inputs of {op_type} \"{name}\" do not fit"))
    }

    fn int(&self, name: &str) -> Option<i64> {
        self.node.attribute.iter().find(|attribute| attribute.name == name).map(|attribute| attribute.i)
    }

    fn ints(&self, name: &str) -> Result<Vec<usize>, GraphError> {
        let attribute = self.node.attribute.iter().find(|attribute| attribute.name == name);
        let numbers = attribute.ok_or_else(|| self.misfit())?.ints.iter();
        numbers.map(|number| usize::try_from(*number).map_err(|_| self.misfit())).collect()
    }

    fn product(&self, a: &Shape, b: &Shape) -> Result<Shape, GraphError> {
        match (a.as_slice(), b.as_slice()) {
            ([rows @ .., inner], [also_inner, columns]) if inner == also_inner => {
                Ok([rows, &[*columns]].concat())
            }
            ([batch, rows, inner], [also_batch, also_inner, columns])
                if (batch, inner) == (also_batch, also_inner) =>
            {
                Ok(vec![*batch, *rows, *columns])
            }
            _ => Err(self.misfit()),
        }
    }

    fn transposed(&self, x: &Shape) -> Result<Shape, GraphError> {
        let order = self.ints("perm")?;
        let mut sorted = order.clone();
        sorted.sort_unstable();
        if !sorted.into_iter().eq(0..x.len()) {
            return Err(self.misfit());
        }
        Ok(order.into_iter().map(|axis| x[axis]).collect())
    }

    fn squeezed(&self, x: &Shape) -> Result<Shape, GraphError> {
        let axes = self.ints("axes")?;
        if !axes.iter().all(|axis| x.get(*axis) == Some(&1)) {
            return Err(self.misfit());
        }
        Ok(x.iter().enumerate().filter(|(axis, _)| !axes.contains(axis)).map(|(_, size)| *size).collect())
    }

    /// New axes of size 1 at these places of the result, which rise.
    fn unsqueezed(&self, x: &Shape) -> Result<Shape, GraphError> {
        let axes = self.ints("axes")?;
        let mut shape = x.clone();
        for axis in &axes {
            if *axis > shape.len() || shape.len() >= MAX_RANK {
                return Err(self.misfit());
            }
            shape.insert(*axis, 1);
        }
        if axes.is_sorted_by(|a, b| a < b) { Ok(shape) } else { Err(self.misfit()) }
    }

    /// Over the last axis alone: over others this operator set takes several axes as one.
    fn softmaxed(&self, x: &Shape) -> Result<Shape, GraphError> {
        let last = self.int("axis").and_then(|axis| usize::try_from(axis).ok()).map(|axis| axis + 1);
        if last == Some(x.len()) { Ok(x.clone()) } else { Err(self.misfit()) }
    }

    fn parts(&self, x: &Shape) -> Result<Vec<Shape>, GraphError> {
        let axis = usize::try_from(self.int("axis").unwrap_or(0)).map_err(|_| self.misfit())?;
        let sizes = self.ints("split")?;
        let sum = sizes.iter().try_fold(0_usize, |sum, size| sum.checked_add(*size));
        if sizes.len() > 16 || sum.is_none() || sum != x.get(axis).copied() {
            return Err(self.misfit());
        }
        let part = |size: &usize| {
            let mut shape = x.clone();
            shape[axis] = *size;
            shape
        };
        Ok(sizes.iter().map(part).collect())
    }

    fn joined(&self, first: &Shape, others: &[Shape]) -> Result<Shape, GraphError> {
        let axis = self.int("axis").and_then(|axis| usize::try_from(axis).ok()).unwrap_or(usize::MAX);
        let mut joined = first.clone();
        for other in others {
            let fits = other.len() == first.len() && axis < first.len();
            let alike = |place: usize| place == axis || other[place] == first[place];
            if !fits || !(0..first.len()).all(alike) {
                return Err(self.misfit());
            }
            joined[axis] = joined[axis].checked_add(other[axis]).ok_or_else(|| self.misfit())?;
        }
        Ok(joined)
    }

    /// X `[rows, inputs, height, width]`, W `[outputs, inputs, kernel height, kernel width]`, B `[outputs]`.
    fn convolved(&self, x: &Shape, w: &Shape, b: &Shape) -> Result<Shape, GraphError> {
        let ([rows, inputs, sizes @ ..], [outputs, also_inputs, kernel @ ..]) = (x.as_slice(), w.as_slice())
        else {
            return Err(self.misfit());
        };
        let strides = self.strides(kernel)?;
        if inputs != also_inputs || *b != [*outputs] || sizes.len() != 2 {
            return Err(self.misfit());
        }
        let size = |axis: usize| Some(sizes[axis].checked_sub(kernel[axis])? / strides[axis] + 1);
        let (Some(height), Some(width)) = (size(0), size(1)) else { return Err(self.misfit()) };
        // tract lays all kernels' inputs side by side.
        self.working_memory(&[*rows, *inputs, kernel[0], kernel[1], height, width])?;
        Ok(vec![*rows, *outputs, height, width])
    }

    /// X as for a convolution, W `[inputs, outputs, kernel height, kernel width]`, B `[outputs]`.
    fn spread(&self, x: &Shape, w: &Shape, b: &Shape) -> Result<Shape, GraphError> {
        let ([rows, inputs, sizes @ ..], [also_inputs, outputs, kernel @ ..]) = (x.as_slice(), w.as_slice())
        else {
            return Err(self.misfit());
        };
        let strides = self.strides(kernel)?;
        if inputs != also_inputs || *b != [*outputs] || sizes.len() != 2 {
            return Err(self.misfit());
        }
        let size =
            |axis: usize| sizes[axis].checked_sub(1)?.checked_mul(strides[axis])?.checked_add(kernel[axis]);
        let (Some(height), Some(width)) = (size(0), size(1)) else { return Err(self.misfit()) };
        self.working_memory(&[*rows, *outputs, kernel[0], kernel[1], sizes[0], sizes[1]])?;
        Ok(vec![*rows, *outputs, height, width])
    }

    /// The strides of a convolution over two axes, which has no other attributes: no padding, no groups, no dilation.
    fn strides(&self, kernel: &[usize]) -> Result<[usize; 2], GraphError> {
        let known =
            |attribute: &AttributeProto| ["strides", "kernel_shape"].contains(&attribute.name.as_str());
        let strides: Option<[usize; 2]> = self.ints("strides")?.try_into().ok();
        let sane =
            kernel.len() == 2 && kernel.iter().all(|size| *size > 0) && self.ints("kernel_shape")? == kernel;
        match strides {
            Some(strides)
                if sane
                    && strides.iter().all(|stride| *stride > 0)
                    && self.node.attribute.iter().all(known) =>
            {
                Ok(strides)
            }
            _ => Err(self.misfit()),
        }
    }

    fn working_memory(&self, sizes: &[usize]) -> Result<(), GraphError> {
        let numbers = sizes.iter().try_fold(1_usize, |product, size| product.checked_mul(*size));
        let what = format!("what {} \"{}\" works on", self.node.op_type, self.node.name);
        cap(&what, numbers.unwrap_or(usize::MAX), MAX_NUMBERS)
    }

    /// X `[steps, rows, inputs]`, W `[1, 4H, inputs]`, R `[1, 4H, H]`, B `[1, 8H]`.
    fn lstm(&self, x: &Shape, w: &Shape, r: &Shape, b: &Shape) -> Result<Vec<Shape>, GraphError> {
        let hidden = self.int("hidden_size").and_then(|size| usize::try_from(size).ok()).unwrap_or(0);
        let ([steps, rows, inputs], 1..=1024) = (x.as_slice(), hidden) else { return Err(self.misfit()) };
        let fits = *w == [1, 4 * hidden, *inputs] && *r == [1, 4 * hidden, hidden] && *b == [1, 8 * hidden];
        if !fits || *steps > 4096 {
            return Err(self.misfit());
        }
        let state = vec![1, *rows, hidden];
        Ok(vec![vec![*steps, 1, *rows, hidden], state.clone(), state])
    }
}

fn broadcast(a: &Shape, b: &Shape) -> Option<Shape> {
    let rank = a.len().max(b.len());
    let padded = |shape: &Shape| [vec![1; rank - shape.len()], shape.clone()].concat();
    let pair = |(a, b): (usize, usize)| if a == b || b == 1 { Some(a) } else { (a == 1).then_some(b) };
    padded(a).into_iter().zip(padded(b)).map(pair).collect()
}

#[cfg(test)]
mod tests;
