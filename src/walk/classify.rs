//! Path to language and scope, by the patterns in `assets/languages` and `assets/scopes.toml`.

use std::sync::LazyLock;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use rustc_hash::FxHashSet;
use serde::Deserialize;

use crate::assets;
use crate::facts::{Language, Scope};
use crate::syntax;

/// Language, whether it is a programming language, and scope of a path relative to the repository, by the path alone.
#[must_use]
pub fn classify(path: &str) -> (Option<Language>, bool, Scope) {
    let (language, is_code) = language(path);
    (language, is_code, scope(path))
}

/// Globs of all languages; patterns without a slash look at the file name.
struct Patterns {
    names: GlobSet,
    paths: GlobSet,
    /// Per glob of `names`, then of `paths`: language, code, weight (letters that are not wildcards).
    name_owners: Vec<(Language, bool, usize)>,
    path_owners: Vec<(Language, bool, usize)>,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let (mut names, mut paths) = (GlobSetBuilder::new(), GlobSetBuilder::new());
    let (mut name_owners, mut path_owners) = (Vec::new(), Vec::new());
    for info in syntax::languages() {
        for pattern in &info.patterns {
            // `A.JAVA` is Java, `dockerfile.js` is no Dockerfile.
            let any_case = pattern.starts_with("*.");
            let Ok(glob) = GlobBuilder::new(pattern).literal_separator(true).case_insensitive(any_case).build() else {
                continue;
            };
            let weight = pattern.chars().filter(|c| !matches!(c, '*' | '?' | '[' | ']' | '{' | '}' | ',')).count();
            let owner = (Language(info.id), info.is_code, weight);
            if pattern.contains('/') {
                paths.add(glob);
                path_owners.push(owner);
            } else {
                names.add(glob);
                name_owners.push(owner);
            }
        }
    }
    Patterns {
        names: names.build().unwrap_or_default(),
        paths: paths.build().unwrap_or_default(),
        name_owners,
        path_owners,
    }
});

/// The language of a path: a pattern on the path wins over one on the name, a longer pattern over a shorter one.
fn language(path: &str) -> (Option<Language>, bool) {
    let best = |set: &GlobSet, owners: &[(Language, bool, usize)], text: &str| {
        set.matches(text)
            .into_iter()
            .map(|index| owners[index])
            .max_by_key(|(id, _, weight)| (*weight, std::cmp::Reverse(*id)))
    };
    let name = path.rsplit('/').next().unwrap_or(path);
    best(&PATTERNS.paths, &PATTERNS.path_owners, path)
        .or_else(|| best(&PATTERNS.names, &PATTERNS.name_owners, name))
        .map_or((None, false), |(id, code, _)| (Some(id), code))
}

#[derive(Deserialize)]
struct ScopeFile {
    rule: Vec<RuleText>,
}

#[derive(Deserialize)]
struct RuleText {
    scope: String,
    #[serde(default)]
    deep: bool,
    #[serde(default)]
    folders: Vec<String>,
    #[serde(default)]
    root_folders: Vec<String>,
    #[serde(default)]
    patterns: Vec<String>,
}

struct Rule {
    scope: Scope,
    deep: bool,
    folders: FxHashSet<String>,
    root_folders: FxHashSet<String>,
    patterns: GlobSet,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let text = assets::get("scopes.toml").unwrap_or_default();
    let Ok(file) = toml::from_str::<ScopeFile>(text) else { return Vec::new() };
    file.rule.into_iter().filter_map(compile).collect()
});

fn compile(rule: RuleText) -> Option<Rule> {
    let scope = Scope::ALL.into_iter().find(|scope| scope.as_str() == rule.scope)?;
    let mut patterns = GlobSetBuilder::new();
    for pattern in &rule.patterns {
        patterns.add(GlobBuilder::new(pattern).literal_separator(true).empty_alternates(true).build().ok()?);
    }
    Some(Rule {
        scope,
        deep: rule.deep,
        folders: rule.folders.into_iter().collect(),
        root_folders: rule.root_folders.into_iter().collect(),
        patterns: patterns.build().ok()?,
    })
}

/// Below these folders the names of folders are packages of the application: `src/main/java/hudson/tasks/test` is no test.
const SOURCE_ROOTS: [&str; 6] = [
    "src/main/java/",
    "src/main/kotlin/",
    "src/main/scala/",
    "src/main/groovy/",
    "src/main/resources/",
    "src/main/webapp/",
];

/// The scope of a path by the rules of `assets/scopes.toml`.
fn scope(path: &str) -> Scope {
    let root = SOURCE_ROOTS
        .iter()
        .filter_map(|root| path.find(root).filter(|at| boundary(path, *at)).map(|at| at + root.len()))
        .min();
    // A source root inside a test tree (`src/test/resources/src/main/java/…`) is judged by what stands before it.
    let outside = root.map_or(path, |end| &path[..end]);
    for rule in RULES.iter() {
        let seen = if rule.deep { path } else { outside };
        if in_folder(rule, seen, root.is_some() && !rule.deep)
            || rule.patterns.is_match(path) && (rule.deep || root.is_none() || file_rule(rule, path))
        {
            return rule.scope;
        }
    }
    Scope::Main
}

/// True when `at` is the start of a path segment.
fn boundary(path: &str, at: usize) -> bool {
    at == 0 || path.as_bytes()[at - 1] == b'/'
}

/// Inside a source root nothing is a test or a build script, whatever its name (`hudson.tasks.test.TestResult`); other
/// patterns count where they match the bare file name.
fn file_rule(rule: &Rule, path: &str) -> bool {
    !matches!(rule.scope, Scope::Build | Scope::Test) && rule.patterns.is_match(path.rsplit('/').next().unwrap_or(path))
}

fn in_folder(rule: &Rule, path: &str, cut: bool) -> bool {
    let mut parts: Vec<&str> = path.split('/').collect();
    if !cut {
        parts.pop();
    }
    parts.iter().enumerate().any(|(depth, part)| {
        let lower = part.to_ascii_lowercase();
        rule.folders.contains(&lower) || depth == 0 && rule.root_folders.contains(&lower)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_and_pattern_of_the_assets_compiles() {
        let file: ScopeFile = toml::from_str(assets::get("scopes.toml").unwrap()).unwrap();
        assert_eq!(file.rule.len(), RULES.len());
        assert!(syntax::languages().iter().any(|language| language.id == "java"));
    }

    #[test]
    fn scopes_by_path() {
        let cases = [
            ("src/main/java/a/Foo.java", Scope::Main),
            ("core/src/main/java/hudson/tasks/test/TestResult.java", Scope::Main),
            ("core/src/main/java/a/vendor/VendorService.java", Scope::Main),
            ("src/main/webapp/js/jquery-1.4.2.js", Scope::Vendored),
            ("src/main/webapp/scripts/app.js", Scope::Main),
            ("src/test/java/a/FooTest.java", Scope::Test),
            ("src/test/resources/src/main/java/a/B.java", Scope::Test),
            ("saleor/order/tests/test_x.py", Scope::Test),
            ("crates/api/utils/test.rs", Scope::Test),
            ("packages/create-shop-app/src/scaffold.ts", Scope::Build),
            ("packages/cli/src/index.ts", Scope::Main),
            ("core/lib/generators/shop/resource_generator.rb", Scope::Build),
            ("app/models/contest.rb", Scope::Main),
            ("src/latest.js", Scope::Main),
            ("a/b_test.go", Scope::Test),
            ("web/app.spec.ts", Scope::Test),
            ("Dockerfile", Scope::Main),
            ("build/docker/Dockerfile", Scope::Main),
            ("docker-compose.yml", Scope::Main),
            ("docker/nginx.conf", Scope::Main),
            ("scripts/release.sh", Scope::Build),
            ("scripts/nightly_export.py", Scope::Main),
            ("scripts/docker-entrypoint.sh", Scope::Main),
            ("package.json", Scope::Build),
            ("web/webpack.config.js", Scope::Build),
            ("webpack.prod.js", Scope::Build),
            (".github/workflows/ci.yml", Scope::Build),
            ("README.md", Scope::Docs),
            ("docs/conf.py", Scope::Docs),
            (".env.example", Scope::Docs),
            (".env", Scope::Main),
            ("vendor/autoload.php", Scope::Vendored),
            ("app/models/vendor/price.rb", Scope::Main),
            ("upload/system/storage/vendor/a/b.php", Scope::Vendored),
            ("public/index.php", Scope::Main),
            ("lib/redmine/export.rb", Scope::Main),
            ("custom/modules/x.php", Scope::Main),
            ("core/index.js", Scope::Main),
            ("public/app.min.js", Scope::Vendored),
            ("api/x.pb.go", Scope::Vendored),
            ("Forms/Main.Designer.cs", Scope::Vendored),
            ("src/Billing.Tests/A.cs", Scope::Test),
            ("include/HTMLPurifier/HTMLPurifier/Config.php", Scope::Vendored),
            ("app/build/step.py", Scope::Main),
            ("src/chart.js", Scope::Main),
            ("saleor/order/tasks.py", Scope::Main),
            ("src/docs/DocumentStore.java", Scope::Main),
            ("Api/docs/a.json", Scope::Docs),
            ("crates/docs/src/queue.rs", Scope::Main),
            ("crates/docs/README.md", Scope::Docs),
            ("crates/docs/book/src/intro.js", Scope::Docs),
            ("backend/docs/models.py", Scope::Main),
            ("backend/docs/conf.py", Scope::Docs),
            ("src/Catalog/ProductSpec.php", Scope::Main),
            ("app/samples/lab.rb", Scope::Main),
            ("web/js/moment.js", Scope::Vendored),
            ("public/plugins/codemirror-5.17.0/addon/x.js", Scope::Vendored),
            ("src/upgrades/1.0.0/x.js", Scope::Main),
            (".run/x.xml", Scope::Build),
            ("packages/assets/build.js", Scope::Build),
            ("packages/dev-server/index.ts", Scope::Build),
            ("src/meta/build.js", Scope::Main),
            ("lib/Robo/Plugin/Commands/BuildCommands.php", Scope::Build),
            ("lib/search.example.json", Scope::Docs),
            (".htaccess", Scope::Main),
            ("features/support/env.rb", Scope::Test),
            ("features/desktop/sign_in.feature", Scope::Test),
            ("app/features/billing.py", Scope::Main),
            ("src/features/billing/index.ts", Scope::Main),
            ("plugins/Home/vue/dist/Home.umd.js", Scope::Vendored),
            ("plugins/Home/vue/src/Home.vue", Scope::Main),
            ("lib/tasks/migrate_from_trac.rake", Scope::Main),
            ("core/lib/tasks/exchanges.rake", Scope::Main),
            ("lib/tasks/ci.rake", Scope::Build),
            ("Rakefile", Scope::Build),
            ("util/Seeder/Recipes/Users.cs", Scope::Test),
            ("src/Seeding/Planner.cs", Scope::Main),
            ("app/seeders/catalog.rb", Scope::Main),
            ("ide/git/test/unit/src/a/B.java", Scope::Test),
            ("performance.java/src/a/B.java", Scope::Test),
            ("packages/shop-plugin-example/src/index.ts", Scope::Docs),
            ("analysis/report.ipynb", Scope::Docs),
            ("load/k6/run.js", Scope::Test),
            (".devcontainer/docker-compose.yml", Scope::Build),
            ("web/.storybook/main.js", Scope::Build),
            ("cypress.config.ts", Scope::Test),
            ("wiki/page.php", Scope::Main),
        ];
        for (path, expected) in cases {
            assert_eq!(scope(path), expected, "{path}");
        }
    }

    #[test]
    fn languages_by_path() {
        assert_eq!(language("a/B.java"), (Some(Language("java")), true));
        assert_eq!(language("a/b.unknown"), (None, false));
        assert_eq!(language("conf/application.yml"), (Some(Language("yaml")), false));
        assert_eq!(language("docker/nginx.conf"), (Some(Language("directive")), false));
        assert_eq!(language("Dockerfile.prod"), (Some(Language("dockerfile")), false));
        assert_eq!(language("mode/dockerfile.js"), (Some(Language("javascript")), true));
        assert_eq!(language("WEB-INF/web.config"), (Some(Language("xml")), false));
    }
}
