//! Copying through the terminal itself (OSC 52), which also works over SSH; inside tmux wrapped so that it passes through.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// Tools that put their input on the clipboard of this machine, with what must be set for each.
const TOOLS: [(&str, &[&str], &str); 4] = [
    ("wl-copy", &[], "WAYLAND_DISPLAY"),
    ("xclip", &["-selection", "clipboard"], "DISPLAY"),
    ("xsel", &["--clipboard", "--input"], "DISPLAY"),
    ("pbcopy", &[], "TERM_PROGRAM"),
];

/// Gives a text to the first clipboard tool of this machine; its name, or none where there is none. Over SSH none is
/// asked: its clipboard would be that of the wrong machine.
#[must_use]
pub fn local(text: &str) -> Option<&'static str> {
    if std::env::var_os("SSH_CONNECTION").is_some() {
        return None;
    }
    TOOLS.iter().filter(|(.., needs)| std::env::var_os(needs).is_some()).find_map(|(tool, arguments, _)| {
        let mut command = Command::new(tool);
        command.args(*arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().ok()?;
        child.stdin.take()?.write_all(text.as_bytes()).ok()?;
        // xclip and wl-copy stay behind to serve the clipboard; nobody waits for them.
        Some(*tool)
    })
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The escape sequence that asks the terminal to put a text on the clipboard.
#[must_use]
pub fn sequence(text: &str, tmux: bool) -> String {
    let plain = format!("\x1b]52;c;{}\x07", base64(text.as_bytes()));
    if tmux { format!("\x1bPtmux;{}\x1b\\{plain}", plain.replace('\x1b', "\x1b\x1b")) } else { plain }
}

fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = u32::from(chunk[0]) << 16
            | u32::from(chunk.get(1).copied().unwrap_or(0)) << 8
            | u32::from(chunk.get(2).copied().unwrap_or(0));
        for place in 0..4 {
            if place <= chunk.len() {
                out.push(char::from(ALPHABET[(group >> (18 - 6 * place) & 63) as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{base64, sequence};

    #[test]
    fn text_is_encoded_as_base64() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("ä:7", "w6Q6Nw==")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn tmux_gets_a_passthrough_and_its_own_copy() {
        assert_eq!(sequence("f", false), "\x1b]52;c;Zg==\x07");
        assert_eq!(sequence("f", true), "\x1bPtmux;\x1b\x1b]52;c;Zg==\x07\x1b\\\x1b]52;c;Zg==\x07");
    }
}
