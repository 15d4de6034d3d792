//! The person's editor, opened at a line: program and arguments, no shell.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

/// An editor call made ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    program: String,
    arguments: Vec<String>,
    /// True for editors with a window of their own: the terminal stays ours.
    pub window: bool,
}

/// The editor that the environment names.
///
/// # Errors
/// One sentence when it names none.
pub fn chosen() -> Result<String, String> {
    ["BREAKBULK_EDITOR", "VISUAL", "EDITOR"]
        .iter()
        .filter_map(|name| env::var(name).ok())
        .find(|value| !value.trim().is_empty())
        .ok_or_else(|| "no editor: set BREAKBULK_EDITOR, VISUAL or EDITOR".to_owned())
}

/// Makes the call for a file and line. `{file}` and `{line}` in the setting are filled in; otherwise the editor's own way
/// to name a line is used, where it is known.
///
/// # Errors
/// One sentence when the setting names no program.
pub fn call(setting: &str, file: &Path, line: u32) -> Result<Call, String> {
    let file = file.display().to_string();
    let mut words = split(setting).into_iter();
    let program = words.next().ok_or("the editor setting is empty")?;
    let mut arguments: Vec<String> = words.collect();
    let name = Path::new(&program).file_stem().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let window = matches!(
        name.as_str(),
        "code" | "codium" | "code-insiders" | "subl" | "zed" | "idea" | "gvim" | "gedit" | "kate"
    );
    if arguments.iter().any(|argument| argument.contains("{file}")) {
        for argument in &mut arguments {
            *argument = argument.replace("{line}", &line.to_string()).replace("{column}", "1").replace("{file}", &file);
        }
        return Ok(Call { program, arguments, window });
    }
    match name.as_str() {
        "vi" | "vim" | "nvim" | "gvim" | "nano" | "emacs" | "emacsclient" | "kak" | "micro" | "joe" | "ne"
        | "gedit" | "mg" => {
            arguments.extend([format!("+{line}"), file]);
        }
        "code" | "codium" | "code-insiders" => arguments.extend(["--goto".to_owned(), format!("{file}:{line}")]),
        "hx" | "helix" | "subl" | "zed" => arguments.push(format!("{file}:{line}")),
        "idea" | "kate" => arguments.extend(["--line".to_owned(), line.to_string(), file]),
        _ => arguments.push(file),
    }
    Ok(Call { program, arguments, window })
}

impl Call {
    /// Runs it; waits for an editor in the terminal, not for one with a window.
    ///
    /// # Errors
    /// One sentence when it cannot be started or says that it failed.
    pub fn run(&self) -> Result<(), String> {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        if self.window {
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            return command.spawn().map(|_| ()).map_err(|error| format!("{}: {error}", self.program));
        }
        match command.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("{}: {status}", self.program)),
            Err(error) => Err(format!("{}: {error}", self.program)),
        }
    }
}

/// Words of a setting; double or single quotes keep spaces.
fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in text.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::call;
    use std::path::Path;

    fn arguments(setting: &str) -> Vec<String> {
        call(setting, Path::new("a b/$(x).java"), 7).unwrap().arguments
    }

    #[test]
    fn known_editors_open_at_the_line() {
        assert_eq!(arguments("vim"), ["+7", "a b/$(x).java"]);
        assert_eq!(arguments("/usr/bin/nano -l"), ["-l", "+7", "a b/$(x).java"]);
        assert_eq!(arguments("code --wait"), ["--wait", "--goto", "a b/$(x).java:7"]);
        assert_eq!(arguments("hx"), ["a b/$(x).java:7"]);
        assert_eq!(arguments("'my editor' --at={line} {file}"), ["--at=7", "a b/$(x).java"]);
        assert_eq!(arguments("unknown"), ["a b/$(x).java"]);
        assert!(call("  ", Path::new("a"), 1).is_err());
    }

    #[test]
    fn only_editors_with_a_window_leave_the_terminal_to_us() {
        assert!(call("code", Path::new("a"), 1).unwrap().window);
        assert!(!call("nvim", Path::new("a"), 1).unwrap().window);
    }
}
