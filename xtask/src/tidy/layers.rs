//! Who may depend on whom, from what cargo knows of the workspace.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::Violation;

/// Each package with those of ours that it may use. Only the tests may use them all.
const LAYERS: [(&str, &[&str]); 8] = [
    ("continuo-melody", &[]),
    ("continuo-generator", &["continuo-melody"]),
    ("continuo-trainer", &["continuo-melody", "continuo-generator"]),
    ("continuo-plugin", &["continuo-melody", "continuo-generator", "continuo-trainer"]),
    ("continuo", &["continuo-melody", "continuo-generator", "continuo-trainer"]),
    ("continuo-passthrough", &[]),
    (
        "continuo-tests",
        &[
            "continuo-melody",
            "continuo-generator",
            "continuo-trainer",
            "continuo-plugin",
            "continuo",
            "continuo-passthrough",
        ],
    ),
    ("xtask", &[]),
];

/// Families of crates by how their names begin, each with the one package that may use them.
const HOMES: [(&str, &str); 3] =
    [("tract", "continuo-generator"), ("prost", "continuo-generator"), ("burn", "continuo-trainer")];

/// What breaks the layers in the output of `cargo metadata --no-deps`.
pub fn violations(metadata: &Value, root: &Path) -> Vec<Violation> {
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    packages.iter().flat_map(|package| of_package(package, root)).collect()
}

fn of_package(package: &Value, root: &Path) -> Vec<Violation> {
    let name = package["name"].as_str().unwrap_or_default();
    let manifest = Path::new(package["manifest_path"].as_str().unwrap_or_default());
    let path = manifest.strip_prefix(root).unwrap_or(manifest).to_string_lossy().into_owned();
    let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == name) else {
        let sentence = format!("the package {name} has no layer: give it one in xtask/src/tidy/layers.rs");
        return vec![Violation { path, line: 1, sentence }];
    };
    let text = fs::read_to_string(manifest).unwrap_or_default();
    let dependencies = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
    let breach = |dependency: &Value| {
        let used = dependency["name"].as_str().unwrap_or_default();
        let sentence = breach(name, allowed, used)?;
        let key = dependency["rename"].as_str().unwrap_or(used);
        Some(Violation { path: path.clone(), line: line_of(key, &text), sentence })
    };
    dependencies.iter().filter_map(breach).collect()
}

/// Why `package` must not use `used`, if it must not.
fn breach(package: &str, allowed: &[&str], used: &str) -> Option<String> {
    if LAYERS.iter().any(|(ours, _)| *ours == used) {
        let may = if allowed.is_empty() { "nothing of ours".to_owned() } else { allowed.join(", ") };
        return (!allowed.contains(&used))
            .then(|| format!("{package} must not depend on {used}: it may use {may}"));
    }
    let (_, home) = HOMES.iter().find(|(family, _)| used.starts_with(family))?;
    (*home != package).then(|| format!("{used} may be used in {home} alone, not in {package}"))
}

/// The line of a manifest that brings a dependency in; 1 where it cannot be seen.
fn line_of(key: &str, manifest: &str) -> usize {
    let brings = |line: &str| {
        let line =
            line.strip_prefix("[dependencies.").or(line.strip_prefix("[dev-dependencies.")).unwrap_or(line);
        let rest = line.trim_start_matches('"').strip_prefix(key);
        rest.is_some_and(|rest| rest.trim_start_matches('"').starts_with(['.', ' ', '=', ']']))
    };
    manifest.lines().position(brings).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn sentences(package: &str, used: &[&str]) -> Vec<String> {
        let dependencies: Vec<Value> =
            used.iter().map(|name| json!({ "name": name, "rename": null })).collect();
        let manifest = "/nowhere/Cargo.toml";
        let package = json!({ "name": package, "manifest_path": manifest, "dependencies": dependencies });
        let found = violations(&json!({ "packages": [package] }), Path::new("/nowhere"));
        assert!(found.iter().all(|violation| violation.path == "Cargo.toml"));
        found.into_iter().map(|violation| violation.sentence).collect()
    }

    #[test]
    fn a_lower_layer_must_not_know_a_higher_one() {
        assert_eq!(
            sentences("continuo-melody", &["serde", "continuo-generator"]),
            ["continuo-melody must not depend on continuo-generator: it may use nothing of ours"]
        );
        assert_eq!(sentences("continuo", &["continuo-plugin"]).len(), 1);
        assert_eq!(sentences("xtask", &["continuo-melody"]).len(), 1);
        assert_eq!(sentences("continuo-generator", &["continuo-melody", "tract-onnx"]), [""; 0]);
        assert_eq!(sentences("continuo-tests", &["continuo-plugin", "continuo-trainer"]), [""; 0]);
    }

    #[test]
    fn tract_and_burn_stay_at_home() {
        assert_eq!(
            sentences("continuo-plugin", &["tract-core"]),
            ["tract-core may be used in continuo-generator alone, not in continuo-plugin"]
        );
        assert_eq!(sentences("continuo-generator", &["burn"]).len(), 1);
        assert_eq!(sentences("continuo-tests", &["tract-onnx", "burn-flex"]).len(), 2);
        assert_eq!(sentences("continuo-trainer", &["burn", "burn-flex"]), [""; 0]);
    }

    #[test]
    fn a_package_without_a_layer_is_noticed() {
        assert!(sentences("continuo-extra", &[])[0].contains("has no layer"));
    }

    #[test]
    fn the_line_is_the_one_that_brings_it_in() {
        let manifest =
            "[package]\nname = \"x\"\n\n[dependencies]\nburn-flex = \"1\"\nburn.workspace = true\n";
        assert_eq!(line_of("burn", manifest), 6);
        assert_eq!(line_of("burn-flex", manifest), 5);
        assert_eq!(line_of("burn", "[dependencies.burn]\nversion = \"1\"\n"), 1);
    }
}
