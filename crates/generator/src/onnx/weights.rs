//! The weights of a checked graph by their names.

use std::collections::HashMap;

use prost::Message;
use tract_onnx::pb::ModelProto;

/// All weights, row after row; nothing of bytes that are no graph.
pub(crate) fn of(bytes: &[u8]) -> Option<HashMap<String, Vec<f32>>> {
    let graph = ModelProto::decode(bytes).ok()?.graph?;
    let number = |bytes: &[u8]| bytes.try_into().map_or(0.0, f32::from_le_bytes);
    let numbers = |raw: &[u8]| raw.chunks_exact(4).map(number).collect();
    Some(graph.initializer.iter().map(|weights| (weights.name.clone(), numbers(&weights.raw_data))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onnx::Graph;

    #[test]
    fn weights_are_found_by_their_names() {
        let mut graph = Graph::new("test");
        graph.weights("w", &[2, 1], &[1.5, -2.0]);
        assert_eq!(of(&graph.bytes()).unwrap()["w"], [1.5, -2.0]);
        assert_eq!(of(b"\xff\xff\xff"), None);
    }
}
