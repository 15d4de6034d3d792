//! Key paths of configuration entries: patterns with `*` and `**`, and the words that a key is made of.

/// A pattern on a key path: `*` stands for one segment or a part of one, `**` for any number; letter case is ignored.
#[derive(Debug, PartialEq, Eq)]
pub struct KeyPattern {
    segments: Vec<Box<str>>,
    /// What every key that matches ends with.
    end: Box<str>,
}

impl KeyPattern {
    /// Splits the pattern; every text is one.
    pub fn new(pattern: &str) -> Self {
        let lower = pattern.to_ascii_lowercase();
        KeyPattern::of(segments(&lower))
    }

    fn of(segments: Vec<&str>) -> Self {
        let end = segments.last().and_then(|last| last.rsplit('*').next()).unwrap_or_default().into();
        KeyPattern { segments: segments.into_iter().map(Into::into).collect(), end }
    }

    /// The last segment, in lower case; `None` where it has a star.
    pub fn last(&self) -> Option<&str> {
        self.segments.last().map(AsRef::as_ref).filter(|segment: &&str| !segment.contains('*'))
    }

    /// The same stars on a path, with slashes between the segments and letter case kept.
    pub fn path(glob: &str) -> Self {
        KeyPattern::of(glob.split('/').collect())
    }

    /// True when the whole path matches a pattern made by [`KeyPattern::path`].
    pub fn matches_path(&self, path: &str) -> bool {
        path_matches(&self.segments, &path.split('/').collect::<Vec<_>>())
    }

    /// The last segment, where it is fixed; what rules are found by.
    pub fn fixed_end(&self) -> Option<&str> {
        self.segments.last().map(|last| &**last).filter(|last| !last.contains('*'))
    }

    /// True when the whole key matches.
    pub fn matches(&self, key: &str) -> bool {
        // The end decides most of the time, before the key is copied and taken apart.
        let end = self.end.as_bytes();
        let tail = key.len().checked_sub(end.len()).map(|at| &key.as_bytes()[at..]);
        if !tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end)) {
            return false;
        }
        let lower = key.to_ascii_lowercase();
        path_matches(&self.segments, &segments(&lower))
    }
}

impl std::fmt::Display for KeyPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.segments.join("."))
    }
}

/// Segments of a key: split at dots, and before each `@` (an XML attribute is a segment of its own).
fn segments(key: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for part in key.split('.') {
        match part.rfind('@') {
            Some(at) if at > 0 => {
                out.push(&part[..at]);
                out.push(&part[at..]);
            }
            _ => out.push(part),
        }
    }
    out
}

fn path_matches(pattern: &[Box<str>], key: &[&str]) -> bool {
    match pattern.split_first() {
        None => key.is_empty(),
        Some((first, rest)) if &**first == "**" => (0..=key.len()).any(|skip| path_matches(rest, &key[skip..])),
        Some((first, rest)) => {
            key.split_first().is_some_and(|(k, keys)| segment_matches(first, k) && path_matches(rest, keys))
        }
    }
}

fn segment_matches(pattern: &str, segment: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == segment,
        Some((before, after)) => {
            let Some(rest) = segment.strip_prefix(before) else { return false };
            (0..=rest.len()).any(|skip| rest.is_char_boundary(skip) && segment_matches(after, &rest[skip..]))
        }
    }
}

/// The last segment of a key, as a pattern sees it.
pub fn last_segment(key: &str) -> &str {
    let part = key.rsplit('.').next().unwrap_or(key);
    part.rfind('@').filter(|at| *at > 0).map_or(part, |at| &part[at..])
}

/// The key without its last segment.
pub fn parent(key: &str) -> &str {
    key.rfind(['.', '@']).map_or("", |at| &key[..at])
}

/// The words of a name in lower case: `dbHostName`, `DB_HOST-NAME` and `db.host.name` are `db`, `host`, `name`.
pub fn words(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = name.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            if !word.is_empty() {
                out.push(std::mem::take(&mut word));
            }
            continue;
        }
        let previous = at.checked_sub(1).map(|p| chars[p]);
        let next = chars.get(at + 1);
        let starts = c.is_uppercase()
            && previous
                .is_some_and(|p| p.is_lowercase() || (p.is_uppercase() && next.is_some_and(|n| n.is_lowercase())));
        if starts && !word.is_empty() {
            out.push(std::mem::take(&mut word));
        }
        word.extend(c.to_lowercase());
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_segments() {
        let matches = |pattern: &str, key: &str| KeyPattern::new(pattern).matches(key);
        assert!(matches("log4j.appender.*.File", "log4j.appender.A.file"));
        assert!(!matches("log4j.appender.*.File", "log4j.appender.A.b.File"));
        assert!(matches("**.fileName", "a.b.fileName"));
        assert!(matches("**.fileName", "fileName"));
        assert!(!matches("**.fileName", "a.otherfileName"));
        assert!(matches("**@class", "configuration.appender@class"));
        assert!(matches("program:*.stdout_logfile", "program:web.stdout_logfile"));
        assert!(matches("**.php_admin_value[error_log]", "www.php_admin_value[error_log]"));
    }

    #[test]
    fn names_are_taken_apart_into_words() {
        assert_eq!(words("dbHostName"), ["db", "host", "name"]);
        assert_eq!(words("DB_HOST-name"), ["db", "host", "name"]);
        assert_eq!(words("apiURLBase"), ["api", "url", "base"]);
        assert_eq!(parent("a.b@c"), "a.b");
        assert_eq!((last_segment("a.b@c"), last_segment("a.@c"), last_segment("a.b")), ("@c", "@c", "b"));
    }
}
