//! B6, B7, B8, C3 and C4: what a container starts with, what that does, and what runs beside the application.

use super::Repository;
use super::descriptors::{base_name, shown, start_scripts};
use super::knowledge::{Manager, has, installs, lists, manager};
use crate::facts::{Command, FileId, Image, Instruction, Keyword, Name, Script, ServiceKind};
use crate::rules::{Confidence, Finding, Severity};

/// Commands of a start script that are many.
const MANY: usize = 30;

/// The findings about start scripts and start commands.
#[must_use]
pub fn check(repository: &Repository) -> Vec<Finding> {
    let mut found = Vec::new();
    for (file, image) in repository.images() {
        image_start(repository, file, image, &mut found);
        agents(repository, file, image, &mut found);
    }
    for (file, service) in repository.services() {
        if service.kind != ServiceKind::Systemd {
            start(repository, file, &service.command, Place::Command, &mut found);
        }
    }
    for start_script in start_scripts(repository) {
        let place = Place::Script { named: start_script.named };
        start(repository, start_script.file, start_script.script, place, &mut found);
    }
    for (file, script) in repository.scripts() {
        engine_commands(repository, file, script, &mut found);
    }
    found
}

/// Where start commands stand.
#[derive(Clone, Copy)]
enum Place {
    /// In `CMD`, `ENTRYPOINT` or the description of a service; the commands of that entry.
    Command,
    /// In a script of its own.
    Script { named: bool },
}

/// What `CMD` and `ENTRYPOINT` of the finished image say. A later one replaces an earlier one, as the engines have it.
fn image_start(repository: &Repository, file: FileId, image: &Image, found: &mut Vec<Finding>) {
    let last = |keyword| image.effective(keyword).pop();
    let init_first =
        |instruction: &Instruction| instruction.script.commands.first().is_some_and(|command| is_init(&command.words));
    let entry = last(Keyword::Entrypoint);
    let behind_init = entry.is_some_and(init_first);
    for instruction in [entry, last(Keyword::Cmd)].into_iter().flatten() {
        let Some(first) = instruction.script.commands.first() else { continue };
        start(repository, file, &instruction.script, Place::Command, found);
        let source = instruction.words.join(" ");
        // The shell of a shell form is PID 1, unless it hands over to one command at its end.
        let shell_form = !instruction.exec_form && !first.exec && !init_first(instruction);
        let wrapped =
            instruction.exec_form && instruction.script.commands.len() > 1 && hands_on(&instruction.script).is_none();
        if (shell_form || wrapped) && !behind_init && !instruction.words.is_empty() {
            let keyword = if instruction.keyword == Keyword::Cmd { "CMD" } else { "ENTRYPOINT" };
            let rule = if shell_form { "shell-form" } else { "shell-without-exec" };
            found.push(repository.note(
                "pid1",
                rule,
                file,
                instruction.span,
                &format!("{keyword} {source}"),
                &format!("{keyword} {source}"),
            ));
        }
    }
}

/// The command that replaces the shell at the end of a script.
fn hands_on(script: &Script) -> Option<&Command> {
    script.commands.iter().find(|command| command.exec)
}

fn is_init(words: &[Name]) -> bool {
    words.iter().take(2).any(|word| has(&lists().inits, base_name(word)) || word == "/init")
}

fn start(repository: &Repository, file: FileId, script: &Script, place: Place, found: &mut Vec<Finding>) {
    let (in_script, sure) = match place {
        Place::Command => (false, true),
        Place::Script { named } => (true, named),
    };
    let mut add = |mut finding: Finding| {
        if !sure {
            finding.confidence = Confidence::Medium;
            finding.doubt = "only the name says that a container starts with it".to_owned();
        }
        found.push(finding);
    };
    let note = |kind: &'static str, rule: &str, command: &Command, subject: &str| {
        repository.note(kind, rule, file, command.span, subject, &shown(command))
    };
    let manages = script.commands.iter().any(|command| has(&lists().managers, command.program()));
    let mut reported = Vec::new();
    for (at, command) in script.commands.iter().enumerate() {
        if command.background
            && !matches!(command.program(), "sleep" | "wait" | "echo" | "true" | "[" | "kill" | "trap")
            && !manages
        {
            // One finding per statement: `(sleep 5; a) &` is one.
            if !reported.contains(&command.statement) {
                reported.push(command.statement);
                add(note("multi-process", "background", command, &format!("{} &", shown(command))));
            }
        } else if let Some(service) = service_start(command) {
            if script.commands.len() > 1 || in_script {
                add(note("multi-process", "service-start", command, &service));
            }
        } else if is_daemon(command) && script.commands.len() > at + 1 && !command.exec {
            add(note("multi-process", "daemon", command, &shown(command)));
        }
        if let Some((kind, rule)) = at_start(command) {
            add(note(kind, rule, command, &shown(command)));
        }
    }
    if in_script {
        let count = script.commands.iter().filter(|command| !is_plumbing(command)).count();
        if count > MANY
            && let Some(first) = script.commands.first()
        {
            let mut finding = note("fat-entrypoint", "many-commands", first, &format!("{count}"));
            finding.severity = Severity::Low;
            add(finding);
        }
        let last = script.commands.iter().rev().find(|command| !command.background && !is_plumbing(command));
        if hands_on(script).is_none()
            && !script.traps
            && let Some(last) = last
        {
            let mut finding = note("pid1", "script-without-exec", last, &shown(last));
            if last.nested {
                finding.confidence = Confidence::Medium;
                finding.doubt = "which command is the last one depends on a condition".to_owned();
            }
            add(finding);
        }
    }
}

/// Commands that are no work of their own.
fn is_plumbing(command: &Command) -> bool {
    matches!(
        command.program(),
        "set"
            | "echo"
            | "printf"
            | "["
            | "test"
            | "true"
            | "false"
            | ":"
            | "exit"
            | "return"
            | "cd"
            | "export"
            | "local"
            | "shift"
            | "trap"
            | "wait"
            | "break"
            | "continue"
            | "unset"
            | "read"
            | "umask"
            | "source"
            | "."
            | "eval"
            | "dirname"
            | "basename"
    )
}

/// `service x start`, `/etc/init.d/x start`, `systemctl start x`, `apachectl start`.
fn service_start(command: &Command) -> Option<String> {
    let args = command.args();
    let starts = |word: &Name| matches!(word.as_str(), "start" | "restart");
    let program = command.words.get(usize::from(command.program_at)).map_or("", Name::as_str);
    match command.program() {
        "service" if args.get(1).is_some_and(starts) => args.first().map(ToString::to_string),
        "rc-service" if args.get(1).is_some_and(starts) => args.first().map(ToString::to_string),
        "systemctl" if args.first().is_some_and(starts) => args.get(1).map(ToString::to_string),
        name if program.starts_with("/etc/init.d/") && args.first().is_some_and(starts) => Some(name.to_owned()),
        _ => None,
    }
}

/// A program that puts itself into the background.
fn is_daemon(command: &Command) -> bool {
    let foreground =
        ["-f", "-D", "-n", "-F", "--foreground", "--nodaemonize", "-DFOREGROUND", "--nodaemon", "start-foreground"];
    match command.program() {
        "cron" | "crond" | "sshd" | "rsyslogd" | "memcached" | "syslogd" => {
            !command.has(&foreground) || command.program() == "crond"
        }
        "php-fpm" => command.has(&["-D", "--daemonize"]),
        "nginx" => !command
            .args()
            .iter()
            .any(|word| word.contains("daemon off") || word == "-t" || word == "-s" || word == "-v"),
        "apachectl" | "apache2ctl" => command.has(&["start"]),
        "redis-server" => command.args().iter().any(|word| word.contains("daemonize")),
        "celery" => command.has(&["--detach", "multi"]),
        "mongod" => command.has(&["--fork"]),
        _ => command.has(&["--daemonize", "--daemon"]) && !command.has(&["--daemon=false"]),
    }
}

/// What belongs into the build and is done at start: kind and rule.
fn at_start(command: &Command) -> Option<(&'static str, &'static str)> {
    if let Some((manager, words)) = manager(command) {
        let verb = words.iter().find(|word| !word.starts_with('-')).copied().unwrap_or("");
        if has(&manager.upgrade, verb) {
            return Some(("mutable-container", "upgrade-at-start"));
        }
        return is_install(manager, &words, command).then_some(("fat-entrypoint", "install"));
    }
    let args = command.args();
    let recursive = || {
        args.iter()
            .any(|word| word == "--recursive" || word.starts_with('-') && !word.starts_with("--") && word.contains('R'))
    };
    match command.program() {
        "git" if command.has(&["pull", "clone", "fetch"]) => Some(("mutable-container", "fetch-at-start")),
        "svn" if command.has(&["update", "up", "checkout", "co"]) => Some(("mutable-container", "fetch-at-start")),
        "wp" if command.has(&["install", "update"]) && command.has(&["plugin", "theme", "core"]) => {
            Some(("mutable-container", "plug-in-at-start"))
        }
        "composer" if command.has(&["install", "update", "require"]) => Some(("fat-entrypoint", "install")),
        "bundle" if command.has(&["install", "update"]) => Some(("fat-entrypoint", "install")),
        "chown" | "chmod" if recursive() => Some(("fat-entrypoint", "change-owner")),
        "sed"
            if args.iter().any(|word| {
                word.starts_with("-i") || word == "--in-place" || word.starts_with("-ri") || word.starts_with("-Ei")
            }) =>
        {
            Some(("fat-entrypoint", "template"))
        }
        "envsubst" | "confd" | "dockerize" | "gomplate" if command.program() != "confd" => {
            Some(("fat-entrypoint", "template"))
        }
        program if has(&lists().compilers, program) => Some(("fat-entrypoint", "compile")),
        "npm" | "yarn" | "pnpm" if command.has(&["build"]) => Some(("fat-entrypoint", "compile")),
        "docker-php-ext-install" | "docker-php-ext-configure" => Some(("fat-entrypoint", "compile")),
        _ if is_migration(command) => Some(("fat-entrypoint", "migrate")),
        "rake" | "rails" if args.iter().any(|word| word.contains("assets:precompile")) => {
            Some(("fat-entrypoint", "compile"))
        }
        _ if args.iter().any(|word| word == "collectstatic" || word == "assets:precompile") => {
            Some(("fat-entrypoint", "compile"))
        }
        _ => None,
    }
}

fn is_install(manager: &Manager, words: &[&str], command: &Command) -> bool {
    let bare_yarn = command.program() == "yarn" && (words.is_empty() || words.first() == Some(&"install"));
    let ci = command.program() == "npm" && words.first() == Some(&"ci");
    bare_yarn
        || ci
        || installs(manager, words)
            .is_some_and(|found| !found.packages.is_empty() || found.from_file || command.program() == "npm")
}

fn is_migration(command: &Command) -> bool {
    let words = command.words.iter().map(Name::as_str);
    let mut named = words.clone().filter(|word| {
        matches!(
            *word,
            "migrate"
                | "db:migrate"
                | "db:setup"
                | "db:prepare"
                | "db:schema:load"
                | "migrations:migrate"
                | "migrate:latest"
                | "db:create"
                | "doctrine:migrations:migrate"
        )
    });
    let tool = matches!(command.program(), "flyway" | "liquibase" | "alembic" | "dbmate" | "goose");
    let acts = command.has(&["migrate", "update", "upgrade", "up"]);
    named.next().is_some() || tool && acts
}

/// Monitoring agents, sshd and cron that are put into the image.
fn agents(repository: &Repository, file: FileId, image: &Image, found: &mut Vec<Finding>) {
    let mut seen: Vec<String> = Vec::new();
    for instruction in image.effective(Keyword::Run) {
        for command in &instruction.script.commands {
            let Some((manager, words)) = manager(command) else { continue };
            let Some(installs) = installs(manager, &words) else { continue };
            for package in installs.packages {
                let name = package.split(['=', '>', '<', '~']).next().unwrap_or(package);
                if manager.system && has(&lists().agents, name) && !seen.iter().any(|known| known == name) {
                    seen.push(name.to_owned());
                    found.push(repository.note(
                        "in-container-agent",
                        "installed",
                        file,
                        command.span,
                        name,
                        &shown(command),
                    ));
                }
            }
        }
    }
}

/// `docker exec`, `docker cp` and `docker commit` in scripts: containers that are changed while they run.
fn engine_commands(repository: &Repository, file: FileId, script: &Script, found: &mut Vec<Finding>) {
    for command in &script.commands {
        let engine = matches!(command.program(), "docker" | "podman" | "nerdctl");
        let rule = match command.verb() {
            _ if !engine => continue,
            "commit" => "commit",
            "cp" if command.args().last().is_some_and(|word| word.contains(':')) => "copy-into",
            "exec" if changes_inside(command) => "exec",
            _ => continue,
        };
        found.push(repository.note("mutable-container", rule, file, command.span, &shown(command), &shown(command)));
    }
}

/// True where what is run inside installs or edits.
fn changes_inside(command: &Command) -> bool {
    let text = command.words.join(" ");
    ["apt-get ", "apk add", "yum ", "dnf ", "pip install", "npm install", "sed -i", "composer ", "git pull"]
        .iter()
        .any(|part| text.contains(part))
}
