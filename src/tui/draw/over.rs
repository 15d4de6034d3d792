//! The last line, and what lies over a screen.

use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};

use super::super::action::Action;
use super::super::app::{App, Ask, Overlay, Tab, commands, help};
use super::super::keymap::Chord;
use super::super::screens::overview;
use super::super::screens::whatif::comparison as trial_rows;
use super::super::theme::Role;
use super::super::widgets::canvas::{Canvas, Listed, rows};
use super::super::widgets::input::Input;
use crate::text;

/// What a screen offers, most useful first: action, word, and whether it stands for a group of keys.
fn offers(tab: Tab) -> &'static [(Action, &'static str, bool)] {
    match tab {
        Tab::Overview => &[
            (Action::Open, "open", false),
            (Action::Formula, "formula", false),
            (Action::Difference, "since last scan", false),
        ],
        Tab::Findings => &[
            (Action::Open, "preview", false),
            (Action::Editor, "editor", false),
            (Action::CopyPlace, "copy", false),
            (Action::GroupModule, "group by", true),
            (Action::Ignore, "ignore", false),
            (Action::Plan, "plan", false),
        ],
        Tab::Coupling => &[
            (Action::Right, "column", false),
            (Action::Open, "lines", false),
            (Action::Expand, "unfold", false),
            (Action::Back, "fold", false),
            (Action::WhichAll, "which edges", true),
            (Action::Sort, "order", false),
        ],
        Tab::Split => &[
            (Action::Open, "seams", false),
            (Action::Expand, "files", false),
            (Action::Mark, "mark", false),
            (Action::MoveTo, "move, merge", false),
            (Action::NewPart, "new", false),
            (Action::Undo, "undo", false),
            (Action::Save, "save", false),
            (Action::Compare, "compare", false),
            (Action::Waive, "take out", false),
            (Action::Load, "load", false),
            (Action::Plan, "plan", false),
        ],
        Tab::Plan => &[
            (Action::Mark, "done", false),
            (Action::Open, "sites", false),
            (Action::StepDown, "move", false),
            (Action::Waive, "leave out", false),
            (Action::Note, "note", false),
            (Action::Owner, "owner", false),
            (Action::Undo, "undo", false),
        ],
        Tab::Report => &[
            (Action::Mark, "choose", false),
            (Action::Open, "write", false),
            (Action::Note, "file name", false),
            (Action::CopyCommand, "copy command", false),
        ],
    }
}

/// Name and state of the what-if: `two-parts`, `3 changes, not saved`.
pub(super) fn trial(app: &App) -> (String, String) {
    let Some(trial) = &app.data.trial else { return (String::new(), String::new()) };
    let steps = trial.what_if.steps();
    let state = match (trial.unsaved, steps) {
        (true, 0) => "not saved".to_owned(),
        (true, 1) => "1 change, not saved".to_owned(),
        (true, _) => format!("{steps} changes, not saved"),
        (false, _) if trial.name.is_empty() => "nothing changed yet".to_owned(),
        (false, _) => "saved".to_owned(),
    };
    let marked = if trial.marked.is_empty() { String::new() } else { format!("   {} marked", trial.marked.len()) };
    let name =
        if trial.name.is_empty() { "of the proposal".to_owned() } else { text::sanitize(&trial.name).into_owned() };
    (name, format!("{state}{marked}"))
}

pub(super) fn footer(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    if !app.pending.is_empty() {
        let keys: Vec<String> = app.pending.iter().map(Chord::to_string).collect();
        let line = canvas.span(format!(" {} …   esc leaves it", keys.join(" ")), Role::Accent);
        return canvas.line(area, 0, &Line::from(line));
    }
    if let Some(note) = app.notes.last().filter(|_| app.toast) {
        let unread = app.notes.len() - app.read;
        let tail = if unread > 1 { format!("   ({unread} unread, ! shows them)") } else { String::new() };
        let room = usize::from(area.width).saturating_sub(1 + text::width(&tail));
        let line = canvas.span(format!(" {}{tail}", text::cut(&text::sanitize(note), room)), Role::Warn);
        return canvas.line(area, 0, &Line::from(line));
    }
    if let Some(tour) = &app.tour {
        let words = if tour.german {
            [("pgdn n", "weiter"), ("pgup N", "zurück"), ("T", "Schritte"), ("esc", "beenden"), ("?", "Hilfe")]
        } else {
            [("pgdn n", "next"), ("pgup N", "back"), ("T", "steps"), ("esc", "end the tour"), ("?", "help")]
        };
        let mut spans = Vec::new();
        for (key, word) in words {
            spans.push(canvas.span(format!(" {key}"), Role::Accent));
            spans.push(canvas.span(format!(" {word}  "), Role::Dim));
        }
        return canvas.line(area, 0, &Line::from(spans));
    }
    let always = [
        (Action::NextPane, "pane", false),
        (Action::Filter, "filter", false),
        (Action::Palette, "commands", false),
        (Action::Zoom, "zoom", false),
        (Action::Quit, "quit", false),
    ];
    let mut spans = Vec::new();
    let mut used = 0;
    let mut room = usize::from(area.width);
    let mut put = |action: Action, label: &str, group: bool, room: usize, spans: &mut Vec<_>| {
        let key = if group { app.keys.prefix(action) } else { app.keys.key(action) };
        let Some(key) = key else { return true };
        let label = app.word(label);
        let cells = text::width(&key) + text::width(&label) + 3;
        if used + cells > room {
            return false;
        }
        used += cells;
        spans.push(canvas.span(format!(" {key}"), Role::Accent));
        spans.push(canvas.span(format!(" {label} "), Role::Dim));
        true
    };
    // Whatever has no room: where to learn of the rest is always said.
    let mut help = Vec::new();
    put(Action::Help, "help", false, room, &mut help);
    let kept: usize = help.iter().map(|span: &ratatui::text::Span<'_>| text::width(&span.content)).sum();
    room = room.max(kept);
    for (action, label, group) in offers(app.current()).iter().chain(&always) {
        if !put(*action, label, *group, room, &mut spans) {
            break;
        }
    }
    spans.extend(help);
    canvas.line(area, 0, &Line::from(spans));
}

/// What the speaker says to the step of the tour, with room around it.
pub(super) fn tour(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(tour) = &app.tour else { return };
    let Some(step) = tour.step() else { return };
    let title = format!("{} / {}   {}", tour.at + 1, tour.steps.len(), step.title);
    let inner = canvas.frame(4, area, &title, "");
    let margin = if inner.width > 80 { 4 } else { 1 };
    let inner = Rect { x: inner.x + margin, width: inner.width.saturating_sub(2 * margin), ..inner };
    let mut lines = Vec::new();
    for paragraph in step.text.split("\n\n") {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(text::wrap(paragraph, usize::from(inner.width)));
    }
    // An empty line above where there is room for one.
    let skip = usize::from(inner.height > u16::try_from(lines.len()).unwrap_or(u16::MAX));
    for (row, line) in lines.iter().enumerate() {
        let span = canvas.span(line, Role::Text);
        canvas.line(inner, u16::try_from(row + skip).unwrap_or(u16::MAX), &Line::from(span));
    }
}

/// A box in the middle, emptied.
fn middle(canvas: &mut Canvas<'_>, area: Rect, width: u16, height: u16, title: &str) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    let place = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 3, width, height };
    opened(canvas, place, title)
}

fn opened(canvas: &mut Canvas<'_>, place: Rect, title: &str) -> Rect {
    Clear.render(place, canvas.buffer);
    canvas.focus = 9;
    canvas.frame(9, place, title, "")
}

fn typed(input: &Input) -> String {
    let (before, after) = input.parts();
    format!("{before}▌{after}")
}

pub(super) fn overlay(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    if app.hints && !app.pending.is_empty() {
        return next_keys(app, canvas, area);
    }
    match &app.overlay {
        None => {}
        Some(Overlay::Filter(input, _)) => {
            let (shown, total) = app.counts[app.tab];
            let strip = Rect { y: area.bottom() - 1, height: 1, ..area };
            Clear.render(strip, canvas.buffer);
            let left = format!("/{}   {shown} of {total}   ", typed(input));
            let help = "kind: module: path: rule: lang: sev:>low conf: tag:  ! inverts  ↑ earlier";
            let spans = vec![canvas.span(left, Role::Accent), canvas.span(help, Role::Dim)];
            canvas.line(strip, 0, &Line::from(spans));
        }
        Some(Overlay::Help(input, at)) => {
            let name = app.current().name();
            let title = format!("Help: {name} first, then everywhere; type to find, enter runs");
            let found = help(&app.keys, app.current(), input.text());
            let inner = middle(canvas, area, 96, 32, &title);
            choice(canvas, inner, input, *at, found.len(), |canvas, index, width| {
                let (action, here) = found[index];
                let place = if here { name } else { "everywhere" };
                Line::from(vec![
                    canvas.span(text::pad(&app.keys.keys(action), 14), Role::Accent),
                    canvas.span(text::pad(place, 12), if here { Role::Title } else { Role::Dim }),
                    canvas.span(text::cut(action.doc(), width.saturating_sub(26)), Role::Text),
                ])
            });
        }
        Some(Overlay::Commands(input, at)) => {
            let found = commands(&app.keys, input.text(), app.recent());
            let inner = middle(canvas, area, 96, 24, "Commands: type to find, enter runs");
            choice(canvas, inner, input, *at, found.len(), |canvas, index, width| {
                let action = found[index];
                Line::from(vec![
                    canvas.span(text::pad(&app.keys.keys(action), 12), Role::Accent),
                    canvas.span(text::pad(action.name(), 17), Role::Text),
                    canvas.span(text::cut(action.doc(), width.saturating_sub(29)), Role::Dim),
                ])
            });
        }
        Some(Overlay::Notes(top)) => {
            let inner = middle(canvas, area, 96, 24, "Notes and problems, newest first");
            let history = &app.data.analysis.history.notes;
            let left_out = app.data.analysis.skipped.iter().map(|s| format!("left out: {}  {}", s.path, s.reason));
            let lines: Vec<String> = app.notes.iter().rev().chain(history).cloned().chain(left_out).collect();
            let lines: Vec<Line<'static>> = if lines.is_empty() {
                vec![Line::from(canvas.span("nothing to tell", Role::Dim))]
            } else {
                let width = usize::from(inner.width);
                let wrapped = |note: &String| text::wrap(&text::sanitize(note), width);
                lines.iter().flat_map(wrapped).map(|line| Line::from(canvas.span(line, Role::Text))).collect()
            };
            canvas.text(9, inner, &lines, *top);
        }
        Some(Overlay::Formula(top)) => {
            let inner = middle(canvas, area, 100, 32, "How the readiness figure is made");
            let width = usize::from(inner.width);
            let rows = overview::formula(&app.data).into_iter().flat_map(|(role, line)| {
                let wrapped = text::wrap(&line, width);
                wrapped.into_iter().map(move |line| (role, line))
            });
            let lines: Vec<Line<'static>> = rows.map(|(role, line)| Line::from(canvas.span(line, role))).collect();
            canvas.text(9, inner, &lines, *top);
        }
        Some(Overlay::Since(at)) => {
            let Some(since) = &app.since else { return };
            let title = format!("Since the last scan: {} new, {} gone", since.new, since.gone);
            let inner = middle(canvas, area, 100, 28, &title);
            if since.lines.is_empty() {
                canvas.line(inner, 0, &Line::from(canvas.span("the same findings as last time", Role::Dim)));
            }
            let listed = Listed { total: since.lines.len(), selected: *at, ..Listed::default() };
            canvas.list(9, inner, listed, |canvas, index, width| {
                let line = &since.lines[index];
                let (mark, role) = if line.new { ("new  ", Role::Bad) } else { ("gone ", Role::Good) };
                let room = width.saturating_sub(5);
                Line::from(vec![canvas.span(mark, role), canvas.span(text::cut(&line.text, room), Role::Text)])
            });
        }
        Some(Overlay::Tour(at)) => {
            let Some(tour) = &app.tour else { return };
            let inner = middle(canvas, area, 76, 20, "Steps of the tour: enter goes there");
            let listed = Listed { total: tour.steps.len(), selected: *at, ..Listed::default() };
            canvas.list(9, inner, listed, |canvas, index, _| {
                let step = &tour.steps[index];
                let number = canvas.span(format!(" {:>2}  ", index + 1), Role::Dim);
                Line::from(vec![number, canvas.span(&step.title, Role::Text)])
            });
        }
        Some(Overlay::Peek((file, line, _), top)) => {
            let place = Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..area };
            let title = text::sanitize(&app.data.at(*file, *line)).into_owned();
            let keys = "enter, o: editor   y: copy   esc: back";
            let room = usize::from(area.width).saturating_sub(7 + text::width(keys) + 3);
            let title = format!("{}   {keys}", text::cut_start(&title, room));
            let inner = opened(canvas, place, &title);
            let lines = app.source.lines(canvas);
            let start = app.source.marked().saturating_sub(usize::from(inner.height) / 3);
            canvas.text(9, inner, &lines, top.unwrap_or(start));
        }
        Some(Overlay::Target(input, at)) => {
            let (title, found) = app.targets(input.text());
            let inner = middle(canvas, area, 60, 18, &format!("{title}: type to find, enter does it"));
            choice(canvas, inner, input, *at, found.len(), |canvas, index, width| {
                Line::from(canvas.span(text::cut(&found[index].1, width), Role::Text))
            });
        }
        Some(Overlay::Alternatives(at)) => {
            let inner = middle(canvas, area, 60, 18, "Load: enter shows it, esc leaves everything");
            let listed = Listed { total: app.alternatives.len() + 1, selected: *at, ..Listed::default() };
            canvas.list(9, inner, listed, |canvas, index, width| {
                let saved = index.checked_sub(1).and_then(|index| app.alternatives.get(index));
                let (name, role) = match saved {
                    None => ("the proposal", Role::Accent),
                    Some((name, Ok(_))) => (name.as_str(), Role::Text),
                    Some((name, Err(_))) => (name.as_str(), Role::Bad),
                };
                Line::from(canvas.span(text::cut(&text::sanitize(name), width), role))
            });
        }
        Some(Overlay::Compare(top, first)) => {
            let inner = middle(canvas, area, 120, 34, "Divisions side by side   * the best of its line");
            let found = trial_rows(&app.columns(), *first, usize::from(inner.width));
            let lines: Vec<Line<'static>> =
                found.into_iter().map(|(line, role)| Line::from(canvas.span(line, role))).collect();
            canvas.text(9, inner, &lines, *top);
        }
        Some(Overlay::Replace(name)) => {
            ask(canvas, area, "There is an alternative of this name", &format!("{name}: y replaces it, esc leaves it"));
        }
        Some(Overlay::Quit) if app.unsaved == 0 => {
            ask(canvas, area, "The what-if is not saved", "s save it   q quit without saving   esc stay");
        }
        Some(Overlay::Quit) => {
            ask(canvas, area, "Unsaved changes of the plan", "s save and quit   q quit without saving   esc stay");
        }
        Some(Overlay::Overwrite) => {
            ask(canvas, area, "The file exists", &format!("{}: y overwrites, esc leaves it", app.target()));
        }
        Some(Overlay::Ask(what, input)) => {
            let title = match what {
                Ask::Reason => "Leave the step out, because",
                Ask::Note => "Note",
                Ask::Owner => "Owner",
                Ask::File => "Write to",
                Ask::Part => "Name of the new candidate",
                Ask::Rename => "New name of the candidate",
                Ask::Alternative => "Save in .breakbulk/alternatives as",
                Ask::Ignore => "Set this finding aside in .breakbulk/config.toml, because",
            };
            ask(canvas, area, title, &typed(input));
        }
    }
}

fn ask(canvas: &mut Canvas<'_>, area: Rect, title: &str, body: &str) {
    let inner = middle(canvas, area, 76, 3, title);
    // While something long is typed, its end is what is seen.
    let line = canvas.span(text::cut_start(&text::sanitize(body), usize::from(inner.width)), Role::Text);
    canvas.line(inner, 0, &Line::from(line));
}

/// A line for typing, and below it what it finds.
fn choice(
    canvas: &mut Canvas<'_>,
    inner: Rect,
    input: &Input,
    at: usize,
    total: usize,
    row: impl FnMut(&Canvas<'_>, usize, usize) -> Line<'static>,
) {
    let line = canvas.span(format!("> {}", typed(input)), Role::Accent);
    canvas.line(inner, 0, &Line::from(line));
    let below = rows(inner, &[1])[1];
    canvas.list(9, below, Listed { total, selected: at, ..Listed::default() }, row);
}

/// What may follow the keys typed so far.
fn next_keys(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let found = app.keys.next(&app.pending);
    let keys: Vec<String> = app.pending.iter().map(Chord::to_string).collect();
    let height = u16::try_from(found.len() + 2).unwrap_or(u16::MAX).min(area.height.saturating_sub(2));
    let width = 60.min(area.width);
    let place = Rect { x: area.right() - width, y: area.bottom() - 1 - height, width, height };
    let inner = opened(canvas, place, &format!("{} …", keys.join(" ")));
    for (row, (key, action)) in found.iter().enumerate() {
        let line = vec![canvas.span(text::pad(key, 5), Role::Accent), canvas.span(action.doc(), Role::Text)];
        canvas.line(inner, u16::try_from(row).unwrap_or(u16::MAX), &Line::from(line));
    }
}
