//! Blade: directives behind an `@`, whose arguments are PHP.

use super::{Masked, balanced};

/// Directives that are written over by a statement of PHP that takes the same arguments and is not longer.
const STATEMENTS: [(&str, &str); 5] =
    [("foreach", "foreach"), ("forelse", "foreach"), ("for", "for"), ("while", "while"), ("switch", "")];

/// Directives that show another template: written over by the call of the function that does.
const VIEWS: [&str; 10] = [
    "extends",
    "include",
    "includeIf",
    "includeWhen",
    "includeUnless",
    "includeFirst",
    "component",
    "each",
    "livewire",
    "view",
];

/// Takes over the arguments of the directive at `at`; tells where they end.
pub fn directive(text: &str, at: usize, masked: &mut Masked) -> Option<usize> {
    let bytes = text.as_bytes();
    // `@@if` and `user@if` are text.
    let before = at.checked_sub(1).and_then(|before| bytes.get(before));
    if before.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'@') {
        return None;
    }
    let word = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    let name = text.get(at + 1..at + 1 + word).filter(|name| !name.is_empty())?;
    let open = at + 1 + word + bytes[at + 1 + word..].iter().take_while(|byte| **byte == b' ').count();
    if bytes.get(open) != Some(&b'(') {
        return None;
    }
    let end = balanced(text, open)?;
    masked.taken.push(at..end);
    masked.keep(text, open..end);
    masked.write(at, ";");
    if let Some((_, statement)) = STATEMENTS.iter().find(|(directive, _)| *directive == name) {
        masked.write(at + 1, statement);
    } else if VIEWS.contains(&name) {
        masked.write(open - 4, "view");
    }
    Some(end)
}
