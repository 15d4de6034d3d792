//! Roles to styles, from `assets/themes`: only the terminal's own 16 colours, never a background.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

use crate::assets;
use crate::rules::Kind;

/// Which colours to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Choice {
    /// Ask the terminal for its background.
    #[default]
    Auto,
    /// For light backgrounds.
    Light,
    /// For dark backgrounds.
    Dark,
    /// Modifiers only.
    Mono,
}

/// What a piece of text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Text,
    Dim,
    Title,
    Focus,
    Accent,
    Good,
    Bad,
    Warn,
    Write,
    Endpoint,
    Log,
    Other,
    Comment,
    String,
    Keyword,
    Function,
    Type,
    Number,
    Marked,
    /// The expression that is the finding.
    Match,
    /// The cell opposite to the cursor's.
    Mirror,
}

/// All roles with their names in the theme files.
const ROLES: &[(&str, Role)] = &[
    ("text", Role::Text),
    ("dim", Role::Dim),
    ("title", Role::Title),
    ("focus", Role::Focus),
    ("accent", Role::Accent),
    ("good", Role::Good),
    ("bad", Role::Bad),
    ("warn", Role::Warn),
    ("write", Role::Write),
    ("endpoint", Role::Endpoint),
    ("log", Role::Log),
    ("other", Role::Other),
    ("comment", Role::Comment),
    ("string", Role::String),
    ("keyword", Role::Keyword),
    ("function", Role::Function),
    ("type", Role::Type),
    ("number", Role::Number),
    ("marked", Role::Marked),
    ("match", Role::Match),
    ("mirror", Role::Mirror),
];

/// A style for each role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    styles: Vec<Style>,
}

impl Theme {
    /// The theme with this name in `assets/themes`; an unknown one has no styles at all.
    #[must_use]
    pub fn named(name: &str) -> Theme {
        let table = assets::get(&format!("themes/{name}.toml"))
            .and_then(|text| text.parse::<toml::Table>().ok())
            .unwrap_or_default();
        let styles = ROLES
            .iter()
            .map(|(role, _)| table.get(*role).and_then(toml::Value::as_str).map_or(Style::new(), style))
            .collect();
        Theme { styles }
    }

    /// The style of a role.
    #[must_use]
    pub fn get(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }

    /// The style of what is selected: reverse video, so that it needs no colour.
    #[must_use]
    pub fn selected(focused: bool) -> Style {
        if focused { Style::new().add_modifier(Modifier::REVERSED) } else { Style::new().add_modifier(Modifier::BOLD) }
    }
}

/// Reads `lightred bold`.
fn style(text: &str) -> Style {
    text.split_whitespace().fold(Style::new(), |style, word| match word {
        "bold" => style.add_modifier(Modifier::BOLD),
        "dim" => style.add_modifier(Modifier::DIM),
        "italic" => style.add_modifier(Modifier::ITALIC),
        "underlined" => style.add_modifier(Modifier::UNDERLINED),
        colour => colour.parse::<Color>().map_or(style, |colour| style.fg(colour)),
    })
}

/// The shape of a finding kind, so that kinds can be told apart without colour.
#[must_use]
pub fn shape(kind: Kind) -> (&'static str, Role) {
    match kind {
        Kind::FILE_WRITE => ("■", Role::Write),
        Kind::ENDPOINT => ("▲", Role::Endpoint),
        Kind::LOG_PATH => ("●", Role::Log),
        _ => ("◆", Role::Other),
    }
}

/// The short name of a finding kind for narrow columns.
#[must_use]
pub fn short(kind: Kind) -> &'static str {
    match kind {
        Kind::FILE_WRITE => "write",
        Kind::ENDPOINT => "endpoint",
        Kind::LOG_PATH => "log-path",
        Kind(other) => other,
    }
}

/// Replaces everything that is not ASCII in a drawn screen, for terminals without Unicode.
pub fn to_ascii(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if !cell.symbol().is_ascii() {
            let plain = ascii(cell.symbol());
            cell.set_symbol(plain);
        }
    }
}

fn ascii(symbol: &str) -> &'static str {
    match symbol {
        "━" => "=",
        "─" => "-",
        "┃" => "#",
        "│" => "|",
        "┏" | "┓" | "┗" | "┛" => "#",
        "┌" | "┐" | "└" | "┘" | "├" | "┤" | "┼" | "┬" | "┴" | "╂" | "┨" | "┠" => "+",
        "■" => "#",
        "▲" => "^",
        "●" => "o",
        "◆" => "*",
        "▸" | "▶" | "→" => ">",
        "▾" | "↓" => "v",
        "↑" => "^",
        "←" | "◂" => "<",
        "✓" => "+",
        "✗" => "x",
        "–" | "−" | "—" => "-",
        "·" => ".",
        "…" => "~",
        "█" | "▌" => "=",
        "░" => ".",
        "⏎" => "E",
        "×" => "x",
        "○" => "o",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use super::{ROLES, Role, Theme};
    use ratatui::style::Color;

    #[test]
    fn roles_stand_in_their_order() {
        for (index, (_, role)) in ROLES.iter().enumerate() {
            assert_eq!(*role as usize, index);
        }
    }

    #[test]
    fn themes_name_every_role_and_paint_no_background() {
        for name in ["dark", "light", "mono"] {
            let text = crate::assets::get(&format!("themes/{name}.toml")).unwrap();
            let table: toml::Table = text.parse().unwrap();
            assert_eq!(table.len(), ROLES.len(), "{name}");
            let theme = Theme::named(name);
            for (role, id) in ROLES {
                assert!(table.contains_key(*role), "{name} lacks {role}");
                assert_eq!(theme.get(*id).bg, None);
                let colour = theme.get(*id).fg;
                assert!(!matches!(colour, Some(Color::Rgb(..) | Color::Indexed(_))), "{name} {role}");
                assert!(name != "mono" || colour.is_none());
            }
        }
        // Light yellow, white and the light variants cannot be read on white.
        let light = Theme::named("light");
        for (_, role) in ROLES {
            assert!(!matches!(
                light.get(*role).fg,
                Some(
                    Color::Yellow
                        | Color::White
                        | Color::Gray
                        | Color::LightYellow
                        | Color::LightGreen
                        | Color::LightCyan
                )
            ));
        }
        assert_ne!(Theme::named("dark").get(Role::Bad), Theme::named("dark").get(Role::Text));
    }
}
