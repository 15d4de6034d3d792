//! Parts that several screens draw: panes, lists, bars, the input line, the source preview.

pub mod canvas;
pub mod input;
pub mod list;
pub mod preview;
