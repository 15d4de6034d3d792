//! One frame from the state; changes nothing.

mod over;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::app::{App, FORMATS, Tab};
use super::screens::{Data, Item, Paragraph, coupling, findings, overview, plan, split};
use super::theme::{Role, Theme};
use super::widgets::canvas::{Canvas, Listed, Shown, columns, rows};
use crate::text;

/// Smallest window.
const LEAST: (u16, u16) = (40, 10);

/// Draws everything; gives back what stands where.
pub fn draw(app: &App, theme: &Theme, buffer: &mut Buffer) -> Shown {
    let area = buffer.area;
    let focus = app.focus[app.tab];
    let now = Shown { tab: Some(app.current()), ..Shown::default() };
    let mut canvas = Canvas { buffer, theme, focus, now };
    if area.width < LEAST.0 || area.height < LEAST.1 {
        let sentence = format!(
            "breakbulk needs {}x{} or more (now {}x{}). Make the window larger, or use: breakbulk scan --plain",
            LEAST.0, LEAST.1, area.width, area.height
        );
        for (row, part) in text::wrap(&sentence, usize::from(area.width).max(1)).into_iter().enumerate() {
            canvas.line(area, u16::try_from(row).unwrap_or(u16::MAX), &Line::from(part));
        }
        return canvas.now;
    }
    let spoken = app.tour.as_ref().map_or(0, |_| (area.height * 2 / 5).min(12));
    let parts = rows(area, &[1, area.height - 2 - spoken]);
    let (above, last) = (parts[1], Rect { y: area.bottom() - 1, height: 1, ..area });
    header(app, &mut canvas, parts[0]);
    body(app, &mut canvas, above);
    if spoken > 0 {
        over::tour(app, &mut canvas, Rect { y: above.bottom(), height: spoken, ..area });
    }
    over::footer(app, &mut canvas, last);
    over::overlay(app, &mut canvas, area);
    canvas.now
}

/// How far the scan is, longest text first.
fn progress(app: &App) -> Vec<String> {
    let Some(p) = &app.running else {
        return vec![match (app.data.analysis.complete, app.took) {
            (true, Some(took)) => format!("done {:.1} s ", took.as_secs_f32()),
            (true, None) => "done ".to_owned(),
            (false, _) => "stopped, so far ".to_owned(),
        }];
    };
    let spin = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧"][(p.elapsed.as_millis() / 100 % 8) as usize];
    let phase = p.phase.as_str();
    if p.total == 0 {
        return vec![format!("{spin} {phase} … · esc stops ")];
    }
    let seconds = p.elapsed.as_secs_f32();
    #[allow(clippy::cast_precision_loss)] // a rate for people
    let rate = if seconds > 0.2 { p.done as f32 / seconds } else { 0.0 };
    vec![
        format!("{spin} {phase} {}/{} files · {rate:.0}/s · {seconds:.0} s · esc stops ", p.done, p.total),
        format!("{spin} {phase} {}/{} · esc stops ", p.done, p.total),
        format!("{spin} {}/{} ", p.done, p.total),
    ]
}

fn header(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    // Names in full, cut, or only that of the screen shown: whatever has room.
    let tabs = |size: usize| -> Vec<String> {
        Tab::ALL
            .iter()
            .enumerate()
            .map(|(index, tab)| {
                let name = match size {
                    0 => app.word(tab.name()),
                    1 => app.word(&tab.name()[..4]),
                    _ if index == app.tab => tab.name().to_owned(),
                    _ => return format!(" {}", index + 1),
                };
                if index == app.tab { format!("[{} {name}]", index + 1) } else { format!(" {} {name} ", index + 1) }
            })
            .collect()
    };
    let cells = |labels: &[String]| labels.iter().map(|label| text::width(label)).sum::<usize>();
    let states = progress(app);
    let least = states.last().map_or(0, |state| text::width(state)).min(14);
    let fits = |size: &usize| cells(&tabs(*size)) + least <= usize::from(area.width);
    let labels = tabs((0..2).find(fits).unwrap_or(2));
    let mut x = area.x;
    for (index, label) in labels.iter().enumerate() {
        let width = u16::try_from(text::width(label)).unwrap_or(0).min(area.right().saturating_sub(x));
        let role = if index == app.tab { Role::Focus } else { Role::Text };
        canvas.buffer.set_stringn(x, area.y, label, usize::from(width), canvas.theme.get(role));
        canvas.now.tabs.push((Rect { x, width, ..area }, Tab::ALL[index]));
        x += width;
    }
    let room = usize::from(area.right().saturating_sub(x));
    let state = states.iter().find(|state| text::width(state) <= room).cloned().unwrap_or_default();
    let right = area.right().saturating_sub(u16::try_from(text::width(&state)).unwrap_or(0));
    canvas.buffer.set_string(right, area.y, &state, canvas.theme.get(Role::Dim));
    if right > x + 2 {
        let name = text::sanitize(&app.data.analysis.name).into_owned();
        let room = usize::from(right - x).saturating_sub(2);
        canvas.buffer.set_stringn(x + 1, area.y, text::cut(&name, room), room, canvas.theme.get(Role::Title));
    }
}

fn body(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    match (app.zoom, app.focus[app.tab]) {
        (true, 0) => draw_list(app, canvas, area),
        (true, _) => draw_detail(app, canvas, area, false),
        _ if area.width >= 100 && app.current() == Tab::Coupling && area.height >= 28 => {
            let parts = rows(area, &[area.height - 11]);
            let (left, right) = columns(parts[0], area.width.saturating_sub(46));
            draw_list(app, canvas, left);
            if let Some(item) = app.item() {
                let title = format!("{}: neighbours", module_title(&app.data, item));
                let inner = canvas.frame(2, right, &title, "");
                let paragraphs = coupling::ego(&app.data, item, usize::from(inner.width));
                canvas.paragraphs(2, inner, &paragraphs, 0);
            } else {
                canvas.frame(2, right, "", "");
            }
            draw_detail(app, canvas, parts[1], false);
        }
        _ if area.width >= 100 => {
            let share = match app.current() {
                Tab::Report => 40,
                Tab::Split => area.width.div_ceil(2),
                Tab::Coupling | Tab::Overview | Tab::Plan => area.width * 3 / 5,
                // The line number of a finding must be seen.
                Tab::Findings => (area.width * 11 / 20).max(58),
            };
            let (left, right) = columns(area, share);
            draw_list(app, canvas, left);
            draw_detail(app, canvas, right, true);
        }
        _ => {
            let share = if app.current() == Tab::Overview { area.height * 3 / 5 } else { area.height.div_ceil(2) };
            let parts = rows(area, &[share]);
            draw_list(app, canvas, parts[0]);
            draw_detail(app, canvas, parts[1], false);
        }
    }
}

fn title(app: &App) -> String {
    let (shown, total) = app.counts[app.tab];
    let a = &app.data.analysis;
    let mut title = match app.current() {
        Tab::Overview => {
            let (total, unknown) = (a.scorecard.readiness.total, a.scorecard.readiness.unknown);
            total.map_or("Scorecard".to_owned(), |total| {
                format!("Scorecard   readiness at most {total:.0} / 100, {unknown:.0} unknown")
            })
        }
        Tab::Findings => format!("Findings {total}   by {}", findings::GROUPS[app.data.group]),
        Tab::Coupling => {
            let order = super::screens::matrix::ORDERS[app.data.order[2]];
            format!("Matrix   row uses column   {}   order: {order}", app.data.edges.words().0)
        }
        Tab::Split if app.data.trial.is_some() => {
            let (name, state) = over::trial(app);
            format!("WHAT-IF {name}   {state}")
        }
        Tab::Split => {
            let parts = a.candidates.iter().filter(|c| c.id != crate::split::SHARED).count();
            format!("Split candidates {parts}   {}", split::ORDERS[app.data.order[3]])
        }
        Tab::Plan => {
            let progress = plan::progress(app.plan().items());
            let left = if progress.left.is_empty() { String::new() } else { format!("   left {}", progress.left) };
            let left = format!("{}{left}", progress.seen());
            let unsaved = if app.unsaved > 0 { format!("   {} unsaved", app.unsaved) } else { String::new() };
            format!("Plan   {} of {} done{left}{unsaved}", progress.done, progress.all)
        }
        Tab::Report => "Export".to_owned(),
    };
    if app.data.trial.as_ref().is_some_and(|trial| trial.original.is_some()) && app.current() != Tab::Split {
        title = format!("WHAT-IF {}   {title}", over::trial(app).0);
    }
    if !app.filters[app.tab].is_empty() {
        let head = if app.current() == Tab::Findings { "Findings" } else { title.as_str() };
        title = format!("{head}   filter: {} ({shown} of {total})", app.filters[app.tab]);
    }
    if app.running.is_some() || !a.complete {
        title.push_str("   so far");
    }
    title
}

fn draw_list(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let list = &app.lists[app.tab];
    let count = list.rows().len();
    let footer = if count == 0 { String::new() } else { format!("{} of {count}", list.index() + 1) };
    let mut inner = canvas.frame(0, area, &app.word(&title(app)), &footer);
    let coupling = app.current() == Tab::Coupling && count > 0;
    let fit = usize::from(inner.width).saturating_sub(coupling::HEAD) / coupling::COLUMN;
    let matrix = &app.data.matrix;
    // The cursor's column is in sight, and a few of its neighbours.
    let first = (app.column + 1 + (fit / 3).min(3)).saturating_sub(fit).min(matrix.nodes.len().saturating_sub(fit));
    if coupling {
        let mut head = vec![canvas.span(" ".repeat(coupling::HEAD), Role::Dim)];
        for at in first..matrix.nodes.len().min(first + fit) {
            let role = if at == app.column { Role::Focus } else { Role::Dim };
            head.push(canvas.span(text::pad_start(&format!("{} ", at + 1), coupling::COLUMN), role));
        }
        canvas.line(inner, 0, &Line::from(head));
        let parts = rows(inner, &[1, inner.height.saturating_sub(2)]);
        let row = app.item().and_then(|item| matrix.position(&item.key)).unwrap_or(0);
        let cursor = coupling::cell_text(&app.data, row, app.column);
        canvas.line(parts[2], 0, &Line::from(canvas.span(text::cut(&cursor, usize::from(inner.width)), Role::Accent)));
        inner = parts[1];
    }
    if count == 0 {
        let words = if app.running.is_some() {
            "scanning…"
        } else if app.filters[app.tab].is_empty() {
            "nothing here"
        } else {
            "nothing answers the filter (esc clears it)"
        };
        canvas.line(inner, 0, &Line::from(canvas.span(app.word(words), Role::Dim)));
    }
    let listed = Listed { total: count, selected: list.index(), top: app.tops[app.tab], loose: app.loose };
    let selected = app.item().and_then(|item| matrix.position(&item.key)).unwrap_or(usize::MAX);
    canvas.list(0, inner, listed, |canvas, index, width| {
        let item = &list.rows()[index];
        let mut spans = Vec::new();
        let mut room = width;
        let mut put = |text: &str, role: Role| {
            let span = canvas.span(text::cut(&text::sanitize(text), room), role);
            room = room.saturating_sub(text::width(&span.content));
            spans.push(span);
        };
        item.spans(&app.data, width).iter().for_each(|(text, role)| put(text, *role));
        if let super::screens::Text::Node(node) = item.text {
            let cells = coupling::cells(matrix, node as usize, first, fit, (selected, app.column));
            cells.iter().for_each(|(text, role)| put(text, *role));
        }
        Line::from(spans)
    });
}

fn draw_detail(app: &App, canvas: &mut Canvas<'_>, area: Rect, wide: bool) {
    let Some(item) = app.item() else {
        if app.current() == Tab::Overview {
            canvas.frame(1, area, "What was scanned", "");
        } else {
            canvas.frame(1, area, "", "");
        }
        return;
    };
    match app.current() {
        Tab::Overview if wide && area.height >= 30 => {
            let parts = rows(area, &[8, area.height - 23]);
            side(canvas, 2, parts[0], "Start small: the first container", &overview::start(&app.data));
            side(canvas, 3, parts[2], "What was scanned", &overview::scanned(&app.data));
            draw_text(app, canvas, parts[1], "Why");
        }
        Tab::Overview => {
            let start = overview::start(&app.data);
            let first = start.first().map_or("not known yet", |paragraph| paragraph.text.as_str());
            draw_text(app, canvas, area, &format!("Start small: {first}"));
        }
        Tab::Findings if !app.walks() => draw_preview(app, canvas, area, item),
        Tab::Findings => draw_text(app, canvas, area, "Group"),
        Tab::Coupling => draw_text(app, canvas, area, "Lines behind the cell"),
        Tab::Split if app.data.trial.is_some() => draw_text(app, canvas, area, "Before and after"),
        Tab::Split => draw_text(app, canvas, area, "Border and score"),
        Tab::Plan => draw_text(app, canvas, area, "Step"),
        Tab::Report => draw_report(app, canvas, area),
    }
}

/// The source with the finding marked, and below it why and what to do.
fn draw_preview(app: &App, canvas: &mut Canvas<'_>, area: Rect, item: &Item) {
    let title = item.place.map_or_else(String::new, |(file, line, _)| app.data.at(file, line));
    let title = text::sanitize(&title).into_owned();
    let title = text::cut_start(&title, usize::from(area.width.saturating_sub(7))).into_owned();
    let inner = canvas.frame(1, area, &title, "");
    let paragraphs = app.detail();
    let width = usize::from(inner.width);
    let lines: Vec<Line<'static>> = paragraphs.iter().flat_map(|p| canvas.paragraph(p, width)).collect();
    let below = u16::try_from(lines.len() + 1).unwrap_or(u16::MAX).min(inner.height / 2);
    let parts = rows(inner, &[inner.height - below]);
    if below > 1 {
        canvas.line(parts[1], 0, &Line::from(canvas.span("─".repeat(width), Role::Dim)));
    }
    for (row, line) in lines.iter().take(usize::from(below.saturating_sub(1))).enumerate() {
        canvas.line(parts[1], u16::try_from(row + 1).unwrap_or(u16::MAX), line);
    }
    let source = app.source.lines(canvas);
    let start = app.source.marked().saturating_sub(usize::from(parts[0].height) / 3);
    let scroll = if app.focus[app.tab] == 1 && app.scroll > 0 { app.scroll } else { start };
    canvas.text(1, parts[0], &source, scroll);
}

/// Short name of what a row of the matrix stands for, with its path where that says more.
fn module_title(data: &Data, item: &Item) -> String {
    let Some(node) = data.matrix.position(&item.key).map(|at| &data.matrix.nodes[at]) else { return String::new() };
    node.name.trim_end_matches('/').to_owned()
}

fn draw_text(app: &App, canvas: &mut Canvas<'_>, area: Rect, title: &str) {
    let inner = canvas.frame(1, area, &app.word(title), "");
    canvas.paragraphs(1, inner, &app.detail(), app.cursor);
}

/// A pane that is only looked at: without the column for labels where nothing has one.
fn side(canvas: &mut Canvas<'_>, pane: usize, area: Rect, title: &str, paragraphs: &[Paragraph]) {
    let inner = canvas.frame(pane, area, title, "");
    for (row, Paragraph { label, text, role, .. }) in paragraphs.iter().enumerate() {
        let text = if label.is_empty() { text.clone() } else { format!("{label} {text}") };
        let span = canvas.span(text::cut(&text, usize::from(inner.width)), *role);
        canvas.line(inner, u16::try_from(row).unwrap_or(u16::MAX), &Line::from(span));
    }
}

fn draw_report(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let parts = rows(area, &[area.height.saturating_sub(4)]);
    let body = app.written();
    let total = body.lines().count();
    let inner = canvas.frame(1, parts[0], &format!("Preview   {}   {total} lines", FORMATS[app.format].0), "");
    let top = app.scroll.min(total.saturating_sub(usize::from(inner.height)));
    for (row, line) in body.lines().skip(top).take(usize::from(inner.height)).enumerate() {
        let role = if app.format == 0 && line.starts_with('#') { Role::Title } else { Role::Text };
        let span = canvas.span(line, role);
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
