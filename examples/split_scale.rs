//! Measures the division and what-if on a made-up repository: `cargo run --release --example split_scale -- FILES`.

#![expect(clippy::print_stdout, reason = "a measuring program")]

use std::time::Instant;

use breakbulk::facts::{FileId, Language, Name, Scope, SourceFile};
use breakbulk::git::History;
use breakbulk::graph::{Dependency, EdgeKinds, Graph};
use breakbulk::split::whatif::{Edit, WhatIf};
use breakbulk::split::{Inputs, candidates};

fn main() {
    let count: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(10_000);
    let (files, graph) = repository(count);
    let history = History::default();
    let inputs = Inputs { files: &files, graph: &graph, history: &history, findings: &[] };
    let start = Instant::now();
    let (found, of) = candidates(&inputs, None, &|_| Vec::new());
    println!(
        "{count} files, {} dependencies: {} candidates in {:.2} s",
        graph.edges.len(),
        found.len(),
        start.elapsed().as_secs_f64()
    );
    let mut what_if = WhatIf::new(&inputs, &found);
    let (mut worst, mut sum, rounds) = (0.0_f64, 0.0, 100);
    for round in 0..rounds {
        let file = FileId((round * 7919 % count) as u32);
        let part = breakbulk::split::whatif::PartId((round % (found.len() - 1).max(1)) as u32 + 1);
        let start = Instant::now();
        let moved = what_if.apply(Edit::Move { files: vec![file], to: part });
        let totals = what_if.totals();
        let took = start.elapsed().as_secs_f64() * 1000.0;
        worst = worst.max(took);
        sum += took;
        if moved.is_ok() && totals.parts == 0 {
            println!("no parts are left");
        }
    }
    println!("a move with all figures: {:.1} ms, at most {worst:.1} ms", sum / rounds as f64);
    // what a small change of the code moves
    let mut changed = graph.clone();
    let mut edge = changed.edges[count / 2];
    edge.to = FileId(((edge.to.0 as usize + count / 3) % count) as u32);
    changed.edges[count / 2] = edge;
    let inputs = Inputs { graph: &changed, ..inputs };
    let (again, after) = candidates(&inputs, None, &|_| Vec::new());
    let id = |list: &[breakbulk::split::Candidate], of: Option<u32>| of.map(|index| list[index as usize].id.clone());
    let moved = (0..count).filter(|file| id(&found, of[*file]) != id(&again, after[*file])).count();
    println!("one dependency changed: {moved} files are in another candidate");
}

/// Topics of 40 files in layers, which use each other densely inside and sparsely outside.
fn repository(count: usize) -> (Vec<SourceFile>, Graph) {
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move |bound: usize| {
        random ^= random >> 12;
        random ^= random << 25;
        random ^= random >> 27;
        (random.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound.max(1)
    };
    let word = |mut topic: usize| -> String {
        let mut text = String::from("Topic");
        loop {
            text.push(char::from(b'a' + (topic % 26) as u8));
            topic /= 26;
            if topic == 0 {
                return text;
            }
        }
    };
    let file = |index: usize| SourceFile {
        path: Name::from(format!(
            "src/{}/{}{}.java",
            ["web", "service", "data", "model"][index % 4],
            word(index / 40),
            index
        )),
        language: Some(Language("java")),
        is_code: true,
        scope: Scope::Main,
        bytes: 2000,
        lines: 60,
    };
    let kinds = EdgeKinds { call: 2, import: 1, ..EdgeKinds::default() };
    let mut edges = Vec::new();
    for from in 0..count {
        for round in 0..8 {
            let to = if round < 6 { from / 40 * 40 + next(40) } else { next(count) };
            if to < count && to != from {
                edges.push(Dependency { from: FileId(from as u32), to: FileId(to as u32), kinds, line: 1 });
            }
        }
    }
    edges.sort_by_key(|edge| (edge.from, edge.to));
    edges.dedup_by_key(|edge| (edge.from, edge.to));
    ((0..count).map(file).collect(), Graph { edges, ..Graph::default() })
}
