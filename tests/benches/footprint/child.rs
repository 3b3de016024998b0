//! A host process that does one thing: it loads a plugin so many times, says what that took, and ends.

use std::process::Command;
use std::time::Instant;
use std::{env, fs};

use clack_host::prelude::PluginEntry;
use harness::vst3::module::Module;
use harness::{Blocks, Format, Product, Session, Setup, tunes};
use serde_json::{Value, json};

/// The argument after which a process is such a child.
const CHILD: &str = "child";

/// What a child found.
pub struct Found {
    /// Milliseconds to load the library and read what is in it.
    pub scan: f64,
    /// Milliseconds to make the first instance.
    pub first: f64,
    /// Milliseconds to make each of the others, on average.
    pub later: f64,
    /// Megabytes of memory in use at the end.
    pub resident: f64,
}

/// What a child is to do.
pub struct Task {
    product: Product,
    format: Format,
    count: usize,
    /// The model that answers once in each instance of Continuo.
    model: Option<String>,
}

/// A library that stays loaded.
enum Library {
    Clap(#[expect(dead_code, reason = "held, not used")] PluginEntry),
    Vst3(#[expect(dead_code, reason = "held, not used")] Module),
}

/// Starts a child and reads what it found.
pub fn start(product: Product, format: Format, count: usize, model: Option<&str>) -> Found {
    let program = env::current_exe().expect("a running program has a file");
    let mut child = Command::new(program);
    child.args([CHILD, product.name, &format.to_string(), &count.to_string()]).args(model);
    let output = child.output().expect("this program can be started again");
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} of {}: {complaints}", format, product.name);
    let found: Value = serde_json::from_slice(&output.stdout).expect("a child prints JSON");
    let number = |name: &str| found[name].as_f64().expect("a child prints numbers");
    Found {
        scan: number("scan"),
        first: number("first"),
        later: number("later"),
        resident: number("resident"),
    }
}

/// What this process is to do, if it is a child.
pub fn task() -> Option<Task> {
    let mut words = env::args().skip_while(|word| word != CHILD).skip(1);
    let (product, format, count) = (words.next()?, words.next()?, words.next()?);
    let products = [Product::CONTINUO, Product::PASSTHROUGH];
    Some(Task {
        product: products.into_iter().find(|known| known.name == product)?,
        format: Format::ALL.into_iter().find(|known| known.to_string() == format)?,
        count: count.parse().ok()?,
        model: words.next(),
    })
}

impl Task {
    /// Does it and prints what was found.
    pub fn run(&self) {
        let begun = Instant::now();
        let _library = self.scan();
        let scan = milliseconds(begun);
        let mut times = Vec::with_capacity(self.count);
        let mut sessions: Vec<Session> = (0..self.count).map(|_| self.instance(&mut times)).collect();
        for session in &mut sessions {
            self.answer(session);
        }
        let later = times.get(1..).filter(|later| !later.is_empty());
        let found = json!({
            "scan": scan,
            "first": times.first().unwrap_or(&0.0),
            "later": later.map_or(0.0, |later| later.iter().sum::<f64>() / later.len() as f64),
            "resident": resident(),
        });
        println!("{found}");
    }

    fn scan(&self) -> Library {
        let path = self.product.find(self.format);
        match self.format {
            Format::Clap => {
                // SAFETY: the library is a plugin built from this workspace; its initialisers run no foreign code.
                let entry = unsafe { PluginEntry::load(&path) }.expect("the library loads");
                let factory = entry.get_plugin_factory().expect("the library has a plugin factory");
                let names = factory.plugin_descriptors().filter_map(|descriptor| descriptor.name());
                assert!(names.count() > 0, "the library names its plugins");
                Library::Clap(entry)
            }
            Format::Vst3 => {
                let module = Module::load(&path);
                module.class_of(self.product.name);
                Library::Vst3(module)
            }
        }
    }

    fn instance(&self, times: &mut Vec<f64>) -> Session {
        let begun = Instant::now();
        let host = self.product.open(self.format);
        let setup = Setup { sample_rate: Session::RATE, ..Setup::default() };
        let session = Session::around(host, setup, 120.0, Blocks::Even(512));
        times.push(milliseconds(begun));
        session
    }

    /// Plays the tune, and has Continuo answer it once.
    fn answer(&self, session: &mut Session) {
        let Some(model) = &self.model else { return };
        let is_continuo = self.product == Product::CONTINUO;
        if is_continuo {
            session.choose_model(model);
        }
        session.play(&tunes::twinkle());
        session.run_to_beat(17.0);
        if is_continuo {
            session.ask();
        }
        session.run_to_beat(56.0);
    }
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

/// Megabytes of this process that are in memory.
fn resident() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux says how much memory a process has");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("it says so in VmRSS");
    let kilobytes = line.trim().trim_end_matches("kB").trim();
    kilobytes.parse::<f64>().expect("a number of kB") * 1024.0 / 1e6
}
