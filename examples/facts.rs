//! Prints the facts of source files, for whoever writes a rule: `cargo run --example facts -- FILE…`.
#![allow(clippy::print_stdout)]

use breakbulk::facts::KeepAll;
use breakbulk::{syntax, walk};

fn main() -> std::io::Result<()> {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let (language, _, scope) = walk::classify(&path);
        let Some(language) = language else {
            println!("{path}: no known language, scope {}", scope.as_str());
            continue;
        };
        let facts = syntax::extract(language, &path, &walk::decode(&bytes), &KeepAll);
        println!("{path}: {language}, scope {}, namespace `{}`", scope.as_str(), facts.namespace);
        for import in &facts.imports {
            println!("  import {} item {:?} {:?} line {}", import.path, import.item, import.kind, import.line);
        }
        for (index, it) in facts.definitions.iter().enumerate() {
            let (line, kind) = (it.span.line, it.kind);
            println!(
                "  definition {index} {kind:?} {} in {:?} type {:?} line {line}",
                it.qualified, it.parent, it.type_name
            );
            println!("      value {:?} private {}", it.value, it.private);
        }
        for reference in &facts.references {
            println!("  reference {:?} {} line {}", reference.kind, reference.name, reference.line);
        }
        for (index, it) in facts.calls.iter().enumerate() {
            let (line, kind) = (it.span.line, it.kind);
            println!("  call {index} {kind:?} {} also {:?} on {:?} line {line}", it.name, it.also, it.receiver);
            println!("      inside {:?} parent {:?} assigned to `{}`", it.inside, it.parent, it.assigned_to);
            for arg in &it.args {
                println!("      argument {:?} {:?} type {:?}", arg.name, arg.value, arg.type_name);
            }
        }
        for literal in &facts.literals {
            println!("  literal {:?} {:?} line {}", literal.value, literal.context, literal.span.line);
        }
        for entry in &facts.entries {
            println!(
                "  entry {} = {} ({:?}, group {}) line {}",
                entry.key, entry.value, entry.format, entry.group, entry.span.line
            );
        }
    }
    Ok(())
}
