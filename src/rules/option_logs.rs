//! Logs that options of a runtime or variables of a service script send to a file: the JVM's garbage collection and error
//! logs, and the output of OpenRC services.

use super::Kind;
use super::sites::Hit;
use crate::facts::{Name, SourceFile, Span};

/// Options of the JVM that name a file, and what stands between them and the name.
const OPTIONS: [&str; 4] = ["-Xlog:", "-Xloggc:", "-XX:ErrorFile=", "-XX:LogFile="];

/// Adds the log files that options in settings, scripts and container files name.
pub fn hits(file: &SourceFile, text: &str, hits: &mut Vec<Hit>) {
    if file.is_code || !(text.contains("-X") || text.contains("openrc-run")) {
        return;
    }
    let openrc = text.starts_with("#!") && text.lines().next().is_some_and(|line| line.contains("openrc-run"));
    let mut start = 0usize;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let content = line.trim();
        let comment = content.starts_with(['#', ';']) || content.starts_with("//") || content.starts_with("<!--");
        if !comment {
            let named = option(content).or_else(|| service_log(content).filter(|_| openrc));
            if let Some(name) = named {
                let at = start + line.find(name).unwrap_or(0);
                hits.push(hit(span(at, name.len(), number, start), name));
            }
        }
        start += line.len();
    }
}

/// The file that an option of the JVM names in this line.
fn option(line: &str) -> Option<&str> {
    OPTIONS.iter().find_map(|option| {
        let at = line.find(option)?;
        // `<code>-XX:ErrorFile=…</code>`: a text that tells people of the option.
        if ["code>", "tt>", "kbd>", "pre>", "`"].iter().any(|mark| line[..at].ends_with(mark)) {
            return None;
        }
        let rest = &line[at + option.len()..];
        let rest = rest.split([' ', '\t', '"', '\'', ',', '\\', ']', '<']).next().unwrap_or_default();
        let rest = if *option == "-Xlog:" { xlog(line, rest)? } else { rest };
        is_file(rest).then_some(rest)
    })
}

/// The output of `-Xlog:what:file=name:decorators`; the list of what is logged may hold commas.
fn xlog<'l>(line: &'l str, first: &'l str) -> Option<&'l str> {
    let from = line.find("-Xlog:")?;
    let argument = line[from..].split([' ', '\t', '"', '\'']).next().unwrap_or(first);
    let output = &argument[argument.find("file=")? + 5..];
    let end =
        output.char_indices().find(|(at, c)| *c == ':' && !is_drive(output, *at)).map_or(output.len(), |(at, _)| at);
    Some(output[..end].trim_end_matches([',', '\\', ']']))
}

fn is_drive(text: &str, colon: usize) -> bool {
    colon == 1 && text[2..].starts_with(['\\', '/'])
}

/// `output_log="/var/log/app.log"` of an OpenRC service.
fn service_log(line: &str) -> Option<&str> {
    let line = line.strip_prefix("export ").unwrap_or(line);
    let value = line.strip_prefix("output_log=").or_else(|| line.strip_prefix("error_log="))?;
    let value = value.trim_matches(['"', '\'']);
    is_file(value).then_some(value)
}

fn is_file(name: &str) -> bool {
    !name.is_empty() && !name.starts_with("/dev/") && !name.starts_with("/proc/self/fd/")
}

fn span(at: usize, length: usize, line: usize, line_start: usize) -> Span {
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    Span {
        start: number(at),
        end: number(at + length),
        line: number(line + 1),
        end_line: number(line + 1),
        column: number(at - line_start + 1),
    }
}

fn hit(span: Span, name: &str) -> Hit {
    Hit { tags: vec![Name::from("config")], ..Hit::of(Kind::LOG_PATH, "log-path/option/file", span, name) }
}

#[cfg(test)]
mod tests {
    use super::option;

    #[test]
    fn options_name_files_and_streams_are_none() {
        for (line, name) in [
            (
                "JAVA_OPTS=\"$JAVA_OPTS -Xlog:gc*,heap*=debug:file=/var/log/a/${ID}-gc.log:time:filecount=10\"",
                "/var/log/a/${ID}-gc.log",
            ),
            ("-Xlog:gc:file=gc.log", "gc.log"),
            ("ENV JAVA_OPTS -Xloggc:/var/log/gc.log -Xmx1g", "/var/log/gc.log"),
            ("java -XX:ErrorFile=/opt/a/hs_err.log -jar a.jar", "/opt/a/hs_err.log"),
        ] {
            assert_eq!(option(line), Some(name), "{line}");
        }
        assert_eq!(option("<argument>-Xloggc:/srv/gc.log</argument>"), Some("/srv/gc.log"));
        for line in [
            "add <code>-XX:ErrorFile=/path/to/hs_err.log</code> to",
            "-Xlog:gc:stdout",
            "-Xlog:gc*",
            "-Xloggc:/dev/stdout",
            "-Xmx1g",
            "-Xlog:disable",
        ] {
            assert_eq!(option(line), None, "{line}");
        }
    }
}
