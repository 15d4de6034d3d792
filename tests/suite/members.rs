//! Links between files whose facts are read from real sources: members used through values.

use breakbulk::facts::{FileFacts, FileId, KeepAll, Language, Scope, SourceFile};
use breakbulk::resolve::link;

/// Edges between sources, given as (path, text).
fn edges(language: &'static str, sources: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<SourceFile> = sources
        .iter()
        .map(|(path, _)| SourceFile {
            path: (*path).into(),
            language: Some(Language(language)),
            is_code: true,
            scope: Scope::Main,
            bytes: 1,
            lines: 1,
        })
        .collect();
    let facts: Vec<FileFacts> = sources
        .iter()
        .map(|(path, text)| breakbulk::syntax::extract(Language(language), path, text, &KeepAll))
        .collect();
    let links = link(&files, &facts);
    let direct = links.edges.iter().filter(|edge| edge.kinds.is_direct());
    let mut found: Vec<String> =
        direct.map(|edge| format!("{} > {}", files[edge.from.index()].path, files[edge.to.index()].path)).collect();
    found.sort();
    found
}

#[test]
fn java_uses_the_class_that_a_member_gives_without_naming_it() {
    let found = edges(
        "java",
        &[
            (
                "a/Use.java",
                "package a; import b.Base; class Use extends Base { void f() { service().owner().rename(); list().get(0).paint(); } }",
            ),
            (
                "b/Base.java",
                "package b; import c.*; import java.util.List; public class Base { protected Service service() { return null; } \
                 protected List<Item> list() { return null; } }",
            ),
            ("c/Service.java", "package c; public class Service { d.Owner owner; d.Owner owner() { return owner; } }"),
            ("c/Item.java", "package c; public class Item { void paint() {} }"),
            ("d/Owner.java", "package d; public class Owner { void rename() {} }"),
        ],
    );
    let from_use: Vec<&String> = found.iter().filter(|edge| edge.starts_with("a/Use")).collect();
    assert_eq!(
        from_use,
        [
            "a/Use.java > b/Base.java",
            "a/Use.java > c/Item.java",
            "a/Use.java > c/Service.java",
            "a/Use.java > d/Owner.java"
        ]
    );
}

#[test]
fn java_follows_type_parameters_and_generated_accessors() {
    let found = edges(
        "java",
        &[
            ("a/Use.java", "package a; class Use { Page<Order> page; void f() { page.first().getTotal().round(); } }"),
            ("a/Page.java", "package a; class Page<T> { T first() { return null; } }"),
            ("a/Order.java", "package a; class Order { private Money total; }"),
            ("a/Money.java", "package a; class Money { void round() {} }"),
        ],
    );
    assert!(found.contains(&"a/Use.java > a/Money.java".to_string()), "{found:?}");
}

#[test]
fn go_methods_and_fields_count_for_the_file_that_declares_them() {
    let found = edges(
        "go",
        &[
            ("go.mod", ""),
            (
                "web/page.go",
                "package web\nimport \"x.org/app/db\"\nfunc Show(c *Context) { u, err := db.Load(1); u.Save(); c.JSON(1); _ = err }",
            ),
            ("web/context.go", "package web\ntype Context struct { *Base }"),
            ("web/base.go", "package web\ntype Base struct {}\nfunc (b *Base) JSON(code int) {}"),
            ("db/load.go", "package db\nfunc Load(id int) (*User, error) { return nil, nil }"),
            ("db/user.go", "package db\ntype User struct {}"),
            ("db/user_save.go", "package db\nfunc (u *User) Save() {}"),
        ],
    );
    let from_page: Vec<&String> = found.iter().filter(|edge| edge.starts_with("web/page.go")).collect();
    assert_eq!(
        from_page,
        [
            "web/page.go > db/load.go",
            "web/page.go > db/user_save.go",
            "web/page.go > web/base.go",
            "web/page.go > web/context.go"
        ]
    );
}

#[test]
fn what_a_package_only_hands_on_is_no_direct_dependency() {
    let sources = [
        ("app/use.py", "from app.models import Order\nx = Order()\n"),
        ("app/__init__.py", ""),
        ("app/models/__init__.py", "from .order import Order\n"),
        ("app/models/order.py", "class Order: pass\n"),
    ];
    assert_eq!(
        edges("python", &sources),
        ["app/models/__init__.py > app/models/order.py", "app/use.py > app/models/__init__.py"]
    );
}

#[test]
fn php_functions_are_no_classes_and_base_is_a_name() {
    let found = edges(
        "php",
        &[
            ("a/ldap.php", "<?php namespace p\\a; class ldap extends base { function f($x) { return sha1($x); } }"),
            ("a/base.php", "<?php namespace p\\a; abstract class base {}"),
            ("a/sha1.php", "<?php namespace p\\a; class sha1 {}"),
        ],
    );
    assert_eq!(found, ["a/ldap.php > a/base.php"]);
}

#[test]
fn ruby_finds_constants_by_nesting_ancestors_and_from_the_top() {
    let found = edges(
        "ruby",
        &[
            (
                "app/controllers/boards_controller.rb",
                "class BoardsController < ApplicationController\n  def f\n    Paginator.new(1)\n  end\nend\n",
            ),
            (
                "app/controllers/application_controller.rb",
                "class ApplicationController < ActionController::Base\n  include Redmine::Pagination\nend\n",
            ),
            (
                "lib/redmine/pagination.rb",
                "module Redmine\n  module Pagination\n    class Paginator\n    end\n  end\nend\n",
            ),
            (
                "lib/evil.rb",
                "module Evil\n  class Participation\n    def f\n      ::Participation.all\n    end\n  end\nend\n",
            ),
            ("app/models/participation.rb", "class Participation\nend\n"),
        ],
    );
    assert_eq!(
        found,
        [
            "app/controllers/application_controller.rb > lib/redmine/pagination.rb",
            "app/controllers/boards_controller.rb > app/controllers/application_controller.rb",
            "app/controllers/boards_controller.rb > lib/redmine/pagination.rb",
            "lib/evil.rb > app/models/participation.rb",
        ]
    );
}

#[test]
fn rust_depends_on_what_is_named_and_not_on_the_modules_of_the_path() {
    let found = edges(
        "rust",
        &[
            ("src/main.rs", "mod api;\nmod db;\nfn main() {}\n"),
            ("src/db/mod.rs", "mod user;\npub use self::user::User;\n"),
            ("src/db/user.rs", "pub struct User;\n"),
            ("src/api.rs", "use crate::{db, db::User};\nfn f() -> User { db::User }\n"),
        ],
    );
    assert_eq!(
        found,
        [
            "src/api.rs > src/db/user.rs",
            "src/db/mod.rs > src/db/user.rs",
            "src/main.rs > src/api.rs",
            "src/main.rs > src/db/mod.rs"
        ]
    );
}

/// Edges of the kind `loader` between sources of several languages, with what the files signal to each other.
fn bridges(sources: &[(&'static str, &str, &str)], routes: &[(usize, &str)]) -> Vec<String> {
    let files: Vec<SourceFile> = sources
        .iter()
        .map(|(language, path, _)| SourceFile {
            path: (*path).into(),
            language: Some(Language(language)),
            is_code: true,
            scope: Scope::Main,
            bytes: 1,
            lines: 1,
        })
        .collect();
    let facts: Vec<FileFacts> = sources
        .iter()
        .map(|(language, path, text)| breakbulk::syntax::extract(Language(language), path, text, &KeepAll))
        .collect();
    let mut signals = Vec::new();
    for (at, (language, path, text)) in sources.iter().enumerate() {
        let of_file = breakbulk::resolve::signals_of(&facts[at], Language(language), path, text);
        signals.extend(of_file.into_iter().map(|signal| (FileId(at as u32), signal)));
    }
    let routes: Vec<(FileId, &str)> = routes.iter().map(|(file, phrase)| (FileId(*file as u32), *phrase)).collect();
    let mut links = link(&files, &facts);
    breakbulk::resolve::bridge(&files, &facts, &signals, &routes, &mut links);
    let loaded = links.edges.iter().filter(|edge| edge.kinds.loader > 0);
    loaded.map(|edge| format!("{} > {}", files[edge.from.index()].path, files[edge.to.index()].path)).collect()
}

#[test]
fn configuration_views_addresses_queues_and_procedures_make_edges() {
    let found = bridges(
        &[
            ("xml", "beans.xml", "<beans><bean id=\"o\" class=\"shop.Orders\"/></beans>"),
            (
                "java",
                "shop/Orders.java",
                "package shop; class Orders { void f(K kafka) { kafka.send(\"orders.placed\"); jdbc.prepareCall(\"{call close_month(?)}\"); } }",
            ),
            (
                "java",
                "mail/Mailer.java",
                "package mail; class Mailer { @KafkaListener(topics = \"orders.placed\") void on() {} }",
            ),
            ("sql", "db/close.sql", "create procedure close_month(m int)\nbegin end\n"),
            ("python", "web/views.py", "def show(request):\n    return render(request, \"orders/show.html\")\n"),
            ("html", "web/templates/orders/show.html", "<p>"),
            ("javascript", "web/app.js", "fetch(`/api/orders/${id}`)"),
            ("python", "web/urls.py", "x = 1\n"),
        ],
        &[(7, "GET /api/orders/<int:id>")],
    );
    assert_eq!(
        found,
        [
            "beans.xml > shop/Orders.java",
            "shop/Orders.java > mail/Mailer.java",
            "shop/Orders.java > db/close.sql",
            "web/views.py > web/templates/orders/show.html",
            "web/app.js > web/urls.py",
        ]
    );
}
