//! Source text to facts; the only folder that knows tree-sitter and syn.

pub mod highlight;
pub mod rust;
