//! Services, workloads, units and jobs out of the entries of a configuration file: compose, Kubernetes, systemd, supervisord.

mod kubernetes;

use super::shell;
use crate::facts::{Descriptor, Entry, Health, Mount, Name, Script, Service, ServiceKind, Span};

/// What a configuration file describes, if it is one that does. Entries in file order.
pub(super) fn describe(path: &str, text: &str, entries: &[Entry]) -> Option<Descriptor> {
    let name = path.rsplit('/').next().unwrap_or(path);
    if matches!(name, "kustomization.yaml" | "kustomization.yml" | "Kustomization") {
        return Some(kubernetes::kustomization(entries));
    }
    let services = if name.ends_with(".service") {
        systemd(name, entries)
    } else if entries.iter().any(|entry| entry.key.starts_with("program:")) {
        supervised(entries)
    } else if text.contains("apiVersion:") && text.contains("kind:") {
        kubernetes::workloads(text, entries)
    } else if name.contains("compose")
        || name.contains("docker")
        || name.contains("stack")
        || name.contains("podman")
        || is_included(entries)
    {
        compose(name, text, entries)
    } else {
        Vec::new()
    };
    (!services.is_empty()).then_some(Descriptor::Services(services))
}

/// True for a file of services whose name does not say so: a part that a compose file includes or extends.
fn is_included(entries: &[Entry]) -> bool {
    let of_service = |entry: &Entry| {
        let field = entry.key.strip_prefix("services.").and_then(|rest| rest.split_once('.'));
        field.is_some_and(|(_, field)| matches!(field, "image" | "build" | "build.context"))
    };
    // Containers of Symfony have `services` too, with classes and arguments.
    entries.iter().any(of_service) && !entries.iter().any(|entry| entry.key.ends_with(".class"))
}

/// A service of which nothing is known but its name.
fn service(name: &str, kind: ServiceKind, span: Span) -> Service {
    Service {
        name: Name::from(name),
        kind,
        image: None,
        built: false,
        context: Name::default(),
        dockerfile: Name::default(),
        ports: Vec::new(),
        mounts: Vec::new(),
        environment: Vec::new(),
        command: Script::default(),
        user: None,
        non_root: None,
        init: false,
        health: Health::Unsaid,
        logging: None,
        extends: None,
        partial: false,
        span,
    }
}

/// A command line, or its words, as commands.
fn command(parts: &[(Name, Span)], is_list: bool) -> Script {
    let Some((first, span)) = parts.first() else { return Script::default() };
    if is_list {
        return shell::words(parts.iter().map(|(word, _)| word.clone()).collect(), *span);
    }
    // One line: compose splits it into words and starts it without a shell.
    let (script, _) = shell::script(first, &|_, _| *span);
    script
}

/// The services of a compose file. Version 1 has them at the top.
fn compose(name: &str, text: &str, entries: &[Entry]) -> Vec<Service> {
    let nested = entries.iter().any(|entry| entry.key.starts_with("services."));
    let is_service = |entry: &Entry| entry.key.ends_with(".image") || entry.key.ends_with(".build");
    let first_version = name.contains("compose") && entries.iter().any(is_service);
    if !nested && !first_version {
        return Vec::new();
    }
    let mut found: Vec<Service> = Vec::new();
    let mut lines: Vec<(Vec<(Name, Span)>, bool)> = Vec::new();
    let mut bases: Vec<(usize, String)> = Vec::new();
    for entry in entries {
        let rest = if nested { entry.key.strip_prefix("services.") } else { Some(entry.key.as_str()) };
        let Some((id, field)) = rest.and_then(|rest| rest.split_once('.')) else { continue };
        if id.starts_with("x-") {
            continue;
        }
        let at = match found.iter().position(|service| service.name == id) {
            Some(at) => at,
            None => {
                found.push(service(id, ServiceKind::Compose, Span { end_line: entry.span.line, ..entry.span }));
                lines.push((Vec::new(), false));
                found.len() - 1
            }
        };
        match field {
            "extends" | "extends.service" => bases.push((at, entry.value.to_string())),
            "extends.file" => found[at].extends = Some((entry.value.clone(), Name::default())),
            _ => {}
        }
        if field == "command"
            || field == "entrypoint"
            || field.starts_with("command.")
            || field.starts_with("entrypoint.")
        {
            lines[at].1 |= field.contains('.');
            lines[at].0.push((entry.value.clone(), entry.span));
        }
        compose_field(&mut found[at], field, entry);
    }
    for (service, (parts, is_list)) in found.iter_mut().zip(&lines) {
        service.command = command(parts, *is_list);
    }
    for service in &mut found {
        name_line(service, text, nested);
    }
    // What a service extends in the same file is its own where it says nothing else.
    for (at, base) in bases {
        if let Some((_, of)) = found.get_mut(at).and_then(|service| service.extends.as_mut()) {
            *of = Name::from(base);
            continue;
        }
        let Some(from) = found.iter().find(|service| service.name == base).cloned() else { continue };
        let Some(service) = found.get_mut(at) else { continue };
        service.image = service.image.take().or(from.image);
        service.built |= from.built;
        service.init |= from.init;
        service.logging = service.logging.take().or(from.logging);
        service.user = service.user.take().or(from.user);
        if service.health == Health::Unsaid {
            service.health = from.health;
        }
    }
    found
}

/// Puts a service's place on the line of its name.
fn name_line(service: &mut Service, text: &str, nested: bool) {
    let mut at = 0;
    let mut inside = !nested;
    for (number, line) in (1_u32..).zip(text.split_inclusive('\n')) {
        let content = line.trim_start();
        let indent = line.len() - content.len();
        if indent == 0 && nested && !content.trim().is_empty() && !content.starts_with('#') {
            inside = content.starts_with("services:");
        }
        let bare = content.trim_start_matches(['"', '\'']);
        let named = bare
            .strip_prefix(service.name.as_str())
            .is_some_and(|rest| rest.trim_start_matches(['"', '\'']).starts_with(':'));
        if inside && named && (indent > 0) == nested {
            let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            let (start, end) = (at + indent, at + line.trim_end().len());
            service.span = Span {
                start: small(start),
                end: small(end),
                line: number,
                end_line: number,
                column: small(indent + 1),
            };
            return;
        }
        at += line.len();
    }
}

fn compose_field(service: &mut Service, field: &str, entry: &Entry) {
    let value = entry.value.as_str();
    let (head, tail) = field.split_once('.').unwrap_or((field, ""));
    match head {
        "image" => service.image = Some((entry.value.clone(), entry.span)),
        "build" => {
            service.built = true;
            match tail {
                "" | "context" => service.context = entry.value.clone(),
                "dockerfile" => service.dockerfile = entry.value.clone(),
                _ => {}
            }
        }
        "ports" => {
            let last = tail.rsplit('.').next().unwrap_or("");
            if last == "target" || !tail.contains('.') {
                service.ports.extend(port(value).map(|port| (port, entry.span)));
            }
        }
        "expose" => service.ports.extend(port(value).map(|port| (port, entry.span))),
        "volumes" => volume(service, tail, entry),
        "environment" => {
            let (name, value) = if tail.bytes().all(|byte| byte.is_ascii_digit()) {
                value.split_once('=').unwrap_or((value, ""))
            } else {
                (tail, value)
            };
            service.environment.push((Name::from(name), Name::from(value), entry.span));
        }
        "user" => service.user = Some((entry.value.clone(), entry.span)),
        "init" => service.init = value == "true" || value == "yes",
        "healthcheck" => {
            let off = tail == "disable" && value == "true" || tail.starts_with("test") && value == "NONE";
            service.health = if off { Health::Off } else { Health::Checked };
        }
        "logging" if tail == "driver" => service.logging = Some((entry.value.clone(), entry.span)),
        "log_driver" => service.logging = Some((entry.value.clone(), entry.span)),
        _ => {}
    }
}

/// `./a:/b:ro`, `data:/b`, `/b`, or `type`, `source` and `target` each on its line.
fn volume(service: &mut Service, tail: &str, entry: &Entry) {
    let value = entry.value.as_str();
    if let Some((_, part)) = tail.split_once('.') {
        match part {
            "type" => service.mounts.push(Mount { host: value == "bind", span: entry.span, ..Mount::default() }),
            "source" | "src" => {
                let is_new = service.mounts.last().is_none_or(|mount| !mount.source.is_empty());
                if is_new {
                    service.mounts.push(Mount { host: is_host_path(value), span: entry.span, ..Mount::default() });
                }
                if let Some(mount) = service.mounts.last_mut() {
                    mount.source = entry.value.clone();
                    mount.span = Span { end_line: entry.span.end_line, end: entry.span.end, ..mount.span };
                }
            }
            "target" | "dst" | "destination" => {
                if let Some(mount) = service.mounts.last_mut() {
                    mount.target = entry.value.clone();
                }
            }
            _ => {}
        }
        return;
    }
    let (source, target) = split_volume(value);
    service.mounts.push(Mount {
        source: Name::from(source),
        target: Name::from(target),
        host: is_host_path(source),
        span: entry.span,
    });
}

/// Source and target of a short mount; a colon inside `${A:-b}` and behind a drive letter parts nothing.
fn split_volume(value: &str) -> (&str, &str) {
    let mut depth = 0;
    let mut cuts = Vec::new();
    for (at, c) in value.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ':' if depth == 0
                && !(at == 1
                    && value[2..].starts_with(['\\', '/'])
                    && value.starts_with(|c: char| c.is_ascii_alphabetic())) =>
            {
                cuts.push(at);
            }
            _ => {}
        }
    }
    match cuts.as_slice() {
        [] => ("", value),
        [first] => (&value[..*first], &value[first + 1..]),
        [first, second, ..] => (&value[..*first], &value[first + 1..*second]),
    }
}

fn is_host_path(source: &str) -> bool {
    let drive = source.get(1..3).is_some_and(|rest| rest == ":\\" || rest == ":/");
    source.starts_with(['.', '/', '~'])
        || source.starts_with("${PWD}")
        || source.starts_with("$PWD")
        || source.starts_with("$HOME")
        || drive
}

/// The port inside the container: `127.0.0.1:8080:80/tcp`, `8080:80`, `80`, the first of a range.
fn port(value: &str) -> Option<u16> {
    let value = value.split('/').next().unwrap_or(value);
    let inner = value.rsplit(':').next().unwrap_or(value);
    let inner = inner.trim_end_matches('}').trim_start_matches('-');
    inner.split('-').next().unwrap_or(inner).trim().parse().ok()
}

/// A systemd unit.
fn systemd(name: &str, entries: &[Entry]) -> Vec<Service> {
    let Some(start) = entries.iter().find(|entry| entry.key.ends_with("ExecStart")) else { return Vec::new() };
    let mut unit = service(name.trim_end_matches(".service"), ServiceKind::Systemd, start.span);
    let (script, _) = shell::script(start.value.trim_start_matches(['-', '@', '+', '!', ':']), &|_, _| start.span);
    unit.command = script;
    for entry in entries {
        match entry.key.rsplit('.').next().unwrap_or("") {
            "User" => unit.user = Some((entry.value.clone(), entry.span)),
            "Environment" => {
                let (name, value) = entry.value.trim_matches('"').split_once('=').unwrap_or((&entry.value, ""));
                unit.environment.push((Name::from(name), Name::from(value), entry.span));
            }
            _ => {}
        }
    }
    vec![unit]
}

/// The programs of supervisord.
fn supervised(entries: &[Entry]) -> Vec<Service> {
    let mut found: Vec<Service> = Vec::new();
    for entry in entries {
        let Some((id, field)) = entry.key.strip_prefix("program:").and_then(|rest| rest.rsplit_once('.')) else {
            continue;
        };
        if found.last().is_none_or(|service| service.name != id) {
            found.push(service(id, ServiceKind::Managed, Span { end_line: entry.span.line, ..entry.span }));
        }
        let Some(service) = found.last_mut() else { continue };
        match field {
            "command" => {
                service.command = shell::script(&entry.value, &|_, _| entry.span).0;
                service.span = entry.span;
            }
            "user" => service.user = Some((entry.value.clone(), entry.span)),
            _ => {}
        }
    }
    found
}

/// The processes of a Procfile: `web: command`.
pub(super) fn procfile(text: &str, span: &dyn Fn(usize, usize) -> Span) -> Vec<Service> {
    let mut found = Vec::new();
    for (start, line) in lines(text) {
        let Some((name, line_command)) = line.split_once(':') else { continue };
        let valid = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if name.is_empty() || !name.chars().all(valid) || line_command.trim().is_empty() {
            continue;
        }
        let place = span(start, start + line.len());
        let mut process = service(name, ServiceKind::Managed, place);
        process.command = shell::script(line_command.trim(), &|_, _| place).0;
        found.push(process);
    }
    found
}

/// The jobs of a crontab: schedule, command, place. System crontabs name a user between the two.
pub(super) fn crontab(path: &str, text: &str, span: &dyn Fn(usize, usize) -> Span) -> Vec<(Name, Name, Span)> {
    let with_user = path.contains("cron.d/") || path.contains("etc/crontab");
    let mut found = Vec::new();
    for (start, line) in lines(text) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let fields: Vec<&str> = trimmed.split_whitespace().collect();
        let times = if trimmed.starts_with('@') { 1 } else { 5 };
        let time = |field: &&str| {
            field.starts_with('@') || field.starts_with(|c: char| c.is_ascii_digit() || c == '*') || field.len() == 3
        };
        if fields.len() <= times || !fields[..times].iter().all(time) {
            continue;
        }
        let known_user = with_user || matches!(fields[times], "root" | "www-data" | "nobody" | "app");
        let skip = times + usize::from(known_user && fields.len() > times + 1);
        let schedule = fields[..times].join(" ");
        found.push((Name::from(schedule), Name::from(fields[skip..].join(" ")), span(start, start + line.len())));
    }
    found
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim_end())
    })
}

#[cfg(test)]
mod tests {
    use crate::facts::{Descriptor, Health, KeepAll, Language, Service};
    use crate::syntax::extract;

    fn services(language: &'static str, path: &str, text: &str) -> Vec<Service> {
        match extract(Language(language), path, text, &KeepAll).descriptor.map(|descriptor| *descriptor) {
            Some(Descriptor::Services(services)) => services,
            _ => Vec::new(),
        }
    }

    #[test]
    fn compose_short_and_long_forms() {
        let text = "version: '3'\nx-base: &base\n  init: true\n  logging:\n    driver: fluentd\nservices:\n  web:\n    <<: *base\n    build:\n      context: ./web\n    ports:\n      - '127.0.0.1:8080:80/tcp'\n      - target: 443\n        published: 8443\n    volumes:\n      - ./conf:/etc/app:ro\n      - type: bind\n        source: /srv\n        target: /data\n      - data:/var/lib\n    environment:\n      - A=b\n    command: ['sh', '-c', 'exec app']\n    healthcheck:\n      test: ['CMD', 'x']\n  db:\n    image: mysql:5.7\n    environment:\n      MYSQL_DATABASE: shop\n    user: '0'\n";
        let found = services("yaml", "docker-compose.yml", text);
        let web = &found[0];
        assert_eq!((web.name.as_str(), web.built, web.context.as_str(), web.init), ("web", true, "./web", true));
        assert_eq!(web.logging.as_ref().map(|(driver, span)| (driver.as_str(), span.line)), Some(("fluentd", 5)));
        assert_eq!(web.ports.iter().map(|(port, _)| *port).collect::<Vec<_>>(), [80, 443]);
        let mounts: Vec<_> =
            web.mounts.iter().map(|m| (m.source.as_str(), m.target.as_str(), m.host, m.span.line)).collect();
        assert_eq!(
            mounts,
            [("./conf", "/etc/app", true, 16), ("/srv", "/data", true, 17), ("data", "/var/lib", false, 20)]
        );
        assert!(web.health == Health::Checked && web.command.commands[1].exec);
        assert_eq!(found[1].environment[0].0, "MYSQL_DATABASE");
        assert_eq!(found[1].user.as_ref().map(|(user, _)| user.as_str()), Some("0"));
    }

    #[test]
    fn compose_version_1_and_extends() {
        let found =
            services("yaml", "docker-compose.yml", "web:\n  extends: base\n  command: nginx\nbase:\n  image: nginx\n");
        assert_eq!(found[0].image.as_ref().map(|(image, _)| image.as_str()), Some("nginx"));
    }

    #[test]
    fn workloads_with_templates_and_several_documents() {
        let text = "apiVersion: v1\nkind: Service\nspec:\n  ports:\n    - port: 80\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Values.name }}\nspec:\n  template:\n    spec:\n      {{- with .Values.x }}\n      securityContext:\n        runAsNonRoot: true\n      {{- end }}\n      containers:\n        - name: web\n          image: shop:1\n          ports:\n            - containerPort: 8080\n          livenessProbe:\n            httpGet: {path: /h, port: 8080}\n          volumeMounts:\n            - name: data\n              mountPath: /data\n      volumes:\n        - name: data\n          hostPath:\n            path: /srv/data\n";
        let found = services("yaml", "chart/templates/d.yaml", text);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].name.as_str(), found[0].non_root, found[0].health), ("web", Some(true), Health::Checked));
        assert_eq!(found[0].ports[0].0, 8080);
        let mount = &found[0].mounts[0];
        assert_eq!(
            (mount.source.as_str(), mount.target.as_str(), mount.host, mount.span.line),
            ("/srv/data", "/data", true, 31)
        );
    }

    #[test]
    fn units_programs_processes_and_jobs() {
        let unit =
            services("ini", "deploy/shop.service", "[Service]\nUser=root\nExecStart=/usr/bin/java -jar shop.jar\n");
        assert_eq!((unit[0].name.as_str(), unit[0].command.commands[0].program()), ("shop", "java"));
        let programs = services(
            "ini",
            "supervisord.conf",
            "[supervisord]\nnodaemon=true\n[program:web]\ncommand=nginx\n[program:job]\ncommand=php j.php\n",
        );
        assert_eq!(
            programs.iter().map(|p| (p.name.as_str(), p.span.line)).collect::<Vec<_>>(),
            [("web", 4), ("job", 6)]
        );
        let processes = services("shell", "Procfile", "web: bundle exec puma\n# c\nworker: sidekiq\n");
        assert_eq!(processes.len(), 2);
        let jobs = extract(
            Language("shell"),
            "etc/crontab",
            "MAILTO=x\n5 4 * * sun root /usr/bin/backup now\n@daily php x\n",
            &KeepAll,
        );
        let Some(Descriptor::Jobs(jobs)) = jobs.descriptor.map(|descriptor| *descriptor) else { panic!() };
        assert_eq!((jobs[0].0.as_str(), jobs[0].1.as_str(), jobs[0].2.line), ("5 4 * * sun", "/usr/bin/backup now", 2));
        assert_eq!(jobs[1].0, "@daily");
    }
}
