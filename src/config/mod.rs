//! Settings of the scanned repository (`.breakbulk/`) and of the user (`~/.config/breakbulk`): find, read, merge.
