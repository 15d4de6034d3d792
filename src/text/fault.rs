//! What is wrong in a file that a person wrote, in one line with its place.

use std::ops::Range;

/// `line 3: expected a value`: the message of a parser on one line, with the line on which `span` begins.
#[must_use]
pub fn fault(text: &str, span: Option<Range<usize>>, message: &str) -> String {
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    match span.and_then(|span| text.get(..span.start)) {
        Some(before) => format!("line {}: {message}", before.matches('\n').count() + 1),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn a_fault_is_one_line_with_its_place() {
        assert_eq!(fault("a\nb\nc", Some(4..5), "no\n value"), "line 3: no value");
        assert_eq!(fault("a", None, "no value"), "no value");
    }
}
