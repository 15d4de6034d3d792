//! The scripts of a page, which a browser runs: what they dial is an address of the program as much.

use std::ops::Range;

use memchr::memmem;

use super::Masked;
use crate::facts::{Interest, Language, Literal, Value};
use crate::syntax::grammars;

/// Types of scripts that are JavaScript; a script without a type is one too.
const TYPES: [&str; 5] = ["javascript", "ecmascript", "module", "babel", "jsx"];

/// The addresses in the scripts of a page. What the server puts in (`taken`) is an object of which nothing is known.
pub fn of_page(text: &str, taken: &[Range<usize>], interest: &dyn Interest) -> Vec<Literal> {
    let mut page = text.as_bytes().to_vec();
    for range in taken {
        let Some(place) = page.get_mut(range.clone()) else { continue };
        for byte in place.iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')) {
            *byte = b' ';
        }
        if let Some(place) = place.get_mut(..2)
            && place == b"  "
        {
            place.copy_from_slice(b"{}");
        }
    }
    let mut masked = Masked::new(text);
    let mut any = false;
    let mut at = 0;
    while let Some(open) = memmem::find(&page[at..], b"<script").map(|offset| at + offset) {
        let Some(start) = memchr::memchr(b'>', &page[open..]).map(|offset| open + offset + 1) else { break };
        let end = memmem::find(&page[start..], b"</script").map_or(page.len(), |offset| start + offset);
        at = end;
        let content = &page[start..end];
        let dials = memmem::find(content, b"://").is_some();
        if dials && is_script(&page[open..start]) {
            masked.out[start..end].copy_from_slice(content);
            any = true;
        }
    }
    if !any {
        return Vec::new();
    }
    let Ok(code) = String::from_utf8(masked.out) else { return Vec::new() };
    let facts = grammars::extract(Language("javascript"), "page.js", &code, interest).unwrap_or_default();
    let addresses = facts.literals.into_iter().filter(|literal| {
        // What stands before the host may be put in by the server.
        literal.value.template().is_some_and(|text| text.contains("://") && !text.contains("{}:"))
            && !matches!(literal.value, Value::List(_))
    });
    addresses.map(|literal| Literal { inside: None, ..literal }).collect()
}

fn is_script(tag: &[u8]) -> bool {
    let tag = String::from_utf8_lossy(tag).to_ascii_lowercase();
    let Some((_, value)) = tag.split_once("type=") else { return true };
    let value = value.trim_start_matches(['"', '\'']);
    let value = value.split(['"', '\'', ' ', '>']).next().unwrap_or_default();
    value.is_empty() || TYPES.iter().any(|known| value.contains(known))
}
