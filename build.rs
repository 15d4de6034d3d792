//! Collects `assets/` and the demo's sample project into the binary, so that a new file needs no list to be touched.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let mut code = String::new();
    list(&mut code, "ASSETS", &root.join("assets"), "&str", "include_str")?;
    list(&mut code, "DEMO", &root.join("sample-projects/demo"), "&[u8]", "include_bytes")?;
    fs::write(out.join("assets.rs"), code)
}

/// Writes one table of (path relative to `folder`, content), sorted by path.
fn list(code: &mut String, name: &str, folder: &Path, kind: &str, include: &str) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    if folder.is_dir() {
        collect(folder, &mut files)?;
    }
    files.sort();
    let _ = writeln!(code, "pub static {name}: &[(&str, {kind})] = &[");
    for file in files {
        let relative = file.strip_prefix(folder).map_err(io::Error::other)?;
        let relative = relative.to_string_lossy().replace('\\', "/");
        let _ = writeln!(code, "    ({relative:?}, {include}!({:?})),", file.display().to_string());
    }
    let _ = writeln!(code, "];");
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
