//! Commands: arguments in, one function per command, exit status out.
//!
//! Data goes to standard output, progress and diagnostics to standard error. Exit status: 0 done; 1 findings at or above
//! `--fail-on`, or a step of the plan that is not done; 2 wrong usage or an input that cannot be read.

mod args;
mod demo;
mod diff;
mod explain;
mod graph;
mod keys;
mod output;
mod plan;
mod progress;
mod rules;
mod scan;
mod screen;
mod split;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Arguments, Command};

/// Why a command ended early: one clear line for people, exit status 2.
pub(crate) type Outcome = Result<ExitCode, String>;

/// Runs the program with these arguments, the first being its name.
#[must_use]
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // clap writes help to standard output and errors to standard error; a closed pipe is no fault of the user.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    if let Err(message) = output::start_log(arguments.log.as_deref()) {
        output::complain(&message);
        return ExitCode::from(2);
    }
    run(arguments).unwrap_or_else(|message| {
        output::complain(&message);
        ExitCode::from(2)
    })
}

fn run(arguments: Arguments) -> Outcome {
    let scan = arguments.scan;
    match arguments.command {
        None => screen::open(&arguments.path, &scan, &arguments.screen),
        Some(Command::Scan(command)) => scan::scan(&command, &scan),
        Some(Command::Report(command)) => scan::report(&command, &scan),
        Some(Command::Diff(command)) => diff::run(&command),
        Some(Command::Graph(command)) => graph::run(&command, &scan),
        Some(Command::Plan(command)) => plan::run(&command, &scan),
        Some(Command::Split(command)) => split::run(&command, &scan),
        Some(Command::Demo(command)) => demo::open(&command, &scan, &arguments.screen),
        Some(Command::Explain { what, lang }) => explain::run(what.as_deref(), lang.lang()),
        Some(Command::Keys) => keys::run(),
        Some(Command::Rules { action }) => rules::run(&action),
        Some(Command::Completions { shell }) => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "breakbulk", &mut text);
            output::print_bytes(&text)
        }
        Some(Command::Man) => {
            let mut text = Vec::new();
            clap_mangen::Man::new(Arguments::command())
                .render(&mut text)
                .map_err(|error| format!("the manual page cannot be made: {error}"))?;
            output::print_bytes(&text)
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_sound() {
        super::Arguments::command().debug_assert();
    }
}
