//! Configuration of services in directives: nginx, Apache, HAProxy, HOCON and whatever looks alike.
//!
//! Keys are the path of the enclosing blocks and the directive: `http.server.location.proxy_pass`,
//! `VirtualHost.ErrorLog`, `backend.server`. A block gives an entry of its own with its arguments (`upstream` → `app`).
//! The group is the block. Files with `[sections]` are read as INI.

use super::keyed::{self, Collector, unquote};
use crate::facts::{EntryFormat, FileFacts, Interest, Language};

/// Blocks deeper than this are read as if they stood at this depth.
const MAX_DEPTH: usize = 64;

/// What a file of directives says.
#[must_use]
pub fn extract(_language: Language, path: &str, text: &str, interest: &dyn Interest) -> FileFacts {
    let mut out = Collector::new(text, EntryFormat::Directive);
    match style(path, text) {
        Style::Ini => return keyed::ini(text, interest),
        Style::Braces { semicolons } => braces(text, semicolons, &mut out),
        Style::Sections => sections(text, &mut out),
        Style::Lines => lines(text, &mut out),
    }
    out.finish(interest)
}

enum Style {
    /// `[section]` and `key = value`.
    Ini,
    /// `block args { directive args; }`; without semicolons a line end closes a directive (HOCON, Caddy).
    Braces { semicolons: bool },
    /// `section name` at the margin, directives indented below (HAProxy).
    Sections,
    /// One directive per line, `<Block args>` … `</Block>` (Apache, Redis, Squid).
    Lines,
}

fn style(path: &str, text: &str) -> Style {
    let (mut semicolons, mut braces, mut ini, mut equals, mut tags, mut haproxy, mut all) = (0, 0, 0, 0, 0, 0, 0);
    for line in text.lines().map(str::trim_end) {
        let content = line.trim_start();
        if content.is_empty() || content.starts_with(['#', ';']) {
            continue;
        }
        all += 1;
        semicolons += usize::from(content.ends_with(';'));
        braces += usize::from(content.ends_with('{') || content == "}");
        ini += usize::from(content.starts_with('[') && content.ends_with(']'));
        tags += usize::from(content.starts_with('<') && content.ends_with('>'));
        let word = content.split([' ', '\t']).next().unwrap_or("");
        equals += usize::from(
            !content.starts_with('<')
                && content.contains('=')
                && (word.ends_with('=') || content[word.len()..].trim_start().starts_with('=') || word.contains('=')),
        );
        haproxy += usize::from(
            line.len() == content.len() && matches!(word, "global" | "defaults" | "frontend" | "backend" | "listen"),
        );
    }
    if tags > 0 && semicolons == 0 {
        Style::Lines
    } else if ini > 0 && braces == 0 {
        Style::Ini
    } else if haproxy > 1 || haproxy > 0 && path.contains("haproxy") {
        Style::Sections
    } else if semicolons > 0 || braces > 0 {
        Style::Braces { semicolons: semicolons >= braces.min(2) && semicolons > 0 }
    } else if equals * 2 > all {
        Style::Ini
    } else {
        Style::Lines
    }
}

/// The enclosing blocks: lengths of the key path before each, and its group.
struct Blocks {
    path: String,
    open: Vec<(usize, u32)>,
    root: u32,
}

impl Blocks {
    fn new(out: &mut Collector) -> Blocks {
        Blocks { path: String::new(), open: Vec::new(), root: out.group() }
    }

    fn group(&self) -> u32 {
        self.open.last().map_or(self.root, |(_, group)| *group)
    }

    fn key(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    fn enter(&mut self, name: &str, out: &mut Collector) {
        self.open.push((self.path.len(), out.group()));
        if self.open.len() <= MAX_DEPTH {
            self.path = self.key(name);
        }
    }

    fn leave(&mut self) -> bool {
        let Some((length, _)) = self.open.pop() else { return false };
        self.path.truncate(length);
        true
    }
}

/// `{http.request.host}`, `{$PORT}` of Caddy: a value that is filled in, and no block.
fn is_placeholder(text: &str) -> bool {
    let inner = text[1..].split(['}', '\n']).next().unwrap_or_default();
    !inner.is_empty()
        && text[1 + inner.len()..].starts_with('}')
        && !inner.contains([' ', '\t', '=', ','])
        && (inner.starts_with('$')
            || inner.contains('.')
            || inner.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
}

/// Nginx and its like.
fn braces(text: &str, semicolons: bool, out: &mut Collector) {
    let mut blocks = Blocks::new(out);
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut start: Option<usize> = None;
    while at < bytes.len() {
        match bytes[at] {
            b'#' if start.is_none() || bytes[at - 1].is_ascii_whitespace() => {
                let end = text[at..].find('\n').map_or(text.len(), |offset| at + offset);
                if let Some(from) = start
                    && !semicolons
                {
                    statement(text, from, at, &blocks, out);
                    start = None;
                }
                at = end;
                continue;
            }
            quote @ (b'"' | b'\'') => {
                start.get_or_insert(at);
                at += 1;
                while at < bytes.len() && bytes[at] != quote {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
            }
            // `${name}` and `$name{2}` inside a word are no blocks.
            b'{' if at > 0 && bytes[at - 1] == b'$'
                || !semicolons && start.is_some() && is_placeholder(&text[at..])
                || start.is_some() && bytes.get(at + 1).is_some_and(|b| b.is_ascii_digit() || *b == b'{') =>
            {
                at = text[at..].find(['}', '\n']).map_or(text.len(), |offset| at + offset);
                while bytes.get(at + 1) == Some(&b'}') {
                    at += 1;
                }
            }
            b'{' => {
                let head = start.take().map_or("", |from| &text[from..at]);
                let (name, args) = head_of(head);
                if !name.is_empty() {
                    let from = at - head.len();
                    out.push(&blocks.key(name), args, from, at, blocks.group());
                }
                blocks.enter(name, out);
            }
            b'}' => {
                if let Some(from) = start.take() {
                    statement(text, from, at, &blocks, out);
                }
                out.partial |= !blocks.leave();
            }
            b';' => {
                if let Some(from) = start.take() {
                    statement(text, from, at, &blocks, out);
                }
            }
            b'\n' if !semicolons => {
                if let Some(from) = start
                    && !text[at..].trim_start().starts_with('{')
                {
                    statement(text, from, at, &blocks, out);
                    start = None;
                }
            }
            byte if byte.is_ascii_whitespace() => {}
            _ => {
                start.get_or_insert(at);
            }
        }
        at += 1;
    }
    if let Some(from) = start {
        statement(text, from, text.len(), &blocks, out);
    }
    out.partial |= !blocks.open.is_empty();
}

/// Name and arguments of a block or directive; `=` and `:` between them are dropped.
fn head_of(head: &str) -> (&str, &str) {
    let head = head.trim();
    let end = head.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(head.len());
    let (name, args) = (&head[..end], head[end..].trim_start());
    let args = args.strip_prefix("+=").or_else(|| args.strip_prefix(['=', ':'])).unwrap_or(args).trim();
    (unquote(name.trim_end_matches(':')), args)
}

fn statement(text: &str, start: usize, end: usize, blocks: &Blocks, out: &mut Collector) {
    let end = end.min(text.len());
    let source = text.get(start..end).unwrap_or("");
    let (name, args) = head_of(source);
    if !name.is_empty() && !matches!(name, "," | "]" | "[" | ")") {
        out.push(&blocks.key(name), &value(args), start, end, blocks.group());
    }
}

/// The arguments joined by single blanks; quotes around a single argument removed.
fn value(args: &str) -> String {
    let joined = args.split_whitespace().collect::<Vec<_>>().join(" ");
    let inner = unquote(&joined);
    if inner.contains(['"', '\'']) { joined } else { inner.to_owned() }
}

/// Lines of a text with backslash continuations joined: (start, end, text).
fn logical_lines(text: &str) -> Vec<(usize, usize, String)> {
    let mut found: Vec<(usize, usize, String)> = Vec::new();
    let mut open = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        let (part, continued) = content.strip_suffix('\\').map_or((content, false), |part| (part, true));
        match found.last_mut().filter(|_| open) {
            Some(last) => {
                last.1 = at + content.len();
                last.2.push(' ');
                last.2.push_str(part.trim());
            }
            None => found.push((at, at + content.len(), part.to_owned())),
        }
        open = continued;
        at += line.len();
    }
    found
}

/// Apache and all that has one directive per line.
fn lines(text: &str, out: &mut Collector) {
    let mut blocks = Blocks::new(out);
    for (start, end, line) in logical_lines(text) {
        let content = line.trim();
        let from = start + (line.len() - line.trim_start().len());
        if content.is_empty() || content.starts_with(['#', ';']) {
            continue;
        }
        if content.starts_with("</") {
            out.partial |= !blocks.leave();
        } else if let Some(head) = content.strip_prefix('<') {
            let (name, args) = head_of(head.trim_end_matches('>'));
            out.push(&blocks.key(name), &value(args), from, end, blocks.group());
            blocks.enter(name, out);
        } else {
            let (name, args) = head_of(content);
            out.push(&blocks.key(name), &value(args), from, end, blocks.group());
        }
    }
    out.partial |= !blocks.open.is_empty();
}

/// HAProxy: sections at the margin.
fn sections(text: &str, out: &mut Collector) {
    const SECTIONS: [&str; 12] = [
        "global",
        "defaults",
        "frontend",
        "backend",
        "listen",
        "peers",
        "resolvers",
        "userlist",
        "mailers",
        "program",
        "cache",
        "ring",
    ];
    let mut blocks = Blocks::new(out);
    for (start, end, line) in logical_lines(text) {
        let content = line.split(" #").next().unwrap_or("").trim();
        let from = start + (line.len() - line.trim_start().len());
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let (name, args) = head_of(content);
        if SECTIONS.contains(&name) {
            blocks.leave();
            out.push(name, &value(args), from, end, blocks.group());
            blocks.enter(name, out);
        } else {
            out.push(&blocks.key(name), &value(args), from, end, blocks.group());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::facts::KeepAll;

    fn read(path: &str, text: &str) -> Vec<(String, String, u32)> {
        let facts = extract(Language("directive"), path, text, &KeepAll);
        facts.entries.into_iter().map(|e| (e.key.to_string(), e.value.to_string(), e.span.line)).collect()
    }

    fn row(key: &str, value: &str, line: u32) -> (String, String, u32) {
        (key.to_owned(), value.to_owned(), line)
    }

    #[test]
    fn nginx() {
        let text = "worker_processes 1; # c\nhttp {\n  upstream app { server 10.0.0.1:80 weight=2; }\n  server {\n    listen 80;\n    access_log '/var/log/a.log'\n      main;\n    location ~ ^/x{2}$ {\n      proxy_pass http://${host}:8080;\n    }\n  }\n}\n";
        assert_eq!(
            read("nginx.conf", text),
            [
                row("worker_processes", "1", 1),
                row("http", "", 2),
                row("http.upstream", "app", 3),
                row("http.upstream.server", "10.0.0.1:80 weight=2", 3),
                row("http.server", "", 4),
                row("http.server.listen", "80", 5),
                row("http.server.access_log", "'/var/log/a.log' main", 6),
                row("http.server.location", "~ ^/x{2}$", 8),
                row("http.server.location.proxy_pass", "http://${host}:8080", 9),
            ]
        );
    }

    #[test]
    fn apache() {
        let text = "Listen 80\n# c\n<VirtualHost *:80>\n  ErrorLog \"/var/log/e.log\"\n  ProxyPass / \\\n    http://app:1/\n</VirtualHost>\n";
        assert_eq!(
            read("site.conf", text),
            [
                row("Listen", "80", 1),
                row("VirtualHost", "*:80", 3),
                row("VirtualHost.ErrorLog", "/var/log/e.log", 4),
                row("VirtualHost.ProxyPass", "/ http://app:1/", 5),
            ]
        );
    }

    #[test]
    fn haproxy_ini_and_hocon() {
        let haproxy = "global\n  log 127.0.0.1 local0\nbackend app\n  server a 10.0.0.2:80 check\n";
        assert!(read("haproxy.cfg", haproxy).contains(&row("backend.server", "a 10.0.0.2:80 check", 4)));
        assert!(read("x.conf", "[www]\nlisten = 9000\n").contains(&row("www.listen", "9000", 2)));
        let hocon = "db {\n  url = \"jdbc:x\"\n  pool: 3\n}\n";
        assert_eq!(
            read("application.conf", hocon),
            [row("db", "", 1), row("db.url", "jdbc:x", 2), row("db.pool", "3", 3)]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn random_text_never_fails(text in "(?s)[a-c<>/='\"{}\\[\\]$#:;\\\\ \t\nä]{0,120}") {
            for entry in extract(Language("directive"), "x", &text, &KeepAll).entries {
                prop_assert!(entry.span.start <= entry.span.end && entry.span.end as usize <= text.len());
            }
            extract_container(&text);
        }
    }

    fn extract_container(text: &str) {
        let facts = crate::syntax::containerfile::extract(Language("dockerfile"), "Dockerfile", text, &KeepAll);
        assert_eq!(facts.lines as usize, text.lines().count());
    }
}
