//! Writing a network as an ONNX file (opset 12) over the format's protobuf structs.

use prost::Message;
use tract_onnx::pb::{
    AttributeProto, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto, TensorShapeProto,
    TypeProto, ValueInfoProto, attribute_proto, tensor_proto, tensor_shape_proto, type_proto,
};

/// Opset 12 still has the axes of Squeeze and the parts of Split as attributes, so that no shape hides in a tensor.
pub(super) const OPSET: i64 = 12;

/// A size of an input or output: a number, or a name for one that is known only at run time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// So many.
    Fixed(usize),
    /// As many rows as are run together.
    Rows,
}

/// A graph being written.
///
/// ```
/// use generator::onnx::{Graph, write::Size};
/// let mut graph = Graph::new("double");
/// graph.numbers_in("x", &[Size::Rows, Size::Fixed(2)]);
/// graph.weights("w", &[2, 2], &[2.0, 0.0, 0.0, 2.0]);
/// graph.node("MatMul", &["x", "w"], &["y"], &[]);
/// graph.numbers_out("y", &[Size::Rows, Size::Fixed(2)]);
/// assert!(generator::onnx::check(&graph.bytes(), &[("x", &[1, 2])]).is_ok());
/// ```
#[derive(Debug, Clone)]
pub struct Graph {
    graph: GraphProto,
}

/// An attribute of a node.
#[derive(Debug, Clone, Copy)]
pub enum Attribute<'a> {
    /// A whole number.
    Int(&'a str, i64),
    /// Several whole numbers.
    Ints(&'a str, &'a [i64]),
}

impl Graph {
    /// An empty graph.
    pub fn new(name: &str) -> Graph {
        Graph { graph: GraphProto { name: name.to_owned(), ..GraphProto::default() } }
    }

    /// Declares an input of token ids (int64).
    pub fn ids_in(&mut self, name: &str, sizes: &[Size]) {
        self.graph.input.push(value(name, tensor_proto::DataType::Int64, sizes));
    }

    /// Declares an input of numbers (float32).
    pub fn numbers_in(&mut self, name: &str, sizes: &[Size]) {
        self.graph.input.push(value(name, tensor_proto::DataType::Float, sizes));
    }

    /// Declares an output of numbers (float32).
    pub fn numbers_out(&mut self, name: &str, sizes: &[Size]) {
        self.graph.output.push(value(name, tensor_proto::DataType::Float, sizes));
    }

    /// Adds a weight tensor, row after row.
    pub fn weights(&mut self, name: &str, dims: &[usize], values: &[f32]) {
        self.graph.initializer.push(TensorProto {
            name: name.to_owned(),
            dims: dims.iter().map(|dim| *dim as i64).collect(),
            data_type: tensor_proto::DataType::Float as i32,
            raw_data: values.iter().flat_map(|value| value.to_le_bytes()).collect(),
            ..TensorProto::default()
        });
    }

    /// Adds a node; its name is that of its first output.
    pub fn node(&mut self, op: &str, inputs: &[&str], outputs: &[&str], attributes: &[Attribute<'_>]) {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        self.graph.node.push(NodeProto {
            name: outputs.first().map_or_else(String::new, |name| (*name).to_owned()),
            op_type: op.to_owned(),
            input: names(inputs),
            output: names(outputs),
            attribute: attributes.iter().map(attribute).collect(),
            ..NodeProto::default()
        });
    }

    /// The file.
    pub fn bytes(self) -> Vec<u8> {
        let opset = OperatorSetIdProto { domain: String::new(), version: OPSET };
        ModelProto {
            ir_version: 7,
            producer_name: "continuo".to_owned(),
            opset_import: vec![opset],
            graph: Some(self.graph),
            ..ModelProto::default()
        }
        .encode_to_vec()
    }
}

fn attribute(attribute: &Attribute<'_>) -> AttributeProto {
    let blank = AttributeProto::default();
    match *attribute {
        Attribute::Int(name, number) => AttributeProto {
            name: name.to_owned(),
            i: number,
            r#type: attribute_proto::AttributeType::Int as i32,
            ..blank
        },
        Attribute::Ints(name, numbers) => AttributeProto {
            name: name.to_owned(),
            ints: numbers.to_vec(),
            r#type: attribute_proto::AttributeType::Ints as i32,
            ..blank
        },
    }
}

fn value(name: &str, kind: tensor_proto::DataType, sizes: &[Size]) -> ValueInfoProto {
    let dimension = |size: &Size| tensor_shape_proto::Dimension {
        value: Some(match size {
            Size::Fixed(size) => tensor_shape_proto::dimension::Value::DimValue(*size as i64),
            Size::Rows => tensor_shape_proto::dimension::Value::DimParam("rows".to_owned()),
        }),
        ..tensor_shape_proto::Dimension::default()
    };
    let shape = TensorShapeProto { dim: sizes.iter().map(dimension).collect() };
    let tensor = type_proto::Tensor { elem_type: kind as i32, shape: Some(shape) };
    let r#type = TypeProto { value: Some(type_proto::Value::TensorType(tensor)), ..TypeProto::default() };
    ValueInfoProto { name: name.to_owned(), r#type: Some(r#type), ..ValueInfoProto::default() }
}
