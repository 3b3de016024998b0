//! A piano roll as SVG: the end of what was heard, then the answer, and where the network looked.

use generator::Candidate;
use maud::{Markup, html};
use melody::{Note, Phrase, Pitch, Ticks};
use serde::Serialize;

/// Room at the left for the names of octaves, above for bar numbers, and for the arcs of attention.
const LEFT: f64 = 34.0;
const ABOVE: f64 = 20.0;
const ARCS: f64 = 46.0;
/// The whole width, and the height of a pitch.
const WIDTH: f64 = 1060.0;
const LANE: f64 = 9.0;
/// The fewest pitches shown, and how many beyond the notes.
const PITCHES: u8 = 19;
const BEYOND: u8 = 2;
/// The most bars shown of what was heard.
const HEARD: usize = 4;
/// Looks of less than this share would be a haze.
const FAINTEST: f32 = 0.12;

/// A picture of one answer.
pub struct Roll<'a> {
    candidate: &'a Candidate,
    /// The end of what was heard, ending at the answer's first bar line; empty where the answer follows nothing.
    heard: Phrase,
    /// What the answer is a variation of, drawn behind it.
    theme: Phrase,
    start: Ticks,
    quarters: f64,
    lowest: u8,
    highest: u8,
    arcs: f64,
}

/// What the page's player needs: notes as `[onset, length, pitch, velocity]` in quarters, seconds a quarter, and where
/// in the picture time zero and a quarter are.
#[derive(Debug, Serialize)]
struct Playable {
    notes: Vec<(f64, f64, u8, u8)>,
    quarter: f64,
    left: f64,
    scale: f64,
}

impl<'a> Roll<'a> {
    /// An answer after the end of what was heard.
    pub fn after(candidate: &'a Candidate, heard: &Phrase) -> Roll<'a> {
        Roll::of(candidate, heard.last_bars(HEARD), Phrase::default())
    }

    /// An answer over what it is a variation of.
    pub fn over(candidate: &'a Candidate, theme: &Phrase) -> Roll<'a> {
        Roll::of(candidate, Phrase::default(), theme.clone())
    }

    /// An answer to nothing.
    pub fn alone(candidate: &'a Candidate) -> Roll<'a> {
        Roll::of(candidate, Phrase::default(), Phrase::default())
    }

    fn of(candidate: &'a Candidate, heard: Phrase, theme: Phrase) -> Roll<'a> {
        let answer = &candidate.phrase;
        let start = heard.whole_bars();
        let end = start + answer.whole_bars().max(theme.whole_bars()).max(answer.meter.bar());
        let (lowest, highest) = range(heard.notes().iter().chain(theme.notes()).chain(answer.notes()));
        let arcs = if candidate.attention.is_empty() { 0.0 } else { ARCS };
        Roll { candidate, heard, theme, start, quarters: end.as_quarters(), lowest, highest, arcs }
    }

    /// What the play button holds, as JSON.
    pub fn playable(&self) -> String {
        let answer = self.candidate.phrase.notes().iter().map(|note| note.shifted(self.start));
        let sound = |note: Note| {
            (note.onset.as_quarters(), note.length.as_quarters(), note.pitch.number(), note.velocity.max(1))
        };
        let tempo = if self.heard.is_empty() { self.candidate.phrase.tempo } else { self.heard.tempo };
        let playable = Playable {
            notes: self.heard.notes().iter().copied().chain(answer).map(sound).collect(),
            quarter: 60.0 / tempo.bpm(),
            left: LEFT,
            scale: self.scale(),
        };
        serde_json::to_string(&playable).unwrap_or_default()
    }

    /// The picture.
    pub fn draw(&self) -> Markup {
        let (top, bottom) = (self.top(), self.bottom());
        html! {
            svg viewBox=(format!("0 0 {WIDTH} {:.0}", bottom + 6.0)) role="img" aria-label="Piano roll" {
                (self.lanes())
                (self.bars())
                (self.looks())
                @for note in self.theme.notes() { (self.note(note, "theme", None)) }
                @for note in self.heard.notes() { (self.note(note, "heard", None)) }
                @for (index, note) in self.candidate.phrase.notes().iter().enumerate() {
                    (self.note(&note.shifted(self.start), "made", self.candidate.probabilities.get(index).copied()))
                }
                line.head x1=(LEFT) x2=(LEFT) y1=(top) y2=(bottom) {}
            }
        }
    }

    fn scale(&self) -> f64 {
        (WIDTH - LEFT - 2.0) / self.quarters
    }

    fn top(&self) -> f64 {
        ABOVE + self.arcs
    }

    fn bottom(&self) -> f64 {
        self.top() + f64::from(self.highest - self.lowest + 1) * LANE
    }

    fn x(&self, time: Ticks) -> f64 {
        LEFT + time.as_quarters() * self.scale()
    }

    fn y(&self, pitch: u8) -> f64 {
        self.top() + f64::from(self.highest.saturating_sub(pitch)) * LANE
    }

    fn lanes(&self) -> Markup {
        let width = WIDTH - LEFT - 2.0;
        html! {
            rect.lane x=(LEFT) y=(self.top()) width=(width) height=(self.bottom() - self.top()) rx="4" {}
            @for pitch in self.lowest..=self.highest {
                @if matches!(pitch % 12, 1 | 3 | 6 | 8 | 10) {
                    rect.black x=(LEFT) y=(round(self.y(pitch))) width=(width) height=(LANE) {}
                }
                @if pitch % 12 == 0 {
                    line.octave x1=(LEFT) x2=(WIDTH - 2.0) y1=(self.y(pitch) + LANE) y2=(self.y(pitch) + LANE) {}
                    text.end x=(LEFT - 6.0) y=(round(self.y(pitch) + LANE - 0.5)) { (Pitch::folded(i32::from(pitch)).to_string()) }
                }
            }
        }
    }

    fn bars(&self) -> Markup {
        let bar = self.candidate.phrase.meter.bar();
        let count = (Ticks::nearest(self.quarters).0 / bar.0).max(1);
        let heard = self.start.0 / bar.0;
        html! {
            @for index in 0..=count {
                @let x = round(self.x(bar * index));
                @let class = if index == heard && heard > 0 { "turn" } else { "bar" };
                line class=(class) x1=(x) x2=(x) y1=(self.top()) y2=(self.bottom()) {}
                @if index >= heard && index < count {
                    text x=(x + 4.0) y=(ABOVE - 7.0) { (index - heard + 1) }
                }
            }
            @if heard > 0 { text x=(LEFT + 4.0) y=(ABOVE - 7.0) { "heard" } }
        }
    }

    /// An arc from each answered note to the notes that it was chosen by.
    fn looks(&self) -> Markup {
        let notes = self.candidate.phrase.notes().iter().zip(&self.candidate.attention);
        html! {
            @for (note, looks) in notes {
                @for look in looks.iter().filter(|look| look.weight >= FAINTEST && self.start + look.onset >= Ticks::ZERO) {
                    @let (from, to) = (self.x(self.start + look.onset), self.x(self.start + note.onset));
                    @let lift = ((to - from) / 3.2).min(self.arcs - 4.0);
                    path.look d=(format!("M{from:.1} {0:.1}C{from:.1} {1:.1} {to:.1} {1:.1} {to:.1} {0:.1}", self.top(), self.top() - lift * 1.3))
                        opacity=(format!("{:.2}", 0.15 + 0.85 * look.weight)) stroke-width=(format!("{:.1}", 0.6 + 1.8 * look.weight)) {}
                }
            }
        }
    }

    fn note(&self, note: &Note, class: &str, probability: Option<f32>) -> Markup {
        let (left, right) = (self.x(note.onset), self.x(note.end()));
        // The square root spreads out the small probabilities, where most notes of a sampled line lie.
        let strength = probability.map_or(1.0, |share| 0.35 + 0.65 * share.clamp(0.0, 1.0).sqrt());
        let sure = probability.map(|share| format!(", {:.1} %", share * 100.0)).unwrap_or_default();
        html! {
            rect class=(class) x=(round(left + 0.75)) y=(round(self.y(note.pitch.number()) + 0.75))
                width=(round((right - left - 1.5).max(2.0))) height=(LANE - 1.5) rx="2.5" opacity=(format!("{strength:.2}")) {
                title { (note.pitch.to_string()) ", " (note.length.to_string()) " quarters" (sure) }
            }
        }
    }
}

fn round(place: f64) -> f64 {
    (place * 10.0).round() / 10.0
}

/// The lowest and the highest pitch to show.
fn range<'a>(notes: impl Iterator<Item = &'a Note>) -> (u8, u8) {
    let pitches: Vec<u8> = notes.map(|note| note.pitch.number()).collect();
    let (low, high) =
        (pitches.iter().min().copied().unwrap_or(60), pitches.iter().max().copied().unwrap_or(72));
    let (mut low, mut high) = (low.saturating_sub(BEYOND), (high + BEYOND).min(127));
    while high - low + 1 < PITCHES {
        (low, high) = (low.saturating_sub(1), (high + 1).min(127));
    }
    (low, high)
}
