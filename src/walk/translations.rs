//! Which files hold texts in one human language and nothing to find: told by the path, by `assets/translations.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::assets;
use crate::facts::Language;

#[derive(Deserialize, Default)]
struct Translations {
    formats: Vec<String>,
    folders: Vec<String>,
}

static TRANSLATIONS: LazyLock<Translations> =
    LazyLock::new(|| assets::get("translations.toml").and_then(|text| toml::from_str(text).ok()).unwrap_or_default());

/// True for `locales/de.yml` and its like: a format of settings, below a folder of translations, with a language in its name
/// or in that of a folder on the way.
pub(super) fn is_translation(path: &str, language: Language) -> bool {
    if !TRANSLATIONS.formats.iter().any(|format| format == language.0) {
        return false;
    }
    let mut below = false;
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    for folder in folders.split('/') {
        if below && names_a_language(folder) {
            return true;
        }
        below |= TRANSLATIONS.folders.iter().any(|known| known.eq_ignore_ascii_case(folder));
    }
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    // `de`, `pt_BR`, `messages_de`, `devise.zh-CN`
    below
        && (names_a_language(stem)
            || stem.rsplit_once('.').is_some_and(|(_, last)| names_a_language(last))
            || stem.split_once('_').is_some_and(|(_, last)| names_a_language(last))
            || stem.split_once('-').is_some_and(|(_, last)| names_a_language(last)))
}

/// A language of two letters with a region or script at most: `de`, `en-GB`, `zh_Hant`, `sr-Latn-RS`.
fn names_a_language(text: &str) -> bool {
    let mut parts = text.split(['-', '_']);
    parts.next().is_some_and(|first| first.len() == 2 && first.bytes().all(|byte| byte.is_ascii_lowercase()))
        && parts.all(|part| {
            (2..=4).contains(&part.len())
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && !part.chars().all(|c| c.is_ascii_lowercase() && part.len() > 2)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_one_language_are_told_from_settings() {
        let cases = [
            ("public/language/en-GB/admin/settings.json", "json", true),
            ("config/locales/de.yml", "yaml", true),
            ("config/locales/devise.zh-CN.yml", "yaml", true),
            ("src/main/resources/i18n/messages_pt_BR.properties", "properties", true),
            ("lang/sr-Latn-RS.ini", "ini", true),
            ("lang/db-host.ini", "ini", false),
            ("src/language/application.yml", "yaml", false),
            ("locales/index.json", "json", false),
            ("config/de.yml", "yaml", false),
            ("locales/de.xml", "xml", false),
            ("locales/de.ts", "typescript", false),
        ];
        for (path, format, expected) in cases {
            assert_eq!(is_translation(path, Language(format)), expected, "{path}");
        }
    }
}
