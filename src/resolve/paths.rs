//! Paths as imports write them.

use crate::facts::Value;

/// `relative` seen from `folder`, `.` and `..` resolved; `None` when it leaves the repository.
pub(super) fn join(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = if relative.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    parts.retain(|part| !part.is_empty());
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The folder and all folders above it, the top as the last.
pub(super) fn upwards(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |at| {
        if at.is_empty() { None } else { Some(at.rsplit_once('/').map_or("", |(above, _)| above)) }
    })
}

/// All prefixes of a dotted name, the longest first: `a.b.c`, `a.b`, `a`.
pub(super) fn prefixes(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |at| at.rsplit_once('.').map(|(front, _)| front))
}

/// A path put together from the file's own folder (`__DIR__`, `dirname(__FILE__)`, `__dirname`) and text.
/// `Ok` when it is anchored there, `Err` with the known end when what stands before is not known.
pub(super) fn anchored(value: &Value, folder: &str) -> Option<Result<String, String>> {
    match value {
        Value::Str(text) => Some(Ok(text.to_string())),
        Value::Joined(parts) => {
            let mut out: Option<String> = None;
            let mut known = true;
            for part in parts {
                match (own_folder(part, folder), part.as_str()) {
                    (Some(folder), _) => out = Some(format!("/{folder}")),
                    (None, Some(text)) => out.get_or_insert_default().push_str(text),
                    (None, None) => {
                        known = false;
                        out = None;
                    }
                }
            }
            out.filter(|text| !text.is_empty()).map(|text| if known { Ok(text) } else { Err(text) })
        }
        _ => None,
    }
}

/// The folder that an expression over the file's own place means.
fn own_folder(value: &Value, folder: &str) -> Option<String> {
    let above = |folder: &str| folder.rsplit_once('/').map_or(String::new(), |(above, _)| above.to_string());
    match value {
        Value::Name(name) if matches!(name.as_str(), "__DIR__" | "__dirname") => Some(folder.to_string()),
        Value::Name(name) if name == "__FILE__" => Some(format!("{folder}/_")),
        Value::Call { name, args, .. } if matches!(name.as_str(), "dirname" | "realpath") => {
            let mut at = own_folder(args.first()?, folder)?;
            if name == "dirname" {
                let levels = match args.get(1) {
                    Some(Value::Int(levels)) => *levels,
                    _ => 1,
                };
                for _ in 0..levels.clamp(1, 32) {
                    at = above(&at);
                }
            }
            Some(at)
        }
        _ => None,
    }
}
