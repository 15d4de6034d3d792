//! Pictures of the coupling: modules, files or candidates as nodes, uses as arrows, folded to what can be read.

mod formats;
mod layout;
mod svg;

pub use svg::STYLE;

use std::collections::{BTreeMap, BTreeSet};

use super::shared::thousands;
use crate::analysis::Analysis;
use crate::split::SHARED;

/// Id of the node that stands for all that were folded.
const FOLDED: &str = "(others)";

/// What a node of the picture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// A module.
    Module,
    /// A file of scope main.
    File,
    /// A split candidate.
    Candidate,
}

/// How a picture is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// Graphviz.
    Dot,
    /// A Mermaid flow chart.
    Mermaid,
    /// GraphML, for graph programs.
    GraphMl,
    /// Nodes and edges as JSON.
    Json,
    /// A finished drawing.
    Svg,
}

impl PictureFormat {
    /// Nodes that are readable in this format; `None` where a program reads it.
    #[must_use]
    pub fn readable(self) -> Option<usize> {
        match self {
            PictureFormat::Dot | PictureFormat::Mermaid | PictureFormat::Svg => Some(30),
            PictureFormat::GraphMl | PictureFormat::Json => None,
        }
    }
}

/// A picture: nodes and arrows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Picture {
    /// Name of the repository.
    pub title: String,
    /// The nodes, in a fixed order.
    pub nodes: Vec<Node>,
    /// The arrows, sorted by (from, to).
    pub edges: Vec<Edge>,
    /// Weaker arrows that are not drawn, see [`Picture::strongest`].
    pub left_out: usize,
    /// Dependencies between files behind them.
    pub left_out_uses: u64,
}

/// A picture with so many arrows for each node is readable as it is.
const FEW: f64 = 1.5;
/// The strongest arrows are drawn until they stand for this share of all uses, but never more than [`MANY`] for each node.
const SHARE: f64 = 0.85;
/// See [`SHARE`]; what is more is a tangle in which no arrow can be followed.
const MANY: f64 = 1.5;

impl Picture {
    /// The same with the strongest arrows only: as many as stand for 85 % of the uses, at most three for two nodes, and the
    /// strongest one of every node, so that none seems to be alone. Arrows to what stays common or is folded come last. `most` says how many instead. What is left out is counted.
    #[must_use]
    pub fn strongest(mut self, most: Option<usize>) -> Picture {
        let nodes = self.nodes.len() as f64;
        if most.is_none() && self.edges.len() as f64 <= nodes * FEW {
            return self;
        }
        let mut order = self.edges.clone();
        // that a part uses what is common, or something of the folded rest, says least, however much it is
        let aside = |edge: &Edge| self.nodes[edge.from].aside || self.nodes[edge.to].aside;
        order.sort_by_key(|edge| (aside(edge), std::cmp::Reverse(edge.uses), edge.from, edge.to));
        let all: u64 = order.iter().filter(|edge| !aside(edge)).map(|edge| u64::from(edge.uses)).sum();
        let limit = most.unwrap_or((nodes * MANY) as usize);
        let (mut kept, mut covered) = (Vec::new(), 0_u64);
        let mut met = vec![false; self.nodes.len()];
        let mut weaker = (0, 0);
        for edge in order {
            let enough =
                kept.len() >= limit || (most.is_none() && (covered as f64 >= all as f64 * SHARE || aside(&edge)));
            let only = most.is_none() && !(met[edge.from] && met[edge.to]);
            if enough && !only {
                weaker = (weaker.0 + 1, weaker.1 + u64::from(edge.uses));
                continue;
            }
            covered += u64::from(edge.uses);
            (met[edge.from], met[edge.to]) = (true, true);
            kept.push(edge);
        }
        kept.sort_by_key(|edge| (edge.from, edge.to));
        self.edges = kept;
        (self.left_out, self.left_out_uses) = weaker;
        self
    }

    /// What is not drawn, for people; nothing where all is.
    #[must_use]
    pub fn remark(&self) -> Option<String> {
        (self.left_out > 0).then(|| {
            let (arrows, uses) = (thousands(self.left_out), thousands(self.left_out_uses as usize));
            let all = thousands(self.edges.len() + self.left_out);
            format!("the {} strongest of {all} arrows; {arrows} others ({uses} uses) are left out", self.edges.len())
        })
    }
}

/// One node.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Node {
    /// Stable id: the id of the module or candidate, the path of the file.
    pub id: String,
    /// Name for people.
    pub label: String,
    /// A second line: `12 files`.
    pub detail: String,
    /// True for what stays common, and for what was folded: drawn dashed.
    pub aside: bool,
    /// True for the node that the picture is drawn around.
    pub centre: bool,
}

/// One arrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// Index of the node that uses.
    pub from: usize,
    /// Index of the node that is used.
    pub to: usize,
    /// Dependencies between files behind it.
    pub uses: u32,
}

/// Draws the coupling; with `around`, that node and its neighbours only. At most `most` nodes: those with the most
/// dependencies stay, the others are folded into one.
///
/// # Errors
/// One line when there is no node, or more than one, that `around` can mean.
pub fn draw(analysis: &Analysis, level: Level, around: Option<&str>, most: Option<usize>) -> Result<Picture, String> {
    let whole = whole(analysis, level);
    let centre = around.map(|name| find(&whole, name)).transpose()?;
    Ok(fold(whole, centre, most))
}

/// Writes a picture in a format.
///
/// # Errors
/// When JSON cannot be written (it always can).
pub fn render(picture: &Picture, format: PictureFormat) -> Result<String, String> {
    match format {
        PictureFormat::Dot => Ok(formats::dot(picture)),
        PictureFormat::Mermaid => Ok(formats::mermaid(picture)),
        PictureFormat::GraphMl => Ok(formats::graphml(picture)),
        PictureFormat::Json => formats::json(picture),
        PictureFormat::Svg => Ok(svg::render(picture)),
    }
}

fn whole(analysis: &Analysis, level: Level) -> Picture {
    let files = |count: usize| format!("{count} {}", if count == 1 { "file" } else { "files" });
    let graph = &analysis.graph;
    let main = |index: usize| analysis.files[index].scope == crate::facts::Scope::Main;
    let (nodes, of): (Vec<Node>, Vec<Option<usize>>) = match level {
        Level::Candidate => (
            analysis
                .candidates
                .iter()
                .map(|candidate| Node {
                    id: candidate.id.to_string(),
                    label: candidate.name.to_string(),
                    detail: files(candidate.files.len()),
                    aside: candidate.id == SHARED,
                    centre: false,
                })
                .collect(),
            analysis.candidate_of.iter().map(|candidate| candidate.map(|index| index as usize)).collect(),
        ),
        Level::Module => {
            let mut count = vec![0; graph.modules.len()];
            for (index, module) in graph.module_of.iter().enumerate().filter(|(index, _)| main(*index)) {
                count[module.index()] += usize::from(analysis.files[index].is_code);
            }
            let modules = graph.modules.iter().zip(&count);
            let node = |(module, count): (&crate::graph::Module, &usize)| Node {
                id: module.id.to_string(),
                label: module.name.to_string(),
                detail: files(*count),
                ..Node::default()
            };
            (modules.map(node).collect(), graph.module_of.iter().map(|module| Some(module.index())).collect())
        }
        Level::File => (
            analysis
                .files
                .iter()
                .map(|file| Node {
                    id: file.path.to_string(),
                    label: file.path.rsplit('/').next().unwrap_or(&file.path).to_owned(),
                    detail: format!("{} lines", file.lines),
                    ..Node::default()
                })
                .collect(),
            (0..analysis.files.len()).map(Some).collect(),
        ),
    };
    let mut uses: BTreeMap<(usize, usize), u32> = BTreeMap::new();
    let side = |file: usize| of.get(file).copied().flatten().filter(|_| main(file));
    for edge in &graph.edges {
        if let (Some(from), Some(to)) = (side(edge.from.index()), side(edge.to.index()))
            && from != to
        {
            *uses.entry((from, to)).or_default() += 1;
        }
    }
    // what has no code of scope main is no part of the program
    let present: BTreeSet<usize> =
        (0..of.len()).filter(|file| main(*file) && analysis.files[*file].is_code).filter_map(|file| of[file]).collect();
    let kept: Vec<usize> = (0..nodes.len()).filter(|node| present.contains(node)).collect();
    let edges = uses.into_iter().map(|((from, to), uses)| Edge { from, to, uses }).collect();
    select(Picture { title: analysis.name.clone(), nodes, edges, ..Picture::default() }, &kept)
}

/// The node that a person means: by id, by name, or by the end of its id.
fn find(picture: &Picture, name: &str) -> Result<usize, String> {
    let exact = picture.nodes.iter().position(|node| node.id == name);
    let matching = |test: &dyn Fn(&Node) -> bool| -> Vec<usize> {
        (0..picture.nodes.len()).filter(|index| test(&picture.nodes[*index])).collect()
    };
    let tests: [&dyn Fn(&Node) -> bool; 2] = [&|node| node.label == name, &|node| {
        node.id.ends_with(name) && node.id[..node.id.len() - name.len()].ends_with('/')
    }];
    for found in exact.map(|index| vec![index]).into_iter().chain(tests.iter().map(|test| matching(test))) {
        match found.as_slice() {
            [] => {}
            [one] => return Ok(*one),
            several => {
                let ids: Vec<&str> = several.iter().take(5).map(|index| picture.nodes[*index].id.as_str()).collect();
                return Err(format!("{name} can mean {} nodes: {}", several.len(), ids.join(", ")));
            }
        }
    }
    Err(format!("there is no node {name}"))
}

/// Keeps the nodes `kept` (sorted) and the arrows between them.
fn select(picture: Picture, kept: &[usize]) -> Picture {
    let place: BTreeMap<usize, usize> = kept.iter().enumerate().map(|(new, old)| (*old, new)).collect();
    let edges = picture
        .edges
        .iter()
        .filter_map(|edge| Some(Edge { from: *place.get(&edge.from)?, to: *place.get(&edge.to)?, uses: edge.uses }));
    let edges = edges.collect();
    let nodes = kept.iter().map(|index| picture.nodes[*index].clone()).collect();
    Picture { title: picture.title, nodes, edges, ..Picture::default() }
}

fn fold(mut picture: Picture, centre: Option<usize>, most: Option<usize>) -> Picture {
    let mut weight: Vec<u64> = vec![0; picture.nodes.len()];
    for edge in &picture.edges {
        if centre.is_none_or(|centre| edge.from == centre || edge.to == centre) {
            weight[edge.from] += u64::from(edge.uses);
            weight[edge.to] += u64::from(edge.uses);
        }
    }
    let mut order: Vec<usize> = match centre {
        Some(centre) => {
            picture.nodes[centre].centre = true;
            (0..picture.nodes.len()).filter(|index| weight[*index] > 0 || *index == centre).collect()
        }
        None => (0..picture.nodes.len()).collect(),
    };
    let Some(most) = most.filter(|most| order.len() > (*most).max(2)) else { return select(picture, &order) };
    order.sort_by_key(|index| (Some(*index) != centre, std::cmp::Reverse(weight[*index]), *index));
    let folded: BTreeSet<usize> = order.split_off(most.max(2) - 1).into_iter().collect();
    order.sort_unstable();
    let rest = picture.nodes.len();
    picture.nodes.push(Node {
        id: FOLDED.into(),
        label: format!("{} others", folded.len()),
        detail: "folded".into(),
        aside: true,
        centre: false,
    });
    let mut uses: BTreeMap<(usize, usize), u32> = BTreeMap::new();
    for edge in &picture.edges {
        let side = |index: usize| if folded.contains(&index) { rest } else { index };
        let pair = (side(edge.from), side(edge.to));
        if pair.0 != pair.1 {
            *uses.entry(pair).or_default() += edge.uses;
        }
    }
    picture.edges = uses.into_iter().map(|((from, to), uses)| Edge { from, to, uses }).collect();
    order.push(rest);
    select(picture, &order)
}

#[cfg(test)]
mod tests;
