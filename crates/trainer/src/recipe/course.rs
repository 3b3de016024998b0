//! The course of a training as its card keeps it.

use std::collections::BTreeMap;
use std::time::Duration;

/// A card's curves of a course, `(step, one figure, another figure)` at each look, under the two figures' names.
pub fn curves(names: [&str; 2], course: &[(u64, f64, f64)]) -> BTreeMap<String, Vec<(u64, f64)>> {
    let tidy = |figure: f64| (figure * 1e4).round() / 1e4;
    let first = course.iter().map(|(step, figure, _)| (*step, tidy(*figure))).collect();
    let second = course.iter().map(|(step, _, figure)| (*step, tidy(*figure))).collect();
    BTreeMap::from([(names[0].to_owned(), first), (names[1].to_owned(), second)])
}

/// Seconds that one time through the training part took, to the millisecond; none where there was none.
pub fn seconds_per_epoch(elapsed: Duration, epochs: u64) -> Option<f64> {
    (epochs > 0).then(|| (elapsed.as_secs_f64() / epochs as f64 * 1e3).round() / 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_becomes_two_curves() {
        let curves = curves(["training", "validation"], &[(5, 3.00004, 4.0), (9, 2.0, 3.5)]);
        assert_eq!(curves["training"], [(5, 3.0), (9, 2.0)]);
        assert_eq!(curves["validation"], [(5, 4.0), (9, 3.5)]);
        assert_eq!(seconds_per_epoch(Duration::from_secs(3), 2), Some(1.5));
        assert_eq!(seconds_per_epoch(Duration::from_secs(3), 0), None);
    }
}
