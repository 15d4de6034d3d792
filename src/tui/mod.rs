//! The terminal program: one receive point, one state, one draw.
