//! Domain terms: what the files of a candidate are about, from file, folder, class and table names.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::assets;
use crate::facts::Name;

/// Words that name a layer, a technology or a folder convention instead of a part of the business.
static LAYER_WORDS: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    let text = assets::get("layer-words.txt").unwrap_or_default();
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
});

/// The telling words of a name, a path or a table, as stems: split at case changes and at everything that is no letter.
#[must_use]
pub fn words(text: &str) -> Vec<Name> {
    raw_words(text).filter_map(|word| telling(&word)).collect()
}

/// The words of a text in lower case, as they are written.
fn raw_words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphabetic()).flat_map(|part| {
        let chars: Vec<char> = part.chars().collect();
        let mut start = 0;
        let mut found = Vec::new();
        for index in 1..=chars.len() {
            let ends = index == chars.len()
                || (chars[index].is_uppercase()
                    && (chars[index - 1].is_lowercase()
                        || chars.get(index + 1).is_some_and(|next| next.is_lowercase())));
            if ends {
                found.push(chars[start..index].iter().flat_map(|c| c.to_lowercase()).collect());
                start = index;
            }
        }
        found
    })
}

/// The word in its singular, unless it is too short or names a layer.
fn telling(word: &str) -> Option<Name> {
    if word.chars().count() < 3 || is_layer(word) {
        return None;
    }
    let single = singular(word);
    (!is_layer(&single)).then(|| Name::from(single))
}

/// The singular by the regular rules of English: `categories`, `addresses`, `boxes`, `orders`; `status` and `news` stay.
fn singular(word: &str) -> String {
    const SAME: [&str; 6] = ["news", "series", "species", "sales", "goods", "kubernetes"];
    let cut = |end: usize| word[..word.len() - end].to_owned();
    if word.len() <= 3 || SAME.contains(&word) || !word.ends_with('s') {
        word.to_owned()
    } else if word.len() > 5 && word.ends_with("ies") {
        cut(3) + "y"
    } else if ["sses", "shes", "tches", "nches", "rches", "oaches", "xes", "zzes", "uses"]
        .iter()
        .any(|end| word.ends_with(end))
        && word.len() > 4
    {
        // `uses` in `statuses`, `viruses`; but `houses`, `causes`, `excuses` end in a silent e
        let silent = ["ouses", "auses", "cuses", "fuses", "nuses"].iter().any(|end| word.ends_with(end))
            && !["bonuses", "focuses"].contains(&word);
        cut(if silent { 1 } else { 2 })
    } else if ["ss", "us", "is", "ous"].iter().any(|end| word.ends_with(end)) {
        word.to_owned()
    } else {
        cut(1)
    }
}

fn is_layer(word: &str) -> bool {
    LAYER_WORDS.contains(word)
}

/// The words of one file: of its own name and its definitions twice, of its folders once. Sorted, with weights.
#[must_use]
pub fn of_file(path: &str, names: &[Name], tables: &[&Name]) -> Vec<(Name, u32)> {
    let mut weights: BTreeMap<Name, u32> = BTreeMap::new();
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.split('.').next().unwrap_or(file);
    for word in words(stem) {
        weights.insert(word, 2);
    }
    // the first names are the top-level definitions; more than a few only repeat the file
    for name in names.iter().take(8).map(Name::as_str).chain(tables.iter().take(8).map(|table| table.as_str())) {
        for word in words(name) {
            weights.insert(word, 2);
        }
    }
    for word in words(folder) {
        weights.entry(word).or_insert(1);
    }
    weights.into_iter().collect()
}

/// The most telling terms of each group, best first.
///
/// A term is a good label when many files of the group have it and few others do: the harmonic mean of the share of the
/// group's files that have it and the share of its files that lie in the group (the F measure of the label as a query for
/// the group). That is weighed down by `ln((1 + groups) / groups with the term) / ln(1 + groups)`, a group having the term
/// when at least a tenth of its files do, so that the name of the product labels nothing. Terms that stand in folder names
/// alone count three quarters.
#[must_use]
pub fn telling_terms(files: &[Vec<(Name, u32)>], groups: &[Vec<u32>], keep: usize) -> Vec<Vec<Name>> {
    let mut everywhere: FxHashMap<&Name, f64> = FxHashMap::default();
    let mut frequency: FxHashMap<&Name, u32> = FxHashMap::default();
    let mut counted: Vec<BTreeMap<&Name, (f64, u32)>> = Vec::with_capacity(groups.len());
    for group in groups {
        let mut counts: BTreeMap<&Name, (f64, u32)> = BTreeMap::new();
        for &file in group {
            for (word, weight) in &files[file as usize] {
                let slot = counts.entry(word).or_default();
                slot.0 += if *weight > 1 { 1.0 } else { 0.75 };
                slot.1 += 1;
            }
        }
        for (word, (weight, uses)) in &counts {
            *everywhere.entry(word).or_default() += weight;
            if *uses as usize * 10 >= group.len() {
                *frequency.entry(word).or_default() += 1;
            }
        }
        counted.push(counts);
    }
    let total = (1.0 + groups.len() as f64).ln();
    counted
        .iter()
        .zip(groups)
        .map(|(counts, group)| {
            let mut scored: Vec<(f64, &Name)> = counts
                .iter()
                .map(|(word, (weight, _))| {
                    let covered = weight / group.len().max(1) as f64;
                    let specific = weight / everywhere.get(word).copied().unwrap_or(1.0);
                    let idf = (total - f64::from(*frequency.get(word).unwrap_or(&1)).ln()) / total;
                    (2.0 * covered * specific / (covered + specific) * idf, *word)
                })
                .collect();
            scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
            scored.into_iter().take(keep).map(|(_, word)| word.clone()).collect()
        })
        .collect()
}

/// How the words of these texts are written most often, by stem: `address` for files that say `addresses` more often than
/// `address` is `addresses`. Only the stems in `wanted` are looked at.
#[must_use]
pub fn spelling<'a>(texts: impl Iterator<Item = &'a str>, wanted: &[Name]) -> BTreeMap<Name, Name> {
    let mut counts: BTreeMap<(&Name, String), u32> = BTreeMap::new();
    for text in texts {
        for word in raw_words(text) {
            if let Some(stem) = telling(&word)
                && let Some(stem) = wanted.iter().find(|known| **known == stem)
            {
                *counts.entry((stem, word)).or_default() += 1;
            }
        }
    }
    let mut best: BTreeMap<Name, (u32, Name)> = BTreeMap::new();
    for ((stem, word), count) in counts {
        let slot = best.entry(stem.clone()).or_insert_with(|| (0, stem.clone()));
        if count > slot.0 {
            *slot = (count, Name::from(word));
        }
    }
    best.into_iter().map(|(stem, (_, word))| (stem, word)).collect()
}

#[cfg(test)]
mod tests {
    use super::{LAYER_WORDS, of_file, spelling, telling_terms, words};

    #[test]
    fn splits_names_and_drops_layers() {
        assert_eq!(words("OrderItemController"), ["order"]);
        assert_eq!(words("HTMLReports_categories"), ["report", "category"]);
        assert_eq!(words("billing_address2"), ["billing", "address"]);
        assert_eq!(words("WEB-INF/jsps/CreateInvoiceOptions"), ["invoice"]);
        assert_eq!(words("addresses viruses boxes caches houses"), ["address", "virus", "box", "cache", "house"]);
        assert!(LAYER_WORDS.len() > 400 && words("ServiceImpl").is_empty());
    }

    #[test]
    fn words_are_spelt_as_the_files_spell_them() {
        let wanted = ["address".into(), "order".into()];
        let spelt = spelling(["AddressesView", "addresses/list", "Address", "Order"].into_iter(), &wanted);
        assert_eq!(spelt.values().collect::<Vec<_>>(), ["addresses", "order"]);
    }

    #[test]
    fn terms_that_every_group_has_come_last() {
        let files: Vec<_> = ["acme/order/Order.java", "acme/order/Cart.java", "acme/bill/Bill.java"]
            .iter()
            .map(|path| of_file(path, &[], &[]))
            .collect();
        let terms = telling_terms(&files, &[vec![0, 1], vec![2]], 3);
        assert_eq!(terms[0][0], "order");
        assert_eq!(terms[1][0], "bill");
        assert_eq!(terms[1][1], "acme");
    }
}
