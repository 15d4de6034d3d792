//! The floor of a scan: walks a folder, reads and parses every source file on all cores, and keeps nothing.
//!
//! `cargo run --release --example parse_floor -- PATH`, beside `breakbulk scan PATH --format json --no-history`; the ratio of
//! their CPU times is the figure to watch.
#![allow(clippy::print_stdout)]

use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use breakbulk::analysis::Repository as _;
use breakbulk::{syntax, walk};
use rayon::prelude::*;

fn main() -> Result<(), String> {
    let path = std::env::args().nth(1).unwrap_or_else(|| ".".into());
    let folder = walk::Folder::open(Path::new(&path))?;
    let (mut files, _) = folder.files(&|| false);
    files.sort_by_key(|file| std::cmp::Reverse(file.bytes));
    let (parsed, bytes) = (AtomicUsize::new(0), AtomicU64::new(0));
    files.par_iter().with_max_len(1).for_each(|file| {
        let Some(language) = file.language.filter(|_| file.is_code) else { return };
        if let Ok(content) = folder.read(file)
            && syntax::parse_only(language, &file.path, &walk::decode(&content))
        {
            parsed.fetch_add(1, Ordering::Relaxed);
            bytes.fetch_add(content.len() as u64, Ordering::Relaxed);
        }
    });
    println!("{} files, {} bytes parsed", parsed.into_inner(), bytes.into_inner());
    Ok(())
}
