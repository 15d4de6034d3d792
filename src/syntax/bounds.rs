//! Bounds of an evaluation: how much one question may look at, and how deep.

use std::cell::{Cell, RefCell};

/// Nodes that one question may look at, and how deep: bounds `a = a + a` and deep nesting.
const FUEL: u32 = 400;
const DEPTH: u32 = 24;

thread_local! {
    static LEFT: Cell<(u32, u32)> = const { Cell::new((0, 0)) };
    /// Assigned expressions that are being evaluated.
    static OPEN: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Runs one step of an evaluation within the bounds; `None` when they are used up.
pub fn bounded<T>(step: impl FnOnce() -> Option<T>) -> Option<T> {
    let (fuel, depth) = LEFT.get();
    let fuel = if depth == 0 { FUEL } else { fuel };
    if fuel == 0 || depth >= DEPTH {
        return None;
    }
    LEFT.set((fuel - 1, depth + 1));
    let result = step();
    LEFT.set((LEFT.get().0, depth));
    result
}

/// Evaluates an assigned expression, known by the id of its node; one that names its own variable (`x = "a" + x`) has the
/// default value in there.
pub fn once<T: Default>(node: usize, evaluate: impl FnOnce() -> T) -> T {
    if OPEN.with_borrow(|open| open.contains(&node)) {
        return T::default();
    }
    OPEN.with_borrow_mut(|open| open.push(node));
    let value = evaluate();
    OPEN.with_borrow_mut(Vec::pop);
    value
}
