//! Dockerfiles and Containerfiles, instruction by instruction, with continued lines and heredocs.
//!
//! Keys are `<stage>.<INSTRUCTION>`, stages counted from 0 (arguments before the first `FROM` belong to stage 0);
//! `ENV`, `ARG` and `LABEL` give one entry per name: `0.ENV.NAME`. The group is the stage.

mod image;

use super::keyed::Collector;
use super::shell;
use crate::facts::{Descriptor, EntryFormat, FileFacts, Interest, Language};

/// What a Dockerfile says.
#[must_use]
pub fn extract(_language: Language, _path: &str, text: &str, interest: &dyn Interest) -> FileFacts {
    let mut out = Collector::new(text, EntryFormat::Container);
    let escape = escape_character(text);
    let mut stage: Option<u32> = None;
    let mut group = out.group();
    let instructions = instructions(text, escape);
    for instruction in &instructions {
        let (word, rest) = instruction.text.split_once(char::is_whitespace).unwrap_or((&instruction.text, ""));
        let word = word.to_ascii_uppercase();
        let rest = rest.trim();
        if !word.bytes().all(|byte| byte.is_ascii_uppercase()) {
            out.partial = true;
            continue;
        }
        if word == "FROM" {
            if stage.is_some() {
                group = out.group();
            }
            stage = Some(stage.map_or(0, |stage| stage + 1));
        }
        let number = stage.unwrap_or(0);
        let (start, end) = (instruction.start, instruction.end);
        if matches!(word.as_str(), "ENV" | "ARG" | "LABEL") {
            for (name, value) in assignments(rest, escape, &word) {
                let (start, end) = line_of(text, start, end, &name).unwrap_or((start, end));
                out.push(&format!("{number}.{word}.{name}"), &value, start, end, group);
            }
        } else {
            out.push(&format!("{number}.{word}"), rest, start, end, group);
        }
    }
    let (image, partial) = image::image(text, escape, &instructions, &out);
    out.partial |= partial;
    let mut facts = out.finish(interest);
    for stage in &image.stages {
        let scripts = stage.instructions.iter().map(|instruction| &instruction.script);
        facts.calls.extend(scripts.flat_map(|script| shell::calls(script, interest)));
    }
    if !image.stages.is_empty() {
        facts.descriptor = Some(Box::new(Descriptor::Image(image)));
    }
    facts
}

/// One instruction: its lines joined by blanks, comments inside removed, heredocs kept with their line ends.
struct Source {
    text: String,
    start: usize,
    end: usize,
    /// Bytes from `start` to where heredocs begin; the whole length without them.
    head: usize,
}

/// The escape character that a parser directive in the first lines sets; a backslash otherwise.
fn escape_character(text: &str) -> char {
    for line in text.lines() {
        let Some(directive) = line.trim().strip_prefix('#') else { break };
        let Some((name, value)) = directive.split_once('=') else { break };
        if name.trim().eq_ignore_ascii_case("escape") && value.trim() == "`" {
            return '`';
        }
    }
    '\\'
}

fn instructions(text: &str, escape: char) -> Vec<Source> {
    let mut found = Vec::new();
    let mut lines = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        lines.push((at, line.trim_end_matches(['\n', '\r'])));
        at += line.len();
    }
    let mut index = 0;
    while index < lines.len() {
        let (line_start, line) = lines[index];
        index += 1;
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let start = line_start + (line.len() - line.trim_start().len());
        let mut end = line_start + line.len();
        let mut joined = String::new();
        let mut part = content;
        loop {
            let open = part.strip_suffix(escape);
            joined.push_str(open.unwrap_or(part).trim_end());
            if open.is_none() {
                break;
            }
            // Blank lines and comments inside a continued instruction are no end of it.
            while lines.get(index).is_some_and(|(_, next)| next.trim().is_empty() || next.trim_start().starts_with('#'))
            {
                index += 1;
            }
            let Some((next_start, next)) = lines.get(index) else { break };
            index += 1;
            end = next_start + next.len();
            part = next.trim();
            joined.push(' ');
        }
        let head = end - start;
        for mark in heredocs(&joined) {
            while let Some((next_start, next)) = lines.get(index) {
                index += 1;
                end = next_start + next.len();
                if next.trim_start_matches('\t') == mark {
                    break;
                }
                joined.push('\n');
                joined.push_str(next);
            }
        }
        found.push(Source { text: joined, start, end, head });
    }
    found
}

/// The end marks of the heredocs that a `RUN`, `COPY` or `ADD` opens.
fn heredocs(instruction: &str) -> Vec<String> {
    let word = instruction.split_whitespace().next().unwrap_or("").to_ascii_uppercase();
    if !matches!(word.as_str(), "RUN" | "COPY" | "ADD") {
        return Vec::new();
    }
    let mut marks = Vec::new();
    for (at, _) in instruction.match_indices("<<") {
        let rest = instruction[at + 2..].trim_start_matches('-');
        let mark: String =
            rest.trim_start_matches(['"', '\'']).chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let starts_word = at == 0 || !instruction[..at].ends_with('<');
        if starts_word && mark.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            marks.push(mark);
        }
    }
    marks
}

/// `NAME=value NAME2="other value"`, or the old form `NAME value`.
fn assignments(rest: &str, escape: char, word: &str) -> Vec<(String, String)> {
    let words = words(rest, escape);
    let first = words.first().map_or("", String::as_str);
    if word != "ARG" && !first.contains('=') {
        let (name, value) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        return if name.is_empty() { Vec::new() } else { vec![(name.to_owned(), value.trim().to_owned())] };
    }
    let pair = |word: String| match word.split_once('=') {
        Some((name, value)) => (name.to_owned(), value.to_owned()),
        None => (word, String::new()),
    };
    words.into_iter().map(pair).filter(|(name, _)| !name.is_empty()).collect()
}

/// Words with quotes and escapes resolved.
fn words(text: &str, escape: char) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (quote, c) if c == escape && quote != Some('\'') => word.get_or_insert_default().extend(chars.next()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// The line inside `start..end` on which a name of a multi-line `ENV` stands, without the instruction's other lines.
fn line_of(text: &str, start: usize, end: usize, name: &str) -> Option<(usize, usize)> {
    let block = text.get(start..end)?;
    if !block.contains('\n') {
        return None;
    }
    let mut at = start;
    for line in block.split_inclusive('\n') {
        let content = line.trim_start();
        let bare = content
            .get(..4)
            .filter(|word| word.eq_ignore_ascii_case("ENV ") || word.eq_ignore_ascii_case("ARG "))
            .map_or(content, |_| content[4..].trim_start());
        let hit = bare
            .split_whitespace()
            .any(|word| word.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('=')));
        if hit {
            let from = at + (line.len() - content.len());
            return Some((from, at + line.trim_end().len()));
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::KeepAll;

    fn read(text: &str) -> Vec<(String, String, u32, u32, u32)> {
        extract(Language("dockerfile"), "Dockerfile", text, &KeepAll)
            .entries
            .into_iter()
            .map(|e| (e.key.to_string(), e.value.to_string(), e.span.line, e.span.end_line, e.group))
            .collect()
    }

    #[test]
    fn stages_continuations_and_variables() {
        let text = "# syntax=docker/dockerfile:1\nARG V=8\nFROM node:$V AS build\nENV A=1 \\\n    # c\n    B=\"two words\"\nENV OLD some value\nRUN apt-get update \\\n && apt-get install -y x\nfrom debian\nCMD [\"a\"]\n";
        let row = |k: &str, v: &str, l, e, g| (k.to_owned(), v.to_owned(), l, e, g);
        assert_eq!(
            read(text),
            [
                row("0.ARG.V", "8", 2, 2, 0),
                row("0.FROM", "node:$V AS build", 3, 3, 0),
                row("0.ENV.A", "1", 4, 4, 0),
                row("0.ENV.B", "two words", 6, 6, 0),
                row("0.ENV.OLD", "some value", 7, 7, 0),
                row("0.RUN", "apt-get update && apt-get install -y x", 8, 9, 0),
                row("1.FROM", "debian", 10, 10, 1),
                row("1.CMD", "[\"a\"]", 11, 11, 1),
            ]
        );
    }

    fn stages(text: &str) -> Vec<crate::facts::Stage> {
        match extract(Language("dockerfile"), "Dockerfile", text, &KeepAll).descriptor.map(|descriptor| *descriptor) {
            Some(Descriptor::Image(image)) => image.stages,
            _ => Vec::new(),
        }
    }

    #[test]
    fn variables_stages_forms_and_flags() {
        let text = "ARG V=18\nARG BASE=node:${V}-slim\nFROM --platform=linux/amd64 ${BASE} AS Build\nARG V\nENV HOME=/srv/$V \\\n  # c\n  PORT=80\nWORKDIR $HOME/${X:-app}\nRUN --mount=type=cache,target=/root \\\n # comment\n  apt-get update && \\\n\n  apt-get install -y x # why\nFROM build\nCOPY --from=build --chown=app:app [\"/a b\", \"./\"]\nEXPOSE $PORT 443/tcp\nONBUILD RUN make\nHEALTHCHECK --interval=5s CMD curl -f http://localhost/ || exit 1\nCMD [\"sh\", \"-c\", \"exec node x\"]\n";
        let stages = stages(text);
        assert_eq!((stages[0].base.as_str(), stages[0].name.as_deref()), ("node:18-slim", Some("build")));
        assert_eq!(stages[1].parent, Some(0));
        let words = |stage: usize, at: usize| stages[stage].instructions[at].words.join(" ");
        assert_eq!(words(0, 1), "HOME=/srv/18 PORT=80");
        assert_eq!(words(0, 2), "/srv/18/app");
        let run = &stages[0].instructions[3];
        let programs: Vec<_> = run.script.commands.iter().map(|c| (c.program(), c.verb(), c.span.line)).collect();
        assert_eq!(programs, [("apt-get", "update", 11), ("apt-get", "install", 13)]);
        assert_eq!(run.flag("mount"), Some("type=cache,target=/root"));
        let copy = &stages[1].instructions[0];
        assert_eq!((copy.flag("from"), copy.exec_form, words(1, 0).as_str()), (Some("build"), true, "/a b ./"));
        assert_eq!(words(1, 1), "80 443/tcp");
        assert!(stages[1].instructions[2].on_build);
        assert_eq!(stages[1].instructions[3].script.commands[0].program(), "curl");
        let cmd = &stages[1].instructions[4];
        assert!(cmd.exec_form && cmd.script.commands[1].exec);
    }

    #[test]
    fn heredoc_scripts_are_read_where_they_stand() {
        let stages = stages(
            "FROM a\nRUN <<EOF\n# c\napk add x\nmake install\nEOF\nCOPY <<-T /etc/x\na\n\tT\nRUN [ -f x ] && pip install y\n",
        );
        let of = |at: usize| {
            let script = &stages[0].instructions[at].script;
            script.commands.iter().map(|c| (c.program().to_owned(), c.span.line)).collect::<Vec<_>>()
        };
        assert_eq!(of(0), [("apk".to_owned(), 4), ("make".to_owned(), 5)]);
        assert_eq!(stages[0].instructions[1].words, ["/etc/x"]);
        assert_eq!(of(2), [("pip".to_owned(), 10)]);
    }

    #[test]
    fn heredocs_belong_to_their_instruction() {
        let got = read("FROM a\nRUN <<EOF\nFROM no\necho > /x\nEOF\nUSER app\n");
        assert_eq!(got.len(), 3);
        assert_eq!((got[1].2, got[1].3), (2, 5));
        assert!(got[1].1.contains("echo > /x"));
        assert_eq!(got[2].0, "0.USER");
    }
}
