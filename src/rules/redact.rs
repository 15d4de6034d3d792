//! Secrets leave this folder only as `***`: user information in addresses, and values of secret keys.

use std::borrow::Cow;
use std::sync::OnceLock;

use regex::{Captures, Regex};

/// Replaces secrets by `***`: `user:pass@` of an address, `password=…` and its like in connection strings, queries,
/// code and configuration.
pub fn redact(text: &str) -> Cow<'_, str> {
    let mut out = Cow::Borrowed(text);
    for (regex, replacement) in expressions() {
        let replaced = regex.replace_all(&out, |found: &Captures<'_>| {
            let mut text = String::new();
            match found.name("key") {
                // The value is shown, and may hold a secret of its own: `token_url=https://h/?key=…`.
                Some(key) if names_a_place(key.as_str()) => {
                    let (known, rest) = found[0].split_at(key.end() - found.get_match().start());
                    text.push_str(known);
                    text.push_str(&redact(rest));
                }
                _ => found.expand(replacement, &mut text),
            }
            text
        });
        if let Cow::Owned(changed) = replaced {
            out = Cow::Owned(changed);
        }
    }
    out
}

/// True for the name of a setting or variable that holds a secret.
pub fn is_secret(name: &str) -> bool {
    static NAME: OnceLock<Option<Regex>> = OnceLock::new();
    let regex = NAME.get_or_init(|| Regex::new(&format!("^{SECRET}$")).ok());
    regex.as_ref().is_none_or(|regex| regex.is_match(name))
}

/// Names of secrets, as part of a regular expression.
/// Letters are those of ASCII: tables of all scripts took most of the time that a small scan needs.
const SECRET: &str = r"(?i-u:[\w.-]*?(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|account[_-]?key|auth[_-]?key|shared[_-]?access[_-]?key|private[_-]?key|credentials?|signature)[\w-]*)";

/// True where the key says that its value is where something is, not the secret itself: `passwordResetUrl`, `token_uri`.
fn names_a_place(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["url", "uri", "endpoint", "host", "hostname", "port", "path", "dir", "file"].iter().any(|end| key.ends_with(end))
}

fn expressions() -> &'static [(Regex, &'static str)] {
    static EXPRESSIONS: OnceLock<Vec<(Regex, &'static str)>> = OnceLock::new();
    EXPRESSIONS.get_or_init(|| {
        let sources = [
            // scheme://user:pass@host and scheme://token@host
            (r"([A-Za-z][A-Za-z0-9+.-]*://)[^ \t\r\n/?#'\x22@<>]*@".to_owned(), "${1}***@"),
            // jdbc:oracle:thin:user/pass@host
            (r"((?i-u::thin:))[^ \t\r\n/'\x22@]+/[^ \t\r\n'\x22@]+@".to_owned(), "${1}***@"),
            // user:pass@tcp(host) of Go's MySQL driver
            (r"[^ \t\r\n'\x22:@/]+:[^ \t\r\n'\x22@/]+@(tcp|unix|udp)\(".to_owned(), "***@${1}("),
            // <password>x</password>, value="x" beside name="password"
            (format!(r"(<(?<key>{SECRET})[^>]*>)[^<]+(</)"), "${1}***${3}"),
            (
                format!(r#"((?i-u:name|key)(?-u:\s*)=(?-u:\s*)['"](?<key>{SECRET})['"](?-u:\s+)(?i-u:value)(?-u:\s*)=(?-u:\s*))(['"])[^'"]*['"]"#),
                "${1}${3}***${3}",
            ),
            // key = "value", 'key' => 'value', key: "value"
            (format!(r#"(?-u:\b)((?<key>{SECRET})['"]?\]?(?-u:\s*)(?:=>|:=|=|:|,)(?-u:\s*))(["'])[^"']+["']"#), "${1}${3}***${3}"),
            // define('DB_PASSWORD', 'x') is the case above; key=value without quotes
            (format!(r#"(?-u:\b)((?<key>{SECRET})(?-u:\s*)=)[^ \t\r\n&;'",)(<>{{}}$*]+"#), "${1}***"),
            (format!(r#"(?m)^((?-u:[\s-]*)(?<key>{SECRET})(?-u:\s*):(?-u:\s+))[^ \t\r\n'"{{$*|>][^\n]*$"#), "${1}***"),
        ];
        sources.into_iter().filter_map(|(source, to)| Regex::new(&source).ok().map(|regex| (regex, to))).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::{expressions, redact};

    #[test]
    fn secrets_become_stars() {
        assert_eq!(expressions().len(), 8);
        for (text, wanted) in [
            ("redis://:s3cret@cache:6379/0", "redis://***@cache:6379/0"),
            ("https://bob:pw@api.corp/x", "https://***@api.corp/x"),
            ("Server=db1;User Id=sa;Password=hunter2;", "Server=db1;User Id=sa;Password=***;"),
            ("jdbc:mysql://h/db?user=a&password=b&x=1", "jdbc:mysql://h/db?user=a&password=***&x=1"),
            ("jdbc:oracle:thin:scott/tiger@h:1521:x", "jdbc:oracle:thin:***@h:1521:x"),
            ("root:geheim@tcp(db:3306)/x", "***@tcp(db:3306)/x"),
            ("'db_password' => 'geheim', 'host' => 'x'", "'db_password' => '***', 'host' => 'x'"),
            ("define('DB_PASSWORD', 'geheim');", "define('DB_PASSWORD', '***');"),
            ("apiKey: \"abc\"", "apiKey: \"***\""),
            ("  password: geheim", "  password: ***"),
            ("https://h/x?api_key=1234&y=2", "https://h/x?api_key=***&y=2"),
            ("AccountKey=abc==;Endpoint=x", "AccountKey=***;Endpoint=x"),
            ("tokenUrl=https://h/?password=b", "tokenUrl=https://h/?password=***"),
            ("token_url: https://bob:pw@h/", "token_url: https://***@h/"),
            ("<db-password>geheim</db-password>", "<db-password>***</db-password>"),
        ] {
            assert_eq!(redact(text), wanted);
        }
    }

    #[test]
    fn the_rest_stays() {
        for text in [
            "new FileWriter(\"/tmp/a\")",
            "https://api.corp/v1?user=a",
            "fopen($path, 'w')",
            "mail@corp.com",
            "passwordResetUrl: \"/reset\"",
            "  token_uri: https://auth.corp/token",
            "<secret-file>/run/db</secret-file>",
        ] {
            assert_eq!(redact(text), text);
        }
    }
}
