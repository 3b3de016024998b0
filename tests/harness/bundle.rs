//! Where the built plugin binaries are.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::clap::ClapHost;
use crate::host::{Format, Host};
use crate::vst3::Vst3Host;

/// A plugin that this workspace builds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Product {
    /// The name that hosts show.
    pub name: &'static str,
    /// The bundles' name, without `.clap` and `.vst3`.
    pub bundle: &'static str,
    /// The crate's name, as its bare library has it.
    pub library: &'static str,
}

impl Product {
    /// The plugin.
    pub const CONTINUO: Product =
        Product { name: "Continuo", bundle: "Continuo", library: "continuo_plugin" };
    /// The bare pass-through.
    pub const PASSTHROUGH: Product =
        Product { name: "Pass-through", bundle: "Pass-through", library: "continuo_passthrough" };
    /// The pass-through with faults.
    pub const FAULTY: Product = Product { name: "Faulty pass-through", ..Product::PASSTHROUGH };

    /// A host around a new, inactive instance.
    pub fn open(self, format: Format) -> Box<dyn Host> {
        let path = self.find(format);
        match format {
            Format::Clap => Box::new(ClapHost::open(&path, self.name)),
            Format::Vst3 => Box::new(Vst3Host::open(&path, self.name)),
        }
    }

    /// The bundle or library to load.
    ///
    /// `CONTINUO_BUNDLES` names a folder of bundles to test exactly those. Without it the newest counts, of the
    /// bundles in `target/bundled` and the bare library that cargo has built together with this test.
    pub fn find(self, format: Format) -> PathBuf {
        let bundle = match format {
            Format::Clap => format!("{}.clap", self.bundle),
            Format::Vst3 => format!("{}.vst3", self.bundle),
        };
        if let Some(folder) = env::var_os("CONTINUO_BUNDLES") {
            let path = PathBuf::from(folder).join(bundle);
            let path = path.canonicalize();
            return path.unwrap_or_else(|error| {
                panic!("CONTINUO_BUNDLES has no {format} of {}: {error}", self.name)
            });
        }
        let library = format!("lib{}.so", self.library);
        let places = target_folders().into_iter().flat_map(|folder| {
            [folder.join("bundled").join(&bundle), folder.join(&library), folder.join("deps").join(&library)]
        });
        let newest = places.filter_map(|path| Some((changed(&path)?, path))).max();
        let (_, path) = newest.unwrap_or_else(|| {
            panic!("the {format} of {} is not built: run `cargo xtask bundle` first", self.name)
        });
        path
    }
}

/// The folders above this test's executable, up to the target folder: `target/debug/deps/test` is three deep.
fn target_folders() -> Vec<PathBuf> {
    let executable = env::current_exe().expect("a running test has a file");
    executable.ancestors().skip(1).take(3).map(Path::to_owned).collect()
}

/// When a bundle or library was last written.
fn changed(path: &Path) -> Option<SystemTime> {
    let file = if path.is_dir() { newest_inside(path)? } else { path.to_owned() };
    fs::metadata(file).ok()?.modified().ok()
}

/// The binary inside a VST3 bundle.
fn newest_inside(bundle: &Path) -> Option<PathBuf> {
    let architectures = fs::read_dir(bundle.join("Contents")).ok()?;
    let binaries = architectures.flatten().filter_map(|folder| fs::read_dir(folder.path()).ok()).flatten();
    binaries.flatten().map(|file| file.path()).find(|path| path.extension().is_some_and(|end| end == "so"))
}
