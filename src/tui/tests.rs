//! Reducer tests and pictures.
