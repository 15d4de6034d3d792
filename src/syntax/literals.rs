//! The text of literals: quotes, escapes, numbers, joins, filled templates.

use crate::facts::{Name, Value};

/// Text between the quotes.
pub fn unquote(text: &str) -> &str {
    let inner = text.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '@');
    let quotes = inner.chars().take_while(|c| matches!(c, '"' | '\'' | '`')).count();
    let quotes = if quotes >= 6 {
        3
    } else if quotes == 2 {
        1
    } else {
        quotes
    };
    inner.get(quotes..inner.len().saturating_sub(quotes)).unwrap_or("")
}

pub fn unescape(text: &str) -> Name {
    if !text.contains('\\') {
        return Name::from(text);
    }
    let mut out = Name::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('n')) => out.push('\n'),
            ('\\', Some('t')) => out.push('\t'),
            ('\\', Some('r')) => out.push('\r'),
            ('\\', Some(quoted @ ('\\' | '"' | '\'' | '/' | '$' | '`'))) => out.push(quoted),
            ('\\', Some(other)) => {
                out.push('\\');
                out.push(other);
            }
            (c, _) => out.push(c),
        }
    }
    out
}

pub fn int(text: &str) -> Value {
    let clean: String = text.chars().filter(|c| *c != '_').collect();
    let clean = clean.trim_end_matches(['l', 'L', 'n', 'u', 'U']).to_ascii_lowercase();
    let parsed = match (clean.strip_prefix("0x"), clean.strip_prefix("0o"), clean.strip_prefix("0b")) {
        (Some(hex), _, _) => i64::from_str_radix(hex, 16),
        (_, Some(oct), _) => i64::from_str_radix(oct, 8),
        (_, _, Some(bin)) => i64::from_str_radix(bin, 2),
        _ if clean.len() > 1 && clean.starts_with('0') => i64::from_str_radix(&clean[1..], 8),
        _ => clean.parse(),
    };
    parsed.map_or(Value::Unknown, Value::Int)
}

/// Joins values to one; known neighbours are merged, joins inside are flattened.
pub fn joined(values: Vec<Value>) -> Value {
    let mut parts: Vec<Value> = Vec::with_capacity(values.len());
    for value in values {
        let inner = match value {
            Value::Joined(inner) => inner,
            other => vec![other],
        };
        for part in inner {
            let part = if let Value::Int(number) = part { Value::Str(Name::from(number.to_string())) } else { part };
            match (parts.last_mut(), part) {
                (Some(Value::Str(before)), Value::Str(text)) => before.push_str(&text),
                (_, part) => parts.push(part),
            }
        }
    }
    match parts.len() {
        0 => Value::Str(Name::default()),
        1 if matches!(parts[0], Value::Str(_)) => parts.remove(0),
        _ => Value::Joined(parts),
    }
}

/// Several possible values; equal ones once, nothing known is nothing known.
pub fn one_of(values: Vec<Value>) -> Value {
    let mut flat: Vec<Value> = Vec::new();
    for value in values {
        let inner = match value {
            Value::OneOf(inner) => inner,
            other => vec![other],
        };
        for part in inner {
            if !flat.contains(&part) && flat.len() < 16 {
                flat.push(part);
            }
        }
    }
    match flat.len() {
        1 => flat.remove(0),
        _ if flat.iter().all(|v| *v == Value::Unknown) => Value::Unknown,
        _ => Value::OneOf(flat),
    }
}

/// A template with `%s`, `%d`, `{}` or `{0}` filled in.
pub fn filled(template: &str, args: &[Value]) -> Value {
    let mut parts = Vec::new();
    let mut next = 0;
    let mut text = String::new();
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        let hole = match c {
            '%' if chars.peek() == Some(&'%') => {
                chars.next();
                text.push('%');
                continue;
            }
            '%' if chars.peek().is_some_and(|n| n.is_ascii_alphanumeric() || matches!(n, '(' | '.' | '-')) => {
                let mut bracket = false;
                for n in chars.by_ref() {
                    match n {
                        '(' => bracket = true,
                        ')' => bracket = false,
                        n if n.is_ascii_alphabetic() && !bracket => break,
                        _ => {}
                    }
                }
                true
            }
            '{' => {
                for n in chars.by_ref() {
                    if n == '}' {
                        break;
                    }
                }
                true
            }
            _ => false,
        };
        if hole {
            parts.push(Value::Str(Name::from(std::mem::take(&mut text))));
            parts.push(args.get(next).cloned().unwrap_or_default());
            next += 1;
        } else {
            text.push(c);
        }
    }
    parts.push(Value::Str(Name::from(text)));
    parts.retain(|p| p.as_str() != Some(""));
    joined(parts)
}

/// True for a name in capitals with an underscore that belongs to something else: `django.conf.settings.SCRATCH_DIR`.
pub(super) fn is_foreign_constant(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    last.len() < name.len()
        && last.contains('_')
        && last.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}
