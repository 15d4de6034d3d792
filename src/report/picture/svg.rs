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

/// Colours of a dark page; those of a light one stand at the shapes, for programs that know no style sheets.
pub const STYLE: &str = "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.detail{fill:#9198a1}.page,.plate{fill:#0d1117}\
.box{fill:#16263a;stroke:#6ea3d8}.aside{fill:#161b22;stroke:#6e7681}.use{stroke:#8b949e}.back{stroke:#f47067}\
.head{fill:#8b949e}.headback{fill:#f47067}}";
const FONT: &str = "font-family=\"ui-sans-serif,system-ui,Helvetica,Arial,sans-serif\"";

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
    let widest = rows.iter().map(|row| row_width(row)).fold(560.0, f64::max);
    let mut placed = vec![Placed::default(); picture.nodes.len()];
    for (index, row) in rows.iter().enumerate() {
        // rows that are not full are spread somewhat, so that arrows find their way between the boxes
        let slack = (widest - row_width(row)) / (row.len() + 1) as f64;
        let gap = GAP + slack.min(130.0);
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
         viewBox=\"0 0 {wide:.0} {high:.0}\" role=\"img\" {FONT} font-size=\"13\" fill=\"#1f2328\">"
    );
    let _ = writeln!(out, "<title>{}</title>\n<style>{STYLE}</style>", xml(&picture.title));
    let _ = writeln!(out, "<defs>{}{}</defs>", marker("head", "#7d8894"), marker("headback", "#c0392b"));
    let _ = writeln!(out, "<rect class=\"page\" width=\"{wide:.0}\" height=\"{high:.0}\" fill=\"#ffffff\"/>");
    let remark = picture.remark().map(|remark| format!(": {remark}")).unwrap_or_default();
    let _ = writeln!(out, "<text x=\"{MARGIN}\" y=\"{}\">{}{}</text>", MARGIN, xml(&picture.title), xml(&remark));
    let most = picture.edges.iter().map(|edge| edge.uses).max().unwrap_or(1).max(2);
    let mut labels =
        Labels { text: String::new(), taken: placed.iter().map(|at| (at.x, at.y, at.width, BOX_HEIGHT)).collect() };
    for edge in &picture.edges {
        arrow(&mut out, &mut labels, picture, &placed, edge, most);
    }
    for (index, (node, at)) in picture.nodes.iter().zip(&placed).enumerate() {
        let (class, look) = if node.aside {
            ("aside", "fill=\"#f6f8fa\" stroke=\"#8c959f\" stroke-dasharray=\"5 4\"")
        } else {
            ("box", "fill=\"#eef4fb\" stroke=\"#4a7fb5\"")
        };
        let line = if node.centre { 2.8 } else { 1.2 };
        let middle = at.x + at.width / 2.0;
        let _ = writeln!(
            out,
            "<g data-node=\"{index}\"><title>{}</title><rect class=\"{class}\" {look} stroke-width=\"{line}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" \
             height=\"{BOX_HEIGHT}\" rx=\"7\"/><text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>\
             <text class=\"detail\" font-size=\"11\" fill=\"#59636e\" x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text></g>",
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
    out.push_str(&labels.text);
    out.push_str("</svg>\n");
    out
}

fn marker(id: &str, colour: &str) -> String {
    format!(
        "<marker id=\"{id}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"9\" markerHeight=\"9\" \
         markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"{id}\" fill=\"{colour}\" d=\"M0 0L8 4L0 8z\"/></marker>"
    )
}

/// The figures at the arrows, and the places that boxes and figures take: x, y, width, height.
struct Labels {
    text: String,
    taken: Vec<(f64, f64, f64, f64)>,
}

fn arrow(out: &mut String, labels: &mut Labels, picture: &Picture, placed: &[Placed], edge: &Edge, most: u32) {
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
    let line = 0.8 + 2.2 * f64::from(edge.uses).ln() / f64::from(most).ln();
    let (class, colour, dash) =
        if back { ("back", "#c0392b", " stroke-dasharray=\"5 3\"") } else { ("use", "#7d8894", "") };
    let head = if back { "headback" } else { "head" };
    let (from, to) = (edge.from, edge.to);
    let _ = writeln!(
        out,
        "<path data-from=\"{from}\" data-to=\"{to}\" class=\"{class}\" fill=\"none\" stroke=\"{colour}\" stroke-opacity=\"0.8\" stroke-width=\"{line:.1}\"{dash} \
         marker-end=\"url(#{head})\" d=\"M{x1:.1} {y1:.1}C{x1:.1} {c1:.1} {x2:.1} {c2:.1} {x2:.1} {y2:.1}\"/>"
    );
    // a third of the way, where fewer arrows meet than in the middle, or where a figure is on no box and on no other figure
    let text = edge.uses.to_string();
    let plate = text.len() as f64 * 6.0 + 4.0;
    let point = |t: f64| {
        let u = 1.0 - t;
        let at = |p: [f64; 4]| u.powi(3) * p[0] + 3.0 * u * u * t * p[1] + 3.0 * u * t * t * p[2] + t.powi(3) * p[3];
        (at([x1, x1, x2, x2]), at([y1, c1, c2, y2]))
    };
    let free = |(x, y): &(f64, f64)| {
        let (left, top) = (x - plate / 2.0, y - 8.0);
        let meets = |(bx, by, bw, bh): &(f64, f64, f64, f64)| {
            left < bx + bw + 1.0 && left + plate + 1.0 > *bx && top < by + bh + 1.0 && top + 13.0 > *by
        };
        !labels.taken.iter().any(meets)
    };
    let ways = [0.3, 0.25, 0.35, 0.2, 0.4, 0.45, 0.5, 0.15, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8];
    let (x, y) = ways.into_iter().map(point).find(free).unwrap_or_else(|| point(0.3));
    labels.taken.push((x - plate / 2.0, y - 8.0, plate, 12.0));
    let _ = writeln!(
        labels.text,
        "<g data-from=\"{from}\" data-to=\"{to}\"><rect class=\"plate\" fill=\"#ffffff\" x=\"{:.1}\" y=\"{:.1}\" width=\"{plate:.1}\" height=\"12\" rx=\"2\"/>\
         <text class=\"detail\" font-size=\"10\" fill=\"#59636e\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{text}</text></g>",
        x - plate / 2.0,
        y - 8.0,
        y + 1.5
    );
}
