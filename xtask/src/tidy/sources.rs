//! Rust files: how each opens, what it is called, how long it is and what must not be left in it.

use std::path::Path;

use super::{File, Violation};

/// No longer file without an entry in [`LONG_FILES`].
const MOST_LINES: usize = 500;

/// Files that may be longer than [`MOST_LINES`], each for a reason.
const LONG_FILES: [&str; 0] = [];

/// Names that say nothing of what is inside.
const DRAWERS: [&str; 9] =
    ["util", "utils", "common", "helper", "helpers", "manager", "managers", "misc", "stuff"];

/// What is unfinished, or was there to look inside; written apart so that this file may hold them.
const MARKS: [&str; 3] = [concat!("todo", "!("), concat!("unimplemented", "!("), concat!("dbg", "!(")];

/// What breaks the rules for sources in a file, if it is one.
pub fn violations(file: &File) -> Vec<Violation> {
    if !file.path.ends_with(".rs") {
        return Vec::new();
    }
    let lines = file.text.lines().count();
    let mut found = Vec::new();
    let mut say = |line: usize, sentence: String| {
        found.push(Violation { path: file.path.clone(), line, sentence });
    };
    if !opens_with_a_sentence(&file.text) {
        say(1, "the file must open with a `//!` sentence that says what it is".to_owned());
    }
    if let Some(name) = bad_name(&file.path) {
        say(1, name);
    }
    if lines > MOST_LINES && !LONG_FILES.contains(&file.path.as_str()) {
        say(lines, format!("{lines} lines are too many for one file ({MOST_LINES}): divide it"));
    }
    for (index, line) in file.text.lines().enumerate() {
        for mark in MARKS.iter().filter(|mark| line.contains(*mark)) {
            say(index + 1, format!("`{mark}...)` must not stay"));
        }
    }
    found
}

/// The first line is a `//!` comment, and its paragraph ends as a sentence does.
fn opens_with_a_sentence(text: &str) -> bool {
    let comments = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    let paragraph: Vec<&str> = comments.take_while(|line| !line.is_empty()).collect();
    paragraph.last().is_some_and(|line| line.ends_with(['.', ':', '!', '?']))
}

fn bad_name(path: &str) -> Option<String> {
    if path == "mod.rs" || path.ends_with("/mod.rs") {
        return Some(
            "a module's file has the module's name: `foo.rs` beside `foo/`, not `foo/mod.rs`".to_owned(),
        );
    }
    let path = Path::new(path).with_extension("");
    let names = path.iter().map(|name| name.to_string_lossy().into_owned());
    let name = names.into_iter().find(|name| name.split(['_', '-']).any(|word| DRAWERS.contains(&word)))?;
    Some(format!("\"{name}\" says nothing of what is inside: name it after what it holds"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        violations(&File { path: path.to_owned(), text: text.to_owned() }).len()
    }

    #[test]
    fn a_file_opens_with_a_sentence() {
        assert_eq!(count("a.rs", "//! Notes.\n\nfn f() {}\n"), 0);
        assert_eq!(count("a.rs", "//! Notes that go on\n//! to the second line.\n//!\n//! more\n"), 0);
        assert_eq!(count("a.rs", "//! Notes\n\nfn f() {}\n"), 1);
        assert_eq!(count("a.rs", "\n//! Notes.\n"), 1);
        assert_eq!(count("a.rs", "//!\n//! Notes.\n"), 1);
        assert_eq!(count("a.rs", ""), 1);
        assert_eq!(count("a.txt", "anything"), 0);
    }

    #[test]
    fn drawers_are_refused_and_words_that_hold_them_are_not() {
        for path in ["src/utils.rs", "src/common/notes.rs", "src/note_helpers.rs", "src/notes/mod.rs"] {
            assert_eq!(count(path, "//! Notes.\n"), 1, "{path}");
        }
        for path in ["src/commonplace.rs", "src/model.rs", "src/modulation.rs"] {
            assert_eq!(count(path, "//! Notes.\n"), 0, "{path}");
        }
    }

    #[test]
    fn long_files_and_left_marks_are_found_where_they_are() {
        assert_eq!(count("a.rs", &format!("//! Notes.\n{}", "\n".repeat(499))), 0);
        assert_eq!(count("a.rs", &format!("//! Notes.\n{}", "\n".repeat(500))), 1);
        let text = format!("//! Notes.\nfn f() {{ {}) }}\n", MARKS[0]);
        let found = violations(&File { path: "a.rs".to_owned(), text });
        assert_eq!(found[0].line, 2);
    }
}
