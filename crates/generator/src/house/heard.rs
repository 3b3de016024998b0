//! What a request lets the house model hear before it answers, and what it is told of the answer.

use melody::steps::Step;
use melody::{Home, Note, Phrase, Prompt, Ticks, Touch, grid};

use super::Kept;
use super::input::{self, Conditions};
use crate::request::{Request, RequestError, Task};
use crate::{Candidate, tonality};

/// Notes heard, at home, and what is to come.
#[derive(Debug, Clone)]
pub struct Heard {
    /// What was played before the answer, with the way back to the played key.
    pub prompt: Prompt,
    /// All notes, the last of which ends at a bar line or before it, at time zero.
    pub steps: Vec<Step>,
    /// How long the answer is.
    pub bars: u32,
    /// What is told of it, but for the kind of music and the bars to go.
    pub told: Conditions,
    /// How many notes a quarter are asked for.
    pub thickness: Option<f32>,
    /// Where the phrase's first bar line is, as time counts here.
    start: Ticks,
}

impl Heard {
    /// What a request lets one hear: the prompt; for a gap what stands after it, and then what stands before it.
    ///
    /// # Errors
    /// [`RequestError`] where there is nothing to hear, or nothing after the gap.
    pub fn of(request: &Request) -> Result<Heard, RequestError> {
        let (prompt, after) = match request.task {
            Task::Fill => around(request)?,
            _ => (tonality::prompt(request), Vec::new()),
        };
        let before = Step::of_prompt(&prompt);
        let goal = after.first().map(|first| first.word[1]);
        let start = before.first().map_or(Ticks::ZERO, |first| first.onset.floor_to(prompt.meter.bar()));
        let steps = earlier(after, start).chain(before).collect::<Vec<Step>>();
        let Some(first) = steps.first() else {
            return Err(RequestError::ShortPrompt { heard: 0, needed: 1 });
        };
        let quarters = -first.onset.as_quarters() as f32;
        let thickness = steps.len() as f32 / quarters.max(1.0);
        let thickness = request.density.map(|ratio| thickness * ratio);
        let density = thickness.map(input::density);
        let told = Conditions { density, goal, ..Conditions::default() };
        let bars = match request.task {
            Task::Vary => ((-start.0 / prompt.meter.bar().0) as u32).min(Request::MAX_BARS),
            _ => request.bars,
        };
        Ok(Heard { prompt, steps, bars, told, thickness, start })
    }

    /// How long the answer is.
    pub fn length(&self) -> Ticks {
        self.prompt.meter.bar() * i64::from(self.bars)
    }

    /// The notes that the answer of a seed takes over: none but in a variation.
    pub fn kept(&self, request: &Request, seed: u64) -> Kept {
        if request.task != Task::Vary {
            return Kept::default();
        }
        let moved =
            |step: &Step| Step { onset: step.onset - self.start, end: step.end - self.start, ..*step };
        let steps: Vec<Step> = self.steps.iter().map(moved).collect();
        Kept::of(&steps, request, self.prompt.meter, seed)
    }

    /// The candidate as the player would play it: notes let go as soon, and those that it took over as they were.
    pub fn restore(&self, candidate: Candidate, kept: &Kept, request: &Request) -> Candidate {
        let played = if request.prompt.is_empty() { request.goal.as_ref() } else { Some(&request.prompt) };
        let touch = played.map(Touch::of).unwrap_or_default();
        let candidate = Candidate { phrase: touch.applied(candidate.phrase), ..candidate };
        if request.task != Task::Vary {
            return candidate;
        }
        let first = grid::quantise(&request.prompt).notes().first().map_or(Ticks::ZERO, |note| note.onset);
        let start = first.floor_to(self.prompt.meter.bar());
        let phrase = kept.restore(candidate.phrase, &request.prompt, start);
        let similarity = Some(common(&phrase, &request.prompt, start));
        Candidate { phrase, similarity, ..candidate }
    }
}

/// The share of notes that a variation has in common with the phrase, whose first bar line is at `start`: of the same pitch,
/// and not a 32nd apart.
fn common(variation: &Phrase, played: &Phrase, start: Ticks) -> f32 {
    let near = |note: &Note, other: &Note| {
        note.pitch == other.pitch && (other.onset - start - note.onset).0.abs() * 2 < Ticks::SIXTEENTH.0
    };
    let stays = |note: &&Note| played.notes().iter().any(|other| near(note, other));
    let kept = variation.notes().iter().filter(stays).count();
    kept as f32 / variation.notes().len().max(played.notes().len()).max(1) as f32
}

/// What stands before a gap, and the notes after it, both in the key and octave of all.
fn around(request: &Request) -> Result<(Prompt, Vec<Step>), RequestError> {
    let after = request.goal.as_ref().filter(|after| !after.is_empty()).ok_or(RequestError::NothingAfter)?;
    let all: Vec<Note> = request.prompt.notes().iter().chain(after.notes()).copied().collect();
    let home = Home::of(&all);
    // Time zero is where the gap ends, so that a silence there is heard as one.
    let after = Step::of_prompt(&Prompt::at(after, |_| home));
    Ok((Prompt::at(&request.prompt, |_| home), after))
}

/// The notes, moved by whole bars so that their last bar ends at a time.
fn earlier(steps: Vec<Step>, end: Ticks) -> impl Iterator<Item = Step> {
    // They end at a bar line at time zero, as what a prompt gives.
    steps.into_iter().map(move |step| Step { onset: step.onset + end, end: step.end + end, ..step })
}

#[cfg(test)]
mod tests {
    use melody::{Meter, Tempo, Token, tokens};

    use super::*;

    fn phrase(text: &str) -> Phrase {
        let tokens: Vec<Token> = text.split(' ').map(|token| token.parse().unwrap()).collect();
        Phrase::new(tokens::decode(&tokens, Ticks::ZERO, |_| 80), Meter::COMMON, Tempo::DEFAULT)
    }

    fn fill(before: &str, after: &str) -> Request {
        Request {
            task: Task::Fill,
            goal: Some(phrase(after)),
            bars: 2,
            ..Request::to_continue(phrase(before))
        }
    }

    #[test]
    fn for_a_gap_what_stands_after_it_is_heard_first_and_is_the_goal() {
        let heard = Heard::of(&fill("C4:1.0 E4:1.0 G4:2.0", "G4:2.0 D4:1.0 F4:1.0 C4:4.0")).unwrap();
        let onsets: Vec<f64> = heard.steps.iter().map(|step| step.onset.as_quarters()).collect();
        assert_eq!(onsets, [-12.0, -10.0, -9.0, -8.0, -4.0, -3.0, -2.0]);
        assert_eq!(heard.told.goal, Some(heard.steps[0].word[1]));
        assert_eq!((heard.bars, heard.length()), (2, Ticks::quarters(8)));
    }

    #[test]
    fn a_gap_at_the_beginning_can_be_filled_and_one_at_the_end_cannot() {
        let first = Request { prompt: Phrase::default(), ..fill("C4:4.0", "G4:2.0 C4:2.0") };
        assert_eq!(Heard::of(&first).unwrap().steps.len(), 2);
        let last = Request { goal: None, ..fill("C4:4.0", "C4:1.0") };
        assert_eq!(Heard::of(&last).unwrap_err(), RequestError::NothingAfter);
    }

    #[test]
    fn density_is_told_in_proportion_to_what_was_played() {
        let asked =
            |density| Request { density, ..Request::to_continue(phrase("C4:1.0 E4:1.0 G4:1.0 C4:1.0")) };
        let told = |density| Heard::of(&asked(density)).unwrap().told.density;
        assert_eq!(
            [told(None), told(Some(0.25)), told(Some(1.0)), told(Some(4.0))],
            [None, Some(0), Some(2), Some(5)]
        );
    }

    #[test]
    fn a_variation_is_as_long_as_the_phrase_and_keeps_what_it_is_told() {
        let phrase = phrase("C4:1.0 E4:1.0 G4:2.0 C4:1.0 E4:1.0 G4:2.0");
        let near = Request { task: Task::Vary, neighbourhood: 0.0, ..Request::to_continue(phrase) };
        let heard = Heard::of(&near).unwrap();
        assert_eq!(heard.bars, 2);
        let shown = |request: &Request| format!("{:?}", heard.kept(request, 1));
        let kept = |request: &Request| {
            shown(request).split("gone").next().map(|notes| notes.matches("onset").count())
        };
        assert_eq!(kept(&near), Some(6));
        let far = Request { neighbourhood: 1.0, ..near.clone() };
        assert_eq!((kept(&far), kept(&Request { kept_beats: 3, ..far.clone() })), (Some(0), Some(3)));
    }
}
