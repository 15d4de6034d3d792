//! Tables named in SQL text; prose that only looks like SQL is passed over.

/// Words that follow FROM or UPDATE in English, and never name a table.
const PROSE: [&str; 30] = [
    "the", "a", "an", "your", "this", "that", "these", "those", "list", "any", "all", "our", "my", "his", "her", "its",
    "their", "here", "there", "now", "one", "it", "to", "in", "of", "and", "or", "is", "being", "each",
];

/// Words of SQL that may stand where a name could.
const WORDS: [&str; 44] = [
    "select",
    "from",
    "where",
    "set",
    "values",
    "join",
    "left",
    "right",
    "inner",
    "outer",
    "cross",
    "full",
    "natural",
    "on",
    "using",
    "group",
    "order",
    "having",
    "limit",
    "offset",
    "union",
    "as",
    "into",
    "only",
    "if",
    "exists",
    "not",
    "table",
    "ignore",
    "low_priority",
    "delayed",
    "lateral",
    "for",
    "fetch",
    "returning",
    "default",
    "when",
    "with",
    "straight_join",
    "partition",
    "add",
    "temporary",
    "unlogged",
    "concurrently",
];

/// Statements that this begins with.
const STATEMENTS: [&str; 10] =
    ["select", "insert", "update", "delete", "replace", "create", "alter", "drop", "truncate", "with"];

/// The tables that a piece of SQL reads (`false`) or writes (`true`), in order; `{}` stands for what is not known.
#[must_use]
pub(super) fn tables(text: &str) -> Vec<(String, bool)> {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
    let first: String = start.chars().take_while(char::is_ascii_alphabetic).collect();
    let lower = first.to_ascii_lowercase();
    let piece = matches!(first.as_str(), "FROM" | "JOIN" | "LEFT" | "INNER" | "RIGHT");
    if !piece && !STATEMENTS.contains(&lower.as_str()) {
        return Vec::new();
    }
    let tokens = tokens(start);
    if !piece && !shaped(&tokens, first.chars().all(char::is_uppercase)) {
        return Vec::new();
    }
    let mut out: Vec<(String, bool)> = Vec::new();
    let mut own: Vec<String> = Vec::new();
    // Per open parenthesis: whether FROM inside belongs to a function (`EXTRACT(day FROM x)`).
    let mut depth: Vec<bool> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let word = tokens[at].to_ascii_lowercase();
        let before = at.checked_sub(1).map(|at| tokens[at].to_ascii_lowercase()).unwrap_or_default();
        let next = |offset: usize| tokens.get(at + offset).map(|token| token.to_ascii_lowercase()).unwrap_or_default();
        match word.as_str() {
            "(" => depth.push(matches!(before.as_str(), "extract" | "trim" | "substring" | "overlay" | "position")),
            ")" => {
                depth.pop();
            }
            "as" if next(1) == "(" && !WORDS.contains(&before.as_str()) => own.push(before),
            "from" if before != "distinct" && depth.last() != Some(&true) => {
                at = list(&tokens, at + 1, before == "delete", &mut out);
                continue;
            }
            "join" | "straight_join" => named(&tokens, at + 1, false, &mut out),
            "into" if before != "select" || next(1) != "outfile" => named(&tokens, at + 1, true, &mut out),
            "replace" if at == 0 && next(1) != "into" => named(&tokens, at + 1, true, &mut out),
            "update" if !matches!(before.as_str(), "on" | "for" | "key" | "do" | "before" | "after" | "or") => {
                named(&tokens, at + 1, true, &mut out);
            }
            "table"
                if matches!(before.as_str(), "create" | "alter" | "drop" | "truncate" | "temporary" | "unlogged") =>
            {
                named(&tokens, at + 1, true, &mut out);
            }
            "truncate" if at == 0 && next(1) != "table" => named(&tokens, at + 1, true, &mut out),
            _ => {}
        }
        at += 1;
    }
    out.retain(|(name, _)| !own.contains(name));
    out
}

/// True for what has the shape of a statement, and not of a sentence that begins with such a word.
fn shaped(tokens: &[&str], upper: bool) -> bool {
    let lower: Vec<String> = tokens.iter().take(400).map(|token| token.to_ascii_lowercase()).collect();
    let has = |word: &str| lower.iter().any(|token| token == word);
    let second = lower.get(1).map_or("", String::as_str);
    match lower.first().map_or("", String::as_str) {
        "select" => {
            let Some(from) = lower.iter().position(|token| token == "from") else { return false };
            // "Select a file from disk": two names side by side are rare in a list of columns.
            let sentence = lower.get(1..from).unwrap_or_default().windows(2).any(|pair| {
                let plain = |word: &String| word.chars().all(|c| c.is_ascii_alphabetic());
                pair.iter().all(plain)
                    && !pair.iter().any(|w| {
                        matches!(
                            w.as_str(),
                            "distinct"
                                | "as"
                                | "case"
                                | "when"
                                | "then"
                                | "else"
                                | "end"
                                | "all"
                                | "top"
                                | "and"
                                | "or"
                                | "is"
                                | "not"
                                | "null"
                                | "in"
                                | "like"
                                | "count"
                        )
                    })
            });
            from > 1 && (upper || !sentence)
        }
        "insert" => has("into") || second == "ignore",
        "replace" => second == "into",
        "update" => has("set"),
        "delete" => has("from") && (upper || second == "from" || second.contains('.')),
        "create" | "alter" | "drop" => has("table") && lower.iter().take(5).any(|token| token == "table"),
        "truncate" => upper || second == "table",
        "with" => has("select") && has("("),
        _ => false,
    }
}

/// Tables behind FROM: a list with aliases; gives the position behind it.
fn list(tokens: &[&str], mut at: usize, writes: bool, out: &mut Vec<(String, bool)>) -> usize {
    loop {
        named(tokens, at, writes, out);
        let mut end = at + 1;
        // An alias, with or without AS, before the comma that goes on with the list.
        for _ in 0..2 {
            match tokens.get(end) {
                Some(&token) if is_name(token) && (token.eq_ignore_ascii_case("as") || !is_word(token)) => end += 1,
                _ => break,
            }
        }
        let plain = tokens.get(at).is_some_and(|token| is_name(token) && !is_word(token));
        if plain && tokens.get(end) == Some(&",") {
            at = end + 1;
        } else {
            return at;
        }
    }
}

/// The table whose name stands at (or, behind words such as ONLY or IF EXISTS, after) this place.
fn named(tokens: &[&str], mut at: usize, writes: bool, out: &mut Vec<(String, bool)>) {
    for _ in 0..4 {
        match tokens.get(at) {
            Some(token)
                if [
                    "only",
                    "if",
                    "not",
                    "exists",
                    "ignore",
                    "low_priority",
                    "table",
                    "delayed",
                    "lateral",
                    "concurrently",
                ]
                .iter()
                .any(|word| token.eq_ignore_ascii_case(word)) =>
            {
                at += 1;
            }
            _ => break,
        }
    }
    let Some(&token) = tokens.get(at) else { return };
    // A function behind FROM is no table; behind INTO and TABLE a parenthesis opens the columns.
    if !writes && tokens.get(at + 1) == Some(&"(") {
        return;
    }
    if let Some(name) = clean(token)
        && !out.iter().any(|known| known.0 == name && known.1 == writes)
    {
        out.push((name, writes));
    }
}

/// The bare name of a table: schema, quotes, prefixes put in at run time left out.
pub(super) fn clean(token: &str) -> Option<String> {
    if !is_name(token) || is_word(token) {
        return None;
    }
    let bare: String = token.chars().filter(|c| !matches!(c, '`' | '"' | '[' | ']' | '\'')).collect();
    let last = bare.rsplit('.').next().unwrap_or_default().trim_start_matches("#__");
    // Of a name with holes only a prefix may be unknown.
    let name = match last.rsplit_once("{}") {
        Some((_, rest)) => rest.trim_start_matches('_'),
        None => last,
    };
    let name = name.to_lowercase();
    let good = name.len() > 1
        && name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '-'))
        && !PROSE.contains(&name.as_str())
        && !matches!(name.as_str(), "dual" | "information_schema" | "stdin" | "unnest");
    good.then_some(name)
}

fn is_word(token: &str) -> bool {
    WORDS.iter().any(|word| token.eq_ignore_ascii_case(word))
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '`' | '"' | '[' | '{' | '#'))
}

/// Words, names with their quotes and dots, punctuation; values in single quotes and comments are left out.
fn tokens(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = if c.is_whitespace() {
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            continue;
        } else if c == '\'' {
            let end = rest.get(1..).and_then(|inner| inner.find('\'')).map_or(rest.len(), |end| end + 2);
            rest = rest.get(end..).unwrap_or_default();
            continue;
        } else if rest.starts_with("--") {
            let end = rest.find('\n').unwrap_or(rest.len());
            rest = rest.get(end..).unwrap_or_default();
            continue;
        } else if rest.starts_with("/*") {
            let end = rest.find("*/").map_or(rest.len(), |end| end + 2);
            rest = rest.get(end..).unwrap_or_default();
            continue;
        } else if is_name(rest.get(..c.len_utf8()).unwrap_or_default()) {
            rest.find(|c: char| {
                !(c.is_alphanumeric() || matches!(c, '_' | '.' | '`' | '"' | '[' | ']' | '{' | '}' | '$' | '#' | '-'))
            })
            .unwrap_or(rest.len())
        } else {
            c.len_utf8()
        };
        let (token, after) = rest.split_at(length.max(1));
        out.push(token);
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::tables;

    fn show(text: &str) -> Vec<String> {
        tables(text).into_iter().map(|(name, writes)| format!("{}{name}", if writes { "!" } else { "" })).collect()
    }

    #[test]
    fn statements_name_their_tables() {
        assert_eq!(
            show("SELECT a, b FROM Users u, `roles` r LEFT JOIN shop.items i ON i.id = u.id WHERE x = 'FROM y'"),
            ["users", "roles", "items"]
        );
        assert_eq!(show("insert into orders (a, b) values (?, ?)"), ["!orders"]);
        assert_eq!(show("UPDATE {}posts SET a = 1 WHERE id IN (SELECT id FROM old_posts)"), ["!posts", "old_posts"]);
        assert_eq!(show("DELETE FROM \"audit\".\"Log\" WHERE 1"), ["!log"]);
        assert_eq!(show("CREATE TABLE IF NOT EXISTS t_x (id int)"), ["!t_x"]);
        assert_eq!(show("SELECT EXTRACT(day FROM created) FROM jobs FOR UPDATE"), ["jobs"]);
        assert_eq!(show("WITH recent AS (SELECT * FROM visits) SELECT * FROM recent"), ["visits"]);
        assert_eq!(show("INSERT INTO archive SELECT * FROM blog ON DUPLICATE KEY UPDATE x = 1"), ["!archive", "blog"]);
        assert_eq!(show("SELECT * FROM {} WHERE a = {}"), Vec::<String>::new());
        assert_eq!(show("SELECT * FROM #__users"), ["users"]);
    }

    #[test]
    fn prose_names_none() {
        for text in [
            "Select a file from disk",
            "Update the settings",
            "Delete selected from list",
            "select the best from our offers",
            "Create a table",
            "from here",
            "With love from Rome",
            "é FROM ü",
            "'",
            "SELECT",
        ] {
            assert_eq!(show(text), Vec::<String>::new(), "{text}");
        }
    }
}
