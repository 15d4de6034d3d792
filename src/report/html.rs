//! The report as one HTML file that needs nothing else: no network, no script to be readable, and no word of a scanned
//! repository that could act as markup.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde};
use minijinja::{AutoEscape, Environment, Value as TemplateValue};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::context::{self, Limits};
use super::shared::thousands;
use super::{Lang, matrix, picture};
use crate::analysis::Analysis;
use crate::text::sanitize;

/// What is written out; a page folds, so that it holds more than Markdown.
const LIMITS: Limits = Limits { per_group: 100, findings: 5000 };
/// Boxes in the picture of the coupling.
const BOXES: usize = 24;

/// The page in a language; `template` replaces the built-in one, `since` is what is new and fixed since a baseline.
///
/// # Errors
/// One line with the place when the template is faulty.
pub fn render(
    analysis: &Analysis,
    lang: Lang,
    template: Option<&str>,
    since: Option<String>,
) -> Result<String, String> {
    let part = |name: &str| crate::assets::get(name).ok_or_else(|| format!("the template {name} is missing"));
    let source = match template {
        Some(own) => own,
        None => part("templates/report.html")?,
    };
    let (style, script) = (part("templates/report.css")?, part("templates/report.js")?);
    let mut all = context::of(analysis, lang, LIMITS);
    if let Value::Object(all) = &mut all {
        all.insert("matrix".into(), matrix::of(analysis));
        all.insert("since".into(), since.map_or(Value::Null, |text| text.lines().collect::<Vec<_>>().into()));
        all.insert("csp".into(), policy(style, script).into());
    }
    let drawn = picture::draw(analysis, matrix::level(analysis), None, Some(BOXES))?.strongest(None);
    let svg =
        if drawn.edges.is_empty() { String::new() } else { picture::render(&drawn, picture::PictureFormat::Svg)? };

    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.map_err(|error| error.to_string())?);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(|out, _, value| {
        let written = if value.is_undefined() || value.is_none() {
            Ok(())
        } else if value.is_safe() {
            out.write_str(&value.to_string())
        } else {
            out.write_str(&escape(&value.to_string()))
        };
        written.map_err(minijinja::Error::from)
    });
    environment.add_filter("n", |number: usize| thousands(number));
    environment.add_function("t", move |key: String, values: Kwargs| context::told(lang, &key, &values));
    environment.add_global("style", TemplateValue::from_safe_string(style.to_owned()));
    environment.add_global("script", TemplateValue::from_safe_string(script.to_owned()));
    environment.add_global("svg", TemplateValue::from_safe_string(svg));
    environment
        .render_named_str("report.html", source, TemplateValue::from(Serde(all)))
        .map_err(|error| format!("report template: {error:#}"))
}

/// Text between tags or inside a quoted attribute: control characters visible, nothing acts as markup.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in sanitize(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A content security policy under which exactly our styles and our script work, and nothing is loaded or sent.
fn policy(style: &str, script: &str) -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())));
    let styles = [hash(style), hash(picture::STYLE)].join(" ");
    format!("default-src 'none'; style-src {styles}; script-src {}; base-uri 'none'; form-action 'none'", hash(script))
}
