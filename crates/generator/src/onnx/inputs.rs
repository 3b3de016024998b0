//! What a graph says its inputs are, for models whose sizes the file alone knows.

use prost::Message;
use tract_onnx::pb::{ModelProto, tensor_shape_proto::dimension, type_proto};

use super::GraphError;

/// The largest width that is believed.
const MAX_WIDTH: i64 = 1 << 16;

/// The inputs of a graph in their order, each with its width: its last size. That the rest of the graph agrees is left
/// to [`super::check`].
///
/// # Errors
/// [`GraphError`] where the bytes are no graph or an input does not say its width.
pub fn widths(bytes: &[u8]) -> Result<Vec<(String, usize)>, GraphError> {
    let model = ModelProto::decode(bytes).map_err(|error| GraphError::Format(error.to_string()))?;
    let graph = model.graph.ok_or_else(|| GraphError::Broken("it holds no graph".to_owned()))?;
    let width = |input: &tract_onnx::pb::ValueInfoProto| {
        let Some(type_proto::Value::TensorType(tensor)) = input.r#type.as_ref()?.value.as_ref() else {
            return None;
        };
        match tensor.shape.as_ref()?.dim.last()?.value.as_ref()? {
            dimension::Value::DimValue(width) if (1..=MAX_WIDTH).contains(width) => {
                usize::try_from(*width).ok()
            }
            _ => None,
        }
    };
    let named = |input: &tract_onnx::pb::ValueInfoProto| {
        let unsaid =
            || GraphError::Broken(format!("its input \"{}\" does not say how wide it is", input.name));
        Ok((input.name.clone(), width(input).ok_or_else(unsaid)?))
    };
    graph.input.iter().map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onnx::Graph;
    use crate::onnx::write::Size;

    #[test]
    fn inputs_come_in_their_order_with_their_widths() {
        let mut graph = Graph::new("test");
        graph.numbers_in("x", &[Size::Rows, Size::Fixed(7)]);
        graph.numbers_in("h", &[Size::Rows, Size::Fixed(2)]);
        assert_eq!(widths(&graph.bytes()), Ok(vec![("x".to_owned(), 7), ("h".to_owned(), 2)]));
    }

    #[test]
    fn an_input_without_a_width_is_refused_by_name() {
        for size in [Size::Rows, Size::Fixed(0), Size::Fixed(1 << 20)] {
            let mut graph = Graph::new("test");
            graph.numbers_in("x", &[size]);
            assert!(widths(&graph.bytes()).unwrap_err().to_string().contains("\"x\""));
        }
        assert!(widths(b"no graph").is_err());
    }
}
