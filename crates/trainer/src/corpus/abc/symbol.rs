//! ABC's music line split into what is sung, what bounds it, and what is passed over.

/// A piece of a music line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Symbol<'a> {
    /// A field among the notes: `[M:3/4]`.
    Field(&'a str, &'a str),
    /// A note, or the notes of a chord, with the length as a fraction of the unit.
    Notes(Vec<Head>, Length),
    /// A rest.
    Rest(Length),
    /// A rest of whole bars.
    BarRest(i64),
    /// A tie from the note before to the next.
    Tie,
    /// `>` (positive) or `<` (negative), as many as stand there.
    Broken(i64),
    /// `notes` notes in the time of `time`.
    Tuplet {
        /// How many there are.
        notes: i64,
        /// How many of the same length would last as long; `None` where the meter decides.
        time: Option<i64>,
        /// How many notes follow that this holds for.
        count: i64,
    },
    /// A bar line; `closes` if it is double or a repeat's end.
    Line {
        /// Whether a section ends there.
        closes: bool,
    },
    /// `&`: a second voice in the same bar begins.
    Overlay,
}

/// A note head: letter, octave and accidental as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Steps of the scale above C4: `C` is 0, `c` is 7.
    pub step: i64,
    /// Semitones, where an accidental is written.
    pub accidental: Option<i64>,
}

/// A fraction of the unit length, or of a chord's inner length.
pub type Length = (i64, i64);

/// Splits a line; signs that it does not know are passed over.
pub fn read(line: &str) -> Vec<Symbol<'_>> {
    let mut scanner = Scanner { rest: line };
    let mut symbols = Vec::new();
    while let Some(sign) = scanner.rest.chars().next() {
        match scanner.symbol(sign) {
            Some(symbol) => symbols.push(symbol),
            None => scanner.rest = scanner.rest.get(sign.len_utf8()..).unwrap_or_default(),
        }
    }
    symbols
}

struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    /// The symbol that begins with `sign`; `None` if the sign alone is to be passed over.
    fn symbol(&mut self, sign: char) -> Option<Symbol<'a>> {
        match sign {
            '"' | '!' => self.skip_past(sign),
            '{' => self.skip_past('}'),
            '[' => self.bracket(),
            '|' | ':' => Some(self.line()),
            '(' => self.tuplet(),
            '-' => self.then(1, Symbol::Tie),
            '&' => self.then(1, Symbol::Overlay),
            '>' => Some(Symbol::Broken(self.count('>'))),
            '<' => Some(Symbol::Broken(-self.count('<'))),
            'z' | 'x' => {
                self.rest = &self.rest[1..];
                Some(Symbol::Rest(self.length()))
            }
            'Z' | 'X' => {
                self.rest = &self.rest[1..];
                Some(Symbol::BarRest(self.number().unwrap_or(1)))
            }
            _ => {
                let head = self.head()?;
                Some(Symbol::Notes(vec![head], self.length()))
            }
        }
    }

    fn then(&mut self, signs: usize, symbol: Symbol<'a>) -> Option<Symbol<'a>> {
        self.rest = &self.rest[signs..];
        Some(symbol)
    }

    /// Passes over what stands between the sign here and `end`; the caller passes over `end` itself.
    fn skip_past(&mut self, end: char) -> Option<Symbol<'a>> {
        if let Some(length) = self.rest[1..].find(end) {
            self.rest = &self.rest[1 + length..];
        }
        None
    }

    /// `[V:name]`, `[CEG]2`, `[|`, or an ending's `[1`.
    fn bracket(&mut self) -> Option<Symbol<'a>> {
        let inside = &self.rest[1..];
        if inside.starts_with('|') {
            return Some(self.line());
        }
        let (content, after) = inside.split_once(']')?;
        if let Some((name, value)) = content.split_once(':')
            && name.len() == 1
        {
            self.rest = after;
            return Some(Symbol::Field(name, value));
        }
        if content.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        let mut chord = Scanner { rest: content };
        let mut heads = Vec::new();
        let mut inner = (1, 1);
        while !chord.rest.is_empty() {
            match chord.head() {
                Some(head) => {
                    heads.push(head);
                    inner = chord.length();
                }
                None => chord.rest = chord.rest.get(chord.first_size()..).unwrap_or_default(),
            }
        }
        self.rest = after;
        let outer = self.length();
        (!heads.is_empty()).then_some(Symbol::Notes(heads, (inner.0 * outer.0, inner.1 * outer.1)))
    }

    fn line(&mut self) -> Symbol<'a> {
        let signs = self.rest.find(|sign| !"|:[]".contains(sign)).unwrap_or(self.rest.len());
        // A bracket that opens a field or a chord is no part of the bar line.
        let signs = match self.rest[..signs].find('[') {
            Some(open) if open > 0 => open,
            _ => signs,
        };
        let (line, rest) = self.rest.split_at(signs);
        self.rest = rest.trim_start_matches(|sign: char| sign.is_ascii_digit());
        let closes = line.contains("||") || line.contains("|]") || line.starts_with(':');
        Symbol::Line { closes }
    }

    /// `(3`, `(3:2`, `(3:2:3`; a slur's parenthesis is passed over.
    fn tuplet(&mut self) -> Option<Symbol<'a>> {
        let mut inside = Scanner { rest: &self.rest[1..] };
        let notes = inside.number().filter(|notes| (2..=9).contains(notes))?;
        let mut part = || {
            inside.rest = inside.rest.strip_prefix(':')?;
            inside.number()
        };
        let (time, count) = (part(), part().unwrap_or(notes));
        self.rest = inside.rest;
        Some(Symbol::Tuplet { notes, time, count })
    }

    fn head(&mut self) -> Option<Head> {
        let letter = self.rest.find(|sign| !"^_=".contains(sign))?;
        let accidental = match &self.rest[..letter] {
            "" => None,
            marks => Some(marks.chars().map(|mark| i64::from(mark == '^') - i64::from(mark == '_')).sum()),
        };
        let sign = self.rest[letter..].chars().next()?;
        let step = "CDEFGABcdefgab".find(sign)? as i64;
        self.rest = &self.rest[letter + 1..];
        let octaves = self.count('\'') - self.count(',');
        Some(Head { step: step + 7 * octaves, accidental })
    }

    /// `3`, `3/2`, `/`, `//`, `/4`; 1 where nothing stands.
    fn length(&mut self) -> Length {
        let over = self.number().unwrap_or(1);
        let slashes = self.count('/').min(8);
        match self.number().filter(|under| slashes == 1 && *under > 0) {
            Some(under) => (over, under),
            None => (over, 1 << slashes),
        }
    }

    fn count(&mut self, sign: char) -> i64 {
        let rest = self.rest.trim_start_matches(sign);
        let count = self.rest.len() - rest.len();
        self.rest = rest;
        count.min(16) as i64
    }

    /// A whole number of at most three digits.
    fn number(&mut self) -> Option<i64> {
        let digits = self.rest.bytes().take(3).take_while(u8::is_ascii_digit).count();
        let (number, rest) = self.rest.split_at(digits);
        self.rest = rest;
        number.parse().ok()
    }

    fn first_size(&self) -> usize {
        self.rest.chars().next().map_or(1, char::len_utf8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(step: i64, length: Length) -> Symbol<'static> {
        Symbol::Notes(vec![Head { step, accidental: None }], length)
    }

    #[test]
    fn lengths_octaves_and_accidentals_are_read() {
        assert_eq!(read("C,3 c'//"), [note(-7, (3, 1)), note(14, (1, 4))]);
        assert_eq!(read("d3/2 e/4"), [note(8, (3, 2)), note(9, (1, 4))]);
        assert_eq!(read("__B"), [Symbol::Notes(vec![Head { step: 6, accidental: Some(-2) }], (1, 1))]);
    }

    #[test]
    fn words_graces_and_decorations_are_passed_over() {
        assert_eq!(read("\"Am\"!fermata!{gf}.c"), [note(7, (1, 1))]);
        assert_eq!(read("(c d)"), [note(7, (1, 1)), note(8, (1, 1))]);
    }

    #[test]
    fn bar_lines_fields_and_chords_share_brackets() {
        let closing = Symbol::Line { closes: true };
        let plain = Symbol::Line { closes: false };
        assert_eq!(read("|[M:3/4]"), [plain.clone(), Symbol::Field("M", "3/4")]);
        assert_eq!(read(":|2 |1 |]"), [closing.clone(), plain, closing]);
        let heads = vec![Head { step: 0, accidental: None }, Head { step: 2, accidental: None }];
        assert_eq!(read("[C2E2]/"), [Symbol::Notes(heads, (2, 2))]);
    }
}
