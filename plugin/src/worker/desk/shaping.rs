//! What becomes of an answer: made anew while a knob moves, in part, with other notes, or as the beginning of others.

use generator::{Cancel, Candidate, Request, Task};
use melody::{Note, Phrase, Ticks};

use super::Desk;
use crate::crossing::{Entry, Remake, Sounding};
use crate::instance::{Alternatives, Selection, Work};
use crate::state::Given;
use crate::worker::answer::{self, Failure, Playing};
use crate::worker::question::{self, Question};

/// The most pitches that are listed for a note.
const LISTED: usize = 8;
/// How many next notes are asked for, so that enough pitches are among them.
const ASKED: u32 = 32;

impl Desk {
    /// Makes the answer that is shown again, from the same prompt and seed, with the knobs as they are now. An answer that
    /// was still being made is made with them instead.
    pub(super) fn remake(&mut self, remake: Remake) {
        if let Some(seed) = self.interrupted.take() {
            return self.answer_now(seed);
        }
        let remembered = self.instance.memory.get();
        let varies = |given: &Given| remake.place.is_none() || given.task == Task::Vary;
        match remembered.answer().filter(|given| varies(given)) {
            Some(given) => {
                self.model = self.instance.params.model.value();
                if self.has_a_say(given.task) {
                    let outcome = self.at_work(|desk| desk.remake_of(given, &remake, &remembered.chord));
                    // The song was started or stopped meanwhile: the knob still says what it says.
                    if outcome == Some(Failure::Stale) && self.ends.asks.is_empty() {
                        self.instance.wish_again(remake);
                    }
                }
            }
            // Whoever wanders over the map before anything was varied begins with that.
            None if remake.place.is_some() => {
                let seed = u32::try_from(self.instance.params.seed.value()).unwrap_or(0);
                self.answer_now(seed);
            }
            None => {}
        }
    }

    /// Whether the chosen model's knobs mean anything for an answer to this task; one that cannot be used says so itself.
    fn has_a_say(&mut self, task: Task) -> bool {
        let model = self.chosen().ok().and_then(|id| self.shelf.take(&id).ok());
        model.is_none_or(|model| model.card().tasks.contains(&task))
    }

    fn remake_of(&mut self, given: &Given, remake: &Remake, written: &str) -> Result<(), Failure> {
        let id = self.chosen()?;
        let model = self.shelf.take(&id).map_err(Failure::Problem)?;
        let params = self.instance.params.clone();
        let seed = remake.seed.or(u32::try_from(given.seed).ok()).unwrap_or(0);
        let mut request =
            question::request(&params, Question::again(given), written, seed).map_err(Failure::Problem)?;
        let deed = if remake.place.is_some() { "wander" } else { "turn a knob" };
        request.shift = remake.place.and_then(|to| {
            let from = *model.as_vae()?.places(&given.prompt).ok()?.first()?;
            Some([to[0] - from[0], to[1] - from[1]])
        });
        let generation = self.instance.signals.begin_generation();
        let cancel = Cancel::when_counter_leaves(self.instance.signals.generation.clone(), generation);
        let made = in_order_of(given, answer::ask(&model, id, &request, &cancel)?);
        if !self.replace(deed, given, made, remake.same_gesture) {
            return Ok(());
        }
        let entry = if remake.place.is_some() { Entry::SwapOrBegin } else { Entry::Swap };
        let looped = self.playing.looped || remake.place.is_some();
        self.go_on_with(Playing { entry, looped, ..self.playing }, generation)
    }

    /// Puts another version of an answer in its place, unless it was changed meanwhile.
    fn replace(&self, deed: &str, before: &Given, made: Given, same_gesture: bool) -> bool {
        let mut replaced = false;
        self.instance.memory.change_since(self.loads, |memory| {
            memory.change_history(|history| replaced = history.replace(deed, before, made, same_gesture));
        });
        replaced
    }

    /// Lets what sounds go on with the chosen candidate; the Keep track and favourites play on.
    fn go_on_with(&mut self, playing: Playing, generation: u64) -> Result<(), Failure> {
        let sounds = self.instance.report().sounds;
        if playing.entry == Entry::Swap && !matches!(sounds, Sounding::Answer | Sounding::Nothing) {
            return Ok(());
        }
        let remembered = self.instance.memory.get();
        let Some(given) = remembered.answer() else { return Ok(()) };
        self.try_play(&given.candidate().phrase, playing, generation).map_err(Failure::Problem)
    }

    /// Makes the selected bars of the chosen candidate anew; what stands around them stays.
    pub(super) fn regenerate(&mut self, seed: u32) {
        let remembered = self.instance.memory.get();
        let Some(given) = remembered.answer() else { return };
        let end = given.candidate().phrase.whole_bars().0;
        let selected = match self.instance.selection() {
            Some(Selection::Answer(bars)) => Some(bars.start.max(0)..bars.end.min(end)),
            _ => None,
        };
        let Some(bars) = selected.filter(|bars| !bars.is_empty()) else {
            let says = "No bars of the answer are selected: drag over the bars that are to be made anew.";
            return self.instance.change_report(|report| report.work = Work::Problem(says.to_owned()));
        };
        let (from, to) = (Ticks(bars.start), Ticks(bars.end));
        self.at_work(|desk| desk.regenerate_part(given, (from, to), seed, &remembered.chord));
    }

    fn regenerate_part(
        &mut self,
        given: &Given,
        (from, to): (Ticks, Ticks),
        seed: u32,
        written: &str,
    ) -> Result<(), Failure> {
        let candidate = given.candidate();
        let phrase = &candidate.phrase;
        let to = to.min(phrase.whole_bars());
        let bars = u32::try_from((to - from).0 / phrase.meter.bar().0).unwrap_or(0).max(1);
        let before = given.prompt.followed_by(&phrase.between(Ticks::ZERO, from));
        let after = phrase.between(to, phrase.whole_bars().max(to));
        let question = Question::gap(before, bars, after);
        let (_, model) = self.shelf.take_able(&given.model, question.task).map_err(Failure::Problem)?;
        let params = self.instance.params.clone();
        let request = question::request(&params, question, written, seed).map_err(Failure::Problem)?;
        let request = Request { count: 1, ..request };
        let generation = self.instance.signals.begin_generation();
        let cancel = Cancel::when_counter_leaves(self.instance.signals.generation.clone(), generation);
        let made = answer::ask(&model, given.model.clone(), &request, &cancel)?;
        let mut candidates = given.candidates().to_vec();
        candidates[given.chosen()] = spliced(candidate, made.candidate(), from, to);
        self.put("make bars anew", given, candidates, generation)
    }

    /// Puts other candidates into the place of an answer's, and lets what sounds go on with them.
    fn put(
        &mut self,
        deed: &str,
        given: &Given,
        candidates: Vec<Candidate>,
        generation: u64,
    ) -> Result<(), Failure> {
        let Some(next) = given.with(candidates, given.chosen()) else { return Ok(()) };
        if !self.replace(deed, given, next, false) {
            return Ok(());
        }
        self.go_on_with(Playing { entry: Entry::Swap, ..self.playing }, generation)
    }

    /// Shows variations of a candidate.
    pub(super) fn vary_candidate(&mut self, index: usize, seed: u32) {
        let remembered = self.instance.memory.get();
        let Some(given) = remembered.answer() else { return };
        let Some(candidate) = given.candidates().get(index) else { return };
        let question = Question::like(candidate.phrase.clone());
        self.at_work(|desk| desk.branch("more like this", &given.model, question, seed, &remembered.chord));
    }

    /// Shows the way from one candidate to another.
    pub(super) fn morph_candidates(&mut self, from: usize, to: usize) {
        let remembered = self.instance.memory.get();
        let Some(given) = remembered.answer() else { return };
        let candidates = given.candidates();
        let (Some(from), Some(to)) = (candidates.get(from), candidates.get(to)) else { return };
        let question = Question::between(from.phrase.clone(), to.phrase.clone());
        let seed = u32::try_from(from.seed).unwrap_or(0);
        self.at_work(|desk| desk.branch("between two", &given.model, question, seed, &remembered.chord));
    }

    /// Asks a new question that came of an answer, of its model if that can do it.
    fn branch(
        &mut self,
        deed: &str,
        model: &str,
        question: Question,
        seed: u32,
        written: &str,
    ) -> Result<(), Failure> {
        let (id, model) = self.shelf.take_able(model, question.task).map_err(Failure::Problem)?;
        let params = self.instance.params.clone();
        let request = question::request(&params, question, written, seed).map_err(Failure::Problem)?;
        let generation = self.instance.signals.begin_generation();
        let cancel = Cancel::when_counter_leaves(self.instance.signals.generation.clone(), generation);
        let made = answer::ask(&model, id, &request, &cancel)?;
        let phrase = made.candidate().phrase.clone();
        self.instance.memory.change_since(self.loads, |memory| {
            memory.change_history(|history| history.show(deed, made));
        });
        self.drop_selection(|part| matches!(part, Selection::Answer(_)));
        let playing = Playing { entry: Entry::SwapOrBegin, looped: true, ..self.playing };
        self.try_play(&phrase, playing, generation).map_err(Failure::Problem)
    }

    /// Lists what could stand in the place of a note of the chosen candidate: what could come next after all before it.
    pub(super) fn list_alternatives(&mut self, note: usize) {
        let remembered = self.instance.memory.get();
        let Some(given) = remembered.answer() else { return };
        let mut listed = Alternatives::asked(given, note);
        match self.alternatives(given, note, &remembered.chord) {
            Ok((teller, choices)) => (listed.teller, listed.choices) = (teller, choices),
            Err(Failure::Problem(sentence)) => listed.problem = Some(sentence),
            Err(Failure::Stale) => return self.instance.change_report(|report| report.alternatives = None),
        }
        self.instance.change_report(|report| {
            // The user may have put the list away, or have asked for another note's.
            let asked = report.alternatives.take();
            report.alternatives = asked.filter(|asked| asked.note == note).map(|_| listed);
        });
    }

    fn alternatives(
        &mut self,
        given: &Given,
        note: usize,
        written: &str,
    ) -> Result<(String, Vec<(melody::Pitch, f32)>), Failure> {
        let phrase = &given.candidate().phrase;
        let Some(chosen) = phrase.notes().get(note).copied() else { return Ok(Default::default()) };
        let before: Vec<Note> = phrase.notes()[..note].to_vec();
        let before = Phrase::new(before, phrase.meter, phrase.tempo);
        let prompt = if before.is_empty() { given.prompt.clone() } else { given.prompt.followed_by(&before) };
        let (_, model) = self.shelf.take_able(&given.model, Task::Next).map_err(Failure::Problem)?;
        let question = Question { task: Task::Next, prompt, goal: None, bars: None };
        let params = self.instance.params.clone();
        let request = question::request(&params, question, written, 0).map_err(Failure::Problem)?;
        let request = Request { count: ASKED, ..request };
        let generation = self.instance.signals.generation();
        let cancel = Cancel::when_counter_leaves(self.instance.signals.generation.clone(), generation);
        let next = answer::ask(&model, given.model.clone(), &request, &cancel)?;
        Ok((model.card().name.clone(), pitches(next.candidates(), &chosen)))
    }
}

/// An answer with its candidates where those of the same seed were in another, so that whoever turns a knob looks at the
/// same ones; the chosen one stays chosen.
fn in_order_of(before: &Given, made: Given) -> Given {
    let place = |candidate: &Candidate| {
        let mut known = before.candidates().iter();
        known.position(|other| other.seed == candidate.seed).unwrap_or(usize::MAX)
    };
    let mut candidates = made.candidates().to_vec();
    candidates.sort_by_key(place);
    made.with(candidates, before.chosen()).unwrap_or(made)
}

/// The pitches of next notes, each with the sum of its notes' probabilities out of those of all notes, the likeliest
/// first; the note's own pitch is always among them.
fn pitches(next: &[Candidate], chosen: &Note) -> Vec<(melody::Pitch, f32)> {
    let mut odds: Vec<(melody::Pitch, f32)> = Vec::new();
    for candidate in next {
        let (Some(note), Some(chance)) = (candidate.phrase.notes().first(), candidate.probabilities.first())
        else {
            continue;
        };
        match odds.iter_mut().find(|(pitch, _)| *pitch == note.pitch) {
            Some((_, sum)) => *sum += chance,
            None => odds.push((note.pitch, *chance)),
        }
    }
    let all: f32 = odds.iter().map(|(_, chance)| chance).sum();
    odds.iter_mut().for_each(|(_, chance)| *chance /= all.max(f32::MIN_POSITIVE));
    odds.sort_by(|one, other| other.1.total_cmp(&one.1));
    let own = odds.iter().position(|(pitch, _)| *pitch == chosen.pitch);
    let own = own.map_or((chosen.pitch, 0.0), |place| odds[place]);
    odds.truncate(LISTED);
    if !odds.contains(&own) {
        odds.pop();
        odds.push(own);
    }
    odds
}

/// A candidate with the bars from one time to another replaced by those of another candidate, which starts at zero.
fn spliced(candidate: &Candidate, part: &Candidate, from: Ticks, to: Ticks) -> Candidate {
    let chance = |of: &Candidate, place: usize| of.probabilities.get(place).copied();
    let old = candidate.phrase.notes().iter().enumerate();
    let kept = old.filter(|(_, note)| note.onset < from || note.onset >= to);
    // A note that is held into the bars ends where they begin.
    let cut = |note: &Note| {
        let room = if note.onset < from { from - note.onset } else { note.length };
        Note { length: note.length.min(room), ..*note }
    };
    let kept = kept.map(|(place, note)| (cut(note), chance(candidate, place)));
    let new = part.phrase.notes().iter().enumerate().filter(|(_, note)| note.onset < to - from);
    let fit = |note: &Note| Note { length: note.length.min(to - from - note.onset), ..*note }.shifted(from);
    let new = new.map(|(place, note)| (fit(note), chance(part, place)));
    let mut notes: Vec<(Note, Option<f32>)> = kept.chain(new).collect();
    notes.sort_by_key(|(note, _)| (note.onset, note.pitch, note.channel));
    let probabilities: Option<Vec<f32>> = notes.iter().map(|(_, chance)| *chance).collect();
    let notes = notes.into_iter().map(|(note, _)| note).collect();
    let phrase = Phrase::new(notes, candidate.phrase.meter, candidate.phrase.tempo);
    Candidate {
        phrase: phrase.lasting(candidate.phrase.length()),
        seed: candidate.seed,
        probabilities: probabilities.unwrap_or_default(),
        similarity: None,
        attention: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use melody::{Meter, Pitch, Tempo};

    fn candidate(notes: &[(i64, i64, u8)], chance: f32) -> Candidate {
        let note = |(onset, length, key): &(i64, i64, u8)| Note {
            onset: Ticks::quarters(*onset),
            length: Ticks::quarters(*length),
            pitch: Pitch::new(*key).unwrap(),
            velocity: 80,
            channel: 0,
        };
        let phrase = Phrase::new(notes.iter().map(note).collect(), Meter::COMMON, Tempo::DEFAULT);
        let probabilities = vec![chance; notes.len()];
        Candidate { phrase: phrase.lasting(Ticks::quarters(12)), probabilities, ..Candidate::default() }
    }

    #[test]
    fn new_bars_come_between_those_that_stay() {
        let old = candidate(&[(0, 1, 60), (3, 4, 62), (6, 1, 64), (8, 2, 65)], 0.25);
        let part = candidate(&[(0, 2, 72), (3, 9, 74), (5, 1, 76)], 0.5);
        let whole = spliced(&old, &part, Ticks::quarters(4), Ticks::quarters(8));
        let notes: Vec<(i64, i64, u8)> = whole
            .phrase
            .notes()
            .iter()
            .map(|note| (note.onset.0 / 960, note.length.0 / 960, note.pitch.number()))
            .collect();
        assert_eq!(notes, [(0, 1, 60), (3, 1, 62), (4, 2, 72), (7, 1, 74), (8, 2, 65)]);
        assert_eq!(whole.probabilities, [0.25, 0.25, 0.5, 0.5, 0.25]);
        assert_eq!(whole.phrase.length(), Ticks::quarters(12));
    }

    #[test]
    fn what_is_made_anew_stands_where_its_seed_stood() {
        let given = |seeds: [u64; 3]| {
            let seeded = |seed| Candidate { seed, ..candidate(&[(0, 1, 60)], 0.5) };
            let request = Request::to_continue(Phrase::default());
            Given::new("m".to_owned(), &request, seeds.map(seeded).into()).unwrap()
        };
        let mut before = given([7, 5, 6]);
        before.choose(1);
        let after = in_order_of(&before, given([5, 8, 7]));
        let seeds: Vec<u64> = after.candidates().iter().map(|candidate| candidate.seed).collect();
        assert_eq!((seeds, after.chosen()), (vec![7, 5, 8], 1));
        // The VAE's phrases all have the seed that was asked with, and an order of their own.
        let after = in_order_of(&given([7, 7, 7]), given([7, 7, 7]));
        assert_eq!(after.candidates().len(), 3);
    }

    #[test]
    fn pitches_gather_the_odds_of_their_notes_and_hold_the_chosen_one() {
        let next: Vec<Candidate> = [(60, 0.25), (62, 0.3), (60, 0.25), (64, 0.2)]
            .map(|(key, chance)| candidate(&[(0, 1, key)], chance))
            .into();
        let chosen = candidate(&[(0, 1, 50)], 1.0).phrase.notes()[0];
        let keys: Vec<(u8, i32)> = pitches(&next, &chosen)
            .into_iter()
            .map(|(pitch, chance)| (pitch.number(), (chance * 100.0).round() as i32))
            .collect();
        assert_eq!(keys[..2], [(60, 50), (62, 30)]);
        assert!(keys.iter().any(|(key, _)| *key == 50), "the note itself: {keys:?}");
    }
}
