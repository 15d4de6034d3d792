//! Standard output, standard error, files and the log: the only place that writes to them.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write as _};
use std::path::Path;
use std::process::ExitCode;

use super::Outcome;

/// One line on standard error.
pub fn complain(message: &str) {
    // Nobody is left to be told when standard error itself is closed.
    let _ = writeln!(io::stderr(), "breakbulk: {message}");
}

/// Writes text to a file, or to standard output where none is named.
///
/// # Errors
/// One line when it cannot be written. A reader that went away (`| head`) is no error.
pub fn deliver(text: &str, file: Option<&Path>) -> Result<(), String> {
    match file {
        Some(path) => fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display())),
        None => print(text.as_bytes()),
    }
}

/// Like [`deliver`], for what is written piece by piece.
///
/// # Errors
/// One line when it cannot be written. A reader that went away (`| head`) is no error.
pub fn deliver_with(file: Option<&Path>, write: &dyn Fn(&mut dyn io::Write) -> io::Result<()>) -> Result<(), String> {
    let flushed = |out: &mut dyn io::Write| write(out).and_then(|()| out.flush());
    match file {
        Some(path) => File::create(path)
            .and_then(|file| flushed(&mut BufWriter::new(file)))
            .map_err(|error| format!("cannot write {}: {error}", path.display())),
        None => match flushed(&mut BufWriter::new(io::stdout().lock())) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(format!("cannot write the result: {error}")),
            _ => Ok(()),
        },
    }
}

/// Prints bytes and ends well.
pub fn print_bytes(bytes: &[u8]) -> Outcome {
    print(bytes).map(|()| ExitCode::SUCCESS)
}

fn print(bytes: &[u8]) -> Result<(), String> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(format!("cannot write the result: {error}")),
        _ => Ok(()),
    }
}

/// Starts the log where one is asked for. A log never goes to the terminal: it would tear the screen.
///
/// # Errors
/// One line when the file cannot be made.
pub fn start_log(path: Option<&Path>) -> Result<(), String> {
    let Some(path) = path else { return Ok(()) };
    let file = File::create(path).map_err(|error| format!("cannot write the log {}: {error}", path.display()))?;
    let subscriber = tracing_subscriber::fmt().with_writer(file).with_ansi(false).finish();
    tracing::subscriber::set_global_default(subscriber).map_err(|error| format!("cannot start the log: {error}"))
}
