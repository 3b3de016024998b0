//! Weights that lose nothing by it take half the room in a file: as 16-bit floats.

use half::f16;
use prost::Message;
use tract_onnx::pb::{ModelProto, TensorProto, tensor_proto::DataType};

/// A graph as it is stored: weights that 16 bits hold exactly have 16. What is no graph stays as it is.
pub(crate) fn narrowed(bytes: Vec<u8>) -> Vec<u8> {
    changed(bytes, |weights| {
        let halves = weights.raw_data.chunks_exact(4).map(half).collect::<Option<Vec<[u8; 2]>>>();
        let halves = halves.filter(|_| weights.data_type == DataType::Float as i32)?;
        Some((DataType::Float16, halves.concat()))
    })
}

/// A graph as it is run: all its weights have 32 bits. What is no graph stays as it is.
pub(crate) fn widened(bytes: Vec<u8>) -> Vec<u8> {
    changed(bytes, |weights| {
        let whole = |two: &[u8]| f16::from_le_bytes([two[0], two[1]]).to_f32().to_le_bytes();
        let is_half = weights.data_type == DataType::Float16 as i32;
        is_half.then(|| (DataType::Float, weights.raw_data.chunks_exact(2).flat_map(whole).collect()))
    })
}

fn half(four: &[u8]) -> Option<[u8; 2]> {
    let number = f32::from_le_bytes(four.try_into().ok()?);
    let half = f16::from_f32(number);
    (half.to_f32().to_bits() == number.to_bits()).then(|| half.to_le_bytes())
}

fn changed(bytes: Vec<u8>, change: impl Fn(&TensorProto) -> Option<(DataType, Vec<u8>)>) -> Vec<u8> {
    let Ok(mut model) = ModelProto::decode(bytes.as_slice()) else { return bytes };
    let Some(graph) = &mut model.graph else { return bytes };
    let mut is_other = false;
    for weights in &mut graph.initializer {
        if let Some((kind, data)) = change(weights) {
            (weights.data_type, weights.raw_data, is_other) = (kind as i32, data, true);
        }
    }
    if is_other { model.encode_to_vec() } else { bytes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onnx::{Graph, weights};

    #[test]
    fn weights_come_back_as_they_were_and_take_half_the_room_where_they_can() {
        let (halves, wholes) = (vec![0.5_f32; 1000], vec![0.1_f32; 1000]);
        let mut graph = Graph::new("test");
        graph.weights("halves", &[1000], &halves);
        graph.weights("wholes", &[1000], &wholes);
        let bytes = graph.bytes();
        let stored = narrowed(bytes.clone());
        assert_eq!(bytes.len() - stored.len(), 2000);
        assert_eq!(narrowed(stored.clone()), stored);
        let back = weights::of(&widened(stored)).unwrap();
        assert_eq!((&back["halves"], &back["wholes"]), (&halves, &wholes));
        assert_eq!(widened(bytes.clone()), bytes);
    }

    #[test]
    fn what_is_no_graph_and_odd_lengths_do_no_harm() {
        assert_eq!(narrowed(b"C4:1.0".to_vec()), b"C4:1.0");
        let mut graph = Graph::new("test");
        graph.weights("w", &[3], &[0.5; 3]);
        let mut model = ModelProto::decode(graph.bytes().as_slice()).unwrap();
        let weights = &mut model.graph.as_mut().unwrap().initializer[0];
        (weights.data_type, weights.raw_data) = (DataType::Float16 as i32, vec![0; 5]);
        let widened = widened(model.encode_to_vec());
        assert!(crate::onnx::check(&widened, &[]).unwrap_err().to_string().contains("not as long"));
    }
}
