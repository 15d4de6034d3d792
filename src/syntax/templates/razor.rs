//! Razor: an `@` leads from markup into C#, a tag at the beginning of a statement leads back into markup.

use super::{Masked, balanced, quoted};

/// Statements that an `@` begins.
const STATEMENTS: [&str; 9] = ["if", "for", "foreach", "while", "do", "switch", "using", "lock", "try"];
/// What goes on after the block of a statement.
const GOES_ON: [&str; 4] = ["else", "catch", "finally", "while"];
/// Elements that nothing closes.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
/// Directives that are no code, up to the end of the line.
const DIRECTIVES: [&str; 12] = [
    "page",
    "layout",
    "namespace",
    "addTagHelper",
    "removeTagHelper",
    "tagHelperPrefix",
    "attribute",
    "typeparam",
    "implements",
    "rendermode",
    "preservewhitespace",
    "inherits",
];

enum Mode {
    /// Text and tags. Inside of code it ends with the element: the number of open ones, and whether any was there.
    Markup { inner: bool, open: usize, tag: Option<Tag> },
    /// `@: text` inside of code, up to the end of the line.
    Line,
    /// C#, with the number of open braces; of a block (`@{ … }`) the outer braces are left out.
    Code { braces: usize, bare: bool, from: usize },
}

/// A tag that is not closed yet.
struct Tag {
    closes: bool,
    void: bool,
}

struct Scan<'a, 't> {
    text: &'t str,
    bytes: &'t [u8],
    masked: &'a mut Masked,
    modes: Vec<Mode>,
    at: usize,
}

pub fn mask(text: &str, masked: &mut Masked) {
    let modes = vec![Mode::Markup { inner: false, open: 0, tag: None }];
    let mut scan = Scan { text, bytes: text.as_bytes(), masked, modes, at: 0 };
    while scan.at < scan.bytes.len() {
        let before = scan.at;
        match scan.modes.last() {
            Some(Mode::Code { .. }) => scan.code(),
            _ => scan.markup(),
        }
        scan.at = scan.at.max(before + 1);
    }
}

impl Scan<'_, '_> {
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// The letters and digits from a place on.
    fn word(&self, at: usize) -> &str {
        let rest = self.bytes.get(at..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        self.text.get(at..at + length).unwrap_or_default()
    }

    /// The first place from `at` on that is no white space.
    fn skip_space(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        at + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
    }

    fn line_end(&self, at: usize) -> usize {
        memchr::memchr(b'\n', &self.bytes[at.min(self.bytes.len())..]).map_or(self.bytes.len(), |offset| at + offset)
    }

    /// Behind the next `end` from `at` on.
    fn behind(&self, at: usize, end: &str) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        memchr::memmem::find(rest, end.as_bytes()).map_or(self.bytes.len(), |offset| at + offset + end.len())
    }

    fn markup(&mut self) {
        let at = self.at;
        match self.bytes[at] {
            b'@' => self.transition(),
            b'\n' if matches!(self.modes.last(), Some(Mode::Line)) => {
                self.modes.pop();
            }
            b'<' if self.bytes[at..].starts_with(b"<!--") => self.at = self.behind(at + 4, "-->"),
            b'<' => self.tag(),
            b'>' => self.tag_end(),
            _ => {}
        }
    }

    fn tag(&mut self) {
        let closes = self.byte(self.at + 1) == b'/';
        let name = self.word(self.at + 1 + usize::from(closes)).to_ascii_lowercase();
        if let Some(Mode::Markup { tag, .. }) = self.modes.last_mut()
            && !name.is_empty()
        {
            *tag = Some(Tag { closes, void: VOID.contains(&name.as_str()) });
        }
    }

    fn tag_end(&mut self) {
        let single = self.byte(self.at.saturating_sub(1)) == b'/';
        let Some(Mode::Markup { inner, open, tag }) = self.modes.last_mut() else { return };
        let Some(tag) = tag.take() else { return };
        if tag.closes {
            *open = open.saturating_sub(1);
        } else if !single && !tag.void {
            *open += 1;
        }
        if *inner && *open == 0 {
            self.modes.pop();
        }
    }

    /// An `@` in markup.
    fn transition(&mut self) {
        let at = self.at;
        let next = self.byte(at + 1);
        let mail = at > 0 && self.byte(at - 1).is_ascii_alphanumeric();
        match next {
            b'@' => self.at += 2,
            b'*' => self.at = self.behind(at + 2, "*@"),
            b'{' => self.enter(at, at + 2, true),
            b'(' => {
                if let Some(end) = balanced(self.text, at + 1) {
                    self.take(at, at + 1, end);
                }
            }
            _ if mail => {}
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.named(),
            _ => {}
        }
    }

    /// `@word`.
    fn named(&mut self) {
        let at = self.at;
        let word = self.word(at + 1).to_owned();
        let after = at + 1 + word.len();
        let next = self.skip_space(after);
        let line = self.line_end(at);
        let rest = self.text.get(after..line).unwrap_or_default().trim().trim_end_matches(';').to_owned();
        let code = match word.as_str() {
            "code" | "functions" if self.byte(next) == b'{' => return self.enter(at, next + 1, true),
            "section" => {
                let brace = memchr::memchr(b'{', &self.bytes[after..line]);
                self.at = brace.map_or(line, |offset| after + offset + 1);
                return;
            }
            "using" if self.byte(next) != b'(' => format!("using {rest};"),
            "model" => format!("{rest} Model;"),
            "inject" => format!("{rest};"),
            known if DIRECTIVES.contains(&known) => {
                self.at = line;
                return;
            }
            known if STATEMENTS.contains(&known) => return self.enter(at, at + 1, false),
            _ => return self.implicit(),
        };
        if at + code.len() <= line {
            self.masked.write(at, &code);
        }
        self.masked.taken.push(at..line);
        self.at = line;
    }

    /// `@await Html.PartialAsync("x").Y[0]`.
    fn implicit(&mut self) {
        let start = self.at + 1;
        let mut end = start;
        if self.word(end) == "await" {
            end = self.skip_space(end + 5);
        }
        end += self.word(end).len();
        loop {
            let next = self.byte(end);
            let dot = usize::from(next == b'?');
            if matches!(next, b'(' | b'[') {
                match balanced(self.text, end) {
                    Some(after) => end = after,
                    None => break,
                }
            } else if self.byte(end + dot) == b'.' && !self.word(end + dot + 1).is_empty() {
                end += dot + 1;
                end += self.word(end).len();
            } else {
                break;
            }
        }
        // `@onclick="…"` and `@bind:after="…"` are attributes of components.
        if !matches!(self.byte(end), b'=' | b':') {
            self.take(self.at, start, end);
        }
    }

    /// Takes an expression over: `;` in the place of the `@`, which is always there.
    fn take(&mut self, at: usize, start: usize, end: usize) {
        self.masked.taken.push(at..end);
        self.masked.keep(self.text, start..end);
        self.masked.write(at, ";");
        self.at = end;
    }

    fn enter(&mut self, at: usize, start: usize, bare: bool) {
        self.masked.write(at, ";");
        self.modes.push(Mode::Code { braces: usize::from(bare), bare, from: at });
        self.at = start;
    }

    /// Code that is taken over up to a place.
    fn keep(&mut self, end: usize) {
        let end = end.min(self.bytes.len()).max(self.at + 1);
        self.masked.keep(self.text, self.at..end);
        self.at = end;
    }

    fn code(&mut self) {
        let at = self.at;
        match (self.bytes[at], self.byte(at + 1)) {
            (b'@', b':') => {
                self.modes.push(Mode::Line);
                self.at += 2;
            }
            (b'@', b'*') => self.at = self.behind(at + 2, "*@"),
            (b'@', b'"') => {
                let mut end = self.behind(at + 2, "\"");
                while self.byte(end) == b'"' {
                    end = self.behind(end + 1, "\"");
                }
                self.keep(end);
            }
            // `@Html.Raw(x)` among statements
            (b'@', _) => self.at += 1,
            (b'/', b'/') => self.at = self.line_end(at),
            (b'/', b'*') => self.at = self.behind(at + 2, "*/"),
            (b'"', _) => self.keep(quoted(self.bytes, at, b'"').map_or(at + 1, |end| end + 1)),
            (b'\'', _) => {
                let end = quoted(self.bytes, at, b'\'').filter(|end| end - at < 8);
                self.keep(end.map_or(at + 1, |end| end + 1));
            }
            (b'<', next) if (next.is_ascii_alphabetic() || next == b'!') && self.begins_statement() => {
                self.modes.push(Mode::Markup { inner: true, open: 0, tag: None });
                self.markup();
            }
            (b'{', _) => {
                if let Some(Mode::Code { braces, .. }) = self.modes.last_mut() {
                    *braces += 1;
                }
                self.keep(at + 1);
            }
            (b'}', _) => self.close(),
            _ => self.keep(at + 1),
        }
    }

    fn close(&mut self) {
        let at = self.at;
        let Some(Mode::Code { braces, bare, from }) = self.modes.last_mut() else { return };
        *braces = braces.saturating_sub(1);
        if *braces > 0 {
            return self.keep(at + 1);
        }
        let (bare, from) = (*bare, *from);
        let next = self.skip_space(at + 1);
        if !bare {
            self.keep(at + 1);
            if GOES_ON.contains(&self.word(next)) {
                return;
            }
        }
        self.at = at + 1;
        self.masked.taken.push(from..at + 1);
        self.modes.pop();
    }

    /// True where a tag may stand in code: first on its line, or behind a brace or a semicolon.
    fn begins_statement(&self) -> bool {
        let before = self.bytes[..self.at].iter().rev().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r'));
        before.is_none_or(|byte| matches!(byte, b'\n' | b'{' | b'}' | b';' | b'>' | b':'))
    }
}
