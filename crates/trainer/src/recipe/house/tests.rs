//! A small collection becomes a pack that opens, answers and says what it was taught.

use melody::{Meter, Note, Phrase, Pitch, Tempo, Ticks};

use super::*;

fn tune(number: i64) -> Phrase {
    let note = |step: i64| Note {
        onset: Ticks::QUARTER * step,
        length: Ticks::QUARTER,
        pitch: Pitch::folded(60 + [0, 2, 4, 5, 7, 5, 4, 2][((step + number) % 8) as usize]),
        velocity: 80,
        channel: 0,
    };
    Phrase::new((0..32).map(note).collect(), Meter::COMMON, Tempo::DEFAULT)
}

#[test]
fn a_folder_of_tunes_becomes_a_pack_that_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir_all(&data).unwrap();
    for number in 0..60 {
        let bytes = melody::midi::write_phrase(&tune(number), "Lead");
        std::fs::write(data.join(format!("{number}.mid")), bytes).unwrap();
    }
    let recipe = "id = \"small\"\nkind = \"house\"\nseed = 1\nepochs = 30\nbatch = 8\nlearning_rate = 0.01\nrarest = 1\n\
                  [data]\nfolder = 1\n[sizes]\nwindow = 16\nembedding = 8\nlayers = 1\nhidden = 16\nhead = 8\n\
                  [options]\nwitnesses = 1\ndeaf = 0.5\ndropout = 0.1\n";
    let recipe = Recipe::read(recipe, "small.toml").unwrap();
    let order = Order {
        data,
        pack: folder.path().join("small"),
        checkpoints: folder.path().join("checkpoints"),
        resume: false,
        workers: 2,
        read: None,
    };
    let card = make(&recipe, &order, &mut |_| Verdict::Continue).unwrap();
    let figures = &card.training.as_ref().unwrap().metrics;
    assert!(figures["nats_per_note"] < 1.5, "{figures:?}");
    let model = Played::open(&Pack::from_folder(&order.pack).unwrap()).unwrap();
    let request = generator::Request { bars: 3, count: 3, ..generator::Request::to_continue(tune(0)) };
    let answers = generator::Generator::generate(&model, &request, &generator::Cancel::never()).unwrap();
    assert!(answers.iter().all(|answer| answer.phrase.length() == Ticks::quarters(12)));
    assert!(answers.iter().all(|answer| answer.probabilities.len() == answer.phrase.notes().len()));
    let alone = generator::Request { count: 1, seed: request.seed + 2, ..request };
    let again = generator::Generator::generate(&model, &alone, &generator::Cancel::never()).unwrap();
    assert_eq!(again[0], answers[2], "a seed gives the same alone and among others");
}
