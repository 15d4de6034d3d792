//! The report as a page and by templates of one's own, through the real binary.

use std::fs;
use std::path::Path;

use assert_cmd::Command;

fn run(arguments: &[&str]) -> String {
    let output = Command::cargo_bin("breakbulk").unwrap().args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn shop() -> String {
    format!("{}/sample-projects/demo", env!("CARGO_MANIFEST_DIR"))
}

/// A repository that wants to be more than text.
fn hostile(root: &Path) {
    let folder = root.join("<img src=x onerror=alert(1)>");
    fs::create_dir_all(&folder).unwrap();
    fs::write(
        folder.join("<script>alert('n')<\u{1b}[31m.php"),
        "<?php\nclass A { function f($a) { file_put_contents(\"/srv/<script>alert('s')</script>{{ name }}\", $a); B::g(); } }\n",
    )
    .unwrap();
    fs::write(root.join("b.php"), "<?php\nclass B { static function g() { file_put_contents('/srv/\"><b>', 1); } }\n")
        .unwrap();
}

#[test]
fn nothing_of_a_repository_acts_as_markup_in_a_page() {
    let folder = tempfile::tempdir().unwrap();
    hostile(folder.path());
    let page = run(&["report", folder.path().to_str().unwrap(), "--format", "html"]);
    assert_eq!(page.matches("<script").count(), 1, "the only script is the page's own");
    assert!(
        page.contains("&lt;script&gt;alert(&#39;n&#39;)") && page.contains("&lt;script&gt;alert(&#39;s&#39;)"),
        "{page}"
    );
    assert!(page.contains("{{ name }}"), "text of a repository is no template");
    assert!(!page.contains("<img") && !page.contains("\"><b>") && !page.contains('\u{1b}'));
}

#[test]
fn a_page_needs_nothing_else_and_allows_nothing_else() {
    for lang in ["en", "de"] {
        let page = run(&["report", &shop(), "--format", "html", "--lang", lang]);
        assert!(page.starts_with("<!DOCTYPE html>\n") && page.ends_with("</html>"), "{lang}");
        assert!(page.contains("default-src &#39;none&#39;; style-src &#39;sha256-"));
        for outside in [" src=", "<link", "@import", "url(http", "href=\"http", "<iframe", " style=\"", " onclick"] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert!(!page.contains(">report.") && !page.contains("\"report."), "a sentence is missing");
        // every place that is linked to is there
        for link in page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(page.contains(&format!("id=\"{link}\"")), "{link}");
        }
        for tag in ["section", "details", "table", "ul", "ol", "div", "dl"] {
            let opened = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
            assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
        }
        assert!(
            page.contains("class=\"matrix\"") && page.contains("data-node=\"0\"") && page.contains("class=\"behind\"")
        );
        assert_eq!(page, run(&["report", &shop(), "--format", "html", "--lang", lang, "--threads", "1"]));
    }
    assert_eq!(run(&["scan", &shop(), "--format", "html"]), run(&["report", &shop(), "--format", "html"]));
}

#[test]
fn both_formats_begin_with_what_decides_and_explain_the_candidates() {
    for (lang, words) in [
        (
            "en",
            [
                "The strongest arguments for beginning",
                "The largest risks",
                "The first step",
                "Why these files belong together",
                "Cheapest cut",
            ],
        ),
        (
            "de",
            [
                "Die stärksten Argumente, anzufangen",
                "Die größten Risiken",
                "Der erste Schritt",
                "Warum diese Dateien zusammengehören",
                "Günstigster Schnitt",
            ],
        ),
    ] {
        for format in ["markdown", "html"] {
            let text = run(&["report", &shop(), "--format", format, "--lang", lang]);
            let at: Vec<usize> =
                words.iter().map(|word| text.find(word).unwrap_or_else(|| panic!("{format}: {word}"))).collect();
            assert!(at.is_sorted(), "{format} {lang}: {at:?}");
        }
    }
}

#[test]
fn a_part_of_a_page_can_be_left_out() {
    let page = run(&["report", &shop(), "--format", "html", "--without", "coupling"]);
    assert!(!page.contains("class=\"matrix\"") && page.contains("id=\"plan\"") && page.contains("</main>"));
}

#[test]
fn the_example_templates_work_in_both_languages() {
    let templates = format!("{}/docs/templates", env!("CARGO_MANIFEST_DIR"));
    for (format, file, title) in [("markdown", "brief.md", "# demo"), ("html", "brief.html", "<h1>demo</h1>")] {
        let template = format!("{templates}/{file}");
        let of = |lang| run(&["report", &shop(), "--format", format, "--template", &template, "--lang", lang]);
        let (english, german) = (of("en"), of("de"));
        assert!(
            english.contains(title) && english.contains("findings") && german.contains("Befunde"),
            "{english}{german}"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let faulty = folder.path().join("t.html");
    fs::write(&faulty, "{{ name }}\n{% for %}").unwrap();
    let mut command = Command::cargo_bin("breakbulk").unwrap();
    let output = command.args(["report", &shop(), "--format", "html", "--template"]).arg(&faulty).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && said.contains(":2"), "{said}");
}
