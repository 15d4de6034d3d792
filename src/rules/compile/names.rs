//! The notation of API names: alternates in braces, and what shape of use is meant.

use super::{Pattern, Shape};

/// `a.{b,c}#{d,e}` as its four names.
pub fn alternates(text: &str) -> Result<Vec<String>, String> {
    let Some(open) = text.find('{') else {
        if text.contains('}') {
            return Err(format!("`{text}` closes a brace that was not opened"));
        }
        return Ok(vec![text.to_owned()]);
    };
    let Some(close) = text[open..].find('}').map(|close| open + close) else {
        return Err(format!("`{text}` opens a brace and does not close it"));
    };
    let rest = alternates(&text[close + 1..])?;
    let mut out = Vec::new();
    for choice in text[open + 1..close].split(',') {
        out.extend(rest.iter().map(|rest| format!("{}{}{rest}", &text[..open], choice.trim())));
    }
    Ok(out)
}

pub fn pattern(text: &str) -> Result<Pattern, String> {
    let text = text.trim();
    let (shape, name) = if let Some(name) = text.strip_suffix('=') {
        (Shape::Assign, name.trim_end())
    } else if let Some(name) = text.strip_prefix("new ") {
        (Shape::New, name.trim_start())
    } else if let Some(name) = text.strip_prefix("extends ") {
        (Shape::Extends, name.trim_start())
    } else if let Some(name) = text.strip_prefix("import ") {
        (Shape::Import, name.trim_start())
    } else if let Some(name) = text.strip_prefix('@') {
        // npm scopes start like annotations, but go on with a slash; `@@scope/x.A` is an annotation from one.
        if name.contains('/') && !name.starts_with('@') { (Shape::Plain, text) } else { (Shape::Annotation, name) }
    } else if text.contains('#') {
        (Shape::Method, text)
    } else {
        (Shape::Plain, text)
    };
    let shape = if shape == Shape::Plain && name.contains('#') { Shape::Method } else { shape };
    if name.is_empty() || name.contains([' ', '*', '(', '\\']) || name.contains("::") {
        return Err(format!(
            "`{text}` is no API; write `new a.b.T`, `a.b.T#method`, `a.b.f`, `@a.b.A` `a.b.T#property =`, `extends a.b.T` or `import a.b` (dots, no wildcards)"
        ));
    }
    Ok(Pattern { shape, name: name.into() })
}

/// The last segment of a qualified name.
pub fn last_segment(name: &str) -> &str {
    name.rsplit(['.', '#']).next().unwrap_or(name)
}
