//! Continuo without a host: `continuo-standalone`.

fn main() -> std::process::ExitCode {
    continuo_plugin::standalone::run()
}
