//! The scorecard: what the repository says about each principle, and nothing it does not say.

/// What the repository says about a principle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// There is evidence for it, and none against it.
    Holds,
    /// There are findings against it.
    Violated,
    /// Nothing in the repository speaks about it, or it is not examined.
    NoEvidence,
}

impl Status {
    /// The name used in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Holds => "holds",
            Status::Violated => "violated",
            Status::NoEvidence => "no-evidence",
        }
    }
}

/// The verdict on one principle.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Stable id, `A1` to `D2`.
    pub id: &'static str,
    /// English title.
    pub title: &'static str,
    /// German title.
    pub title_de: &'static str,
    /// What the repository says.
    pub status: Status,
    /// Findings of scope main against it, low confidence left out: indices into the analysis' findings.
    pub findings: Vec<u32>,
    /// One sentence each: what speaks for the status, with figures.
    pub reasons: Vec<String>,
    /// Places that speak for it: `path:line`.
    pub evidence: Vec<String>,
}

/// The whole scorecard.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scorecard {
    /// All 26 principles, in the order A1 … D2.
    pub verdicts: Vec<Verdict>,
    /// Readiness, 0 to 100, and what it is made of.
    pub readiness: Readiness,
}

/// The readiness figure: how much of what was examined is already as a container needs it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Readiness {
    /// 0 to 100; `None` where nothing was examined.
    pub total: Option<f32>,
    /// One line per area: name, points reached, points possible, one phrase.
    pub areas: Vec<Area>,
    /// The formula in one sentence.
    pub formula: String,
}

/// One area of the readiness figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// Principle id.
    pub principle: &'static str,
    /// Name for people: `State on disk`.
    pub name: &'static str,
    /// Points reached.
    pub reached: f32,
    /// Points possible.
    pub possible: f32,
    /// What it comes from: `38 file writes, 9 of them temporary`.
    pub text: String,
}
