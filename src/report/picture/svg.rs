//! A finished drawing: boxes in rows, who uses above who is used; arrows against that order are red and dashed.

use std::fmt::Write as _;

use super::formats::xml;
use super::layout::rows;
use super::{Edge, Picture};
use crate::text::{cut, width};

const BOX_HEIGHT: f64 = 46.0;
const ROW: f64 = 118.0;
const GAP: f64 = 34.0;
const MARGIN: f64 = 28.0;
/// Width of one character of the labels, about.
const LETTER: f64 = 7.6;
/// Longest label in columns.
const LABEL: usize = 26;

const STYLE: &str = "text{font:13px ui-sans-serif,system-ui,sans-serif;fill:#1f2328}.d{font-size:11px;fill:#59636e}\
.n{font-size:10px;fill:#59636e;paint-order:stroke;stroke:#ffffff;stroke-width:3px}\
.p{fill:#ffffff}.b{fill:#eef4fb;stroke:#4a7fb5;stroke-width:1.2}.a{fill:#f6f8fa;stroke:#8c959f;stroke-dasharray:5 4}\
.c{stroke-width:2.8}.e{fill:none;stroke:#7d8894;stroke-opacity:.75}.r{stroke:#c0392b;stroke-dasharray:5 3}\
.h{fill:#7d8894}.g{fill:#c0392b}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.d{fill:#9198a1}.n{fill:#9198a1;stroke:#0d1117}.p{fill:#0d1117}\
.b{fill:#16263a;stroke:#6ea3d8}.a{fill:#161b22;stroke:#6e7681}.e{stroke:#8b949e}.r{stroke:#f47067}.h{fill:#8b949e}\
.g{fill:#f47067}}";

#[derive(Clone, Copy, Default)]
struct Placed {
    x: f64,
    y: f64,
    width: f64,
    row: usize,
}

/// Draws it.
pub fn render(picture: &Picture) -> String {
    let rows = rows(picture);
    let size = |node: usize| {
        let text = &picture.nodes[node];
        let columns = width(&text.label).min(LABEL).max(width(&text.detail) * 5 / 6).max(8);
        columns as f64 * LETTER + 22.0
    };
    let row_width =
        |row: &[usize]| row.iter().map(|node| size(*node)).sum::<f64>() + GAP * (row.len().max(1) - 1) as f64;
    let widest = rows.iter().map(|row| row_width(row)).fold(240.0, f64::max);
    let mut placed = vec![Placed::default(); picture.nodes.len()];
    for (index, row) in rows.iter().enumerate() {
        // rows that are not full are spread somewhat, so that arrows find their way between the boxes
        let slack = (widest - row_width(row)) / (row.len() + 1) as f64;
        let gap = GAP + slack.min(70.0);
        let used = row_width(row) + (gap - GAP) * (row.len().max(1) - 1) as f64;
        let mut x = MARGIN + (widest - used) / 2.0;
        for &node in row {
            placed[node] = Placed { x, y: MARGIN + 26.0 + index as f64 * ROW, width: size(node), row: index };
            x += size(node) + gap;
        }
    }
    let (wide, high) =
        (widest + 2.0 * MARGIN, MARGIN * 2.0 + 26.0 + rows.len().max(1) as f64 * ROW - (ROW - BOX_HEIGHT));
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide:.0}\" height=\"{high:.0}\" \
         viewBox=\"0 0 {wide:.0} {high:.0}\" role=\"img\">"
    );
    let _ = writeln!(out, "<title>{}</title>\n<style>{STYLE}</style>", xml(&picture.title));
    let _ = writeln!(out, "<defs>{}{}</defs>", marker("h"), marker("g"));
    let _ = writeln!(out, "<rect class=\"p\" width=\"100%\" height=\"100%\"/>");
    let _ = writeln!(out, "<text x=\"{MARGIN}\" y=\"{}\">{}</text>", MARGIN, xml(&picture.title));
    let most = picture.edges.iter().map(|edge| edge.uses).max().unwrap_or(1).max(2);
    let mut labels = String::new();
    for edge in &picture.edges {
        arrow(&mut out, &mut labels, picture, &placed, edge, most);
    }
    for (node, at) in picture.nodes.iter().zip(&placed) {
        let class = if node.aside { "a" } else { "b" };
        let centre = if node.centre { " c" } else { "" };
        let middle = at.x + at.width / 2.0;
        let _ = writeln!(
            out,
            "<g><title>{}</title><rect class=\"{class}{centre}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" \
             height=\"{BOX_HEIGHT}\" rx=\"7\"/><text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\
             <text class=\"d\" x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text></g>",
            xml(&node.id),
            at.x,
            at.y,
            at.width,
            at.y + 20.0,
            xml(&cut(&node.label, LABEL)),
            at.y + 36.0,
            xml(&node.detail)
        );
    }
    out.push_str(&labels);
    out.push_str("</svg>\n");
    out
}

fn marker(id: &str) -> String {
    format!(
        "<marker id=\"{id}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
         markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"{id}\" d=\"M0 0L8 4L0 8z\"/></marker>"
    )
}

fn arrow(out: &mut String, labels: &mut String, picture: &Picture, placed: &[Placed], edge: &Edge, most: u32) {
    let (a, b) = (placed[edge.from], placed[edge.to]);
    // where on the side of a box an arrow begins or ends: in the order of the boxes at the other ends
    let port = |node: usize, other: usize| {
        let own = placed[node];
        let mut ends: Vec<(f64, usize)> = picture
            .edges
            .iter()
            .filter(|edge| edge.from == node || edge.to == node)
            .map(|edge| if edge.from == node { edge.to } else { edge.from })
            .map(|end| (placed[end].x + placed[end].width / 2.0, end))
            .collect();
        ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        ends.dedup_by_key(|end| end.1);
        let at = ends.iter().position(|end| end.1 == other).unwrap_or(0) as f64;
        own.x + own.width * (0.14 + 0.72 * (at + 0.5) / ends.len().max(1) as f64)
    };
    let (x1, x2) = (port(edge.from, edge.to), port(edge.to, edge.from));
    let back = b.row < a.row || b.row == a.row && b.x < a.x;
    let mutual = picture.edges.iter().any(|other| other.from == edge.to && other.to == edge.from);
    let shift = match (mutual, back) {
        (true, true) => 5.0,
        (true, false) => -5.0,
        _ => 0.0,
    };
    let (x1, x2) = (x1 + shift, x2 + shift);
    let (y1, y2, bend) = if b.row > a.row {
        (a.y + BOX_HEIGHT, b.y, (b.y - a.y - BOX_HEIGHT) * 0.5)
    } else if b.row < a.row {
        (a.y, b.y + BOX_HEIGHT, -(a.y - b.y - BOX_HEIGHT) * 0.5)
    } else {
        (a.y + BOX_HEIGHT, b.y + BOX_HEIGHT, 34.0)
    };
    let (c1, c2) = if a.row == b.row { (y1 + bend, y2 + bend) } else { (y1 + bend, y2 - bend) };
    let line = 1.0 + 3.0 * f64::from(edge.uses).ln() / f64::from(most).ln();
    let (class, head) = if back { ("e r", "g") } else { ("e", "h") };
    let _ = writeln!(
        out,
        "<path class=\"{class}\" stroke-width=\"{line:.1}\" marker-end=\"url(#{head})\" \
         d=\"M{x1:.1} {y1:.1}C{x1:.1} {c1:.1} {x2:.1} {c2:.1} {x2:.1} {y2:.1}\"/>"
    );
    // the middle of the curve
    let (x, y) = ((x1 + x2) / 2.0, (y1 + 3.0 * c1 + 3.0 * c2 + y2) / 8.0);
    let _ = writeln!(labels, "<text class=\"n\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{}</text>", edge.uses);
}
