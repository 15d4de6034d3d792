//! What the parser of a rule file complains of, in words that say what to write instead.

use crate::text::similar;

/// The complaint of the TOML parser, with the nearest known word where an unknown one was written.
pub fn explain(message: &str) -> String {
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    for (start, what) in [("unknown field", "key"), ("unknown variant", "value")] {
        if !message.starts_with(start) {
            continue;
        }
        let Some((word, known)) = quoted.split_first() else { continue };
        let list = known.join(", ");
        return match similar(word, known.iter().copied()) {
            Some(meant) => format!("`{word}` is no known {what} here; write `{meant}` (known: {list})"),
            None => format!("`{word}` is no known {what} here; write one of {list}"),
        };
    }
    if let (Some(rest), Some(field)) = (message.strip_prefix("missing field"), quoted.first()) {
        let example = match *field {
            "id" => "id = \"short-name\"",
            "api" => "api = \"a.b.T#method\"",
            "key" => "key = \"**.url\"",
            "rule" => "rule = \"file-write/java/nio-temp\"",
            _ => return format!("missing field{rest}"),
        };
        return format!("`{field}` is missing; write `{example}`");
    }
    message
}

#[cfg(test)]
mod tests {
    use super::explain;

    #[test]
    fn the_nearest_word_is_named() {
        let told = explain("unknown field `whenn`, expected one of `id`, `api`, `when`, `unless`");
        assert_eq!(told, "`whenn` is no known key here; write `when` (known: id, api, when, unless)");
        let told = explain("unknown variant `hgh`, expected one of `info`, `low`, `high`");
        assert!(told.contains("write `high`"), "{told}");
        assert!(explain("missing field `api`").contains("api = \"a.b.T#method\""));
        assert_eq!(explain("expected `=`"), "expected `=`");
    }
}
