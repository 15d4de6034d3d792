//! Links between files whose facts are written by hand.

use super::{Links, link, own_types};
use crate::facts::{
    Definition, DefinitionKind, Entry, EntryFormat, FileFacts, Import, ImportKind, Language, RefKind, Reference, Scope,
    SourceFile, Span, Value,
};

/// A file to be: path, namespace, imports as (path, item, kind), definitions (qualified), references.
#[derive(Default)]
struct Sample {
    files: Vec<SourceFile>,
    facts: Vec<FileFacts>,
}

impl Sample {
    fn file(
        &mut self,
        path: &str,
        namespace: &str,
        imports: &[(&str, &str, ImportKind)],
        definitions: &[(&str, DefinitionKind)],
        references: &[(&str, RefKind)],
    ) -> &mut Self {
        let language = match path.rsplit('.').next().unwrap() {
            "java" => "java",
            "cs" => "csharp",
            "php" => "php",
            "py" => "python",
            "js" => "javascript",
            "ts" => "typescript",
            "rb" => "ruby",
            "go" => "go",
            "rs" => "rust",
            _ => "",
        };
        self.files.push(SourceFile {
            path: path.into(),
            language: (!language.is_empty()).then_some(Language(language)),
            is_code: true,
            scope: Scope::Main,
            bytes: 1,
            lines: 1,
        });
        self.facts.push(FileFacts {
            namespace: namespace.into(),
            imports: imports
                .iter()
                .map(|(path, item, kind)| Import {
                    path: (*path).into(),
                    item: (!item.is_empty()).then(|| (*item).into()),
                    alias: None,
                    kind: *kind,
                    type_only: false,
                    value: Value::Unknown,
                    line: 1,
                })
                .collect(),
            definitions: definitions
                .iter()
                .map(|(qualified, kind)| Definition {
                    name: qualified.rsplit('.').next().unwrap().into(),
                    qualified: (*qualified).into(),
                    kind: *kind,
                    span: Span::default(),
                    parent: None,
                    type_name: None,
                    value: Value::Unknown,
                    private: false,
                    shared: false,
                })
                .collect(),
            references: references
                .iter()
                .zip(7..)
                .map(|((name, kind), line)| Reference { name: (*name).into(), kind: *kind, line, count: 2 })
                .collect(),
            ..FileFacts::default()
        });
        self
    }

    fn entry(&mut self, key: &str, value: &str) -> &mut Self {
        let entry =
            Entry { key: key.into(), value: value.into(), span: Span::default(), format: EntryFormat::Json, group: 0 };
        self.facts.last_mut().unwrap().entries.push(entry);
        self
    }

    fn links(&self) -> Links {
        link(&self.files, &self.facts)
    }

    fn edges(&self) -> Vec<String> {
        let links = self.links();
        let show = |id: crate::facts::FileId| self.files[id.index()].path.to_string();
        links.edges.iter().map(|edge| format!("{} > {}", show(edge.from), show(edge.to))).collect()
    }
}

use DefinitionKind::{Class, Function, Module};
use ImportKind::{File, Name, ReExport, Static, Wildcard};
use RefKind::{Call, Create, Inherit, Loader, Type};

#[test]
fn java_imports_packages_wildcards_statics_and_nested() {
    let mut s = Sample::default();
    s.file(
        "a/A.java",
        "a",
        &[("b.B", "", Name), ("c", "", Wildcard), ("d.D.help", "", Static), ("java.util.List", "", Name)],
        &[("a.A", Class)],
        &[
            ("B.Inner", Create),
            ("C", Type),
            ("help", Call),
            ("Near", Inherit),
            ("e.E", Type),
            ("List", Type),
            ("Far", Type),
        ],
    )
    .file("a/Near.java", "a", &[], &[("a.Near", Class)], &[])
    .file("b/B.java", "b", &[], &[("b.B", Class), ("b.B.Inner", Class)], &[])
    .file("c/C.java", "c", &[], &[("c.C", Class)], &[])
    .file("d/D.java", "d", &[], &[("d.D", Class)], &[])
    .file("e/E.java", "e", &[], &[("e.E", Class)], &[])
    .file("f/Far.java", "f", &[], &[("f.Far", Class)], &[]);
    let want: Vec<String> =
        ["a/Near", "b/B", "c/C", "d/D", "e/E"].iter().map(|to| format!("a/A.java > {to}.java")).collect();
    assert_eq!(s.edges(), want);
    let links = s.links();
    let edge = links.edges[1];
    assert_eq!((edge.kinds.import, edge.kinds.create, edge.line), (1, 2, 7), "the example is the use, not the import");
    let own = own_types(&links);
    assert!(own("Near") && own("b.B.Inner") && !own("List"));
}

#[test]
fn csharp_namespaces_and_parents_and_partial_classes() {
    let mut s = Sample::default();
    s.file(
        "Web/Page.cs",
        "Corp.Web",
        &[("Corp.Data", "", Name)],
        &[("Corp.Web.Page", Class)],
        &[("Repo", Create), ("Base", Inherit), ("Log", RefKind::Annotation)],
    )
    .file("Data/Repo.cs", "Corp.Data", &[], &[("Corp.Data.Repo", Class)], &[])
    .file("Data/Repo.Sql.cs", "Corp.Data", &[], &[("Corp.Data.Repo", Class)], &[])
    .file("Base.cs", "Corp", &[], &[("Corp.Base", Class)], &[])
    .file("LogAttribute.cs", "Corp.Web", &[], &[("Corp.Web.LogAttribute", Class)], &[]);
    let mut edges = s.edges();
    edges.sort();
    assert_eq!(
        edges,
        [
            "Web/Page.cs > Base.cs",
            "Web/Page.cs > Data/Repo.Sql.cs",
            "Web/Page.cs > Data/Repo.cs",
            "Web/Page.cs > LogAttribute.cs"
        ]
    );
}

#[test]
fn php_use_global_classes_functions_and_includes() {
    let mut s = Sample::default();
    s.file(
        "app/A.php",
        "App",
        &[("App\\Model\\User", "", Name), ("inc/x.php", "", File)],
        &[("App.A", Class)],
        &[("User", Create), ("Sib", Inherit), (".Legacy", Create), ("help_me", Call), ("strlen", Call)],
    )
    .file("app/Model/User.php", "App\\Model", &[], &[("App.Model.User", Class)], &[])
    .file("app/Sib.php", "App", &[], &[("App.Sib", Class)], &[])
    .file("inc/x.php", "", &[], &[("help_me", Function)], &[])
    .file("old/Legacy.php", "", &[], &[("Legacy", Class)], &[]);
    let dir = Value::Joined(vec![Value::Name("__DIR__".into()), Value::Str("/../old/Legacy.php".into())]);
    s.file("inc/y.php", "", &[("", "", File)], &[], &[]);
    s.facts.last_mut().unwrap().imports[0].value = dir;
    assert_eq!(
        s.edges(),
        [
            "app/A.php > app/Model/User.php",
            "app/A.php > app/Sib.php",
            "app/A.php > inc/x.php",
            "app/A.php > old/Legacy.php",
            "inc/y.php > old/Legacy.php"
        ]
    );
}

#[test]
fn php_loaders_find_files_by_kind_and_path() {
    let mut s = Sample::default();
    let loads = [("model/catalog/product", Loader), ("library/mail", Loader), ("model/none", Loader)];
    s.file("shop/controller/page.php", "", &[], &[], &loads)
        .file("admin/model/catalog/product.php", "", &[], &[], &[])
        .file("shop/controller/catalog/product.php", "", &[], &[], &[])
        .file("shop/libraries/Mail.php", "", &[], &[], &[])
        .file("shop/model/catalog/product.php", "", &[], &[], &[]);
    assert_eq!(
        s.edges(),
        [
            "shop/controller/page.php > shop/libraries/Mail.php",
            "shop/controller/page.php > shop/model/catalog/product.php"
        ]
    );
}

#[test]
fn python_packages_relative_imports_and_handed_on_names() {
    let mut s = Sample::default();
    s.file("src/shop/__init__.py", "", &[], &[], &[])
        .file(
            "src/shop/cart.py",
            "",
            &[("shop.models", "Item", Name), (".", "tax", Name), ("logging", "", Name)],
            &[],
            &[("Item", Create), ("tax.rate", Call)],
        )
        .file("src/shop/logging.py", "", &[], &[], &[])
        .file("src/shop/models/__init__.py", "", &[(".item", "Item", Name)], &[], &[])
        .file("src/shop/models/item.py", "", &[], &[("Item", Class)], &[])
        .file("src/shop/tax.py", "", &[], &[("rate", Function)], &[]);
    assert_eq!(
        s.edges(),
        [
            "src/shop/cart.py > src/shop/models/__init__.py",
            "src/shop/cart.py > src/shop/models/item.py",
            "src/shop/cart.py > src/shop/tax.py",
            "src/shop/models/__init__.py > src/shop/models/item.py",
        ]
    );
}

#[test]
fn scripts_by_path_alias_package_and_barrel() {
    let mut s = Sample::default();
    s.file(
        "apps/web/a.ts",
        "",
        &[("./b", "b", Name), ("@corp/core", "Thing", Name), ("@lib/util.js", "u", Name), ("express", "default", Name)],
        &[],
        &[("Thing", Create)],
    )
    .file("apps/web/b/index.ts", "", &[], &[("b", Function)], &[])
    .file("packages/core/package.json", "", &[], &[], &[]);
    s.entry("name", "@corp/core");
    s.file("packages/core/src/index.ts", "", &[("./thing", "", ReExport)], &[], &[])
        .file("packages/core/src/thing.ts", "", &[], &[("Thing", Class)], &[])
        .file("shared/util.ts", "", &[], &[("u", Function)], &[])
        .file("tsconfig.json", "", &[], &[], &[]);
    s.entry("compilerOptions.paths.@lib/*.0", "./shared/*");
    assert_eq!(
        s.edges(),
        [
            "apps/web/a.ts > apps/web/b/index.ts",
            "apps/web/a.ts > packages/core/src/index.ts",
            "apps/web/a.ts > packages/core/src/thing.ts",
            "apps/web/a.ts > shared/util.ts",
            "packages/core/src/index.ts > packages/core/src/thing.ts",
        ]
    );
}

#[test]
fn ruby_constants_by_nesting_and_requires() {
    let mut s = Sample::default();
    s.file(
        "app/models/shop/cart.rb",
        "",
        &[("tax/rate", "", File)],
        &[("Shop", Module), ("Shop.Cart", Class)],
        &[("Item", Create), ("User.Role", Type), ("save", Call)],
    )
    .file("app/models/shop/item.rb", "", &[], &[("Shop", Module), ("Shop.Item", Class)], &[])
    .file("app/models/item.rb", "", &[], &[("Item", Class)], &[])
    .file("app/models/user.rb", "", &[], &[("User", Class)], &[])
    .file("lib/tax/rate.rb", "", &[], &[("Tax", Module)], &[]);
    assert_eq!(
        s.edges(),
        [
            "app/models/shop/cart.rb > app/models/shop/item.rb",
            "app/models/shop/cart.rb > app/models/user.rb",
            "app/models/shop/cart.rb > lib/tax/rate.rb"
        ]
    );
    assert_eq!(super::ruby::underscore("Admin.HTTPClient2Go"), "admin/http_client2_go");
}

#[test]
fn go_packages_lead_to_the_files_that_define() {
    let mut s = Sample::default();
    s.file(
        "cmd/main.go",
        "main",
        &[("corp.test/shop/internal/db", "", Name), ("database/sql", "", Name)],
        &[("main.main", Function)],
        &[("db.Open", Call), ("usage", Call), ("sql.Open", Call)],
    )
    .file("cmd/usage.go", "main", &[], &[("main.usage", Function)], &[])
    .file("internal/db/open.go", "db", &[], &[("db.Open", Function)], &[])
    .file("internal/db/other.go", "db", &[], &[("db.Close", Function)], &[])
    .file("sql/x.go", "sql", &[], &[("sql.Open", Function)], &[]);
    assert_eq!(s.edges(), ["cmd/main.go > cmd/usage.go", "cmd/main.go > internal/db/open.go"]);
}

#[test]
fn rust_modules_crates_and_names_handed_on() {
    let mut s = Sample::default();
    s.file("a/Cargo.toml", "", &[], &[], &[]);
    s.entry("package.name", "shop-a");
    s.file("a/src/db/conn.rs", "", &[("super::pool", "", Name)], &[("Conn", Class)], &[("pool.get", Call)])
        .file("a/src/db/mod.rs", "", &[("conn", "", ImportKind::Module), ("conn::Conn", "", ReExport)], &[], &[])
        .file("a/src/db/pool.rs", "", &[], &[("get", Function)], &[])
        .file("a/src/lib.rs", "", &[("db", "", ImportKind::Module)], &[], &[])
        .file("b/Cargo.toml", "", &[], &[], &[]);
    s.entry("package.name", "b");
    s.file("b/src/main.rs", "", &[("shop_a::db::Conn", "", Name), ("std::fs", "", Name)], &[], &[("Conn", Type)]);
    assert_eq!(
        s.edges(),
        [
            "a/src/db/conn.rs > a/src/db/pool.rs",
            "a/src/db/mod.rs > a/src/db/conn.rs",
            "a/src/lib.rs > a/src/db/mod.rs",
            "b/src/main.rs > a/src/db/conn.rs",
        ]
    );
}

#[test]
fn ruby_core_and_library_classes_are_not_the_files_that_open_them() {
    let mut s = Sample::default();
    s.file(
        "app/models/a.rb",
        "",
        &[],
        &[("A", Class)],
        &[("Array", Type), ("ActiveRecord::Base", Inherit), ("B", Type)],
    )
    .file("lib/diff.rb", "", &[], &[("Array", Class)], &[])
    .file("config/patches.rb", "", &[], &[("ActiveRecord", Module), ("ActiveRecord.Base", Class)], &[])
    .file("app/models/b.rb", "", &[], &[("B", Class)], &[]);
    assert_eq!(s.edges(), ["app/models/a.rb > app/models/b.rb"]);
}

#[test]
fn amd_modules_are_found_by_the_name_they_give_themselves() {
    let mut s = Sample::default();
    s.file("public/cart.js", "shop/cart", &[("api", "", File), ("deep/only", "", File), ("none", "", File)], &[], &[])
        .file("public/modules/api.js", "api", &[], &[], &[])
        .file("public/x/deep/only.js", "", &[], &[], &[])
        .file("src/none.js", "", &[], &[], &[]);
    assert_eq!(s.edges(), ["public/cart.js > public/modules/api.js", "public/cart.js > public/x/deep/only.js"]);
}

#[test]
fn settings_and_attributes_of_the_framework_tell_no_file() {
    let mut s = Sample::default();
    s.file("shop.php", "", &[], &[], &[("DIR_IMAGE", RefKind::Type), ("help_me", Call)])
        .file("install/index.php", "", &[], &[("DIR_IMAGE", DefinitionKind::Constant), ("help_me", Function)], &[])
        .file("A.cs", "App", &[], &[("App.A", Class)], &[("Authorize", RefKind::Annotation), ("Lone", Type)])
        .file("lib/AuthorizeAttribute.cs", "Lib", &[], &[("Lib.AuthorizeAttribute", Class)], &[])
        .file("lib/Lone.cs", "Lib", &[], &[("Lib.Lone", Class)], &[]);
    assert_eq!(s.edges(), ["shop.php > install/index.php", "A.cs > lib/Lone.cs"]);
    assert_eq!(s.links().edges[0].kinds.type_use, 0);
}
