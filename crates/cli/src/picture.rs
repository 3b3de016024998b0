//! A piano roll as PNG: the prompt, then the answer, each answered note as strong as the model was sure of it.

mod canvas;
mod layout;
mod lettering;
mod palette;

use anyhow::Result;
use melody::{Note, Phrase, Ticks};

use canvas::{Area, Canvas};
use layout::{Layout, is_black};
use lettering::{Lettering, Weight};
use palette::Colour;

/// What to draw.
#[derive(Debug)]
pub struct Picture<'a> {
    /// What was heard.
    pub prompt: &'a Phrase,
    /// What was answered; it begins at the bar line after the prompt.
    pub answer: &'a Phrase,
    /// What stands after the answer, where it fills a gap.
    pub after: Option<&'a Phrase>,
    /// The model's probability of each answered note, 0 to 1.
    pub probabilities: &'a [f32],
    /// The headline.
    pub title: String,
    /// What the answer was made with, in a few words each.
    pub legend: Vec<String>,
}

impl Picture<'_> {
    /// The picture's bytes.
    ///
    /// # Errors
    /// The font on board or the picture's size is refused, which no input should bring about.
    pub fn png(&self) -> Result<Vec<u8>> {
        let layout = Layout::of(self.prompt, self.answer, self.after);
        let canvas = Canvas::new(layout.width, layout.height, palette::GROUND)?;
        let mut drawing = Drawing { picture: self, layout, canvas, lettering: Lettering::new()? };
        drawing.header();
        drawing.lanes();
        drawing.bars();
        drawing.notes();
        drawing.keys();
        drawing.canvas.png()
    }
}

struct Drawing<'a> {
    picture: &'a Picture<'a>,
    layout: Layout,
    canvas: Canvas,
    lettering: Lettering,
}

impl Drawing<'_> {
    fn text(&mut self, x: f32, baseline: f32, size: f32, weight: Weight, colour: Colour, text: &str) -> f32 {
        let line = self.lettering.line(text, size, weight);
        self.canvas.fill(&line.outline, x, baseline, colour);
        line.width
    }

    fn header(&mut self) {
        let (left, right) = (layout::MARGIN, self.layout.width - layout::MARGIN);
        self.text(left, 40.0, 20.0, Weight::Strong, palette::TEXT, &self.picture.title);
        let facts = self.picture.legend.join("  ·  ");
        self.text(left, 64.0, 12.0, Weight::Regular, palette::TEXT_WEAK, &facts);
        self.key_to_colours(right);
    }

    /// At the bottom: which colour is what.
    fn key_to_colours(&mut self, right: f32) {
        const STEPS: [f32; 5] = [0.0, 0.05, 0.25, 0.5, 1.0];
        const SWATCH: f32 = 22.0;
        let baseline = self.layout.height - 18.0;
        let swatch = |x: f32| Area { x, y: baseline - 9.0, width: SWATCH, height: 10.0 };
        let mut x = self.layout.lanes.x;
        self.canvas.rounded(swatch(x), 3.0, palette::PROMPT);
        x += SWATCH + 6.0;
        x += self.text(x, baseline, 12.0, Weight::Regular, palette::TEXT_WEAK, "prompt") + 24.0;
        for step in STEPS {
            self.canvas.rounded(swatch(x), 3.0, palette::answered(step));
            x += SWATCH + 2.0;
        }
        let sure = "answer: the stronger, the surer the model was of the note";
        self.text(x + 4.0, baseline, 12.0, Weight::Regular, palette::TEXT_WEAK, sure);
        let name = self.lettering.line("Continuo", 12.0, Weight::Strong);
        self.canvas.fill(&name.outline, right - name.width, baseline, palette::TEXT_WEAK);
    }

    fn lanes(&mut self) {
        let lanes = self.layout.lanes;
        self.canvas.rectangle(lanes, palette::WELL);
        for pitch in self.layout.pitches() {
            let lane = self.layout.lane(pitch);
            if is_black(pitch) {
                self.canvas.rectangle(lane, palette::WELL_DARK);
            } else if matches!(pitch % 12, 4 | 11) {
                // E to F and B to C are the two places without a black key between.
                self.canvas.rectangle(Area { height: 1.0, ..lane }, palette::LINE);
            }
        }
    }

    fn bars(&mut self) {
        let layout = &self.layout;
        let (lanes, meter) = (layout.lanes, self.picture.prompt.meter);
        let line = |time: Ticks, width: f32| Area {
            x: layout.x(time) - width / 2.0,
            y: lanes.y,
            width,
            height: lanes.height,
        };
        let (mut lines, mut numbers) = (Vec::new(), Vec::new());
        let back = self.picture.after.map(|_| layout.turn + self.picture.answer.whole_bars());
        for (index, start) in layout.bar_lines() {
            let bar_width = layout.x(start + meter.bar()) - layout.x(start);
            let beats = if start < layout.end { meter.bar().0 / meter.beat().0 } else { 0 };
            if bar_width / beats.max(1) as f32 >= 10.0 {
                lines.extend((1..beats).map(|beat| (line(start + meter.beat() * beat, 1.0), palette::LINE)));
            }
            lines.push((line(start, 1.0), palette::LINE_STRONG));
            if start < layout.end && index % layout.bars_between_numbers() == 0 {
                let is_new = start >= layout.turn && back.is_none_or(|back| start < back);
                let colour = if is_new { palette::ANSWER } else { palette::PROMPT };
                numbers.push((layout.x(start) + 4.0, (index + 1).to_string(), colour));
            }
        }
        lines.push((line(layout.turn, 2.0), palette::ANSWER));
        lines.extend(back.map(|back| (line(back, 2.0), palette::ANSWER)));
        let baseline = lanes.y - 7.0;
        lines.into_iter().for_each(|(area, colour)| self.canvas.rectangle(area, colour));
        for (x, number, colour) in numbers {
            self.text(x, baseline, 11.0, Weight::Regular, colour, &number);
        }
    }

    fn notes(&mut self) {
        let from = self.layout.start;
        for note in self.picture.prompt.notes().iter().filter(|note| note.end() > from) {
            self.note(note, palette::PROMPT);
        }
        for (index, note) in self.picture.answer.notes().iter().enumerate() {
            let probability = self.picture.probabilities.get(index).copied().unwrap_or(1.0);
            self.note(&note.shifted(self.layout.turn), palette::answered(probability));
        }
        let (shift, end) = (self.layout.turn + self.picture.answer.whole_bars(), self.layout.end);
        let after = self.picture.after.iter().flat_map(|after| after.notes()).map(|note| note.shifted(shift));
        for note in after.filter(|note| note.onset < end) {
            self.note(&note, palette::PROMPT);
        }
    }

    fn note(&mut self, note: &Note, colour: Colour) {
        let lane = self.layout.lane(note.pitch.number());
        let left = self.layout.x(note.onset.max(self.layout.start));
        let right = self.layout.x(note.end().min(self.layout.end));
        let body = Area { x: left + 0.5, width: (right - left - 1.0).max(2.0), ..lane.inset(0.5) };
        self.canvas.rounded(body, 3.0, colour);
        let name = self.lettering.line(&note.pitch.to_string(), 9.0, Weight::Strong);
        if lane.height >= 12.0 && name.width + 6.0 <= body.width {
            let baseline = body.y + body.height / 2.0 + 3.2;
            self.canvas.fill(&name.outline, body.x + 4.0, baseline, palette::ON_COLOUR);
        }
    }

    /// The keyboard at the left, with the names of its white keys, or of the Cs where they are small.
    fn keys(&mut self) {
        let lanes = self.layout.lanes;
        let keys = Area { x: lanes.x - layout::KEYS, width: layout::KEYS - 4.0, ..lanes };
        self.canvas.rectangle(keys, palette::WHITE_KEY);
        for pitch in self.layout.pitches() {
            let lane = Area { x: keys.x, width: keys.width, ..self.layout.lane(pitch) };
            if is_black(pitch) {
                let middle = lane.y + lane.height / 2.0;
                self.canvas.rectangle(Area { y: middle - 0.5, height: 1.0, ..lane }, palette::KEY_GAP);
                self.canvas.rectangle(Area { width: keys.width * 0.6, ..lane }, palette::BLACK_KEY);
                continue;
            }
            if matches!(pitch % 12, 4 | 11) {
                self.canvas.rectangle(Area { height: 1.0, ..lane }, palette::KEY_GAP);
            }
            if pitch % 12 == 0 || lane.height >= 12.0 {
                let size = if pitch % 12 == 0 { 10.0 } else { 9.0 };
                let weight = if pitch % 12 == 0 { Weight::Strong } else { Weight::Regular };
                let name = melody::Pitch::folded(i32::from(pitch)).to_string();
                let name = self.lettering.line(&name, size, weight);
                let baseline = lane.y + lane.height / 2.0 + 3.4;
                self.canvas.fill(
                    &name.outline,
                    keys.x + keys.width - name.width - 4.0,
                    baseline,
                    palette::BLACK_KEY,
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use melody::{Meter, Pitch, Tempo};
    use tiny_skia::Pixmap;

    fn phrase(pitches: &[u8]) -> Phrase {
        let note = |(index, pitch): (usize, &u8)| Note {
            onset: Ticks::QUARTER * index as i64,
            length: Ticks::QUARTER,
            pitch: Pitch::new(*pitch).unwrap(),
            velocity: 80,
            channel: 0,
        };
        Phrase::new(pitches.iter().enumerate().map(note).collect(), Meter::COMMON, Tempo::DEFAULT)
    }

    fn drawn(prompt: &Phrase, answer: &Phrase, probabilities: &[f32]) -> Pixmap {
        let legend = vec!["seed 7".to_owned(), "C major".to_owned()];
        let picture =
            Picture { prompt, answer, after: None, probabilities, title: "Tune".to_owned(), legend };
        Pixmap::decode_png(&picture.png().unwrap()).unwrap()
    }

    fn count(picture: &Pixmap, colour: Colour) -> usize {
        let same = |pixel: &&tiny_skia::PremultipliedColorU8| {
            [pixel.red(), pixel.green(), pixel.blue()] == [colour.0, colour.1, colour.2]
        };
        picture.pixels().iter().filter(same).count()
    }

    #[test]
    fn prompt_and_answer_have_their_own_colours() {
        let (prompt, answer) = (phrase(&[60, 62, 64, 65]), phrase(&[67, 69, 71, 72]));
        let both = drawn(&prompt, &answer, &[1.0; 4]);
        let alone = drawn(&prompt, &Phrase::new(Vec::new(), Meter::COMMON, Tempo::DEFAULT), &[]);
        assert!(count(&both, palette::PROMPT) > 10_000);
        assert!(count(&both, palette::ANSWER) > count(&alone, palette::ANSWER) + 10_000);
    }

    #[test]
    fn an_unlikely_note_is_paler() {
        let (prompt, answer) = (phrase(&[60, 62, 64, 65]), phrase(&[67, 69, 71, 72]));
        let sure = count(&drawn(&prompt, &answer, &[1.0; 4]), palette::ANSWER);
        let unsure = count(&drawn(&prompt, &answer, &[0.01; 4]), palette::ANSWER);
        assert!(sure > unsure + 10_000);
    }

    #[test]
    fn extremes_fit_a_picture_of_sane_size() {
        let wide: Vec<u8> = (0..=127).cycle().take(64 * 4 * 9).collect();
        for (prompt, answer) in [
            (phrase(&[]), phrase(&[])),
            (phrase(&[0, 127, 0]), phrase(&[127])),
            (phrase(&wide), phrase(&wide[..64 * 4])),
        ] {
            let picture = drawn(&prompt, &answer, &[]);
            assert!((600..8000).contains(&picture.width()), "{}", picture.width());
            assert!((400..4000).contains(&picture.height()), "{}", picture.height());
        }
    }
}
