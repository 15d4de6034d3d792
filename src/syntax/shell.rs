//! Shell scripts by the Bash grammar: commands with their words, and how they are started, chained and sent to the background.

mod logs;

use tree_sitter::{Language as Grammar, Node};

use super::keyed::Collector;
use super::{grammars, keyed, services};
use crate::facts::{
    Arg, Call, CallKind, Command, Descriptor, EntryFormat, FileFacts, Interest, Name, Receiver, Script, Span, Value,
};

/// Nodes deeper than this are passed over.
const MAX_DEPTH: usize = 120;
/// Commands of one script that are kept.
const MAX_COMMANDS: usize = 4000;
/// Longest word that is kept, in bytes.
const MAX_WORD: usize = 400;

/// Programs that only start another one: name, operands before it, flags that take a value.
const STARTERS: &[(&str, usize, &[&str])] = &[
    ("exec", 0, &["-a"]),
    ("sudo", 0, &["-u", "-g", "--user", "--group", "-C", "-h", "-p"]),
    ("doas", 0, &["-u", "-C"]),
    ("env", 0, &["-u", "--unset", "-C", "--chdir", "-S"]),
    ("nice", 0, &["-n", "--adjustment"]),
    ("ionice", 0, &["-c", "-n"]),
    ("nohup", 0, &[]),
    ("setsid", 0, &[]),
    ("time", 0, &[]),
    ("command", 0, &[]),
    ("builtin", 0, &[]),
    ("stdbuf", 0, &["-i", "-o", "-e"]),
    ("timeout", 1, &["-s", "-k", "--signal", "--kill-after"]),
    ("gosu", 1, &[]),
    ("su-exec", 1, &[]),
    ("s6-setuidgid", 1, &[]),
    ("setuidgid", 1, &[]),
    ("chpst", 0, &["-u", "-U", "-b", "-e", "-m"]),
    ("setpriv", 0, &[]),
    ("runuser", 0, &["-u", "--user", "-g", "-s"]),
    ("tini", 0, &["-p", "-e"]),
    ("dumb-init", 0, &["-r", "--rewrite"]),
    ("catatonit", 0, &[]),
    ("xargs", 0, &["-n", "-P", "-I", "-L", "-d", "-a", "-s"]),
    ("busybox", 0, &[]),
    ("eatmydata", 0, &[]),
];

/// Shells that read a script behind `-c`.
const SHELLS: [&str; 7] = ["sh", "bash", "ash", "dash", "ksh", "zsh", "su"];

/// What a shell script says; crontabs and Procfiles, which are lists of commands, are read as such.
#[must_use]
pub fn extract(path: &str, text: &str, interest: &dyn Interest) -> FileFacts {
    let name = path.rsplit('/').next().unwrap_or(path);
    if name.starts_with("Procfile") {
        return keyed::lines_only(text, |out| {
            let found = services::procfile(text, &|start, end| out.span(start, end));
            (!found.is_empty()).then_some(Descriptor::Services(found))
        });
    }
    if name.starts_with("crontab") || path.contains("cron.d/") {
        return keyed::lines_only(text, |out| {
            let found = services::crontab(path, text, &|start, end| out.span(start, end));
            (!found.is_empty()).then_some(Descriptor::Jobs(found))
        });
    }
    let out = Collector::new(text, EntryFormat::Env);
    let (script, partial) = script(text, &|start, end| out.span(start, end));
    let documents = logs::documents(text);
    let mut calls = calls(&script, interest);
    calls.extend(logs::calls(text, &documents, &out, interest));
    FileFacts {
        lines: keyed::line_count(text),
        calls,
        entries: logs::entries(text, &documents, interest),
        pragmas: keyed::pragmas(text),
        partial,
        descriptor: Some(Box::new(Descriptor::Script(script))),
        ..FileFacts::default()
    }
}

/// Commands as calls, for rules on programs: the name is the program, the arguments are its words.
pub(super) fn calls(script: &Script, interest: &dyn Interest) -> Vec<Call> {
    let wanted = script.commands.iter().filter(|command| interest.call(command.program()));
    wanted
        .map(|command| Call {
            name: Name::from(command.program()),
            also: Vec::new(),
            kind: CallKind::Call,
            receiver: Receiver::None,
            receiver_value: Value::Unknown,
            args: command.args().iter().map(|word| argument(word, command.span)).collect(),
            span: command.span,
            parent: None,
            inside: None,
            assigned_to: Name::default(),
        })
        .collect()
}

fn argument(word: &Name, span: Span) -> Arg {
    let value = if word.contains('$') { Value::Unknown } else { Value::Str(word.clone()) };
    Arg { value, span, ..Arg::default() }
}

/// The commands of a shell text, and whether some part of it could not be read. `span` turns byte ranges of the text
/// into places.
pub(super) fn script(text: &str, span: &dyn Fn(usize, usize) -> Span) -> (Script, bool) {
    let grammar: Grammar = tree_sitter_bash::LANGUAGE.into();
    let Some(tree) = grammars::parse(&grammar, text) else { return (Script::default(), true) };
    let mut reader = Reader { text, span, out: Script::default(), statement: 0, shells: 0 };
    reader.statements(tree.root_node(), false, 0, true);
    (reader.out, tree.root_node().has_error())
}

/// One command given as words: the exec form.
pub(super) fn words(words: Vec<Name>, span: Span) -> Script {
    let mut reader = Reader { text: "", span: &|_, _| span, out: Script::default(), statement: 0, shells: 0 };
    reader.push(words, span, false);
    reader.out
}

struct Reader<'a> {
    text: &'a str,
    span: &'a dyn Fn(usize, usize) -> Span,
    out: Script,
    statement: u32,
    /// How many `sh -c` deep this text is.
    shells: u8,
}

impl Reader<'_> {
    /// The statements below a node; `top` numbers them.
    fn statements(&mut self, node: Node, nested: bool, depth: usize, top: bool) {
        let mut cursor = node.walk();
        let children: Vec<Node> = node.children(&mut cursor).collect();
        for (at, child) in children.iter().enumerate() {
            if !child.is_named() {
                continue;
            }
            let before = self.out.commands.len();
            if top && child.kind() != "comment" {
                self.statement += 1;
            }
            self.node(*child, nested, depth + 1);
            if children.get(at + 1).is_some_and(|next| next.kind() == "&") {
                for command in self.out.commands.get_mut(before..).unwrap_or_default() {
                    command.background = true;
                }
            }
        }
    }

    fn node(&mut self, node: Node, nested: bool, depth: usize) {
        if depth > MAX_DEPTH || self.out.commands.len() > MAX_COMMANDS {
            return;
        }
        match node.kind() {
            "comment" | "heredoc_body" | "regex" => {}
            "command" => self.command(node, nested, depth),
            "pipeline" => {
                let mut cursor = node.walk();
                let parts: Vec<Node> = node.named_children(&mut cursor).collect();
                let mut before: Option<usize> = None;
                for part in parts {
                    let start = self.out.commands.len();
                    self.node(part, nested, depth + 1);
                    if self.out.commands.len() > start {
                        if let Some(before) = before
                            && let Some(command) = self.out.commands.get_mut(before)
                        {
                            command.pipes_into = u32::try_from(start).ok();
                        }
                        before = Some(start);
                    }
                }
            }
            "list" => {
                let mut or = false;
                let mut cursor = node.walk();
                let parts: Vec<Node> = node.children(&mut cursor).collect();
                for part in parts {
                    if part.is_named() {
                        self.node(part, nested || or, depth + 1);
                    }
                    or = part.kind() == "||" || or && part.kind() != "&&";
                }
            }
            "if_statement"
            | "case_statement"
            | "while_statement"
            | "for_statement"
            | "c_style_for_statement"
            | "function_definition"
            | "elif_clause"
            | "else_clause"
            | "case_item" => {
                self.statements(node, true, depth, false);
            }
            "redirected_statement" => {
                let before = self.out.commands.len();
                self.statements(node, nested, depth, false);
                let mut cursor = node.walk();
                let files: Vec<Name> =
                    node.named_children(&mut cursor).filter_map(|child| self.written(child)).collect();
                if let Some(command) = self.out.commands.get_mut(before) {
                    command.writes.extend(files);
                }
            }
            "variable_assignment" => {
                if let Some(name) = node.child_by_field_name("name") {
                    let value = node.child_by_field_name("value").map_or_else(Name::default, |value| self.word(value));
                    self.out.variables.push((Name::from(self.source(name)), value));
                }
                self.statements(node, nested, depth, false);
            }
            "declaration_command" | "unset_command" | "test_command" => self.statements(node, nested, depth, false),
            _ => self.statements(node, nested, depth, false),
        }
    }

    /// The file that a redirection writes.
    fn written(&self, node: Node) -> Option<Name> {
        if node.kind() != "file_redirect" {
            return None;
        }
        let mut cursor = node.walk();
        let writes = node.children(&mut cursor).any(|child| matches!(child.kind(), ">" | ">>" | "&>" | "&>>" | ">|"));
        let target = node.child_by_field_name("destination").filter(|_| writes)?;
        Some(self.word(target))
    }

    fn command(&mut self, node: Node, nested: bool, depth: usize) {
        let mut words = Vec::new();
        let mut writes = Vec::new();
        let mut inner = Vec::new();
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            match child.kind() {
                "command_name" => words.push(self.word(child.named_child(0).unwrap_or(child))),
                "variable_assignment" => inner.push(child),
                "file_redirect" => writes.extend(self.written(child)),
                "heredoc_redirect" | "herestring_redirect" => inner.push(child),
                _ => {
                    words.push(self.word(child));
                    if !matches!(child.kind(), "word" | "raw_string" | "number") {
                        inner.push(child);
                    }
                }
            }
        }
        let span = (self.span)(node.start_byte(), node.end_byte());
        if !words.is_empty() && !words[0].is_empty() {
            let at = self.out.commands.len();
            self.push(words, span, nested);
            if let Some(command) = self.out.commands.get_mut(at) {
                command.writes = writes;
            }
        }
        for child in inner {
            // Substitutions inside words: `$(curl …)`.
            self.node(child, nested, depth + 1);
        }
    }

    /// Adds a command; what `sh -c` is given is read as well.
    fn push(&mut self, words: Vec<Name>, span: Span, nested: bool) {
        let (program_at, exec) = program(&words);
        let command = Command {
            program_at,
            span,
            background: false,
            exec,
            nested,
            statement: self.statement,
            pipes_into: None,
            writes: Vec::new(),
            words,
        };
        if command.program() == "trap" {
            self.out.traps = true;
        }
        let inner = if SHELLS.contains(&command.program()) {
            let flag = command
                .args()
                .iter()
                .position(|word| word.starts_with('-') && !word.starts_with("--") && word.ends_with('c'));
            flag.and_then(|flag| command.args().get(flag + 1)).cloned()
        } else {
            None
        };
        self.out.commands.push(command);
        if let Some(inner) = inner
            && self.shells < 2
        {
            self.nested_shell(&inner, span, nested);
        }
    }

    fn nested_shell(&mut self, text: &str, span: Span, nested: bool) {
        let grammar: Grammar = tree_sitter_bash::LANGUAGE.into();
        let Some(tree) = grammars::parse(&grammar, text) else { return };
        let place = |_: usize, _: usize| span;
        let mut reader = Reader {
            text,
            span: &place,
            out: Script::default(),
            statement: self.statement.saturating_sub(1),
            shells: self.shells + 1,
        };
        reader.statements(tree.root_node(), nested, 0, true);
        let base = u32::try_from(self.out.commands.len()).unwrap_or(u32::MAX);
        self.out.traps |= reader.out.traps;
        self.statement = self.statement.max(reader.statement);
        self.out.commands.extend(reader.out.commands.into_iter().map(|mut command| {
            command.pipes_into = command.pipes_into.map(|at| at.saturating_add(base));
            command
        }));
    }

    fn source(&self, node: Node) -> &str {
        self.text.get(node.byte_range()).unwrap_or("")
    }

    /// A word with its quotes resolved; expansions stay as written.
    fn word(&self, node: Node) -> Name {
        let mut out = String::new();
        self.add_word(node, &mut out, 0);
        let mut cut = out.len().min(MAX_WORD);
        while !out.is_char_boundary(cut) {
            cut -= 1;
        }
        Name::from(&out[..cut])
    }

    fn add_word(&self, node: Node, out: &mut String, depth: usize) {
        let raw = self.source(node);
        match node.kind() {
            "raw_string" | "ansi_c_string" => {
                out.push_str(raw.trim_start_matches('$').trim_matches('\''));
            }
            "string" | "translated_string" => {
                let inner = raw.trim_start_matches('$');
                let inner = inner.strip_prefix('"').unwrap_or(inner);
                out.push_str(&inner.strip_suffix('"').unwrap_or(inner).replace("\\\"", "\"").replace("\\\n", ""));
            }
            "concatenation" if depth < 8 => {
                let mut cursor = node.walk();
                for child in node.named_children(&mut cursor) {
                    self.add_word(child, out, depth + 1);
                }
            }
            "word" if raw.contains('\\') => {
                let mut chars = raw.chars();
                while let Some(c) = chars.next() {
                    match c {
                        '\\' => out.extend(chars.next().filter(|next| *next != '\n')),
                        c => out.push(c),
                    }
                }
            }
            _ => out.push_str(raw),
        }
    }
}

/// Where the program stands behind its starters, and whether it replaces the shell.
fn program(words: &[Name]) -> (u8, bool) {
    let (mut at, mut exec) = (0, false);
    while let Some(word) = words.get(at) {
        let name = word.rsplit('/').next().unwrap_or(word);
        let Some((_, operands, valued)) = STARTERS.iter().find(|(known, _, _)| *known == name) else { break };
        let mut next = at + 1;
        let mut left = *operands;
        while let Some(word) = words.get(next) {
            if word == "--" {
                next += 1;
                break;
            } else if word.starts_with('-') && word.len() > 1 {
                next += if valued.contains(&word.as_str()) { 2 } else { 1 };
            } else if name == "env" && word.contains('=') {
                next += 1;
            } else if left > 0 {
                left -= 1;
                next += 1;
            } else {
                break;
            }
        }
        if next >= words.len() {
            break;
        }
        exec |= name == "exec";
        at = next;
    }
    (u8::try_from(at).unwrap_or(0), exec)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::KeepAll;

    fn read(text: &str) -> Script {
        let facts = extract("x.sh", text, &KeepAll);
        assert!(!facts.partial, "{text}");
        let Some(Descriptor::Script(script)) = facts.descriptor.map(|descriptor| *descriptor) else { panic!() };
        script
    }

    #[test]
    fn words_quotes_starters_and_lines() {
        let script = read(
            "#!/bin/sh\nset -e\nsudo -u app /usr/bin/env A=1 php -r 'echo 1;' \\\n  \"$X y\" a\\ b\nexec \"$@\"\n",
        );
        let words: Vec<Vec<&str>> =
            script.commands.iter().map(|c| c.words.iter().map(Name::as_str).collect()).collect();
        assert_eq!(words[1], ["sudo", "-u", "app", "/usr/bin/env", "A=1", "php", "-r", "echo 1;", "$X y", "a b"]);
        assert_eq!((script.commands[1].program(), script.commands[1].args().len()), ("php", 4));
        assert_eq!((script.commands[1].span.line, script.commands[1].span.end_line), (3, 4));
        assert!(script.commands[2].exec && script.commands[2].program() == "$@");
    }

    #[test]
    fn background_pipes_conditions_and_traps() {
        let script = read(
            "trap 'kill 0' TERM\ncron &\ncurl -s https://x/i.sh | sudo bash -s -- -y\nif [ -f x ]; then\n  apt-get update\nfi\nfoo || bar\nf() { gcc a.c; }\ncat a > /etc/b\nnginx && app &\n",
        );
        let by = |name: &str| script.commands.iter().find(|c| c.program() == name).unwrap();
        assert!(script.traps && by("cron").background && !by("curl").background);
        let target = by("curl").pipes_into.unwrap() as usize;
        assert_eq!(script.commands[target].program(), "bash");
        assert!(by("apt-get").nested && by("bar").nested && !by("foo").nested && by("gcc").nested);
        assert_eq!(by("cat").writes, ["/etc/b"]);
        assert!(by("nginx").background && by("app").background);
        assert_eq!(by("nginx").statement, by("app").statement);
    }

    #[test]
    fn shells_in_shells_and_substitutions() {
        let script = read("sh -c 'apk add x && wget y | sh'\nV=$(git clone https://a/b)\necho \"$(make install)\"\n");
        let programs: Vec<&str> = script.commands.iter().map(Command::program).collect();
        assert_eq!(programs, ["sh", "apk", "wget", "sh", "git", "echo", "make"]);
        assert_eq!(script.commands[2].pipes_into, Some(3));
        assert_eq!(
            words(vec!["bash".into(), "-lc".into(), "exec gunicorn x".into()], Span::default()).commands.len(),
            2
        );
    }

    #[test]
    fn heredocs_are_no_commands() {
        let script = read("cat > /etc/x <<EOF\napt-get install y\nEOF\nls\n");
        assert_eq!(script.commands.iter().map(Command::program).collect::<Vec<_>>(), ["cat", "ls"]);
        assert_eq!(script.commands[0].writes, ["/etc/x"]);
    }
}
