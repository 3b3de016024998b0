//! Deflates the packs in `models/` and lists them for `shipped.rs`, so that one file holds program and models.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use flate2::Compression;
use flate2::write::DeflateEncoder;

fn main() -> io::Result<()> {
    let models = Path::new(&env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../models");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    println!("cargo::rerun-if-changed={}", models.display());
    let mut list = String::from("static SHIPPED: &[(&str, &[File])] = &[\n");
    for pack in folders(&models)? {
        let id = pack.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // Cargo watches a folder's own entries only; the files in each pack are named too.
        println!("cargo::rerun-if-changed={}", pack.display());
        let _ = writeln!(list, "    ({id:?}, &[");
        for file in files(&pack)? {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            println!("cargo::rerun-if-changed={}", file.display());
            let deflated = out.join(format!("{id}-{name}.deflate"));
            let mut encoder = DeflateEncoder::new(fs::File::create(&deflated)?, Compression::best());
            encoder.write_all(&fs::read(&file)?)?;
            encoder.finish()?;
            let _ = writeln!(list, "        ({name:?}, include_bytes!({deflated:?})),");
        }
        list.push_str("    ]),\n");
    }
    list.push_str("];\n");
    fs::write(out.join("shipped.rs"), list)
}

/// The folders in `models` that hold a card, by name.
fn folders(models: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(models)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    folders.retain(|folder| folder.join("pack.toml").is_file());
    folders.sort();
    Ok(folders)
}

/// The files of a pack that a program reads, by name.
fn files(pack: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(pack)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    files.retain(|file| file.is_file() && file.extension().is_some_and(|kind| kind != "md"));
    files.sort();
    Ok(files)
}
