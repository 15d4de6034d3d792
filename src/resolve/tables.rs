//! Database tables that a file touches: named in SQL strings, or declared to an object-relational mapper.

use super::sql;
use crate::facts::{
    Call, CallKind, Context, Definition, DefinitionKind, FileFacts, ImportKind, Language, Name, RefKind, Value,
};

/// The tables that a file names, as (table in lower case, writes or defines, line), sorted, each use once per table and way.
#[must_use]
pub fn tables_of(facts: &FileFacts, language: Language) -> Vec<(Name, bool, u32)> {
    let mut out: Vec<(Name, bool, u32)> = Vec::new();
    for literal in &facts.literals {
        if let Some(text) = literal.value.template() {
            out.extend(sql::tables(&text).into_iter().map(|(name, writes)| (name.into(), writes, literal.span.line)));
            if let Some(name) = declared_by_literal(&literal.context, &text) {
                out.push((name, true, literal.span.line));
            }
        }
    }
    for entry in facts.entries.iter().filter(|entry| entry.value.len() > 12) {
        out.extend(sql::tables(&entry.value).into_iter().map(|(name, writes)| (name.into(), writes, entry.span.line)));
    }
    for call in &facts.calls {
        out.extend(by_call(call, facts, language).map(|(name, writes)| (name, writes, call.span.line)));
    }
    for definition in &facts.definitions {
        out.extend(by_definition(definition).map(|name| (name, true, definition.span.line)));
    }
    if language.0 == "rust" {
        out.extend(diesel_schema(facts));
    }
    // What is named outright replaces what a convention would say.
    if !out.iter().any(|(_, writes, _)| *writes) {
        out.extend(by_convention(facts, language).into_iter().map(|(name, line)| (name, true, line)));
    }
    out.sort_unstable();
    out.dedup_by(|later, first| later.0 == first.0 && later.1 == first.1);
    out
}

/// Tables that a Rust file brings in from Diesel's generated module: `use crate::schema::users` (or `users::dsl`).
fn diesel_schema(facts: &FileFacts) -> impl Iterator<Item = (Name, bool, u32)> + '_ {
    facts.imports.iter().filter(|import| import.kind == ImportKind::Name).filter_map(|import| {
        let path = import.path.replace("::", ".");
        let whole = import.item.as_ref().map_or(path.clone(), |item| format!("{path}.{item}"));
        let (_, below) = whole.split_once("schema.")?;
        let name = below.split('.').next()?;
        let front = whole.get(..whole.len() - below.len())?;
        let is_module = front == "schema." || front.ends_with(".schema.");
        (is_module && name.starts_with(char::is_lowercase))
            .then(|| table(name))
            .flatten()
            .map(|name| (name, false, import.line))
    })
}

fn table(text: &str) -> Option<Name> {
    if text.contains(char::is_whitespace) { None } else { sql::clean(text).map(Name::from) }
}

/// `__tablename__ = "x"`, `db_table = "x"`, `def table_name; "x"`, `func (T) TableName() string { return "x" }`.
fn declared_by_literal(context: &Context, text: &str) -> Option<Name> {
    let name = match context {
        Context::Assigned { name } => name.trim_start_matches('$'),
        Context::Returned { function } => function.as_str(),
        _ => return None,
    };
    matches!(name, "__tablename__" | "db_table" | "table_name" | "TableName" | "tableName")
        .then(|| table(text))
        .flatten()
}

fn argument<'a>(call: &'a Call, names: &[&str]) -> Option<&'a str> {
    let named = call.args.iter().find(|arg| arg.name.as_deref().is_some_and(|name| names.contains(&name)));
    let first = call.args.first().filter(|arg| arg.name.is_none());
    let value = &named.or(first)?.value;
    match value {
        Value::Map(pairs) => {
            pairs.iter().find(|(key, _)| names.contains(&key.as_str())).and_then(|(_, value)| value.as_str())
        }
        value => value.as_str(),
    }
}

/// Tables that annotations and calls declare or use.
fn by_call(call: &Call, facts: &FileFacts, language: Language) -> Option<(Name, bool)> {
    let last = call.last();
    match (call.kind, last) {
        // Diesel names the table by its module: `#[diesel(table_name = post)]`.
        (CallKind::Annotation, "diesel") => {
            let arg = call.args.iter().find(|arg| arg.name.as_deref() == Some("table_name"))?;
            let text = match &arg.value {
                Value::Name(name) => name.as_str(),
                value => value.as_str()?,
            };
            table(text).map(|name| (name, true))
        }
        (CallKind::Annotation, "Table" | "JoinTable" | "CollectionTable" | "Document" | "table_name") => {
            table(argument(call, &["name", "Name", "collection", "value", "table_name"])?).map(|name| (name, true))
        }
        (CallKind::Annotation, "Entity") => {
            let elsewhere =
                facts.calls.iter().any(|other| other.kind == CallKind::Annotation && other.last() == "Table");
            match argument(call, &["name"]) {
                _ if elsewhere => None,
                Some(name) => table(name).map(|name| (name, true)),
                None => Some((snake(class_at(facts, call)?).into(), true)),
            }
        }
        (CallKind::Assign, "table_name" | "table") => table(argument(call, &[])?).map(|name| (name, true)),
        (CallKind::Call, "create_table" | "drop_table" | "add_column" | "rename_table" | "add_index")
            if language.0 == "ruby" =>
        {
            table(argument(call, &[])?).map(|name| (name, true))
        }
        (CallKind::Call, "define") if call.name.to_ascii_lowercase().contains("sequelize") => {
            table(argument(call, &[])?).map(|name| (name, true))
        }
        (CallKind::Call, "model") if call.name.contains("mongoose") && call.args.len() > 1 => {
            Some((plural(&argument(call, &[])?.to_lowercase()).into(), true))
        }
        (CallKind::Call, "collection" | "knex") => table(argument(call, &[])?).map(|name| (name, false)),
        (CallKind::Call, "table") if call.name.ends_with("DB.table") || call.name.ends_with("Schema.table") => {
            table(argument(call, &[])?).map(|name| (name, call.name.ends_with("Schema.table")))
        }
        (CallKind::Call, "create") if call.name.ends_with("Schema.create") => {
            table(argument(call, &[])?).map(|name| (name, true))
        }
        (CallKind::Call, "ToTable") => table(argument(call, &[])?).map(|name| (name, true)),
        _ => None,
    }
}

/// The class that an annotation stands on: the one around it, or the next one.
fn class_at<'a>(facts: &'a FileFacts, call: &Call) -> Option<&'a str> {
    let around =
        call.inside.and_then(|at| facts.definitions.get(at as usize)).filter(|d| d.kind == DefinitionKind::Class);
    around
        .or_else(|| {
            facts.definitions.iter().find(|d| d.kind == DefinitionKind::Class && d.span.end_line >= call.span.line)
        })
        .map(|definition| definition.name.as_str())
}

/// Fields and constants that name a table, and sets of entities (`DbSet<Order> Orders`).
fn by_definition(definition: &Definition) -> Option<Name> {
    if definition.type_name.as_deref().is_some_and(|name| name.contains("DbSet")) {
        return table(&definition.name);
    }
    let name = definition.name.trim_start_matches(['$', '@']);
    let field = matches!(definition.kind, DefinitionKind::Field | DefinitionKind::Constant);
    (field && matches!(name, "__tablename__" | "db_table" | "table" | "table_name" | "tableName"))
        .then(|| definition.value.as_str().and_then(table))
        .flatten()
}

/// What a mapper takes where the class does not say: Active Record and Eloquent the plural, Django the class name.
fn by_convention(facts: &FileFacts, language: Language) -> Vec<(Name, u32)> {
    let inherits = |wanted: &dyn Fn(&str) -> bool| {
        facts.references.iter().any(|one| one.kind == RefKind::Inherit && wanted(one.name.trim_start_matches('.')))
    };
    let classes = || facts.definitions.iter().filter(|one| one.kind == DefinitionKind::Class);
    let record = match language.0 {
        "ruby" => inherits(&is_record),
        "php" => {
            let eloquent = facts.imports.iter().any(|one| {
                one.path.contains("Illuminate\\Database\\Eloquent") || one.path.contains("Illuminate.Database.Eloquent")
            });
            eloquent
                && inherits(&|name| {
                    matches!(name.rsplit('.').next(), Some("Model" | "Eloquent" | "Authenticatable" | "Pivot"))
                })
        }
        "python" => {
            if !inherits(&|name| name.ends_with("models.Model")) {
                return Vec::new();
            }
            let has_fields = |at: usize| {
                facts.definitions.iter().any(|one| {
                    one.parent.is_some_and(|parent| parent as usize == at)
                        && matches!(&one.value, Value::Call { name, .. } if name.ends_with("Field") || name.ends_with("ForeignKey"))
                })
            };
            let models = facts
                .definitions
                .iter()
                .enumerate()
                .filter(|(at, one)| one.kind == DefinitionKind::Class && has_fields(*at));
            return models.map(|(_, one)| (one.name.to_lowercase(), one.span.line)).collect();
        }
        _ => false,
    };
    // One record per file is the rule in both; helpers beside it stay out. The record is the class that inherits on its
    // own line: a migration or an exception may stand around or before it.
    let inherited = |one: &Definition| {
        facts
            .references
            .iter()
            .any(|base| base.kind == RefKind::Inherit && base.line == one.span.line && is_record(&base.name))
    };
    let first = if record {
        let on_line = classes().find(|one| inherited(one));
        on_line.or_else(|| classes().find(|one| one.parent.is_none_or(|at| is_module(facts, at))))
    } else {
        None
    };
    first.map(|one| (Name::from(plural(&snake(&one.name))), one.span.line)).into_iter().collect()
}

/// True for the base classes of Active Record.
fn is_record(name: &str) -> bool {
    matches!(name, "ApplicationRecord" | "ActiveRecord::Base") || name.ends_with("ActiveRecord.Base")
}

fn is_module(facts: &FileFacts, at: u32) -> bool {
    facts.definitions.get(at as usize).is_some_and(|one| one.kind == DefinitionKind::Module)
}

/// `OrderItem` → `order_item`.
fn snake(name: &str) -> String {
    super::ruby::underscore(name)
}

/// The English plural of the last word, by the rules that Active Record and Eloquent begin with.
fn plural(word: &str) -> String {
    let irregular = [("person", "people"), ("child", "children"), ("man", "men"), ("mouse", "mice")];
    if let Some((one, many)) = irregular.iter().find(|(one, _)| word == *one || word.ends_with(&format!("_{one}"))) {
        return format!("{}{many}", word.strip_suffix(one).unwrap_or_default());
    }
    if ["news", "equipment", "information", "series", "data", "metadata"].iter().any(|same| word.ends_with(same)) {
        return word.to_string();
    }
    if let Some(stem) = word.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u'])) {
        return format!("{stem}ies");
    }
    if word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is") {
        return word.to_string();
    }
    let es = ["ss", "us", "sh", "ch", "x", "z"].iter().any(|end| word.ends_with(end));
    format!("{word}{}", if es { "es" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Arg, Literal, Receiver, Reference, Span};

    fn call(name: &str, kind: CallKind, args: &[(&str, &str)]) -> Call {
        let arg = |(name, value): &(&str, &str)| Arg {
            name: (!name.is_empty()).then(|| (*name).into()),
            value: Value::Str((*value).into()),
            ..Arg::default()
        };
        Call {
            name: name.into(),
            also: Vec::new(),
            kind,
            receiver: Receiver::None,
            receiver_value: Value::Unknown,
            args: args.iter().map(arg).collect(),
            span: Span { line: 3, end_line: 3, ..Span::default() },
            parent: None,
            inside: None,
            assigned_to: Name::default(),
        }
    }

    fn class(name: &str) -> Definition {
        Definition {
            name: name.into(),
            qualified: name.into(),
            kind: DefinitionKind::Class,
            span: Span { line: 4, end_line: 9, ..Span::default() },
            parent: None,
            type_name: None,
            value: Value::Unknown,
            private: false,
            shared: false,
        }
    }

    fn names(facts: &FileFacts, language: &'static str) -> Vec<(String, bool)> {
        tables_of(facts, Language(language)).into_iter().map(|(name, writes, _)| (name.to_string(), writes)).collect()
    }

    #[test]
    fn declarations_of_mappers_are_read() {
        let mut facts = FileFacts { definitions: vec![class("OrderItem")], ..FileFacts::default() };
        facts.calls = vec![call("jakarta.persistence.Entity", CallKind::Annotation, &[])];
        assert_eq!(names(&facts, "java"), [("order_item".into(), true)]);
        facts.calls.push(call("jakarta.persistence.Table", CallKind::Annotation, &[("name", "T_ORDER")]));
        assert_eq!(names(&facts, "java"), [("t_order".into(), true)]);
        facts.calls.clear();
        facts.references.push(Reference {
            name: "ApplicationRecord".into(),
            kind: RefKind::Inherit,
            line: 1,
            count: 1,
        });
        assert_eq!(names(&facts, "ruby"), [("order_items".into(), true)]);
        facts.calls.push(call("self.table_name", CallKind::Assign, &[("", "legacy_items")]));
        assert_eq!(names(&facts, "ruby"), [("legacy_items".into(), true)]);
    }

    #[test]
    fn a_record_is_the_class_that_inherits_on_its_line() {
        let at = |name: &str, line| Definition { span: Span { line, end_line: 9, ..Span::default() }, ..class(name) };
        let inherit = |name: &str, line| Reference { name: name.into(), kind: RefKind::Inherit, line, count: 1 };
        let facts = FileFacts {
            definitions: vec![at("AddBoardPermissions", 1), at("Permission", 2)],
            references: vec![inherit("ActiveRecord.Migration", 1), inherit("ActiveRecord.Base", 2)],
            ..FileFacts::default()
        };
        assert_eq!(names(&facts, "ruby"), [("permissions".into(), true)]);
    }

    #[test]
    fn sql_in_strings_is_read() {
        let literal = |text: &str, context| Literal {
            value: Value::Str(text.into()),
            span: Span::default(),
            context,
            inside: None,
        };
        let facts = FileFacts {
            literals: vec![
                literal("SELECT * FROM users", Context::Other),
                literal("carts", Context::Returned { function: "TableName".into() }),
                literal("users", Context::Other),
            ],
            ..FileFacts::default()
        };
        assert_eq!(names(&facts, "go"), [("carts".into(), true), ("users".into(), false)]);
    }

    #[test]
    fn diesel_tables_come_from_its_schema_module() {
        let import = |path: &str| crate::facts::Import {
            path: path.into(),
            item: None,
            alias: None,
            kind: ImportKind::Name,
            type_only: false,
            value: Value::Unknown,
            line: 2,
        };
        let imports = vec![
            import("db_schema_file::schema::post"),
            import("db_schema::source::person"),
            import("crate::schema::Enum"),
        ];
        let facts = FileFacts { imports, ..FileFacts::default() };
        assert_eq!(names(&facts, "rust"), [("post".into(), false)]);
    }

    #[test]
    fn plurals() {
        for (one, many) in [
            ("category", "categories"),
            ("address", "addresses"),
            ("day", "days"),
            ("news", "news"),
            ("sales_person", "sales_people"),
            ("status", "statuses"),
        ] {
            assert_eq!(plural(one), many);
        }
    }
}
