//! Why a candidate is what it is, as it is published.

use super::shared::{place, ref_kind, round};
use super::wire;
use crate::analysis::Analysis;
use crate::split::{Candidate, Interface};

/// The explanation of one candidate.
pub fn of<'a>(analysis: &'a Analysis, candidate: &'a Candidate) -> wire::Explanation<'a> {
    let why = &candidate.explanation;
    let id = |index: u32| analysis.candidates.get(index as usize).map_or("", |candidate| candidate.id.as_str());
    let interfaces = |list: &'a [Interface]| {
        let one = |interface: &Interface| wire::Interface {
            path: analysis.path(interface.file),
            users: interface.users,
            example: place(analysis, interface.example.0, interface.example.1),
        };
        list.iter().map(one).collect()
    };
    wire::Explanation {
        confidence: round(why.confidence),
        ties: why
            .ties
            .iter()
            .map(|tie| wire::Tie {
                from: analysis.path(tie.from),
                to: analysis.path(tie.to),
                line: tie.line,
                kind: ref_kind(tie.kind),
                weight: round(tie.weight),
            })
            .collect(),
        offers: interfaces(&why.offers),
        offered: why.offered,
        needs: interfaces(&why.needs),
        needed: why.needed,
        cut: why
            .cut
            .iter()
            .map(|step| wire::CutStep {
                from: id(step.from),
                to: id(step.to),
                dependencies: step.count,
                examples: step.edges.iter().map(|(from, _, line)| place(analysis, *from, *line)).collect(),
            })
            .collect(),
        blockers_by_principle: why.principles.iter().map(|(id, count)| (id.as_str(), *count)).collect(),
        hotspots: why
            .hotspots
            .iter()
            .map(|spot| wire::Hotspot { path: analysis.path(spot.file), commits: spot.commits, lines: spot.lines })
            .collect(),
        authors: why.authors,
        places: candidate
            .files
            .iter()
            .zip(&why.places)
            .filter_map(|(file, place)| {
                let (second, share) = place.second?;
                Some(wire::FilePlace {
                    path: analysis.path(*file),
                    own: round(place.own),
                    second: id(second),
                    second_share: round(share),
                })
            })
            .collect(),
    }
}
