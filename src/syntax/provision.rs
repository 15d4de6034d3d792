//! Shell scripts inside a Vagrantfile: `provision "shell", inline:` and the heredocs that it is handed.
//!
//! Ruby reads the file; what it hands to the shell is read by the shell reader, where it stands.

use super::keyed::Collector;
use super::shell;
use crate::facts::{Descriptor, EntryFormat, FileFacts, Interest, Script};

/// True for the files whose heredocs are scripts.
pub(super) fn is_one(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name == "Vagrantfile" || name.starts_with("Vagrantfile."))
}

/// Adds the commands of the scripts: as calls for rules, as a script for checks.
pub(super) fn read(text: &str, interest: &dyn Interest, facts: &mut FileFacts) {
    let out = Collector::new(text, EntryFormat::Ini);
    let mut all = Script::default();
    for (start, end) in scripts(text) {
        let Some(body) = text.get(start..end) else { continue };
        // What Ruby fills in looks like a comment to a shell; the length stays.
        let body = body.replace("#{", "${");
        let (script, partial) = shell::script(&body, &|from, to| out.span(start + from, start + to));
        facts.partial |= partial;
        let base = u32::try_from(all.commands.len()).unwrap_or(u32::MAX);
        let statement = all.commands.last().map_or(0, |command| command.statement);
        all.commands.extend(script.commands.into_iter().map(|mut command| {
            command.statement += statement;
            command.pipes_into = command.pipes_into.map(|at| at + base);
            command
        }));
        all.variables.extend(script.variables);
        all.traps |= script.traps;
    }
    if !all.commands.is_empty() {
        facts.calls.extend(shell::calls(&all, interest));
        facts.descriptor = Some(Box::new(Descriptor::Script(all)));
    }
}

/// Byte ranges of the scripts, in order.
fn scripts(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut open: Option<(String, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let (start, end) = (at, at + line.len());
        at = end;
        let content = line.trim();
        match open.take() {
            Some((mark, from)) if content == mark => found.push((from, start)),
            Some(still) => open = Some(still),
            None if content.starts_with('#') => {}
            None => {
                if let Some(mark) = heredoc(content) {
                    open = Some((mark, end));
                } else if let Some((from, to)) = inline(line) {
                    found.push((start + from, start + to));
                }
            }
        }
    }
    // A script of another interpreter is none of the shell's.
    found.retain(|(from, to)| {
        let body = text.get(*from..*to).unwrap_or_default().trim_start();
        let first = body.lines().next().unwrap_or_default();
        !first.starts_with("#!")
            || ["sh", "bash", "dash", "ash", "zsh", "ksh"]
                .iter()
                .any(|shell| first.split(['/', ' ']).any(|word| word == *shell))
    });
    found
}

/// The end mark of the heredoc that a line opens.
fn heredoc(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("<<")?;
    let rest = rest.trim_start_matches(['-', '~']).trim_start_matches(['"', '\'']);
    let mark: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    mark.starts_with(|c: char| c.is_ascii_uppercase() || c == '_').then_some(mark)
}

/// The text of `inline: "…"` or `:inline => '…'` on one line.
fn inline(line: &str) -> Option<(usize, usize)> {
    let at = line.find("inline:").map(|at| at + 7).or_else(|| line.find(":inline").map(|at| at + 7))?;
    let rest = line.get(at..)?;
    let open = rest.find(['"', '\''])?;
    if !rest[..open].chars().all(|c| c.is_whitespace() || matches!(c, '=' | '>')) {
        return None;
    }
    let quote = rest[open..].chars().next()?;
    let from = at + open + 1;
    let close = line.get(from..)?.find(quote)?;
    Some((from, from + close))
}
