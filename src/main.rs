//! The program's way in: hands the arguments to `cli` and turns the result into an exit status; nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    breakbulk::cli::main(std::env::args_os())
}
