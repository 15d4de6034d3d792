//! Templates with code inside (ERB, JSP, Vue): everything but the code becomes blanks, so that the code parses and every
//! byte and line stays where it was.

use std::borrow::Cow;

/// The text that the language's grammar shall read: the code of a template, or the text itself for all other files.
#[must_use]
pub fn code<'t>(path: &str, text: &'t str) -> Cow<'t, str> {
    let extension = path.rsplit('.').next().unwrap_or("");
    let masked = match extension {
        "erb" | "rhtml" => tags(text, false),
        "jsp" | "jspf" | "jspx" | "tag" | "tagf" => tags(text, true),
        "vue" | "svelte" => scripts(text),
        _ => return Cow::Borrowed(text),
    };
    String::from_utf8(masked).map_or(Cow::Borrowed(""), Cow::Owned)
}

/// A text of blanks with the line ends of the original.
fn blanks(text: &str) -> Vec<u8> {
    text.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { byte } else { b' ' }).collect()
}

/// The code between `<%` and `%>`; each piece ends with a semicolon. JSP also has directives, which may import.
fn tags(text: &str, jsp: bool) -> Vec<u8> {
    let mut out = blanks(text);
    let mut at = 0;
    while let Some(open) = text[at..].find("<%").map(|offset| at + offset) {
        let start = open + 2;
        let end = text[start..].find("%>").map_or(text.len(), |offset| start + offset);
        at = (end + 2).min(text.len());
        let inner = &text[start..end];
        if inner.starts_with(['#', '%']) || inner.starts_with("--") {
            if inner.starts_with("--") {
                at = text[start..].find("--%>").map_or(text.len(), |offset| start + offset + 4);
            }
            continue;
        }
        if jsp && inner.starts_with('@') {
            imports(inner, start, &mut out);
            continue;
        }
        let skip = inner.len() - inner.trim_start_matches(['=', '-', '!']).len();
        let keep = if jsp { inner.len() } else { inner.trim_end_matches('-').len() };
        if keep > skip {
            out[start + skip..start + keep].copy_from_slice(&text.as_bytes()[start + skip..start + keep]);
        }
        // In Java only an expression needs an end; a scriptlet may be half a block.
        if end < text.len() && (!jsp || inner.starts_with('=')) {
            out[end] = b';';
        }
    }
    out
}

/// `<%@ page import="a.B,c.D" %>` as `import a.B;import c.D;`, as far as the place suffices.
fn imports(directive: &str, start: usize, out: &mut [u8]) {
    let Some(position) = directive.find("import=") else { return };
    let value = &directive[position + 7..];
    let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return };
    let names: Vec<&str> = value[1..].split(quote).next().unwrap_or("").split(',').map(str::trim).collect();
    // The whole directive is room: each further import needs more than the comma that it had.
    let mut at = start;
    let end = start + directive.len();
    for name in names.into_iter().filter(|name| !name.is_empty() && !name.contains('\n')) {
        let code = format!("import {name};");
        let place = at..at + code.len();
        // Line ends inside the directive are kept, whatever is lost by it.
        if place.end > end || out[place.clone()].iter().any(|byte| *byte != b' ') {
            return;
        }
        at = place.end;
        out[place].copy_from_slice(code.as_bytes());
    }
}

/// The contents of `<script>` elements.
fn scripts(text: &str) -> Vec<u8> {
    let mut out = blanks(text);
    let mut at = 0;
    while let Some(open) = text[at..].find("<script").map(|offset| at + offset) {
        let Some(start) = text[open..].find('>').map(|offset| open + offset + 1) else { break };
        let end = text[start..].find("</script").map_or(text.len(), |offset| start + offset);
        out[start..end].copy_from_slice(&text.as_bytes()[start..end]);
        at = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::facts::{KeepAll, Language};

    #[test]
    fn erb_keeps_code_and_places() {
        let text = "<a href=\"http://x\">\n<% if a -%>\n<%= File.open('ä') %>é\n<%# no %><% end %>";
        let code = code("a.html.erb", text);
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
        let masked = code("a.vue", "<template>x</template>\n<script lang=\"ts\">\nlet a = 1\n</script>\n");
        assert_eq!(masked.trim(), "let a = 1");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn masking_never_moves_anything(text in "(?s)(<%|%>|=|-|@ page import=\"|\"|,|a|ä|\n|<script|>|</script|;){0,40}") {
            for path in ["a.erb", "a.jsp", "a.vue"] {
                let code = code(path, &text);
                prop_assert_eq!(code.len(), text.len());
                prop_assert_eq!(code.matches('\n').count(), text.matches('\n').count());
            }
        }
    }
}
