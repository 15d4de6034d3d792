//! What reaches out of the terminal: the person's editor and clipboard, never a command from a scanned repository.

pub mod clipboard;
pub mod editor;
