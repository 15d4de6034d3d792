//! The parts of a report, by its headings of the second level, and a report without some of them.

/// Titles of the parts, in order.
#[must_use]
pub fn parts(markdown: &str) -> Vec<String> {
    sections(markdown).filter_map(|(title, _)| title.map(str::to_owned)).collect()
}

/// The report without the parts of these titles; case does not matter.
#[must_use]
pub fn without(markdown: &str, titles: &[String]) -> String {
    let left_out = |title: &str| titles.iter().any(|other| other.to_lowercase() == title.to_lowercase());
    let kept = sections(markdown).filter(|(title, _)| !title.is_some_and(left_out));
    kept.map(|(_, text)| text).collect()
}

/// Title and text of each part; what stands before the first heading has no title. A line that looks like a heading inside
/// a fence of code is none.
fn sections(markdown: &str) -> impl Iterator<Item = (Option<&str>, &str)> {
    let mut starts = vec![(0, None)];
    let (mut at, mut fenced) = (0, false);
    for line in markdown.split_inclusive('\n') {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if let Some(title) = line.strip_prefix("## ").or_else(|| page_title(line)).filter(|_| !fenced) {
            starts.push((at, Some(title.trim())));
        }
        at += line.len();
        if line.trim_end() == "</section>" && starts.last().is_some_and(|(_, title)| title.is_some()) {
            starts.push((at, None));
        }
    }
    let ends: Vec<usize> = starts.iter().skip(1).map(|(at, _)| *at).chain([markdown.len()]).collect();
    starts.into_iter().zip(ends).map(move |((start, title), end)| (title, &markdown[start..end]))
}

/// The title of a part of an HTML page: it begins with a line of its own and ends with `</section>` alone on a line.
fn page_title(line: &str) -> Option<&str> {
    let (_, after) = line.strip_prefix("<section class=\"part\"")?.split_once("<h2>")?;
    after.split_once("</h2>").map(|(title, _)| title)
}

#[cfg(test)]
mod tests {
    use super::{parts, without};

    #[test]
    fn parts_are_found_and_left_out_whole() {
        let text = "# R\n\nintro\n\n## One\n\na\n\n```\n## no\n```\n\n### deeper\n\n## Two\n\nb\n";
        assert_eq!(parts(text), ["One", "Two"]);
        assert_eq!(without(text, &["one".to_owned()]), "# R\n\nintro\n\n## Two\n\nb\n");
        assert_eq!(without(text, &[]), text);
        assert_eq!(parts(""), Vec::<String>::new());
    }

    #[test]
    fn the_parts_of_a_page_end_with_their_section() {
        let text = "<main>\n<section class=\"part\" id=\"a\"><h2>A</h2>\n<p>\n</section>\n<p>between\n\
                    <section class=\"part\"><h2>B</h2>\n</section>\n</main>\n";
        assert_eq!(parts(text), ["A", "B"]);
        let rest = "<main>\n<p>between\n<section class=\"part\"><h2>B</h2>\n</section>\n</main>\n";
        assert_eq!(without(text, &["a".to_owned()]), rest);
    }
}
