//! One frame from the state; changes nothing.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Clear, Widget};

use super::action::Action;
use super::app::{App, Ask, FORMATS, Overlay, Tab, commands, help};
use super::screens::{Paragraph, coupling, findings, overview, plan, split};
use super::theme::{Role, Theme};
use super::widgets::canvas::{Canvas, Shown, columns, rows};
use crate::text;

/// Draws everything; gives back what stands where.
pub fn draw(app: &App, theme: &Theme, buffer: &mut Buffer) -> Shown {
    let area = buffer.area;
    let focus = app.focus[app.tab];
    let now = Shown { tab: Some(app.current()), ..Shown::default() };
    let mut canvas = Canvas { buffer, theme, focus, before: &app.shown, now };
    if area.width < 40 || area.height < 10 {
        let sentence =
            format!("breakbulk needs 40x10 or more (now {}x{}). Make the window larger.", area.width, area.height);
        for (row, part) in text::wrap(&sentence, usize::from(area.width).max(1)).into_iter().enumerate() {
            canvas.line(area, u16::try_from(row).unwrap_or(u16::MAX), &Line::from(part));
        }
        return canvas.now;
    }
    let parts = rows(area, &[1, area.height - 2]);
    header(app, &mut canvas, parts[0]);
    body(app, &mut canvas, parts[1]);
    footer(app, &mut canvas, parts[2]);
    overlay(app, &mut canvas, area);
    canvas.now
}

fn header(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let state = match &app.running {
        Some(p) if p.total > 0 => format!("{} {}/{} · esc stops ", p.phase.as_str(), p.done, p.total),
        Some(p) => format!("{} … · esc stops ", p.phase.as_str()),
        None if app.data.analysis.complete => {
            app.took.map_or_else(|| "done ".to_owned(), |took| format!("done {:.1} s ", took.as_secs_f32()))
        }
        None => "stopped, so far ".to_owned(),
    };
    let mut x = area.x;
    let right = area.right().saturating_sub(u16::try_from(text::width(&state)).unwrap_or(0));
    for (index, tab) in Tab::ALL.iter().enumerate() {
        let name = if area.width < 72 { tab.name()[..4].to_owned() } else { tab.name().to_owned() };
        let label =
            if index == app.tab { format!("[{} {name}]", index + 1) } else { format!(" {} {name} ", index + 1) };
        let width = u16::try_from(label.len()).unwrap_or(0).min(area.right().saturating_sub(x));
        let role = if index == app.tab { Role::Focus } else { Role::Text };
        canvas.buffer.set_stringn(x, area.y, &label, usize::from(width), canvas.theme.get(role));
        canvas.now.tabs.push((Rect { x, width, ..area }, *tab));
        x += width;
    }
    if right > x {
        let name = text::sanitize(&app.data.analysis.name).into_owned();
        let room = usize::from(right - x).saturating_sub(2);
        canvas.buffer.set_stringn(x + 1, area.y, text::cut(&name, room), room, canvas.theme.get(Role::Title));
        canvas.buffer.set_string(right, area.y, state, canvas.theme.get(Role::Dim));
    }
}

fn body(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let (list, detail) = match (app.zoom, app.focus[app.tab]) {
        (true, 0) => (Some(area), None),
        (true, _) => (None, Some(area)),
        _ if area.width >= 100 => {
            let share = match app.current() {
                Tab::Report => 40,
                Tab::Coupling | Tab::Overview | Tab::Split | Tab::Plan => area.width * 3 / 5,
                // The line number of a finding must be seen.
                Tab::Findings => (area.width * 11 / 20).max(58),
            };
            let (left, right) = columns(area, share);
            (Some(left), Some(right))
        }
        _ => {
            let parts = rows(area, &[area.height.div_ceil(2)]);
            (Some(parts[0]), Some(parts[1]))
        }
    };
    if let Some(area) = list {
        draw_list(app, canvas, area);
    }
    if let Some(area) = detail {
        draw_detail(app, canvas, area);
    }
}

fn draw_list(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let list = &app.lists[app.tab];
    let (shown, total) = app.counts[app.tab];
    let a = &app.data.analysis;
    let mut title = match app.current() {
        Tab::Overview => a
            .scorecard
            .readiness
            .total
            .map_or("Principles".to_owned(), |r| format!("Principles   readiness {r:.0} / 100")),
        Tab::Findings if app.filters[app.tab].is_empty() => {
            format!("Findings {total}   by {}", findings::GROUPS[app.data.group])
        }
        Tab::Findings => "Findings".to_owned(),
        Tab::Coupling => "Matrix   row uses column".to_owned(),
        Tab::Split => format!("Split candidates {}   easiest first", a.candidates.len()),
        Tab::Plan => {
            let steps = || app.plan().phases.iter().flat_map(|phase| &phase.items);
            let done = steps().filter(|step| step.status != crate::plan::ItemStatus::Open).count();
            let done = format!("Plan   {done} of {} done", steps().count());
            format!("{done}{}", if app.unsaved > 0 { format!("   {} unsaved", app.unsaved) } else { String::new() })
        }
        Tab::Report => "Export".to_owned(),
    };
    if !app.filters[app.tab].is_empty() {
        title = format!("{title}   filter: {} ({shown} of {total})", app.filters[app.tab]);
    }
    if app.running.is_some() {
        title.push_str("   so far");
    }
    let footer =
        if list.rows().is_empty() { String::new() } else { format!("{} of {}", list.index() + 1, list.rows().len()) };
    let mut inner = canvas.frame(0, area, &title, &footer);
    if app.current() == Tab::Coupling && !list.rows().is_empty() {
        let first = app.column.saturating_sub(7);
        let mut head = " ".repeat(27);
        for at in
            first..app.data.analysis.graph.modules.len().min(first + usize::from(inner.width.saturating_sub(27)) / 5)
        {
            head.push_str(&text::pad_start(&format!("{} ", at + 1), 5));
        }
        canvas.line(inner, 0, &Line::from(canvas.span(head, Role::Dim)));
        inner = rows(inner, &[1])[1];
    }
    if list.rows().is_empty() {
        let words = if app.running.is_some() {
            "scanning…"
        } else if app.filters[app.tab].is_empty() {
            "nothing here"
        } else {
            "nothing answers the filter (esc clears it)"
        };
        canvas.line(inner, 0, &Line::from(canvas.span(words, Role::Dim)));
    }
    canvas.list(0, inner, list.rows().len(), list.index(), |canvas, index, width| {
        let mut room = width;
        let mut spans = Vec::new();
        for (t, role) in &list.rows()[index].text {
            // Half a number is a wrong number.
            if app.current() == Tab::Coupling && text::width(t) > room {
                break;
            }
            let span = canvas.span(text::cut(&text::sanitize(t), room), *role);
            room = room.saturating_sub(text::width(&span.content));
            spans.push(span);
        }
        Line::from(spans)
    });
}

fn draw_detail(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(item) = app.item() else {
        canvas.frame(1, area, "", "");
        return;
    };
    let width = usize::from(area.width.saturating_sub(3));
    let (title, paragraphs): (String, Vec<Paragraph>) = match app.current() {
        Tab::Overview => {
            let (detail, start, scanned) =
                (overview::detail(&app.data, item), overview::start(&app.data), overview::scanned(&app.data));
            if app.zoom || area.width == canvas.buffer.area.width || area.height < 30 {
                let first = start.first().map_or("", |(_, text, _)| text.as_str());
                let mut all = vec![("", format!("Start small: {first}"), Role::Title)];
                all.extend(detail);
                all.push(("", "Start small".to_owned(), Role::Title));
                all.extend(start);
                all.push(("", "What was scanned".to_owned(), Role::Title));
                all.extend(scanned);
                ("Why".into(), all)
            } else {
                let parts = rows(area, &[8, area.height - 20]);
                side(canvas, 2, parts[0], "Start small: the first container", &start);
                side(canvas, 3, parts[2], "What was scanned", &scanned);
                return draw_text(app, canvas, parts[1], "Why", &detail);
            }
        }
        Tab::Findings => (
            item.place.map_or_else(String::new, |(file, line, _)| app.data.at(file, line)),
            findings::detail(&app.data, item),
        ),
        Tab::Coupling => (module_title(app, &item.key), coupling::detail(&app.data, item, app.column)),
        Tab::Split => ("Border and score".into(), split::detail(&app.data, item)),
        Tab::Plan => ("Step".into(), plan::detail(&app.data, item)),
        Tab::Report => return draw_report(app, canvas, area),
    };
    let title = text::sanitize(&title).into_owned();
    let title = text::cut_start(&title, width.saturating_sub(4)).into_owned();
    if app.current() == Tab::Findings && item.place.is_some() {
        let mut inner = canvas.frame(1, area, &title, "");
        let lines = wrapped(canvas, &paragraphs, width);
        let below = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(inner.height / 2);
        let parts = rows(inner, &[inner.height - below]);
        for (row, line) in lines.iter().take(usize::from(below)).enumerate() {
            canvas.line(parts[1], u16::try_from(row).unwrap_or(u16::MAX), line);
        }
        inner = parts[0];
        let source = app.source.lines(canvas);
        let start = app.source.marked().saturating_sub(usize::from(inner.height) / 3);
        let scroll = if app.focus[app.tab] == 1 && app.scroll > 0 { app.scroll } else { start };
        canvas.text(1, inner, &source, scroll);
        return;
    }
    draw_text(app, canvas, area, &title, &paragraphs);
}

/// Short name of a module, with its path where that says more.
fn module_title(app: &App, id: &str) -> String {
    match app.data.analysis.graph.modules.iter().find(|m| m.id == id) {
        Some(m) if m.name != id && id != "." => format!("{}   {id}", m.name),
        Some(m) => m.name.to_string(),
        None => id.to_owned(),
    }
}

fn wrapped(canvas: &Canvas<'_>, paragraphs: &[Paragraph], width: usize) -> Vec<Line<'static>> {
    paragraphs.iter().flat_map(|(label, body, role)| canvas.paragraph(label, body, *role, width)).collect()
}

fn draw_text(app: &App, canvas: &mut Canvas<'_>, area: Rect, title: &str, paragraphs: &[Paragraph]) {
    let inner = canvas.frame(1, area, title, "");
    let lines = wrapped(canvas, paragraphs, usize::from(inner.width));
    canvas.text(1, inner, &lines, app.scroll);
}

/// A pane that is only looked at: without the column for labels where nothing has one.
fn side(canvas: &mut Canvas<'_>, pane: usize, area: Rect, title: &str, paragraphs: &[Paragraph]) {
    let inner = canvas.frame(pane, area, title, "");
    for (row, (label, body, role)) in paragraphs.iter().enumerate() {
        let text = if label.is_empty() { body.clone() } else { format!("{label} {body}") };
        let span = canvas.span(text::cut(&text, usize::from(inner.width)), *role);
        canvas.line(inner, u16::try_from(row).unwrap_or(u16::MAX), &Line::from(span));
    }
}

fn draw_report(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let parts = rows(area, &[area.height.saturating_sub(4)]);
    let body = app.report.as_ref().map_or("", |(.., text)| text.as_str());
    let total = body.lines().count();
    let inner = canvas.frame(1, parts[0], &format!("Preview   {}   {total} lines", FORMATS[app.format].0), "");
    let top = app.scroll.min(total.saturating_sub(usize::from(inner.height)));
    for (row, line) in body.lines().skip(top).take(usize::from(inner.height)).enumerate() {
        let span = canvas.span(line, Role::Text);
        canvas.line(inner, u16::try_from(row).unwrap_or(u16::MAX), &Line::from(span));
    }
    canvas.note(1, inner, top, total);
    let inner = canvas.frame(2, parts[1], "Writes (asks before overwriting)", "");
    for (row, line) in [format!("{}   a changes the name", app.target()), format!("same as: {}", app.command())]
        .into_iter()
        .enumerate()
    {
        let span = canvas.span(line, Role::Text);
        canvas.line(inner, u16::try_from(row).unwrap_or(u16::MAX), &Line::from(span));
    }
}

fn footer(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    if let Some(note) = app.notes.last().filter(|_| app.toast) {
        let line =
            canvas.span(format!(" {}   ({} unread, ! shows them)", note, app.notes.len() - app.read), Role::Warn);
        canvas.line(area, 0, &Line::from(line));
        return;
    }
    let own: &[(Action, &str)] = match app.current() {
        Tab::Overview => &[(Action::Open, "findings")],
        Tab::Findings => &[
            (Action::Open, "preview"),
            (Action::Editor, "editor"),
            (Action::Group, "group by"),
            (Action::CopyPlace, "copy"),
            (Action::Plan, "plan"),
        ],
        Tab::Coupling => &[
            (Action::Left, "column"),
            (Action::Right, "column"),
            (Action::Open, "references"),
            (Action::Editor, "editor"),
        ],
        Tab::Split => &[(Action::Open, "seams"), (Action::Editor, "editor")],
        Tab::Plan => &[
            (Action::Mark, "done"),
            (Action::Waive, "leave out"),
            (Action::Note, "note"),
            (Action::Owner, "owner"),
            (Action::Undo, "undo"),
        ],
        Tab::Report => &[(Action::Mark, "choose"), (Action::Open, "write"), (Action::Note, "file name")],
    };
    let always = [
        (Action::Help, "help"),
        (Action::NextPane, "pane"),
        (Action::Filter, "filter"),
        (Action::Palette, "commands"),
        (Action::Zoom, "zoom"),
        (Action::Quit, "quit"),
    ];
    let mut line = String::new();
    for (action, label) in own.iter().chain(&always) {
        let Some(key) = app.keys.key(*action) else { continue };
        let part = format!(" {key} {label} ");
        if text::width(&line) + text::width(&part) > usize::from(area.width) {
            break;
        }
        line.push_str(&part);
    }
    let line = canvas.span(line, Role::Dim);
    canvas.line(area, 0, &Line::from(line));
}

/// A box in the middle, emptied.
fn middle(canvas: &mut Canvas<'_>, area: Rect, width: u16, height: u16, title: &str) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    let place = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 3, width, height };
    Clear.render(place, canvas.buffer);
    canvas.focus = 9;
    canvas.frame(9, place, title, "")
}

fn overlay(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let typed = |input: &super::widgets::input::Input| {
        let (before, after) = input.parts();
        format!("{before}▌{after}")
    };
    match &app.overlay {
        None => {}
        Some(Overlay::Filter(input)) => {
            let (shown, total) = app.counts[app.tab];
            let strip = Rect { y: area.bottom() - 1, height: 1, ..area };
            Clear.render(strip, canvas.buffer);
            let line = canvas.span(
                format!("/{}   {shown} of {total}   kind: module: scope: rule: path: lang: ! inverts", typed(input)),
                Role::Accent,
            );
            canvas.line(strip, 0, &Line::from(line));
        }
        Some(Overlay::Help(input, at)) => {
            let name = app.current().name();
            let title = format!("Help: {name} first, then everywhere; type to find, enter runs");
            let inner = middle(canvas, area, 96, 32, &title);
            let line = canvas.span(format!("> {}", typed(input)), Role::Accent);
            canvas.line(inner, 0, &Line::from(line));
            let below = rows(inner, &[1])[1];
            let found = help(&app.keys, app.current(), input.text());
            canvas.list(9, below, found.len(), *at, |canvas, index, width| {
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
            let found = commands(&app.keys, input.text());
            let inner = middle(canvas, area, 96, 24, "Commands: type to find, enter runs");
            let line = canvas.span(format!("> {}", typed(input)), Role::Accent);
            canvas.line(inner, 0, &Line::from(line));
            let below = rows(inner, &[1])[1];
            canvas.list(9, below, found.len(), *at, |canvas, index, width| {
                let action = found[index];
                Line::from(vec![
                    canvas.span(text::pad(&app.keys.keys(action), 12), Role::Accent),
                    canvas.span(text::pad(action.name(), 16), Role::Text),
                    canvas.span(text::cut(action.doc(), width.saturating_sub(28)), Role::Dim),
                ])
            });
        }
        Some(Overlay::Notes(top)) => {
            let inner = middle(canvas, area, 96, 20, "Notes and problems, newest first");
            let left_out = app.data.analysis.skipped.iter().map(|s| format!("left out: {}  {}", s.path, s.reason));
            let lines: Vec<Line<'static>> = app
                .notes
                .iter()
                .rev()
                .cloned()
                .chain(left_out)
                .map(|note| Line::from(canvas.span(note, Role::Text)))
                .collect();
            canvas.text(9, inner, &lines, *top);
        }
        Some(other) => {
            let (title, body) = match other {
                Overlay::Quit => {
                    ("Unsaved changes of the plan", "s save and quit   q quit without saving   esc stay".to_owned())
                }
                Overlay::Overwrite => ("The file exists", format!("{}: y overwrites, esc leaves it", app.target())),
                Overlay::Ask(ask, input) => (
                    match ask {
                        Ask::Reason => "Leave out, because",
                        Ask::Note => "Note",
                        Ask::Owner => "Owner",
                        Ask::File => "Write to",
                    },
                    typed(input),
                ),
                _ => return,
            };
            let inner = middle(canvas, area, 70, 3, title);
            let line = canvas.span(body, Role::Text);
            canvas.line(inner, 0, &Line::from(line));
        }
    }
}
