//! Sound graphs pass; each hostile one is refused for its own reason.

use super::*;
use crate::onnx::write::{Attribute, Graph, Size};

const ROW: &[(&str, &[usize])] = &[("x", &[1, 2])];

fn graph() -> Graph {
    let mut graph = Graph::new("test");
    graph.numbers_in("x", &[Size::Rows, Size::Fixed(2)]);
    graph
}

fn refusal(build: impl FnOnce(&mut Graph)) -> String {
    let mut graph = graph();
    build(&mut graph);
    check(&graph.bytes(), ROW).unwrap_err().to_string()
}

/// Changes the protobuf behind the writer's back.
fn tampered(change: impl FnOnce(&mut ModelProto)) -> Result<(), GraphError> {
    let mut graph = graph();
    graph.weights("w", &[2, 2], &[0.0; 4]);
    graph.node("MatMul", &["x", "w"], &["y"], &[]);
    graph.numbers_out("y", &[Size::Rows, Size::Fixed(2)]);
    let mut model = ModelProto::decode(graph.bytes().as_slice()).unwrap();
    change(&mut model);
    check(&model.encode_to_vec(), ROW)
}

#[test]
fn a_sound_graph_passes() {
    assert_eq!(tampered(|_| ()), Ok(()));
}

#[test]
fn unknown_operators_are_refused_by_name() {
    for bomb in ["ConstantOfShape", "Tile", "If", "Loop", "Expand", "Resize"] {
        assert!(refusal(|graph| graph.node(bomb, &["x"], &["y"], &[])).contains(bomb));
    }
}

#[test]
fn an_output_that_nothing_makes_is_refused() {
    assert!(refusal(|graph| graph.numbers_out("ghost", &[])).contains("ghost"));
    assert!(refusal(|graph| graph.node("Tanh", &["ghost"], &["y"], &[])).contains("ghost"));
    assert!(refusal(|graph| graph.node("Transpose", &[], &["y"], &[])).contains("do not fit"));
}

#[test]
fn a_product_of_small_weights_that_grows_huge_is_refused() {
    let complaint = refusal(|graph| {
        graph.weights("tall", &[100_000, 1], &vec![0.0; 100_000]);
        graph.weights("wide", &[1, 100_000], &vec![0.0; 100_000]);
        graph.node("Add", &["tall", "wide"], &["y"], &[]);
    });
    assert!(complaint.contains("too large"), "{complaint}");
}

#[test]
fn weights_must_be_what_they_say() {
    let weights = |change: fn(&mut TensorProto)| {
        tampered(|model| change(&mut model.graph.as_mut().unwrap().initializer[0]))
    };
    for (change, complaint) in [
        ((|w| w.dims = vec![2, 3]) as fn(&mut TensorProto), "not as long"),
        (|w| w.dims = vec![-2, -2], "negative"),
        (|w| w.dims = vec![i64::MAX, i64::MAX], "not as long"),
        (|w| w.raw_data.truncate(3), "not as long"),
        (|w| w.data_type = DataType::String as i32, "plain float32"),
        (|w| w.data_location = Some(1), "plain float32"),
        (|w| w.raw_data[..4].copy_from_slice(&f32::NAN.to_le_bytes()), "infinite"),
    ] {
        let refusal = weights(change).unwrap_err().to_string();
        assert!(refusal.contains(complaint), "{refusal}");
    }
}

#[test]
fn foreign_parts_and_oversize_are_refused() {
    assert!(matches!(tampered(|model| model.opset_import[0].version = 18), Err(GraphError::Foreign(_))));
    assert!(matches!(tampered(|model| model.graph = None), Err(GraphError::Broken(_))));
    assert!(matches!(check(b"\xff\xff\xff", ROW), Err(GraphError::Format(_))));
    let many = refusal(|graph| (0..300).for_each(|n| graph.node("Tanh", &["x"], &[&format!("y{n}")], &[])));
    assert!(many.contains("number of nodes"), "{many}");
    let sub = tampered(|model| {
        let node = &mut model.graph.as_mut().unwrap().node[0];
        node.attribute
            .push(AttributeProto { r#type: AttributeType::Graph as i32, ..AttributeProto::default() });
    });
    assert!(matches!(sub, Err(GraphError::Foreign(_))));
}

#[test]
fn sizes_that_do_not_fit_are_refused() {
    for attributes in
        [[Attribute::Ints("split", &[1, 2])], [Attribute::Ints("split", &[usize::MAX as i64, 3])]]
    {
        let complaint = refusal(|graph| {
            let axis = Attribute::Int("axis", 1);
            graph.node("Split", &["x"], &["a", "b"], &[axis, attributes[0]]);
        });
        assert!(complaint.contains("do not fit"), "{complaint}");
    }
    assert!(
        refusal(|graph| graph.node("Squeeze", &["x"], &["y"], &[Attribute::Ints("axes", &[1])]))
            .contains("do not fit")
    );
    assert!(
        refusal(|graph| graph.node("Transpose", &["x"], &["y"], &[Attribute::Ints("perm", &[0, 0])]))
            .contains("do not fit")
    );
}

#[test]
fn attention_passes_only_in_sizes_that_fit() {
    let attention = |states: [usize; 3], axis: i64| {
        let mut graph = graph();
        graph.weights("states", &states, &vec![0.0; states.iter().product()]);
        graph.node("Unsqueeze", &["x"], &["query"], &[Attribute::Ints("axes", &[1])]);
        graph.node("Transpose", &["states"], &["keys"], &[Attribute::Ints("perm", &[0, 2, 1])]);
        graph.node("MatMul", &["query", "keys"], &["likeness"], &[]);
        graph.node("Softmax", &["likeness"], &["shares"], &[Attribute::Int("axis", axis)]);
        graph.node("MatMul", &["shares", "states"], &["context"], &[]);
        graph.numbers_out("context", &[Size::Rows, Size::Fixed(1), Size::Fixed(2)]);
        check(&graph.bytes(), ROW)
    };
    assert_eq!(attention([1, 5, 2], 2), Ok(()));
    for (states, axis) in [([1, 5, 3], 2), ([2, 5, 2], 2), ([1, 5, 2], 1), ([1, 5, 2], -1)] {
        assert!(attention(states, axis).unwrap_err().to_string().contains("do not fit"));
    }
    for axes in [&[2, 1][..], &[4], &[0, 0], &[0, 1, 2]] {
        let wrong =
            |graph: &mut Graph| graph.node("Unsqueeze", &["x"], &["y"], &[Attribute::Ints("axes", axes)]);
        assert!(refusal(wrong).contains("do not fit"));
    }
}

#[test]
fn convolutions_pass_only_in_sizes_that_fit() {
    let input: &[(&str, &[usize])] = &[("x", &[1, 3, 8, 4])];
    let built = |op: &str, weights: [usize; 4], attributes: &[Attribute<'_>]| {
        let mut graph = Graph::new("test");
        graph.numbers_in("x", &[Size::Rows, Size::Fixed(3), Size::Fixed(8), Size::Fixed(4)]);
        graph.weights("w", &weights, &vec![0.0; weights.iter().product()]);
        graph.weights("b", &[5], &[0.0; 5]);
        graph.node(op, &["x", "w", "b"], &["y"], attributes);
        graph.node("Concat", &["y", "y"], &["z"], &[Attribute::Int("axis", 1)]);
        let height = if op == "Conv" { 4 } else { 16 };
        graph.weights("same", &[1, 10, height, 1], &vec![0.0; 10 * height]);
        graph.node("Add", &["z", "same"], &["sum"], &[]);
        check(&graph.bytes(), input)
    };
    let [strides, kernel] = [Attribute::Ints("strides", &[2, 1]), Attribute::Ints("kernel_shape", &[2, 4])];
    assert_eq!(built("Conv", [5, 3, 2, 4], &[strides, kernel]), Ok(()));
    let narrow = Attribute::Ints("kernel_shape", &[2, 1]);
    assert_eq!(built("ConvTranspose", [3, 5, 2, 1], &[strides, narrow]), Ok(()));
    let misfits: [(&str, [usize; 4], &[Attribute<'_>]); 8] = [
        ("Conv", [5, 2, 2, 4], &[strides, kernel]),
        ("Conv", [4, 3, 2, 4], &[strides, kernel]),
        ("Conv", [5, 3, 2, 4], &[strides, narrow]),
        ("Conv", [5, 3, 9, 4], &[strides, Attribute::Ints("kernel_shape", &[9, 4])]),
        ("Conv", [5, 3, 2, 4], &[kernel]),
        ("Conv", [5, 3, 2, 4], &[Attribute::Ints("strides", &[0, 1]), kernel]),
        ("ConvTranspose", [5, 3, 2, 1], &[strides, narrow]),
        ("ConvTranspose", [3, 5, 2, 1], &[strides, narrow, Attribute::Int("group", 3)]),
    ];
    for (op, weights, attributes) in misfits {
        assert!(
            built(op, weights, attributes).unwrap_err().to_string().contains("do not fit"),
            "{op} {weights:?}"
        );
    }
}

#[test]
fn a_convolution_that_spreads_far_is_refused() {
    let far = Attribute::Ints("strides", &[1 << 23, 1]);
    let complaint = refusal(|graph| {
        graph.node("Unsqueeze", &["x"], &["wide"], &[Attribute::Ints("axes", &[0, 1])]);
        graph.node("Transpose", &["wide"], &["tall"], &[Attribute::Ints("perm", &[0, 1, 3, 2])]);
        graph.weights("w", &[1, 1, 1, 1], &[0.0]);
        graph.weights("b", &[1], &[0.0]);
        let wider = Attribute::Ints("strides", &[1 << 24, 1]);
        graph.node(
            "ConvTranspose",
            &["tall", "w", "b"],
            &["y"],
            &[far, Attribute::Ints("kernel_shape", &[1, 1])],
        );
        graph.node(
            "ConvTranspose",
            &["y", "w", "b"],
            &["z"],
            &[wider, Attribute::Ints("kernel_shape", &[1, 1])],
        );
    });
    assert!(complaint.contains("too large"), "{complaint}");
}
