//! A picture of the coupling for Markdown: candidates (or modules) as boxes, uses as arrows, never more than fits a page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::analysis::Analysis;
use crate::split::SHARED;
use crate::text::{Lang, count, sanitize};

/// Most boxes in one picture; what is beyond is folded away and said in the text.
const MAX_NODES: usize = 14;
/// Most arrows in one picture, the strongest first.
const MAX_EDGES: usize = 24;

/// Candidates and the dependencies between them as a Mermaid flow chart; `None` where there are fewer than two.
#[must_use]
pub fn candidates(analysis: &Analysis, lang: Lang) -> Option<String> {
    let weights = weights(analysis);
    let names: Vec<String> = analysis
        .candidates
        .iter()
        .map(|candidate| format!("{}<br/>{}", label(&candidate.name), count(candidate.files.len(), "file").text(lang)))
        .collect();
    let shared = analysis.candidates.iter().position(|candidate| candidate.id == SHARED);
    flow_chart(&names, &weights, shared)
}

/// Dependencies between files, by the parts that they join.
fn weights(analysis: &Analysis) -> BTreeMap<(usize, usize), u32> {
    let mut weights: BTreeMap<(usize, usize), u32> = BTreeMap::new();
    for edge in &analysis.graph.edges {
        let side = |file: usize| analysis.candidate_of.get(file).copied().flatten();
        if let (Some(from), Some(to)) = (side(edge.from.index()), side(edge.to.index()))
            && from != to
        {
            *weights.entry((from as usize, to as usize)).or_default() += 1;
        }
    }
    weights
}

/// How many arrows between parts the picture leaves out.
#[must_use]
pub fn left_out(analysis: &Analysis) -> usize {
    weights(analysis).len().saturating_sub(MAX_EDGES)
}

/// Draws the boxes with the lowest indices and the strongest arrows between them.
fn flow_chart(names: &[String], weights: &BTreeMap<(usize, usize), u32>, dashed: Option<usize>) -> Option<String> {
    if names.len() < 2 {
        return None;
    }
    let shown = |index: usize| index < MAX_NODES || Some(index) == dashed;
    let mut edges: Vec<(&(usize, usize), &u32)> =
        weights.iter().filter(|((from, to), _)| shown(*from) && shown(*to)).collect();
    edges.sort_by_key(|(pair, weight)| (std::cmp::Reverse(**weight), **pair));
    edges.truncate(MAX_EDGES);
    edges.sort();
    let mut out = String::from("flowchart LR\n");
    for (index, name) in names.iter().enumerate().filter(|(index, _)| shown(*index)) {
        let _ = writeln!(out, "  n{index}[\"{name}\"]");
    }
    for ((from, to), weight) in edges {
        let _ = writeln!(out, "  n{from} -->|{weight}| n{to}");
    }
    if let Some(index) = dashed {
        let _ = writeln!(out, "  style n{index} stroke-dasharray: 5 5");
    }
    Some(out)
}

/// Text inside a quoted Mermaid label: no quotes, no markup, no line breaks.
fn label(text: &str) -> String {
    sanitize(text)
        .chars()
        .map(|c| match c {
            '"' | '`' | '<' | '>' | '[' | ']' | '{' | '}' | '|' | '#' | ';' | '&' | '\\' => ' ',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{flow_chart, label};

    #[test]
    fn labels_cannot_break_out_of_their_box() {
        assert_eq!(label("a\"]; click"), "a    click");
    }

    #[test]
    fn one_box_is_no_picture_and_two_are() {
        let weights = BTreeMap::from([((0, 1), 3)]);
        assert_eq!(flow_chart(&["a".into()], &weights, None), None);
        let chart = flow_chart(&["a".into(), "b".into()], &weights, Some(1)).unwrap();
        assert!(chart.contains("n0 -->|3| n1"));
        assert!(chart.contains("style n1 stroke-dasharray"));
    }
}
