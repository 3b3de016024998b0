//! The trained network as the two ONNX graphs that the generator plays.

use generator::onnx::write::{Attribute, Size};

use super::Attention;
use crate::weights::Matrix;

impl Attention {
    /// The plain encoder's graph that also gives `states [rows, window, hidden]` (see [`generator::seq2seq`]).
    pub fn encoder_graph(&self, window: usize) -> Vec<u8> {
        let mut graph = self.seq2seq.encoder(window);
        graph.node("Squeeze", &["all_states"], &["by_step"], &[Attribute::Ints("axes", &[1])]);
        graph.node("Transpose", &["by_step"], &["states"], &[Attribute::Ints("perm", &[1, 0, 2])]);
        let hidden = self.query.dims()[0];
        graph.numbers_out("states", &[Size::Rows, Size::Fixed(window), Size::Fixed(hidden)]);
        graph.bytes()
    }

    /// The plain decoder's step that also takes `states` and gives, last, `weights [rows, window]`.
    pub fn decoder_graph(&self, window: usize) -> Vec<u8> {
        let (query, context) = (Matrix::of(&self.query), Matrix::of(&self.context));
        let mut graph = self.seq2seq.decoder("plain_scores");
        graph.numbers_in("states", &[Size::Rows, Size::Fixed(window), Size::Fixed(query.rows)]);
        graph.weights("query_weights", &[query.rows, query.columns], &query.values);
        graph.weights("context_out", &[context.rows, context.columns], &context.values);

        graph.node("MatMul", &["next_h", "query_weights"], &["query"], &[]);
        graph.node("Unsqueeze", &["query"], &["queries"], &[Attribute::Ints("axes", &[1])]);
        graph.node("Transpose", &["states"], &["keys"], &[Attribute::Ints("perm", &[0, 2, 1])]);
        graph.node("MatMul", &["queries", "keys"], &["likeness"], &[]);
        graph.node("Softmax", &["likeness"], &["shares"], &[Attribute::Int("axis", 2)]);
        graph.node("MatMul", &["shares", "states"], &["contexts"], &[]);
        graph.node("Squeeze", &["contexts"], &["context"], &[Attribute::Ints("axes", &[1])]);
        graph.node("MatMul", &["context", "context_out"], &["from_context"], &[]);
        graph.node("Add", &["plain_scores", "from_context"], &["scores"], &[]);
        graph.node("Squeeze", &["shares"], &["weights"], &[Attribute::Ints("axes", &[1])]);
        self.seq2seq.declare_step(&mut graph, "scores");
        graph.numbers_out("weights", &[Size::Rows, Size::Fixed(window)]);
        graph.bytes()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use burn::tensor::Device;
    use generator::pack::{self, Card, Kind, Pack};
    use generator::{Cancel, Generator, Request, Task};
    use melody::{Meter, Note, Phrase, Tempo, Ticks, Token, tokens};

    use super::*;
    use crate::parity;
    use crate::seq2seq::Shape;
    use crate::windows::Batch;

    fn network() -> (Attention, Pack) {
        let vocabulary = parity::vocabulary();
        let shape = Shape::of_the_paper(vocabulary.len());
        let network = Attention::new(shape, 3, &Device::flex()).rounded();
        let card = parity::card(Kind::Seq2seqAttention, shape.window, &vocabulary);
        let files = BTreeMap::from([
            (pack::VOCABULARY.to_owned(), vocabulary.text().into_bytes()),
            (pack::ENCODER.to_owned(), network.encoder_graph(shape.window)),
            (pack::DECODER.to_owned(), network.decoder_graph(shape.window)),
        ]);
        (network, Pack::new(Card { tasks: vec![Task::Continue, Task::Next], ..card }, files))
    }

    #[test]
    fn tract_plays_what_burn_trained() {
        let (network, pack) = network();
        let line = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3];
        let batch = Batch { size: 1, inputs: line[..5].to_vec(), targets: line[5..].to_vec() };
        let (scores, _) = network.scores(&batch);
        let trained: Vec<f32> = scores.into_data().iter::<f32>().collect();
        let model = generator::seq2seq::Seq2seq::load(&pack).unwrap();
        let ids: Vec<usize> = line.iter().map(|id| *id as usize).collect();
        parity::assert_near(&trained, &model.teacher_forced(&ids).unwrap().concat());
    }

    #[test]
    fn each_note_comes_back_with_where_the_network_looked() {
        let (network, pack) = network();
        let model = generator::seq2seq::Seq2seq::load(&pack).unwrap();
        let vocabulary = model.vocabulary().clone();
        // At home already: C major around G4, two bars with a rest before the last note.
        let tune: Vec<Token> = "C4:1.0 E4:1.0 G4:1.0 D5:1.0 G4:1.0 C5:1.0 R:1.0 G4:1.0"
            .split(' ')
            .map(|token| token.parse().unwrap())
            .collect();
        let notes: Vec<Note> = tokens::decode(&tune, Ticks::ZERO, |_| 80);
        let phrase = Phrase::new(notes, Meter::COMMON, Tempo::DEFAULT);
        let request = Request { bars: 4, seed: 5, ..Request::to_continue(phrase.clone()) };
        let answer = model.generate(&request, &Cancel::never()).unwrap().remove(0);
        assert_eq!(answer.attention.len(), answer.phrase.notes().len());
        for (note, looks) in answer.phrase.notes().iter().zip(&answer.attention) {
            // Quarters alone: blocks of five start every five quarters, each hearing the five before it.
            let block = note.onset.0 / (5 * 960) * 5;
            let expected: Vec<Ticks> = (block - 5..block).map(Ticks::quarters).collect();
            assert_eq!(looks.iter().map(|look| look.onset).collect::<Vec<_>>(), expected);
            assert!((looks.iter().map(|look| look.weight).sum::<f32>() - 1.0).abs() < 1e-5);
        }

        let next = Request { task: Task::Next, count: 2, ..request };
        let next = model.generate(&next, &Cancel::never()).unwrap();
        let played: Vec<f32> = next[0].attention[0].iter().map(|look| look.weight).collect();
        let ids: Vec<i32> = tune.iter().map(|token| vocabulary.nearest(*token) as i32).collect();
        let batch = Batch { size: 1, inputs: ids[3..].to_vec(), targets: vec![0] };
        let trained: Vec<f32> = network.scores(&batch).1.into_data().iter::<f32>().collect();
        parity::assert_near(&trained, &played);
        assert!(next[0].probabilities[0] >= next[1].probabilities[0]);
    }
}
