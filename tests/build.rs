//! Lets the tests' executables stand in front of the C library for the plugins that they load.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Without it a plugin finds no `malloc` in the executable and goes straight to the C library.
    println!("cargo::rustc-link-arg-tests=-rdynamic");
    println!("cargo::rustc-link-arg-benches=-rdynamic");
}
