//! Regular expressions that are compiled when they are first asked: start-up compiles none.

use std::sync::OnceLock;

use regex::Regex;

/// A regular expression that is compiled when it is first asked: start-up compiles none.
#[derive(Debug)]
pub struct LazyRegex {
    source: String,
    compiled: OnceLock<Option<Regex>>,
}

impl LazyRegex {
    /// Takes the source; nothing is checked yet.
    pub fn new(source: &str) -> Self {
        LazyRegex { source: source.to_owned(), compiled: OnceLock::new() }
    }

    /// The expression as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// True when the text matches; a broken expression matches nothing.
    pub fn is_match(&self, text: &str) -> bool {
        self.compiled.get_or_init(|| Regex::new(&self.source).ok()).as_ref().is_some_and(|regex| regex.is_match(text))
    }

    /// Compiles it now.
    ///
    /// # Errors
    /// One phrase for people, when it is no regular expression.
    pub fn check(&self) -> Result<(), String> {
        Regex::new(&self.source).map(|_| ()).map_err(|error| {
            let reason = error.to_string();
            let last = reason.lines().last().unwrap_or_default().trim().to_owned();
            format!(
                "`{}` is no regular expression ({last}); look-around and back-references do not exist here",
                self.source
            )
        })
    }
}
