//! What the later stages want to know: lets `syntax` drop everything else at once, without knowing a rule.

/// Asked by the extractors for each call and literal; must be cheap, it stands on the hot path.
pub trait Interest: Sync {
    /// True when a call, construction, property or annotation with this last name segment may matter.
    fn call(&self, last_segment: &str) -> bool;
    /// True when a string with this text may matter; `key` is the simple name it is assigned to, the last part of its
    /// key path, or the name of the argument, and empty where there is none.
    fn literal(&self, text: &str, key: &str) -> bool;
}

/// Keeps everything; for tests and for looking at facts.
#[derive(Debug, Clone, Copy)]
pub struct KeepAll;

impl Interest for KeepAll {
    fn call(&self, _last_segment: &str) -> bool {
        true
    }
    fn literal(&self, _text: &str, _key: &str) -> bool {
        true
    }
}
