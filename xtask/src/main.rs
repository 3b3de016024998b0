//! The project's chores, one command each: `cargo xtask COMMAND`.

mod bench;
mod browser;
mod bundle;
mod display;
mod install;
mod pictures;
mod process;
mod run;
mod system;
mod test;
mod tidy;
mod train;

use std::process::ExitCode;

use anyhow::Result;

const COMMANDS: &str = "\
usage: cargo xtask COMMAND

  run [-- ARGS]            build and start Continuo: its window where there is a display, otherwise the
                           command line, which continues the bundled Twinkle; ARGS go to the window's
                           program, or take the place of the command line's own
  test                     everything that CI runs: formatting, tidy, clippy, dependencies, all tests
  bundle [--debug]         make target/bundled/Continuo.clap and Continuo.vst3
  install                  bundle, and copy both to where hosts look for the user's plugins
  bench [ARGS]             print the benchmarks; ARGS choose among them
  pictures                 draw every state of the panel into assets/pictures
  train NAME [ARGS]        teach a model and write its pack to models/NAME; ARGS are those of `continuo train`
  train all [ARGS]         the same for every recipe in models/recipes, one after the other; goes on where it was cut short
  tidy                     check the layers, the files' openings and names, and the text of the repository";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let mut args: Vec<String> = words.collect();
    if args.first().is_some_and(|first| first == "--") {
        args.remove(0);
    }
    let done = match command.as_str() {
        "run" => run::run(&args),
        "test" => test::test(&args),
        "bundle" => bundle::bundle(&args),
        "install" => install::install(&args),
        "bench" => bench::bench(&args),
        "pictures" => pictures::pictures(&args),
        "train" => train::train(&args),
        "tidy" => tidy::tidy(&args),
        "help" | "-h" | "--help" => {
            println!("{COMMANDS}");
            Ok(())
        }
        "" => {
            eprintln!("{COMMANDS}");
            return ExitCode::from(2);
        }
        unknown => {
            eprintln!("xtask: there is no command \"{unknown}\"\n\n{COMMANDS}");
            return ExitCode::from(2);
        }
    };
    report(done)
}

fn report(done: Result<()>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
