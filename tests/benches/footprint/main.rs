//! What it costs to have Continuo in a project: to find it, to make an instance, its size on disk and in memory.

mod child;
#[path = "../figures.rs"]
mod figures;

use std::fs;
use std::path::Path;

use child::Found;
use figures::{Sample, figure, is_quick, remark};
use generator::Library;
use harness::{Format, Product};

/// Instances whose memory is looked at.
const COUNTS: [usize; 3] = [0, 1, 50];

fn main() {
    if let Some(task) = child::task() {
        task.run();
        return;
    }
    let has_network = Library::shipped().listings().iter().any(|listing| listing.id == "seq2seq");
    let model = if has_network { "seq2seq" } else { "random" };
    if !has_network {
        remark("the model seq2seq is not in models/seq2seq: the model random answers in its place");
    }
    remark(
        "scan: wall time to load the library, call its entry and read its descriptors, in a fresh process",
    );
    remark("instance: wall time to create and activate one; the first of a process, and those after it");
    remark(&format!(
        "memory: VmRSS of a fresh host process with so many active instances, each after one answer by {model}"
    ));
    for format in Format::ALL {
        report_time(format);
    }
    for format in Format::ALL {
        let [ours, theirs] =
            [Product::CONTINUO, Product::PASSTHROUGH].map(|product| size(&product.find(format)));
        let megabytes = |bytes: u64| bytes as f64 / 1e6;
        figure(
            &format!("{format}: bundle"),
            format!("{:.2} MB", megabytes(ours)),
            format!("pass-through: {:.2} MB", megabytes(theirs)),
            Some(ours as f64 / theirs as f64),
            None,
        );
    }
    for format in Format::ALL {
        report_memory(format, model);
    }
}

/// One of the times that a child found.
type Part = fn(&Found) -> f64;

fn report_time(format: Format) {
    let runs = if is_quick() { 3 } else { 15 };
    let measured = |product: Product| -> Vec<Found> {
        (0..runs).map(|_| child::start(product, format, 6, None)).collect()
    };
    let (ours, theirs) = (measured(Product::CONTINUO), measured(Product::PASSTHROUGH));
    let parts: [(&str, Part); 3] = [
        ("scan", |found| found.scan),
        ("first instance, created and activated", |found| found.first),
        ("a later instance, created and activated", |found| found.later),
    ];
    for (name, part) in parts {
        let [ours, theirs] = [&ours, &theirs].map(|found| Sample::new(found.iter().map(part).collect()));
        figure(
            &format!("{format}: {name}"),
            format!("{:.2} ms ({:.2} to {:.2})", ours.at(0.5), ours.at(0.25), ours.at(0.75)),
            format!("pass-through: {:.2} ms", theirs.at(0.5)),
            Some(ours.at(0.5) / theirs.at(0.5)),
            None,
        );
    }
}

fn report_memory(format: Format, model: &str) {
    for count in COUNTS {
        let memory = |product| child::start(product, format, count, Some(model)).resident;
        let (ours, theirs) = (memory(Product::CONTINUO), memory(Product::PASSTHROUGH));
        figure(
            &format!("{format}: memory, {count} instances"),
            format!("{ours:.1} MB"),
            format!("pass-through: {theirs:.1} MB"),
            Some(ours / theirs),
            None,
        );
    }
}

/// Bytes of a bundle's files.
fn size(path: &Path) -> u64 {
    let about = fs::metadata(path).expect("a bundle that was found is there");
    if about.is_file() {
        return about.len();
    }
    let entries = fs::read_dir(path).expect("a bundle that was found can be read");
    entries.flatten().map(|entry| size(&entry.path())).sum()
}
