//! What the kind of a chord says: `m7`, `add9`, `7(b9,#9)`.

/// The tones of a chord while its symbol is read: at most one of each degree.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tones {
    /// Semitones of the second or third, fourth, fifth, sixth, seventh, ninth, eleventh and thirteenth.
    third: Option<u8>,
    fourth: Option<u8>,
    fifth: Option<u8>,
    sixth: Option<u8>,
    seventh: Option<u8>,
    ninth: [Option<u8>; 2],
    eleventh: Option<u8>,
    thirteenth: Option<u8>,
}

impl Tones {
    /// The tones that a kind says; `None` where it cannot be read to its end.
    pub(super) fn of_kind(kind: &str) -> Option<Tones> {
        let kind: String = kind.chars().filter(|mark| !matches!(mark, '(' | ')' | ' ' | ',')).collect();
        let (mut tones, mut rest) = Tones::triad(&kind);
        rest = tones.extend(rest);
        while !rest.is_empty() {
            rest = tones.alter(rest)?;
        }
        Some(tones)
    }

    /// The triad that a kind begins with, and what follows it.
    fn triad(kind: &str) -> (Tones, &str) {
        // Longer marks stand before their own beginnings. The seventh of dim7 is a semitone flatter.
        const TRIADS: [(&str, u8, u8, u8); 14] = [
            ("maj", 4, 7, 11),
            ("Maj", 4, 7, 11),
            ("min", 3, 7, 10),
            ("dim", 3, 6, 9),
            ("aug", 4, 8, 10),
            ("M", 4, 7, 11),
            ("Δ", 4, 7, 11),
            ("j", 4, 7, 11),
            ("m", 3, 7, 10),
            ("-", 3, 7, 10),
            ("°", 3, 6, 9),
            ("o", 3, 6, 9),
            ("ø", 3, 6, 10),
            ("+", 4, 8, 10),
        ];
        let found = TRIADS.iter().find_map(|triad| kind.strip_prefix(triad.0).map(|rest| (triad, rest)));
        let (mark, third, fifth, seventh, rest) = match found {
            Some((&(mark, third, fifth, seventh), rest)) => (mark, third, fifth, seventh, rest),
            None => ("", 4, 7, 10, kind),
        };
        let mut tones = Tones { third: Some(third), fifth: Some(fifth), ..Tones::default() };
        let named = rest.starts_with(['7', '9', '1']) || matches!(mark, "ø" | "Δ");
        let (seventh, rest) =
            match rest.strip_prefix("Maj").or(rest.strip_prefix("maj")).or(rest.strip_prefix('M')) {
                Some(after) if third == 3 && after.starts_with(['7', '9', '1']) => (Some(11), after),
                _ => (named.then_some(seventh), rest),
            };
        tones.seventh = seventh;
        (tones, rest)
    }

    /// Reads the number after the triad: 5, 6, 6/9, 69, 7, 9, 11, 13.
    fn extend<'a>(&mut self, rest: &'a str) -> &'a str {
        for number in ["6/9", "69", "13", "11", "9", "7", "6", "5"] {
            let Some(after) = rest.strip_prefix(number) else { continue };
            match number {
                "5" => self.third = None,
                "6" => self.sixth = Some(9),
                "6/9" | "69" => (self.sixth, self.ninth[0]) = (Some(9), Some(14)),
                _ => {}
            }
            if matches!(number, "9" | "11" | "13") {
                self.ninth[0] = Some(14);
            }
            if number == "11" {
                self.eleventh = Some(17);
            }
            if number == "13" {
                self.thirteenth = Some(21);
            }
            return after;
        }
        rest
    }

    /// Reads one change: sus2, sus4, sus, add9, b5, #11, no3 and their like.
    fn alter<'a>(&mut self, rest: &'a str) -> Option<&'a str> {
        if let Some(after) = rest.strip_prefix("sus2") {
            (self.third, self.fourth) = (Some(2), None);
            return Some(after);
        }
        if let Some(after) = rest.strip_prefix("sus4").or(rest.strip_prefix("sus")) {
            (self.third, self.fourth) = (None, Some(5));
            return Some(after);
        }
        if let Some(after) = rest.strip_prefix("no3").or(rest.strip_prefix("omit3")) {
            self.third = None;
            return Some(after);
        }
        if let Some(after) = rest.strip_prefix("no5").or(rest.strip_prefix("omit5")) {
            self.fifth = None;
            return Some(after);
        }
        let added = rest.strip_prefix("add");
        let rest = added.unwrap_or(rest);
        let (shift, rest) = match rest.chars().next()? {
            'b' | '♭' => (-1, rest.trim_start_matches(['b', '♭'])),
            '#' | '♯' => (1, rest.trim_start_matches(['#', '♯'])),
            _ if added.is_some() => (0, rest),
            _ => return None,
        };
        self.set_degree(shift, rest)
    }

    fn set_degree<'a>(&mut self, shift: i8, rest: &'a str) -> Option<&'a str> {
        for (number, semitones) in
            [("13", 21), ("11", 17), ("9", 14), ("6", 9), ("5", 7), ("4", 5), ("2", 14)]
        {
            let Some(after) = rest.strip_prefix(number) else { continue };
            let tone = Some(u8::checked_add_signed(semitones, shift)?);
            match number {
                "13" => self.thirteenth = tone,
                "11" => self.eleventh = tone,
                "9" | "2" if self.ninth[0].is_some_and(|ninth| ninth != 14) => self.ninth[1] = tone,
                "9" | "2" => self.ninth[0] = tone,
                "6" => self.sixth = tone,
                "5" => self.fifth = tone,
                _ => self.fourth = tone,
            }
            return Some(after);
        }
        None
    }

    /// Semitones above the root, rising.
    pub(super) fn rising(self) -> Vec<u8> {
        let degrees = [
            Some(0),
            self.third,
            self.fourth,
            self.fifth,
            self.sixth,
            self.seventh,
            self.ninth[0],
            self.ninth[1],
            self.eleventh,
            self.thirteenth,
        ];
        let mut intervals: Vec<u8> = degrees.into_iter().flatten().collect();
        intervals.sort_unstable();
        intervals
    }
}
