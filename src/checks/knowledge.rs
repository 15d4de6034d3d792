//! What is known of programs and base images, from `assets/images/`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::facts::Command;

/// A program that installs packages.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Manager {
    /// Its names.
    pub programs: Vec<String>,
    /// Verbs that install.
    pub install: Vec<String>,
    /// Verbs that bring everything to the newest version.
    pub upgrade: Vec<String>,
    /// What a word holds that names a version.
    pub pins: Vec<String>,
    /// Flags that take a value.
    pub valued: Vec<String>,
    /// True for packages of the distribution.
    pub system: bool,
    /// Flags that leave out what is not needed.
    pub lean: Vec<String>,
    /// Flags that keep nothing behind.
    pub no_cache: Vec<String>,
    /// Paths whose removal in the same step leaves nothing behind.
    pub caches: Vec<String>,
    /// Its own verbs that remove them.
    pub clean: Vec<String>,
}

/// Lists of names.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lists {
    /// Parts of an address that name no version.
    pub moving: Vec<String>,
    /// Programs that fetch an address.
    pub fetchers: Vec<String>,
    /// Programs that run what they are handed.
    pub shells: Vec<String>,
    /// Packages that only a build needs.
    pub build_packages: Vec<String>,
    /// Images made to build.
    pub build_images: Vec<String>,
    /// Images that start as a user of their own.
    pub own_user_images: Vec<String>,
    /// What is an init.
    pub inits: Vec<String>,
    /// What manages services.
    pub managers: Vec<String>,
    /// What does not belong beside the application.
    pub agents: Vec<String>,
    /// What ships logs.
    pub shippers: Vec<String>,
    /// What goes on in the background by itself.
    pub daemons: Vec<String>,
    /// What compiles.
    pub compilers: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Programs {
    manager: Vec<Manager>,
    lists: Lists,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct EndOfLife {
    made: String,
    image: Vec<Known>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    names: Vec<String>,
    versions: BTreeMap<String, String>,
}

fn programs() -> &'static Programs {
    static PROGRAMS: OnceLock<Programs> = OnceLock::new();
    // Empty only if the built-in asset is broken, which a test rules out.
    PROGRAMS.get_or_init(|| read("images/programs.toml").unwrap_or_default())
}

fn end_of_life() -> &'static EndOfLife {
    static TABLE: OnceLock<EndOfLife> = OnceLock::new();
    TABLE.get_or_init(|| read("images/end-of-life.toml").unwrap_or_default())
}

fn read<T: for<'de> Deserialize<'de>>(path: &str) -> Result<T, toml::de::Error> {
    toml::from_str(crate::assets::get(path).unwrap_or_default())
}

/// The lists.
pub fn lists() -> &'static Lists {
    &programs().lists
}

/// True when the name is in a list.
pub fn has(list: &[String], name: &str) -> bool {
    list.iter().any(|known| known == name)
}

/// The package manager that a command is, and its words behind the program: `python -m pip install` is pip.
pub fn manager(command: &Command) -> Option<(&'static Manager, Vec<&str>)> {
    let mut words: Vec<&str> = command.args().iter().map(|word| word.as_str()).collect();
    let mut program = command.program();
    if program.starts_with("python")
        && let [module, pip, rest @ ..] = words.as_slice()
        && *module == "-m"
    {
        (program, words) = (pip, rest.to_vec());
    }
    let found = programs().manager.iter().find(|manager| has(&manager.programs, program))?;
    Some((found, words))
}

/// What an installing command names: packages, and those among them without a version.
#[derive(Debug, Default)]
pub struct Installs<'a> {
    /// The packages, in order.
    pub packages: Vec<&'a str>,
    /// Those without a version.
    pub loose: Vec<&'a str>,
    /// True where a file of requirements or a folder says what is installed.
    pub from_file: bool,
}

/// What a command installs; `None` where it installs nothing.
pub fn installs<'a>(manager: &Manager, words: &[&'a str]) -> Option<Installs<'a>> {
    // `-S` of pacman is a verb that looks like a flag.
    let mut found = Installs::default();
    let mut verb = false;
    let mut skip = false;
    let mut pinned_by_flag = false;
    for &word in words {
        if std::mem::take(&mut skip) {
            continue;
        }
        if !verb && has(&manager.install, word) {
            verb = true;
            continue;
        }
        if word.starts_with('-') {
            skip = has(&manager.valued, word);
            found.from_file |= matches!(word, "-r" | "--requirement" | "-e" | "--editable" | "-c" | "--path" | "--git");
            found.from_file |= word.starts_with("-r") && word.len() > 2 || word.starts_with("--requirement=");
            pinned_by_flag |= matches!(word, "-v" | "--version" | "--vers" | "--locked")
                || word.starts_with("--version=")
                || word.starts_with("-v") && manager.programs.iter().any(|name| name == "gem");
            continue;
        }
        if !verb {
            // Another verb than one that installs.
            return None;
        }
        found.packages.push(word);
        let named = manager.pins.iter().any(|pin| {
            // A version stands behind the name: `@scope/name` is none, `name@1` is one.
            word.get(1..).is_some_and(|rest| rest.contains(pin.as_str()) && !(pin == "/" && word.starts_with('@')))
        });
        let opaque = word.starts_with(['$', '/', '.', '{', '"'])
            || word.contains("://")
            || word.ends_with(".rpm")
            || word.ends_with(".deb");
        if !named && !opaque && !word.contains('$') && !word.contains('{') {
            found.loose.push(word);
        }
    }
    if pinned_by_flag {
        found.loose.clear();
    }
    verb.then_some(found)
}

/// Name and tag of an image: registry and digest apart, `library/` dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference<'a> {
    /// The repository: `node`, `mcr.microsoft.com/dotnet/sdk`.
    pub name: &'a str,
    /// The tag; empty where there is none.
    pub tag: &'a str,
    /// True where the digest says which image it is.
    pub digest: bool,
}

/// Takes an image apart; `None` for `scratch` and for what is not known before the build.
pub fn reference(image: &str) -> Option<Reference<'_>> {
    if image.is_empty() || image == "scratch" {
        return None;
    }
    let (rest, digest) = image.split_once('@').map_or((image, false), |(rest, _)| (rest, true));
    let slash = rest.rfind('/').map_or(0, |at| at + 1);
    let (name, tag) = match rest[slash..].find(':') {
        Some(at) => (&rest[..slash + at], &rest[slash + at + 1..]),
        None => (rest, ""),
    };
    let name = name.strip_prefix("docker.io/").unwrap_or(name);
    let name = name.strip_prefix("library/").unwrap_or(name);
    Some(Reference { name, tag, digest })
}

/// An image past its end of support: what of it, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// `debian buster`.
    pub what: String,
    /// The day on which support ended, `2024-06-30`.
    pub since: &'static str,
}

/// Whether an image is past its end of support on a day (`2026-11-26`; the table's own where none is given). `None` also for
/// what is not in the table.
pub fn stale(image: &str, today: Option<&str>) -> Option<Stale> {
    let table = end_of_life();
    let today = today.unwrap_or(&table.made);
    let reference = reference(image)?;
    let lookup = |name: &str, tag: &str| {
        let known = table.image.iter().find(|known| has(&known.names, name))?;
        let fits = |version: &str| {
            version.is_empty()
                || tag.strip_prefix(version).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
        };
        let (version, since) =
            known.versions.iter().filter(|(version, _)| fits(version)).max_by_key(|(v, _)| v.len())?;
        let what = format!("{name} {version}").trim_end().to_owned();
        (since.as_str() < today).then_some(Stale { what, since })
    };
    lookup(reference.name, reference.tag).or_else(|| {
        let mut parts = reference.tag.split('-').skip(1);
        parts.find_map(|part| match part.strip_prefix("alpine") {
            Some(version) if !version.is_empty() => lookup("alpine", version),
            _ if part.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                lookup("debian", part).or_else(|| lookup("ubuntu", part))
            }
            _ => None,
        })
    })
}

/// The day on which the table of ends of support was made.
#[must_use]
pub fn table_date() -> &'static str {
    &end_of_life().made
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Name;

    fn of(text: &str) -> (Vec<String>, Vec<String>) {
        let command = Command { words: text.split(' ').map(Name::from).collect(), ..Command::default() };
        let (manager, words) = manager(&command).unwrap();
        let found = installs(manager, &words).unwrap();
        let own = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect::<Vec<_>>();
        (own(found.packages), own(found.loose))
    }

    #[test]
    fn the_tables_load() {
        assert!(read::<Programs>("images/programs.toml").is_ok_and(|programs| programs.manager.len() > 5));
        let table = read::<EndOfLife>("images/end-of-life.toml").unwrap();
        let date = |text: &str| text.len() == 10 && text.split('-').map(str::len).eq([4, 2, 2]);
        assert!(date(&table.made));
        for known in &table.image {
            assert!(known.versions.values().all(|since| date(since)), "{:?}", known.names);
        }
    }

    #[test]
    fn packages_and_versions() {
        assert_eq!(of("apt-get -y install --no-install-recommends -t sid curl git=1.2 $PKG").1, ["curl"]);
        assert_eq!(of("python3 -m pip install -U pip a==1 .").1, ["pip"]);
        assert_eq!(of("npm install -g @angular/cli@12 @vue/cli pm2").1, ["@vue/cli", "pm2"]);
        assert_eq!(of("gem install rails -v 5.0").1, Vec::<String>::new());
        assert_eq!(of("apk add --virtual .deps gcc>10 make").0, ["gcc>10", "make"]);
    }

    #[test]
    fn images_are_taken_apart() {
        let parts = |image| reference(image).map(|r| (r.name.to_owned(), r.tag.to_owned(), r.digest));
        assert_eq!(parts("reg.corp:5000/a/b"), Some(("reg.corp:5000/a/b".into(), String::new(), false)));
        assert_eq!(parts("docker.io/library/node:8@sha256:aa"), Some(("node".into(), "8".into(), true)));
        assert_eq!(parts("scratch"), None);
    }

    #[test]
    fn ends_of_support_by_the_longest_version() {
        let what = |image: &str| stale(image, None).map(|stale| stale.what);
        assert_eq!(what("python:3.1"), None);
        assert_eq!(what("python:3.8-slim").as_deref(), Some("python 3.8"));
        assert_eq!(what("python:3.13"), None);
        assert_eq!(what("php:8.3-apache-buster").as_deref(), Some("debian buster"));
        assert_eq!(what("node:22-alpine3.14").as_deref(), Some("alpine 3.14"));
        assert_eq!(what("node:8").as_deref(), Some("node 8"));
        assert_eq!(what("corp/node:8"), None);
        assert_eq!(stale("debian:12", Some("2030-01-01")).map(|stale| stale.since), Some("2028-06-30"));
    }
}
