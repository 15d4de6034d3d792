//! Templates with code inside: everything but the code becomes blanks, so that the code parses and every byte and line stays
//! where it was. What is code says the table `[[templates]]` of a language's asset; the scripts of a page are read beside it.

mod blade;
mod lines;
mod razor;
mod script;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem;
use regex::Regex;
use serde::Deserialize;

use super::grammars;
use crate::assets;
use crate::facts::{Arg, Call, CallKind, FileFacts, Interest, Language, Name, Receiver, Span, Value};

/// What is code in the files of some endings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Template {
    /// Endings of the files, without the first dot: `erb`, `blade.php`. The longest one that fits counts.
    pub endings: Vec<String>,
    /// How code is told from text.
    style: Style,
    /// Delimiters, the first that fits is taken: longer ones stand before shorter ones.
    pieces: Vec<Piece>,
    /// A syntax error is no news: the text was put together from pieces.
    lenient: bool,
    /// What names other templates: regular expressions whose first group is the name.
    includes: Vec<String>,
    /// The page may hold scripts that a browser runs.
    page: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Style {
    /// Code stands between delimiters.
    #[default]
    Pieces,
    /// The grammar reads the text as it is.
    Whole,
    /// No grammar reads it: pages, and templates whose expressions only print.
    Page,
    /// Delimiters, and directives behind an `@` (Blade).
    Blade,
    /// An `@` begins code, which may hold markup again (Razor).
    Razor,
    /// Lines that begin with a mark (HAML).
    Haml,
    /// The same, with tags that are bare words (Slim).
    Slim,
}

/// One pair of delimiters.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Piece {
    open: String,
    close: String,
    /// What is inside is no code.
    skip: bool,
    /// `open` begins a tag, which goes on to the next `>` and holds this text (`runat="server"`), if any is given.
    tag: Option<String>,
    /// Signs that may stand directly before `close` and belong to it (`-%>`).
    trim: String,
    /// Written over the end of `open`, over the beginning of `close`.
    begin: String,
    end: String,
    /// What the piece imports: the first group of this expression, its parts at commas.
    names: String,
    /// The statement that imports one name, `{}` in its place.
    import: String,
}

/// The code of a template, everything else blank.
struct Masked {
    out: Vec<u8>,
    /// What is no text of the page: code with its delimiters, comments.
    taken: Vec<Range<usize>>,
}

impl Masked {
    fn new(text: &str) -> Masked {
        let out = text.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { byte } else { b' ' }).collect();
        Masked { out, taken: Vec::new() }
    }

    /// Takes a range over as it is.
    fn keep(&mut self, text: &str, range: Range<usize>) {
        if let (Some(to), Some(from)) = (self.out.get_mut(range.clone()), text.as_bytes().get(range)) {
            to.copy_from_slice(from);
        }
    }

    /// Writes where there are only blanks and nothing of the text's layout is lost; false where there is no room.
    fn write(&mut self, at: usize, code: &str) -> bool {
        match self.out.get_mut(at..at + code.len()) {
            Some(place) if place.iter().all(|byte| *byte == b' ') => {
                place.copy_from_slice(code.as_bytes());
                true
            }
            _ => false,
        }
    }

    fn into_code(self) -> String {
        String::from_utf8(self.out).unwrap_or_default()
    }
}

#[derive(Deserialize)]
struct Written {
    #[serde(default)]
    templates: Vec<Template>,
}

/// A template with the language of its code.
struct Known {
    language: &'static str,
    template: Template,
    includes: Vec<Regex>,
    names: Vec<Option<Regex>>,
}

static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let files = assets::under("languages/").filter_map(|(path, text)| {
        let language = path.strip_prefix("languages/")?.strip_suffix(".toml")?;
        Some((language, toml::from_str::<Written>(text).ok()?.templates))
    });
    let known = files.flat_map(|(language, templates)| {
        templates.into_iter().map(move |template| Known {
            language,
            includes: template.includes.iter().filter_map(|text| Regex::new(text).ok()).collect(),
            names: template.pieces.iter().map(|piece| Regex::new(&piece.names).ok()).collect(),
            template,
        })
    });
    known.collect()
});

/// What is known of the template's kind; `None` for files that are no templates.
fn known(language: Language, path: &str) -> Option<&'static Known> {
    let fits = |ending: &str| {
        let rest = path.len().checked_sub(ending.len() + 1);
        rest.is_some_and(|at| {
            path.as_bytes()[at] == b'.' && path.get(at + 1..).is_some_and(|end| end.eq_ignore_ascii_case(ending))
        })
    };
    let of_language = KNOWN.iter().filter(|known| known.language == language.0);
    let longest = |known: &Known| known.template.endings.iter().filter(|e| fits(e)).map(String::len).max();
    of_language.filter_map(|known| Some((longest(known)?, known))).max_by_key(|(length, _)| *length).map(|(_, k)| k)
}

/// The text that the language's grammar shall read: the code of a template, or the text itself for all other files.
#[must_use]
pub fn code<'t>(language: Language, path: &str, text: &'t str) -> Cow<'t, str> {
    match known(language, path) {
        Some(known) if known.template.style != Style::Whole => Cow::Owned(mask(known, text).into_code()),
        _ => Cow::Borrowed(text),
    }
}

/// What a file says that the language's own grammar reads, template or not.
#[must_use]
pub fn extract(language: Language, path: &str, text: &str, interest: &dyn Interest) -> FileFacts {
    let Some(known) = known(language, path) else {
        return grammars::extract(language, path, text, interest).unwrap_or_default();
    };
    let template = &known.template;
    let page = template.page && memmem::find(text.as_bytes(), b"<script").is_some();
    let masked = if template.style == Style::Whole && !page { None } else { Some(mask(known, text)) };
    let scripts = match &masked {
        Some(masked) if page => script::of_page(text, &masked.taken, interest),
        _ => Vec::new(),
    };
    let mut facts = match (template.style, masked) {
        (Style::Page, _) => FileFacts::default(),
        (Style::Whole, _) | (_, None) => grammars::extract(language, path, text, interest).unwrap_or_default(),
        (_, Some(masked)) => grammars::extract(language, path, &masked.into_code(), interest).unwrap_or_default(),
    };
    facts.partial &= !template.lenient;
    facts.literals.extend(scripts);
    includes(known, text, &mut facts);
    facts
}

fn mask(known: &Known, text: &str) -> Masked {
    let mut masked = Masked::new(text);
    match known.template.style {
        Style::Pieces | Style::Whole | Style::Page => pieces(known, text, &mut masked, &mut |_, _| None),
        Style::Blade => pieces(known, text, &mut masked, &mut |at, masked| blade::directive(text, at, masked)),
        Style::Razor => razor::mask(text, &mut masked),
        Style::Haml => lines::mask(text, false, &mut masked),
        Style::Slim => lines::mask(text, true, &mut masked),
    }
    masked
}

/// The code between delimiters; `other` may take what begins with an `@`.
fn pieces(known: &Known, text: &str, masked: &mut Masked, other: &mut dyn FnMut(usize, &mut Masked) -> Option<usize>) {
    let list = &known.template.pieces;
    let mut starts: Vec<u8> = list.iter().filter_map(|piece| piece.open.bytes().next()).collect();
    if known.template.style == Style::Blade {
        starts.push(b'@');
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !starts.contains(&bytes[at]) {
            at += 1;
            continue;
        }
        let rest = &bytes[at..];
        let fitting = list.iter().position(|piece| {
            rest.get(..piece.open.len()).is_some_and(|start| start.eq_ignore_ascii_case(piece.open.as_bytes()))
                && (piece.tag.is_none() || tag_end(text, at, piece).is_some())
        });
        let end = match fitting {
            Some(index) => Some(piece(&list[index], known.names[index].as_ref(), text, at, masked)),
            None if bytes[at] == b'@' => other(at, masked),
            None => None,
        };
        at = end.unwrap_or(at + 1).max(at + 1);
    }
}

/// The end of the tag that begins a piece, where it holds what it must.
fn tag_end(text: &str, at: usize, piece: &Piece) -> Option<usize> {
    let end = at + memchr::memchr(b'>', &text.as_bytes()[at..])? + 1;
    let wanted = piece.tag.as_deref().unwrap_or_default();
    text.get(at..end)?.to_ascii_lowercase().replace('\'', "\"").contains(wanted).then_some(end)
}

/// Takes one piece over and tells where it ends.
fn piece(piece: &Piece, names: Option<&Regex>, text: &str, at: usize, masked: &mut Masked) -> usize {
    let bytes = text.as_bytes();
    let start = if piece.tag.is_some() { tag_end(text, at, piece) } else { None }.unwrap_or(at + piece.open.len());
    let close = memmem::find(&bytes[start..], piece.close.as_bytes()).map(|offset| start + offset);
    let end = close.unwrap_or(text.len());
    let after = close.map_or(end, |close| close + piece.close.len());
    masked.taken.push(at..after);
    let Some(inner) = text.get(start..end) else { return after };
    if piece.skip {
        return after;
    }
    if !piece.import.is_empty() {
        import(inner, names, &piece.import, start, masked);
        return after;
    }
    let keep = start + inner.trim_end_matches(|c| piece.trim.contains(c)).len();
    masked.keep(text, start..keep);
    masked.write(start - piece.begin.len().min(start - at), &piece.begin);
    if close.is_some() {
        masked.write(end, &piece.end);
    }
    after
}

/// `page import="a.B,c.D"` as `import a.B;import c.D;`, as far as the place suffices.
fn import(inner: &str, names: Option<&Regex>, statement: &str, start: usize, masked: &mut Masked) {
    let Some(found) = names.and_then(|names| names.captures(inner)) else { return };
    let list = found.get(1).map_or("", |group| group.as_str());
    let end = start + inner.len();
    let mut at = start;
    for name in list.split(',').map(str::trim).filter(|name| !name.is_empty() && !name.contains('\n')) {
        let code = statement.replace("{}", name);
        // The whole directive is room: each further import needs more than the comma that it had.
        if at + code.len() > end || !masked.write(at, &code) {
            return;
        }
        at += code.len();
    }
}

/// The names of other templates, as calls that show them.
fn includes(known: &Known, text: &str, facts: &mut FileFacts) {
    let mut lines: Option<Vec<usize>> = None;
    for regex in &known.includes {
        for found in regex.captures_iter(text).take(200) {
            let Some(name) = found.get(1) else { continue };
            let starts = lines.get_or_insert_with(|| memchr::memchr_iter(b'\n', text.as_bytes()).collect());
            let span = span(starts, name.range());
            facts.calls.push(Call {
                name: Name::from("render"),
                also: Vec::new(),
                kind: CallKind::Call,
                receiver: Receiver::None,
                receiver_value: Value::Unknown,
                args: vec![Arg { value: Value::Str(name.as_str().into()), span, ..Arg::default() }],
                span,
                parent: None,
                inside: None,
                assigned_to: Name::default(),
            });
        }
    }
}

/// The span of a range; `ends` are the places of the line ends before it and after.
fn span(ends: &[usize], range: Range<usize>) -> Span {
    let line = ends.partition_point(|end| *end < range.start);
    let end_line = ends.partition_point(|end| *end < range.end);
    let begin = line.checked_sub(1).and_then(|before| ends.get(before)).map_or(0, |end| end + 1);
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Span {
        start: number(range.start),
        end: number(range.end),
        line: number(line + 1),
        end_line: number(end_line + 1),
        column: number(range.start - begin + 1),
    }
}

/// Longest expression that is followed to its closing bracket, in bytes: what never closes is looked at no further.
const MAX_EXPRESSION: usize = 16 * 1024;

/// Behind the bracket that closes the one at `at`; brackets in quoted texts do not count.
fn balanced(text: &str, at: usize) -> Option<usize> {
    let bytes = &text.as_bytes()[..text.len().min(at + MAX_EXPRESSION)];
    let mut depth = 0_usize;
    let mut index = at;
    while let Some(byte) = bytes.get(index) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(index + 1);
                }
            }
            quote @ (b'"' | b'\'') => index = quoted(bytes, index, *quote)?,
            _ => {}
        }
        index += 1;
    }
    None
}

/// The place of the quote that closes the one at `at`.
fn quoted(bytes: &[u8], at: usize, quote: u8) -> Option<usize> {
    let mut index = at + 1;
    loop {
        match bytes.get(..at + MAX_EXPRESSION).unwrap_or(bytes).get(index)? {
            b'\\' => index += 2,
            byte if *byte == quote => return Some(index),
            _ => index += 1,
        }
    }
}

#[cfg(test)]
mod tests;
