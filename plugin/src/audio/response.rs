//! Call and response: a pause of the player asks for an answer.

use melody::Ticks;

/// Notes that make a call: fewer are a slip.
const LEAST_NOTES: u32 = 3;
/// How long nothing is held before it counts as a pause, in beats: longer than the rests within most tunes.
const PAUSE: f64 = 1.5;

/// What is known of the player's call.
#[derive(Debug, Default)]
pub struct Response {
    /// Notes since the last answer was asked for.
    notes: u32,
    /// When the last key came up, in ticks; `None` while one is held.
    quiet: Option<f64>,
}

impl Response {
    /// A key goes down. `[audio-thread]`
    pub fn press(&mut self) {
        self.notes = self.notes.saturating_add(1);
        self.quiet = None;
    }

    /// The last key that was held comes up. `[audio-thread]`
    pub fn rest(&mut self, at: Ticks) {
        self.quiet = Some(at.0 as f64);
    }

    /// When the pause after a call is long enough, in ticks; `None` while there is none. `[audio-thread]`
    pub fn due(&self, beat: Ticks) -> Option<f64> {
        let quiet = self.quiet.filter(|_| self.notes >= LEAST_NOTES)?;
        Some(quiet + PAUSE * beat.0 as f64)
    }

    /// The call is answered, or was forgotten. `[audio-thread]`
    pub fn clear(&mut self) {
        *self = Response::default();
    }

    /// Time leapt by so many ticks, and the call goes on. `[audio-thread]`
    pub fn wrap(&mut self, by: f64) {
        self.quiet = self.quiet.map(|quiet| quiet + by);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_after_three_notes_is_a_call() {
        let mut response = Response::default();
        for (notes, due) in [(1, None), (2, None), (3, Some(100.0 + 1440.0))] {
            response.press();
            assert_eq!(response.due(Ticks::QUARTER), None, "{notes} notes, one of them held");
            response.rest(Ticks(100));
            assert_eq!(response.due(Ticks::QUARTER), due, "{notes} notes");
        }
        response.wrap(-50.0);
        assert_eq!(response.due(Ticks::QUARTER), Some(1490.0));
        response.clear();
        assert_eq!(response.due(Ticks::QUARTER), None);
    }
}
