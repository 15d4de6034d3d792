//! An image definition as stages and instructions: flags, exec and shell form, variables put in, commands read.

use std::collections::BTreeMap;

use super::{Source, assignments, words};
use crate::facts::{Image, Instruction, Keyword, Name, Script, Stage};
use crate::syntax::keyed::Collector;
use crate::syntax::shell;

/// Longest text that a variable may grow to, in bytes.
const MAX_EXPANDED: usize = 2000;

type Variables = BTreeMap<String, String>;

/// The stages of a file; whether some command could not be read.
pub fn image(text: &str, escape: char, sources: &[Source], out: &Collector) -> (Image, bool) {
    let mut reader = Reader { text, escape, out, image: Image::default(), global: Variables::new(), partial: false };
    let mut variables = Variables::new();
    let mut shells: Vec<Variables> = Vec::new();
    for source in sources {
        let (word, _) = source.text.split_once(char::is_whitespace).unwrap_or((&source.text, ""));
        if word.eq_ignore_ascii_case("FROM") {
            if !reader.image.stages.is_empty() {
                shells.push(std::mem::take(&mut variables));
            }
            variables = reader.from(source, &shells);
        } else if !reader.image.stages.is_empty() {
            if let Some(instruction) = reader.instruction(source, &mut variables)
                && let Some(stage) = reader.image.stages.last_mut()
            {
                stage.instructions.push(instruction);
            }
        } else if word.eq_ignore_ascii_case("ARG") {
            for (name, value) in assignments(source.text.get(3..).unwrap_or("").trim(), escape, "ARG") {
                if !value.is_empty() {
                    let value = expand(&value, &reader.global);
                    reader.global.insert(name, value);
                }
            }
        }
    }
    (reader.image, reader.partial)
}

struct Reader<'a> {
    text: &'a str,
    escape: char,
    out: &'a Collector<'a>,
    image: Image,
    global: Variables,
    partial: bool,
}

impl Reader<'_> {
    /// Opens a stage; the variables it starts with.
    fn from(&mut self, source: &Source, earlier: &[Variables]) -> Variables {
        let all: Vec<String> = words(source.text.get(4..).unwrap_or(""), self.escape);
        let mut plain = all.iter().filter(|word| !word.starts_with("--"));
        let base = plain.next().map(|word| expand(word, &self.global)).unwrap_or_default();
        let name = plain.next().filter(|word| word.eq_ignore_ascii_case("AS")).and_then(|_| plain.next());
        let lower = base.to_lowercase();
        let parent = self.image.stages.iter().rposition(|stage| stage.name.as_deref() == Some(lower.as_str()));
        self.image.stages.push(Stage {
            name: name.map(|name| Name::from(name.to_lowercase())),
            base: Name::from(base),
            parent: parent.and_then(|parent| u32::try_from(parent).ok()),
            span: self.out.span(source.start, source.end),
            instructions: Vec::new(),
        });
        parent.and_then(|parent| earlier.get(parent)).cloned().unwrap_or_default()
    }

    fn instruction(&mut self, source: &Source, variables: &mut Variables) -> Option<Instruction> {
        let span = self.out.span(source.start, source.end);
        let masked = mask(self.text.get(source.start..source.end)?, source.head, self.escape);
        let mut at = 0;
        let mut word = next_word(&masked, &mut at);
        let on_build = word.eq_ignore_ascii_case("ONBUILD");
        if on_build {
            word = next_word(&masked, &mut at);
        }
        let keyword = keyword(word)?;
        let mut flags = Vec::new();
        skip_blanks(&masked, &mut at);
        while masked.get(at..).is_some_and(|rest| rest.starts_with("--")) {
            let flag = next_word(&masked, &mut at);
            let (name, value) =
                flag.trim_start_matches('-').split_once('=').unwrap_or((flag.trim_start_matches('-'), ""));
            flags.push((Name::from(name), Name::from(expand(value.trim_matches('"'), variables))));
            skip_blanks(&masked, &mut at);
        }
        if keyword == Keyword::Healthcheck {
            let mut after = at;
            if next_word(&masked, &mut after).eq_ignore_ascii_case("CMD") {
                at = after;
                skip_blanks(&masked, &mut at);
            }
        }
        let rest = masked.get(at..).unwrap_or("");
        let head = masked.get(at..source.head.max(at)).unwrap_or("");
        let exec = exec_form(head);
        let exec_form = exec.is_some();
        let mut script = Script::default();
        let words: Vec<Name> = match keyword {
            Keyword::Run | Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck => match exec {
                Some(members) => {
                    if !members.is_empty() {
                        script = shell::words(members.clone(), span);
                    }
                    members
                }
                None => {
                    script = self.shell(rest, source.start + at, keyword);
                    script.commands.first().map(|command| command.words.clone()).unwrap_or_default()
                }
            },
            Keyword::Env | Keyword::Arg => {
                let word = if keyword == Keyword::Env { "ENV" } else { "ARG" };
                let mut found = Vec::new();
                for (name, value) in assignments(&joined(head), self.escape, word) {
                    let given = keyword == Keyword::Arg && value.is_empty();
                    let value = if given { self.global.get(&name).cloned() } else { Some(expand(&value, variables)) };
                    found.push(Name::from(format!("{name}={}", value.as_deref().unwrap_or(""))));
                    // `ENV` wins over `ARG`, wherever it stands.
                    if let Some(value) = value.filter(|value| !value.is_empty())
                        && !on_build
                    {
                        variables.insert(name, value);
                    }
                }
                found
            }
            _ => match exec {
                Some(members) => members.iter().map(|member| Name::from(expand(member, variables))).collect(),
                None => words(&joined(head), self.escape)
                    .iter()
                    .filter(|word| !word.starts_with("<<"))
                    .map(|word| Name::from(expand(word, variables)))
                    .collect(),
            },
        };
        Some(Instruction { keyword, on_build, flags, words, exec_form, script, span })
    }

    /// The commands of a shell form that starts at byte `at` of the file.
    fn shell(&mut self, rest: &str, at: usize, keyword: Keyword) -> Script {
        if keyword == Keyword::Healthcheck && rest.trim().eq_ignore_ascii_case("NONE") {
            return Script::default();
        }
        let windows = rest.trim_start().get(..10).is_some_and(|start| start.eq_ignore_ascii_case("powershell"));
        if windows || self.escape == '`' {
            return Script::default();
        }
        // A heredoc alone is a script: its lines are the commands.
        let (body, offset) = match rest.trim_start().strip_prefix("<<") {
            Some(_) => {
                let first = rest.find('\n').map_or(rest.len(), |end| end + 1);
                let body = rest.get(first..).unwrap_or("");
                let last = body.trim_end().rfind('\n').map_or(0, |end| end + 1);
                (body.get(..last).unwrap_or(""), first)
            }
            None => (rest, 0),
        };
        let base = at + offset;
        let (script, partial) = shell::script(body, &|start, end| self.out.span(base + start, base + end));
        self.partial |= partial;
        script
    }
}

fn keyword(word: &str) -> Option<Keyword> {
    Some(match word.to_ascii_uppercase().as_str() {
        "RUN" => Keyword::Run,
        "CMD" => Keyword::Cmd,
        "ENTRYPOINT" => Keyword::Entrypoint,
        "COPY" => Keyword::Copy,
        "ADD" => Keyword::Add,
        "ENV" => Keyword::Env,
        "ARG" => Keyword::Arg,
        "EXPOSE" => Keyword::Expose,
        "VOLUME" => Keyword::Volume,
        "USER" => Keyword::User,
        "WORKDIR" => Keyword::Workdir,
        "HEALTHCHECK" => Keyword::Healthcheck,
        "SHELL" => Keyword::Shell,
        "LABEL" | "STOPSIGNAL" | "MAINTAINER" => Keyword::Other,
        _ => return None,
    })
}

/// The instruction byte for byte, its head as a shell reads it: comment lines and blank lines inside a continued
/// instruction become blanks, the escape character a backslash right before the line end.
fn mask(source: &str, head: usize, escape: char) -> String {
    let mut out = String::with_capacity(source.len());
    let (first, rest) = source.split_at(head.min(source.len()));
    let mut continued = false;
    for line in first.split_inclusive('\n') {
        let content = line.trim_end();
        let bare = content.trim_start();
        if continued && (bare.is_empty() || bare.starts_with('#')) {
            out.extend(std::iter::repeat_n(' ', line.len()));
            continue;
        }
        match content.strip_suffix(escape) {
            Some(kept) => {
                out.push_str(kept);
                let end = usize::from(line.ends_with('\n'));
                out.extend(std::iter::repeat_n(' ', line.len() - kept.len() - 1 - end));
                out.push('\\');
                out.push_str(if end == 1 { "\n" } else { "" });
                continued = true;
            }
            None => out.push_str(line),
        }
    }
    out.push_str(rest);
    out
}

/// Moves behind blanks and continued line ends.
fn skip_blanks(text: &str, at: &mut usize) {
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(*at) {
        if byte.is_ascii_whitespace() {
            *at += 1;
        } else if *byte == b'\\' && bytes.get(*at + 1).is_some_and(|next| matches!(next, b'\n' | b'\r')) {
            *at += 2;
        } else {
            break;
        }
    }
}

fn next_word<'t>(text: &'t str, at: &mut usize) -> &'t str {
    skip_blanks(text, at);
    let rest = text.get(*at..).unwrap_or("");
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    *at += end;
    &rest[..end]
}

/// Continued lines as one.
fn joined(text: &str) -> String {
    text.replace("\\\r\n", " ").replace("\\\n", " ")
}

/// The members of `["a", "b"]`; `None` for anything else, which is then the shell form, as the engines read it.
fn exec_form(text: &str) -> Option<Vec<Name>> {
    let text = joined(text);
    let mut rest = text.trim().strip_prefix('[')?.strip_suffix(']')?.trim();
    let mut members = Vec::new();
    while !rest.is_empty() {
        let inner = rest.strip_prefix('"')?;
        let mut member = String::new();
        let mut chars = inner.char_indices();
        let end = loop {
            let (at, c) = chars.next()?;
            match c {
                '"' => break at,
                '\\' => {
                    let (_, c) = chars.next()?;
                    member.push(match c {
                        'n' => '\n',
                        't' => '\t',
                        c => c,
                    });
                }
                c => member.push(c),
            }
        };
        members.push(Name::from(member));
        rest = inner[end + 1..].trim_start();
        rest = match rest.strip_prefix(',') {
            Some(rest) => rest.trim_start(),
            None if rest.is_empty() => rest,
            None => return None,
        };
    }
    Some(members)
}

/// Puts variables in: `$A`, `${A}`, `${A:-default}`, `${A:+other}`; what is not known stays as written.
fn expand(text: &str, variables: &Variables) -> String {
    if !text.contains('$') {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let (name, operator, operand, length) = reference(rest);
        let value = variables.get(name);
        match (operator, value) {
            _ if name.is_empty() => out.push('$'),
            (":-" | "-", None) => out.push_str(&expand(operand, variables)),
            (":+" | "+", Some(_)) => out.push_str(operand),
            (":+" | "+", None) => {}
            (_, Some(value)) => out.push_str(value),
            _ => {
                out.push('$');
                out.push_str(&rest[..length]);
            }
        }
        rest = &rest[length..];
        if out.len() > MAX_EXPANDED {
            break;
        }
    }
    out.push_str(rest);
    out
}

/// What follows a dollar sign: name, operator, operand, and how many bytes they take.
fn reference(rest: &str) -> (&str, &str, &str, usize) {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if let Some(inner) = rest.strip_prefix('{') {
        let mut depth = 1;
        let end = inner.char_indices().find_map(|(at, c)| {
            depth += match c {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            (depth == 0).then_some(at)
        });
        let Some(end) = end else { return ("", "", "", 0) };
        let inner = &inner[..end];
        let name = inner.find(|c| !is_name(c)).unwrap_or(inner.len());
        let tail = &inner[name..];
        let operator = [":-", ":+", "-", "+"].into_iter().find(|operator| tail.starts_with(operator)).unwrap_or("");
        return (&inner[..name], operator, &tail[operator.len()..], end + 2);
    }
    let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
    (&rest[..end], "", "", end)
}
