//! Pictures for other programs: Graphviz, Mermaid, GraphML, JSON.

use std::fmt::Write as _;

use serde_json::json;

use super::Picture;
use crate::text::sanitize;

/// Graphviz.
pub fn dot(picture: &Picture) -> String {
    let quote = |text: &str| sanitize(text).replace('\\', "\\\\").replace('"', "\\\"");
    let mut out = String::new();
    let _ = writeln!(out, "digraph \"{}\" {{", quote(&picture.title));
    out.push_str("  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n");
    if let Some(remark) = picture.remark() {
        let _ = writeln!(out, "  label=\"{}\"; fontname=\"sans-serif\";", quote(&remark));
    }
    for (index, node) in picture.nodes.iter().enumerate() {
        let style = match (node.aside, node.centre) {
            (true, _) => ", style=\"rounded,dashed\"",
            (_, true) => ", penwidth=2.5",
            _ => "",
        };
        let _ = writeln!(out, "  n{index} [label=\"{}\\n{}\"{style}];", quote(&node.label), quote(&node.detail));
    }
    for edge in &picture.edges {
        let width = 1.0 + f64::from(edge.uses).ln() / 2.0;
        let _ = writeln!(out, "  n{} -> n{} [label=\"{}\", penwidth={width:.1}];", edge.from, edge.to, edge.uses);
    }
    out.push_str("}\n");
    out
}

/// A Mermaid flow chart.
pub fn mermaid(picture: &Picture) -> String {
    let label = |text: &str| -> String {
        sanitize(text).chars().map(|c| if "\"`<>[]{}|#;&\\".contains(c) { ' ' } else { c }).collect()
    };
    let mut out = String::from("flowchart LR\n");
    if let Some(remark) = picture.remark() {
        let _ = writeln!(out, "  %% {}", label(&remark));
    }
    for (index, node) in picture.nodes.iter().enumerate() {
        let _ = writeln!(out, "  n{index}[\"{}<br/>{}\"]", label(&node.label), label(&node.detail));
    }
    for edge in &picture.edges {
        let _ = writeln!(out, "  n{} -->|{}| n{}", edge.from, edge.uses, edge.to);
    }
    for (index, node) in picture.nodes.iter().enumerate() {
        if node.aside {
            let _ = writeln!(out, "  style n{index} stroke-dasharray: 5 5");
        } else if node.centre {
            let _ = writeln!(out, "  style n{index} stroke-width: 3px");
        }
    }
    out
}

/// Text inside XML: escaped, without characters that XML cannot hold.
pub fn xml(text: &str) -> String {
    let mut out = String::new();
    for letter in sanitize(text).chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            letter => out.push(letter),
        }
    }
    out
}

/// GraphML.
pub fn graphml(picture: &Picture) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
    );
    for (id, owner, kind) in [("label", "node", "string"), ("detail", "node", "string"), ("uses", "edge", "int")] {
        let _ = writeln!(out, "  <key id=\"{id}\" for=\"{owner}\" attr.name=\"{id}\" attr.type=\"{kind}\"/>");
    }
    let _ = writeln!(out, "  <graph id=\"{}\" edgedefault=\"directed\">", xml(&picture.title));
    for node in &picture.nodes {
        let _ = writeln!(
            out,
            "    <node id=\"{}\"><data key=\"label\">{}</data><data key=\"detail\">{}</data></node>",
            xml(&node.id),
            xml(&node.label),
            xml(&node.detail)
        );
    }
    for edge in &picture.edges {
        let id = |index: usize| xml(&picture.nodes[index].id);
        let _ = writeln!(
            out,
            "    <edge source=\"{}\" target=\"{}\"><data key=\"uses\">{}</data></edge>",
            id(edge.from),
            id(edge.to),
            edge.uses
        );
    }
    out.push_str("  </graph>\n</graphml>\n");
    out
}

/// Nodes and edges.
pub fn json(picture: &Picture) -> Result<String, String> {
    let nodes = picture.nodes.iter().map(|node| {
        json!({
            "id": sanitize(&node.id), "label": sanitize(&node.label), "detail": sanitize(&node.detail),
            "aside": node.aside, "centre": node.centre,
        })
    });
    let edges = picture.edges.iter().map(|edge| {
        let id = |index: usize| sanitize(&picture.nodes[index].id);
        json!({ "from": id(edge.from), "to": id(edge.to), "uses": edge.uses })
    });
    let all = json!({
        "title": sanitize(&picture.title),
        "nodes": nodes.collect::<Vec<_>>(),
        "edges": edges.collect::<Vec<_>>(),
    });
    serde_json::to_string_pretty(&all).map(|text| text + "\n").map_err(|error| error.to_string())
}
