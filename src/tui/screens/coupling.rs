//! Coupling: the rows of the dependency structure matrix, the lines behind the cell of the cursor, and the neighbours.

use super::matrix::{Cell, Matrix, Which, letter};
use super::{Data, Go, Item, Paragraph, Place, Text, plural};
use crate::facts::{FileId, Name};
use crate::text::{cut_start, pad, pad_start};
use crate::tui::theme::Role;
use crate::tui::widgets::canvas::PICTURE;

/// Cells before the first column: number, name, cycle.
pub const HEAD: usize = 29;
/// Cells of a column.
pub const COLUMN: usize = 5;
/// Lines behind a cell that are listed.
const LINES: usize = 500;
/// Members of a cycle that are named.
const MEMBERS: usize = 40;

/// A count in at most three cells.
fn short(count: u32) -> String {
    match count {
        0..=999 => count.to_string(),
        1_000..=99_999 => format!("{}k", count / 1_000),
        _ => "99k".to_owned(),
    }
}

/// One row per node; `n` stops at those that are part of a cycle.
#[must_use]
pub fn rows(data: &Data) -> Vec<Item> {
    let matrix = &data.matrix;
    let row = |(at, node): (usize, &super::matrix::Node)| Item {
        key: node.key.clone(),
        text: Text::Node(u32::try_from(at).unwrap_or(0)),
        place: node.file.map(|file| (file, 1, 1)),
        go: Go::Detail,
        stop: matrix.cycles.get(at).is_some_and(Option::is_some),
    };
    matrix.nodes.iter().enumerate().map(row).collect()
}

/// Number, name and cycle of a row.
#[must_use]
pub fn head(data: &Data, index: u32) -> Vec<(String, Role)> {
    let at = index as usize;
    let Some(node) = data.matrix.nodes.get(at) else { return Vec::new() };
    let name = format!("{}{}", "  ".repeat(node.depth.min(6)), node.name);
    let name = if node.depth == 0 { pad(&name, HEAD - 9) } else { pad(&cut_start(&name, HEAD - 9), HEAD - 9) };
    vec![
        (format!("{:>4} ", at + 1), Role::Dim),
        (name, if node.depth == 0 { Role::Text } else { Role::Accent }),
        (data.matrix.cycles[at].map_or("   ".to_owned(), |cycle| format!(" ●{}", letter(cycle))), Role::Warn),
        (" ".to_owned(), Role::Text),
    ]
}

/// The cells of a row from column `first` on; `!` marks a back edge, the mirror of the cursor's cell is marked too.
#[must_use]
pub fn cells(matrix: &Matrix, row: usize, first: usize, count: usize, cursor: (usize, usize)) -> Vec<(String, Role)> {
    (first..matrix.nodes.len().min(first + count))
        .map(|column| {
            let cell = if row == column { None } else { matrix.cell(row, column) };
            let (text, role) = match cell {
                _ if row == column => ("■ ".to_owned(), Role::Dim),
                None => ("· ".to_owned(), Role::Dim),
                Some(Cell { count, .. }) => (
                    format!("{}{}", short(count), if row > column { "!" } else { " " }),
                    if row > column { Role::Bad } else { Role::Text },
                ),
            };
            let role = match () {
                () if (row, column) == cursor => Role::Focus,
                () if (column, row) == cursor && row != column => Role::Mirror,
                () if column == cursor.1 => Role::Accent,
                () => role,
            };
            (pad_start(&text, COLUMN), role)
        })
        .collect()
}

/// `order → catalog   14 uses in 9 files`, for the cell of the cursor.
#[must_use]
pub fn cell_text(data: &Data, row: usize, column: usize) -> String {
    let matrix = &data.matrix;
    let (Some(from), Some(to)) = (matrix.nodes.get(row), matrix.nodes.get(column)) else { return String::new() };
    let (_, unit) = data.edges.words();
    if row == column {
        return format!("{}   {}", from.name, plural(from.files as usize, "file"));
    }
    let back = matrix.cell(column, row).map_or(0, |cell| cell.count);
    match matrix.cell(row, column) {
        None => format!("{} does not use {}   {back} the other way", from.name, to.name),
        Some(cell) => format!(
            "{} → {}   {} in {}   {back} the other way{}",
            from.name,
            to.name,
            plural(cell.count as usize, unit),
            plural(cell.files as usize, if data.edges == Which::Table { "table" } else { "pair of files" }),
            if row > column { "   ! back edge" } else { "" }
        ),
    }
}

/// Places behind a cell, each with a phrase.
fn behind(data: &Data, row: usize, column: usize) -> Vec<(Place, String)> {
    let matrix = &data.matrix;
    let (Ok(from), Ok(to)) = (u32::try_from(row), u32::try_from(column)) else { return Vec::new() };
    let within = |file: FileId, node: u32| matrix.node_of.get(file.index()).copied().flatten() == Some(node);
    let analysis = &data.analysis;
    match data.edges {
        Which::Table => {
            let mut out = Vec::new();
            for table in &analysis.graph.tables {
                if table.writers.iter().any(|(file, _)| within(*file, to)) {
                    let uses =
                        table.writers.iter().map(|u| (u, "writes")).chain(table.readers.iter().map(|u| (u, "reads")));
                    out.extend(
                        uses.filter(|((file, _), _)| within(*file, from))
                            .map(|((file, line), how)| ((*file, *line, *line), format!("{how} table {}", table.name))),
                    );
                }
            }
            out
        }
        Which::Git => matrix
            .edges_of(row)
            .iter()
            .filter_map(|index| analysis.history.pairs.get(*index as usize))
            .filter_map(|pair| match () {
                () if within(pair.a, from) && within(pair.b, to) => Some((pair.a, pair.b, pair)),
                () if within(pair.b, from) && within(pair.a, to) => Some((pair.b, pair.a, pair)),
                () => None,
            })
            .map(|(a, b, pair)| {
                let often = plural(pair.commits as usize, "commit");
                ((a, 1, 1), format!("changed with {} in {often} ({:.0} %)", analysis.path(b), pair.degree * 100.0))
            })
            .collect(),
        which => matrix
            .edges_of(row)
            .iter()
            .filter_map(|index| analysis.graph.edges.get(*index as usize))
            .filter(|edge| within(edge.from, from) && within(edge.to, to) && which.of(&edge.kinds) > 0)
            .map(|edge| {
                let kinds: Vec<String> = edge.kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
                ((edge.from, edge.line, edge.line), format!("uses {}  {}", analysis.path(edge.to), kinds.join(", ")))
            })
            .collect(),
    }
}

/// The lines behind the cell of the cursor.
#[must_use]
pub fn detail(data: &Data, item: &Item, column: usize) -> Vec<Paragraph> {
    let Some(row) = data.matrix.position(&item.key) else { return Vec::new() };
    let mut out = vec![Paragraph::title(cell_text(data, row, column))];
    if row == column {
        return out;
    }
    let found = behind(data, row, column);
    let total = found.len();
    out.extend(found.into_iter().take(LINES).map(|(place, text)| Paragraph::at("", data, place, &text, Role::Text)));
    if total > LINES {
        out.push(Paragraph::new("", format!("… {} more; + unfolds the row", total - LINES), Role::Dim));
    }
    if total == 0 {
        out.push(Paragraph::new("", "nothing: ← → choose a column, w which kinds count", Role::Dim));
    }
    out
}

/// The neighbours of the selected row: who uses it, whom it uses, at most 15 in all, with a picture.
#[must_use]
pub fn ego(data: &Data, item: &Item, cells: usize) -> Vec<Paragraph> {
    let matrix = &data.matrix;
    let Some(at) = matrix.position(&item.key) else { return Vec::new() };
    let (users, used) = matrix.neighbours(at);
    let side = cells.saturating_sub(19) / 2;
    let name = |node: u32| matrix.nodes.get(node as usize).map_or("", |node| node.name.as_str());
    let lines = users.len().max(used.len()).min(8);
    let mut out = Vec::new();
    if lines > 0 {
        out.push(Paragraph::new(PICTURE, format!("{}       {}", pad("uses it", side + 6), "it uses"), Role::Dim));
    }
    let heavy = |count: u32| if count > 9 { "━" } else { "─" };
    for line in 0..lines {
        let left = users.get(line).map_or_else(
            || " ".repeat(side + 6),
            |(node, count)| {
                let line = heavy(*count);
                format!("{} {line}{:>3}{line}", pad(name(*node), side), short(*count))
            },
        );
        let middle = if line == lines / 2 { "▶ ● ▶" } else { "  │  " };
        let right = used.get(line).map_or_else(String::new, |(node, count)| {
            let back = if at > *node as usize { " !" } else { "" };
            format!(
                "{}{:>3}{} {}{back}",
                heavy(*count),
                short(*count),
                heavy(*count),
                pad(name(*node), side.saturating_sub(2))
            )
        });
        out.push(Paragraph::new(PICTURE, format!("{left}{middle}{right}"), Role::Text));
    }
    let more = users.len().saturating_sub(lines) + used.len().saturating_sub(lines);
    if more > 0 {
        out.push(Paragraph::new("", format!("and {} more", plural(more, "neighbour")), Role::Dim));
    }
    if lines == 0 {
        out.push(Paragraph::new("", "no neighbours by what is counted now", Role::Dim));
    }
    out.extend(facts(data, at));
    out
}

/// Cycle, tables, co-change and figures of a row.
fn facts(data: &Data, at: usize) -> Vec<Paragraph> {
    let (matrix, graph) = (&data.matrix, &data.analysis.graph);
    let mut out = Vec::new();
    if let Some(cycle) = matrix.cycles[at] {
        let mut members = matrix.nodes.iter().zip(&matrix.cycles).filter(|(_, of)| **of == Some(cycle));
        let names: Vec<&str> = members.by_ref().take(MEMBERS).map(|(node, _)| node.name.as_str()).collect();
        let more = match members.count() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        out.push(Paragraph::new("cycle", format!("{}: {}{more}", letter(cycle), names.join(", ")), Role::Warn));
    }
    let inside = |files: &[(FileId, u32)]| {
        files
            .iter()
            .find(|(file, _)| matrix.node_of.get(file.index()).copied().flatten() == u32::try_from(at).ok())
            .copied()
    };
    for table in &graph.tables {
        let (reads, writes) = (inside(&table.readers), inside(&table.writers));
        if let Some((file, line)) = writes.or(reads) {
            let how = if writes.is_some() { "rw" } else { "r" };
            let place = (file, line, line);
            out.push(Paragraph {
                label: "table",
                text: format!("{} {how}", table.name),
                role: Role::Text,
                place: Some(place),
            });
        }
    }
    if matrix.nodes[at].depth == 0
        && let Some(m) = graph.module_metrics.get(matrix.nodes[at].module)
    {
        let text = format!("instability {:.2}, used by {}, uses {}", m.instability, m.fan_in, m.fan_out);
        out.push(Paragraph::new("figures", text, Role::Dim));
    }
    out
}

/// Where the cursor's cell has its first use.
#[must_use]
pub fn place(data: &Data, key: &Name, column: usize) -> Option<Place> {
    let row = data.matrix.position(key)?;
    behind(data, row, column).first().map(|(place, _)| *place)
}
