//! Every text: places on somebody's own machine and hosts of package registries do not belong in the repository.

use super::{File, Violation};

/// Beginnings of paths on one machine, each with what may follow after all; written apart so that this file may hold
/// them. The X11 protocol's socket has a fixed place.
const MACHINE_PATHS: [(&str, &str); 5] = [
    (concat!("/ro", "ot/"), ""),
    (concat!("/wo", "rk/"), ""),
    (concat!("/tm", "p/"), ".X11-unix"),
    (concat!("/ho", "me/"), ""),
    (concat!("/Us", "ers/"), ""),
];

/// Hosts that package clients ask by themselves.
const REGISTRY_HOSTS: [&str; 5] = [
    concat!("index.crates", ".io"),
    concat!("static.crates", ".io"),
    concat!("deb.debian", ".org"),
    concat!("pypi", ".org"),
    concat!("registry.npmjs", ".org"),
];

/// What breaks the rules for texts in a file.
pub fn violations(file: &File) -> Vec<Violation> {
    let lines = file.text.lines().enumerate();
    let breaches = lines.filter_map(|(index, line)| Some((index + 1, breach(line)?)));
    let violation = |(line, sentence)| Violation { path: file.path.clone(), line, sentence };
    breaches.map(violation).collect()
}

fn breach(line: &str) -> Option<String> {
    let machine_path = MACHINE_PATHS.iter().find(|(path, exception)| leads_into(line, path, exception));
    if let Some((path, _)) = machine_path {
        return Some(format!("\"{path}\" is a place on one machine: name it relative to the repository"));
    }
    let host = REGISTRY_HOSTS.iter().find(|host| line.contains(*host))?;
    Some(format!("\"{host}\" is a registry's host: name the package alone"))
}

/// Whether a line holds an absolute path that begins so, other than the exception.
fn leads_into(line: &str, path: &str, exception: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let absolute = before.is_none_or(|mark| !mark.is_alphanumeric() && !"._-~/$}".contains(mark));
        let after = &line[at + path.len()..];
        absolute && (exception.is_empty() || !after.starts_with(exception))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_on_one_machine_are_found() {
        for (path, _) in MACHINE_PATHS {
            assert!(breach(&format!("see {path}x.mid")).is_some());
            assert!(breach(&format!("{path}x.mid")).is_some());
            assert!(breach(&format!("\"file://localhost{path}x\"")).is_none());
            assert!(breach(&format!("some{path}x.mid")).is_none());
        }
        let (folder, exception) = MACHINE_PATHS[2];
        assert!(breach(&format!("\"{folder}{exception}/X0\"")).is_none());
    }

    #[test]
    fn hosts_of_registries_are_found() {
        assert!(breach(&format!("from https://{}/simple", REGISTRY_HOSTS[3])).is_some());
        assert!(breach("the crate is on crates.io").is_none());
    }
}
