//! Masks keep code, and keep it in its place.

use proptest::prelude::*;

use super::*;
use crate::facts::{KeepAll, Language};

#[test]
fn erb_keeps_code_and_places() {
    let text = "<a href=\"http://x\">\n<% if a -%>\n<%= File.open('ä') %>é\n<%# no %><% end %>";
    let code = code(Language("ruby"), "a.html.erb", text);
    assert_eq!(code.len(), text.len());
    assert!(!code.contains("http") && !code.contains("no"));
    let facts = crate::syntax::extract(Language("ruby"), "a.html.erb", text, &KeepAll);
    assert!(facts.calls.iter().any(|c| c.name == "File.open" && c.span.line == 3), "{:?}", facts.calls);
    assert!(!facts.partial);
}

#[test]
fn jsp_scriptlets_and_imports() {
    let text = "<%@ page import=\"java.io.File,a.B\" %>\n<%-- <% x %> --%>\n<% if (x) { %>\n<b><%= new File(\"/d\").delete() %></b>\n<% } %>";
    let facts = crate::syntax::extract(Language("java"), "a.jsp", text, &KeepAll);
    assert!(facts.calls.iter().any(|c| c.name == "java.io.File#delete" && c.span.line == 4), "{:?}", facts.calls);
    assert_eq!(facts.imports.len(), 2);
}

#[test]
fn vue_scripts() {
    let masked =
        code(Language("typescript"), "a.vue", "<template>x</template>\n<script lang=\"ts\">\nlet a = 1\n</script>\n");
    assert_eq!(masked.trim(), "let a = 1");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn masking_never_moves_anything(text in "(?s)(<%|%>|=|-|@ page import=\"|\"|,|a|ä|\n|<script|>|</script|;|@|@if|\\(|\\)|\\{|\\}|'|<p>|</p>|- |\\{\\{|\\}\\}|@model a.B|  |@code ){0,40}") {
        for (language, path) in [
                ("ruby", "a.erb"), ("java", "a.jsp"), ("typescript", "a.vue"), ("php", "a.blade.php"), ("csharp", "a.cshtml"),
                ("csharp", "a.aspx"), ("ruby", "a.haml"), ("ruby", "a.slim"), ("javascript", "a.ejs"), ("java", "a.jspx"),
            ] {
            let code = code(Language(language), path, &text);
            prop_assert_eq!(code.len(), text.len());
            prop_assert_eq!(code.matches('\n').count(), text.matches('\n').count());
        }
    }
}

#[test]
fn what_the_assets_say_of_templates_is_readable() {
    let languages = crate::assets::under("languages/").filter(|(path, _)| path.ends_with(".toml"));
    for (path, text) in languages {
        let read = toml::from_str::<Written>(text);
        assert!(read.is_ok(), "{path}: {:?}", read.err());
    }
    for known in KNOWN.iter() {
        assert_eq!(known.includes.len(), known.template.includes.len(), "{:?}", known.template.endings);
        assert!(known.names.iter().all(Option::is_some), "{:?}", known.template.endings);
    }
}

#[test]
fn the_longest_ending_decides() {
    let php = |path| known(Language("php"), path).map(|known| known.template.style);
    assert_eq!(php("views/a.blade.php"), Some(Style::Blade));
    assert_eq!(php("a.php"), Some(Style::Whole));
    assert_eq!(php("a.module"), None);
}

#[test]
fn razor_knows_code_in_markup_in_code() {
    let text = "@if (a) {\n  <p title=\"}\">@b</p>\n  c();\n} else { <br/> d(); }\n<p>e();</p>@(f(\")\"))@* g *@";
    let code = code(Language("csharp"), "a.cshtml", text);
    let words: Vec<&str> = code.split_whitespace().collect();
    assert_eq!(words.join(" "), ";if (a) { ;b c(); } else { d(); } ;(f(\")\"))");
}

#[test]
fn templates_name_other_templates() {
    let includes = |language, path, text: &str| {
        let facts = crate::syntax::extract(Language(language), path, text, &KeepAll);
        let names =
            facts.calls.iter().filter(|call| call.name == "render").filter_map(|call| call.args[0].value.as_str());
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    let twig = "{% extends 'base.html' %}\n{{ include('a/b.html') }}{% include name %} include 'x'";
    assert_eq!(includes("template", "a.twig", twig), ["base.html", "a/b.html"]);
    assert_eq!(includes("template", "a.hbs", "{{> parts/head}}{{#if x}}"), ["parts/head"]);
    assert_eq!(includes("java", "a.jsp", "<%@ include file=\"head.jsp\" %>"), ["head.jsp"]);
    assert_eq!(includes("csharp", "a.cshtml", "<partial name=\"_Head\" model=\"Model\" />"), ["_Head"]);
}
