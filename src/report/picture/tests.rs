//! Folding, finding and writing small pictures.

use super::*;

fn chain(count: usize) -> Picture {
    let nodes =
        (0..count).map(|n| Node { id: format!("src/{n}.rb"), label: format!("{n}.rb"), ..Node::default() }).collect();
    let edges = (1..count).map(|n| Edge { from: n - 1, to: n, uses: (count - n) as u32 }).collect();
    Picture { title: "a <b>\"".into(), nodes, edges, ..Picture::default() }
}

#[test]
fn what_is_too_much_is_folded_and_no_use_is_lost() {
    let picture = fold(chain(40), None, Some(10));
    assert_eq!(picture.nodes.len(), 10);
    assert_eq!(picture.nodes[9].label, "31 others");
    assert!(picture.edges.iter().any(|edge| edge.to == 9));
    assert_eq!(fold(chain(10), None, Some(10)), chain(10));
}

#[test]
fn around_a_node_are_its_neighbours() {
    let whole = chain(9);
    assert_eq!(find(&whole, "4.rb"), Ok(4));
    assert_eq!(find(&whole, "src/4.rb"), Ok(4));
    assert!(find(&whole, "x").unwrap_err().contains("no node x"));
    let picture = fold(whole, Some(4), None);
    let labels: Vec<&str> = picture.nodes.iter().map(|node| node.label.as_str()).collect();
    assert_eq!(labels, ["3.rb", "4.rb", "5.rb"]);
    assert!(picture.nodes[1].centre);
    let mut twins = chain(2);
    twins.nodes[0].label = "same".into();
    twins.nodes[1].label = "same".into();
    assert!(find(&twins, "same").unwrap_err().contains("2 nodes"));
}

#[test]
fn every_format_escapes_foreign_text() {
    let picture = Picture {
        nodes: vec![
            Node { id: "<i>\"&".into(), label: "a\"]; \u{1b}[1m".into(), ..Node::default() },
            Node { id: "b".into(), aside: true, ..Node::default() },
        ],
        edges: vec![Edge { from: 0, to: 1, uses: 3 }],
        ..chain(0)
    };
    let svg = render(&picture, PictureFormat::Svg).unwrap();
    assert!(svg.contains("a &lt;b&gt;&quot;") && svg.contains("&lt;i&gt;&quot;&amp;"));
    let graphml = render(&picture, PictureFormat::GraphMl).unwrap();
    assert!(graphml.contains("source=\"&lt;i&gt;&quot;&amp;\" target=\"b\"><data key=\"uses\">3<"));
    let dot = render(&picture, PictureFormat::Dot).unwrap();
    assert!(dot.contains("digraph \"a <b>\\\"\"") && dot.contains("n0 -> n1 [label=\"3\""));
    let mermaid = render(&picture, PictureFormat::Mermaid).unwrap();
    assert!(mermaid.contains("n0 -->|3| n1") && !mermaid.contains("a\"]"));
    let json: serde_json::Value = serde_json::from_str(&render(&picture, PictureFormat::Json).unwrap()).unwrap();
    assert_eq!((&json["edges"][0]["uses"], &json["nodes"][1]["aside"]), (&3.into(), &true.into()));
    for text in [svg, graphml, dot, mermaid] {
        assert!(!text.contains('\u{1b}'));
    }
}

#[test]
fn who_uses_stands_above_who_is_used() {
    let mut picture = chain(5);
    picture.edges.push(Edge { from: 4, to: 0, uses: 1 });
    picture.edges.sort_by_key(|edge| (edge.from, edge.to));
    assert_eq!(layout::rows(&picture), [[0], [1], [2], [3], [4]]);
    let back = render(&picture, PictureFormat::Svg).unwrap();
    assert_eq!(back.matches("class=\"back\"").count(), 1);
    assert!(layout::rows(&Picture::default()).is_empty());
}

#[test]
fn of_a_tangle_the_strongest_arrows_stay_and_every_node_keeps_one() {
    assert_eq!(chain(9).strongest(None), chain(9));
    let mut picture = chain(20);
    picture.edges.clear();
    for from in 0..20 {
        let others = (0..20).filter(|to| *to != from);
        picture.edges.extend(others.map(|to| Edge { from, to, uses: 1 + (to * from) as u32 % 97 }));
    }
    let uses = |picture: &Picture| picture.edges.iter().map(|edge| u64::from(edge.uses)).sum::<u64>();
    let (count, all) = (picture.edges.len(), uses(&picture));
    let thin = picture.clone().strongest(None);
    assert!(thin.edges.len() <= 60, "{}", thin.edges.len());
    assert_eq!((thin.edges.len() + thin.left_out, uses(&thin) + thin.left_out_uses), (count, all));
    assert!((0..20).all(|node| thin.edges.iter().any(|edge| edge.from == node || edge.to == node)));
    let svg = render(&thin, PictureFormat::Svg).unwrap();
    assert!(svg.contains(&format!("of 380 arrows; {} others", thin.left_out)), "{svg}");
    assert!(render(&thin, PictureFormat::Dot).unwrap().contains("others ("));
    assert!(render(&thin, PictureFormat::Mermaid).unwrap().contains("%% the "));
    assert_eq!(picture.strongest(Some(5)).edges.len(), 5);
}
