//! The report for planning in Markdown, by a template in `assets/templates`, one per language, or by one's own.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde};
use minijinja::{Environment, Value as TemplateValue};

use super::Lang;
use super::context::{self, Limits};
use super::shared::{one_line, thousands};
use crate::analysis::Analysis;
use crate::text::sanitize;

/// What is written out: a file that forges still show, and that people still scroll through.
const LIMITS: Limits = Limits { per_group: 25, findings: 1500 };

/// The report in a language; `template` replaces the built-in one.
///
/// # Errors
/// One line with the place when the template is faulty.
pub fn render(analysis: &Analysis, lang: Lang, template: Option<&str>) -> Result<String, String> {
    let name = match lang {
        Lang::En => "templates/report.en.md",
        Lang::De => "templates/report.de.md",
    };
    let source = match template {
        Some(own) => own,
        None => crate::assets::get(name).ok_or_else(|| format!("the template {name} is missing"))?,
    };
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.map_err(|error| error.to_string())?);
    environment.add_filter("n", |number: usize| thousands(number));
    environment.add_filter("md", |text: String| escape(&text));
    environment.add_filter("long", |text: String| marked_up(&sanitize(&text)));
    environment.add_filter("code", |text: String| code(&text));
    environment.add_function("t", move |key: String, values: Kwargs| context::told(lang, &key, &values));
    environment
        .render_str(source, TemplateValue::from(Serde(context::of(analysis, lang, LIMITS))))
        .map_err(|error| format!("report template: {error:#}"))
}

/// Text inside a Markdown paragraph, list or table cell: nothing in it acts as markup.
pub(super) fn escape(text: &str) -> String {
    marked_up(&one_line(text))
}

/// The same for text of the program's own, however long.
fn marked_up(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Text as inline code, also inside a table: the fence is longer than any run of back ticks inside.
pub(super) fn code(text: &str) -> String {
    let text = one_line(text).replace('|', "\\|");
    if text.is_empty() {
        return String::new();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::{code, escape, render};
    use crate::analysis::Analysis;
    use crate::report::Lang;

    #[test]
    fn foreign_text_cannot_act_as_markup() {
        assert_eq!(escape("a*b|<c>\n\u{1b}"), "a\\*b\\|\\<c\\>\\\\x0a\\\\x1b");
        assert_eq!(code("a`b"), "`` a`b ``");
    }

    #[test]
    fn both_templates_render_an_empty_analysis() {
        for lang in [Lang::En, Lang::De] {
            let text = render(&Analysis::default(), lang, None).unwrap();
            assert!(text.starts_with("# "), "{text}");
        }
    }

    #[test]
    fn a_table_after_the_cycles_is_no_part_of_the_list() {
        use crate::graph::{Module, ModuleId, Table};
        let mut analysis = Analysis::default();
        let module = |name: &str| Module {
            id: name.into(),
            name: name.into(),
            path: name.into(),
            manifest: None,
            files: 1,
            lines: 1,
        };
        analysis.graph.modules = vec![module("a"), module("b")];
        analysis.graph.module_cycles = vec![vec![ModuleId(0), ModuleId(1)]];
        analysis.graph.tables = vec![Table { name: "orders".into(), readers: Vec::new(), writers: Vec::new() }];
        for (lang, head) in [(Lang::En, "\n\n| table |"), (Lang::De, "\n\n| Tabelle |")] {
            let text = render(&analysis, lang, None).unwrap();
            assert!(text.contains(head), "{text}");
        }
    }
}
