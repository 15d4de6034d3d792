//! Lists of packages that people keep by hand: `debian/control`, RPM spec files, Brewfiles, Aptfiles and their like.
//!
//! An entry is one package: the key is the field that names it (`Depends`, `Requires`, `brew`; `package` in plain lists).

use super::keyed::Collector;
use crate::facts::{EntryFormat, FileFacts, Interest};

/// What a list of packages names.
pub(super) fn extract(path: &str, text: &str, interest: &dyn Interest) -> FileFacts {
    let mut out = Collector::new(text, EntryFormat::Ini);
    let group = out.group();
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut field = String::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let (start, end) = (at, at + line.len());
        at = end;
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let mut add = |key: &str, package: &str| out.push(key, package, start, end, group);
        if name == "control" {
            // A line that begins with a blank goes on with the field above.
            let rest = if line.starts_with([' ', '\t']) {
                content
            } else {
                let (key, rest) = content.split_once(':').unwrap_or((content, ""));
                field = key.to_owned();
                rest
            };
            if matches!(field.as_str(), "Depends" | "Pre-Depends" | "Recommends" | "Build-Depends") {
                rest.split([',', '|']).filter_map(debian).for_each(|package| add(&field, package));
            }
        } else if name.contains(".spec") {
            let Some((key, rest)) = content.split_once(':') else { continue };
            let key = key.split('(').next().unwrap_or(key);
            if matches!(key, "Requires" | "BuildRequires" | "Recommends" | "PreReq") {
                rest.split([',', ' ', '\t']).filter(|word| is_package(word)).for_each(|package| add(key, package));
            }
        } else if name == "Brewfile" {
            let Some((key, rest)) = content.split_once(char::is_whitespace) else { continue };
            let quoted = rest.trim_start().get(1..).and_then(|rest| rest.split(['"', '\'']).next());
            if matches!(key, "brew" | "cask")
                && let Some(package) = quoted
            {
                add(key, package.rsplit('/').next().unwrap_or(package));
            }
        } else if let Some(package) = content.split([' ', '\t', '=']).next().filter(|word| is_package(word)) {
            add("package", package);
        }
    }
    out.finish(interest)
}

/// `libc6 (>= 2.4) [amd64]` without what stands behind the name; nothing for a variable.
fn debian(relation: &str) -> Option<&str> {
    relation.trim().split([' ', '(', '[', '<', ':']).next().filter(|word| is_package(word))
}

fn is_package(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.+".contains(&byte))
}
