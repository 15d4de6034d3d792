//! Analysis to text: one file per format.
