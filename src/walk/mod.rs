//! Which files there are, and what each one is: language, scope, and what is left out.

mod classify;
mod decode;
mod folder;
mod ignored;
mod limits;
mod translations;

pub use classify::classify;
pub use decode::decode;
pub use folder::Folder;
pub use limits::{MAX_BYTES, looks_binary, looks_generated, looks_minified, refine_scope};
