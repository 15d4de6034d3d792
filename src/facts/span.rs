//! Where something stands in a file.

/// A place in a file: byte range and 1-based lines, both ends inclusive for lines, half-open for bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// First line, from 1.
    pub line: u32,
    /// Last line, from 1; never before `line`.
    pub end_line: u32,
    /// Column of the first byte on its line, in bytes, from 1.
    pub column: u32,
}

impl Span {
    /// True when `other` lies inside this span (or is the same).
    #[must_use]
    pub fn contains(&self, other: &Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}
