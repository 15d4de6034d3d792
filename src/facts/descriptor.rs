//! What says how the program is built, started and run: image definitions, scripts, services, pipelines.

use super::{FileId, Name, Span};

/// One command of a shell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Command {
    /// Its words, quotes resolved; expansions stay as written (`$PORT`). Never empty.
    pub words: Vec<Name>,
    /// Where the program stands among the words, behind what only starts it (`exec`, `sudo -E`, `env A=b`, `gosu app`).
    pub program_at: u8,
    /// Where it stands in the file.
    pub span: Span,
    /// Started with `&`.
    pub background: bool,
    /// Replaces the shell: `exec`.
    pub exec: bool,
    /// Runs under a condition, in a loop or after `||`; a function's body is counted as such.
    pub nested: bool,
    /// Number of the statement of the script that it belongs to; `a && b` is one.
    pub statement: u32,
    /// The command that takes its output: index among the commands of the same script.
    pub pipes_into: Option<u32>,
    /// Files that its output is sent to.
    pub writes: Vec<Name>,
}

impl Command {
    /// The program's name without its folder: `apt-get` of `sudo /usr/bin/apt-get`.
    #[must_use]
    pub fn program(&self) -> &str {
        let word = self.words.get(usize::from(self.program_at)).map_or("", Name::as_str);
        word.rsplit('/').next().unwrap_or(word)
    }

    /// The words behind the program.
    #[must_use]
    pub fn args(&self) -> &[Name] {
        self.words.get(usize::from(self.program_at) + 1..).unwrap_or_default()
    }

    /// What stands before the program: `sudo`, `exec`, `gosu app`.
    #[must_use]
    pub fn starters(&self) -> &[Name] {
        self.words.get(..usize::from(self.program_at)).unwrap_or_default()
    }

    /// The first argument that is no flag: `install` of `apt-get -y install`.
    #[must_use]
    pub fn verb(&self) -> &str {
        self.args().iter().find(|word| !word.starts_with('-')).map_or("", Name::as_str)
    }

    /// True when one of these is an argument.
    #[must_use]
    pub fn has(&self, flags: &[&str]) -> bool {
        self.args().iter().any(|word| flags.contains(&word.as_str()))
    }
}

/// What a shell script does, or the shell part of an instruction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Script {
    /// All commands in source order, those of functions and substitutions included.
    pub commands: Vec<Command>,
    /// Variables that it sets, with the value as written.
    pub variables: Vec<(Name, Name)>,
    /// True where it handles signals itself: `trap`.
    pub traps: bool,
}

/// The instruction of an image definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Keyword {
    /// A step of the build that runs a command.
    Run,
    /// Default command.
    Cmd,
    /// What the command is handed to.
    Entrypoint,
    /// Files of the build context or of another stage.
    Copy,
    /// The same, with archives unpacked and addresses fetched.
    Add,
    /// Environment of the build and of the container.
    Env,
    /// Argument of the build.
    Arg,
    /// Declared ports.
    Expose,
    /// Declared volumes.
    Volume,
    /// The user from here on.
    User,
    /// The working directory from here on.
    Workdir,
    /// Health check, or `NONE`.
    Healthcheck,
    /// The shell of the shell form.
    Shell,
    /// Labels, stop signal, maintainer and what is not known.
    Other,
}

/// One instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// Which one.
    pub keyword: Keyword,
    /// True below `ONBUILD`: it runs in the image that builds on this one.
    pub on_build: bool,
    /// `--from=build`, `--chown=app`: name and value.
    pub flags: Vec<(Name, Name)>,
    /// Its words, quotes resolved, `ARG` and `ENV` of the stage put in; the members of the exec form.
    pub words: Vec<Name>,
    /// True for `["a", "b"]`.
    pub exec_form: bool,
    /// The commands of `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK`; of the exec form, that one command.
    pub script: Script,
    /// Where it stands.
    pub span: Span,
}

impl Instruction {
    /// The value of a flag.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<&str> {
        self.flags.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// One stage of an image definition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stage {
    /// Its name, lower case.
    pub name: Option<Name>,
    /// The image that it builds on, global arguments put in.
    pub base: Name,
    /// The earlier stage that it builds on, where the base is one.
    pub parent: Option<u32>,
    /// The `FROM` line.
    pub span: Span,
    /// Its instructions in order.
    pub instructions: Vec<Instruction>,
}

/// A Dockerfile or Containerfile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Image {
    /// Its stages; the last is the image.
    pub stages: Vec<Stage>,
}

impl Image {
    /// The stages that the finished image is made of, the last first: the final stage and what it builds on.
    pub fn lineage(&self) -> impl Iterator<Item = &Stage> {
        let mut next = self.stages.len().checked_sub(1);
        std::iter::from_fn(move || {
            let at = next?;
            let stage = self.stages.get(at)?;
            // A stage can only build on an earlier one: this ends.
            next = stage.parent.map(|parent| parent as usize).filter(|parent| *parent < at);
            Some(stage)
        })
    }

    /// The instructions of the finished image with this keyword, in the order in which they take effect.
    #[must_use]
    pub fn effective(&self, keyword: Keyword) -> Vec<&Instruction> {
        let mut stages: Vec<&Stage> = self.lineage().collect();
        stages.reverse();
        let all = stages.into_iter().flat_map(|stage| &stage.instructions);
        all.filter(|instruction| instruction.keyword == keyword && !instruction.on_build).collect()
    }
}

/// Where a service is described.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServiceKind {
    /// A service of a compose file.
    Compose,
    /// A container of a Kubernetes workload.
    Kubernetes,
    /// A container of a job or cron job of Kubernetes.
    Job,
    /// A systemd unit.
    Systemd,
    /// A program of supervisord, s6, runit or a Procfile.
    Managed,
}

/// Whether a health check is there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Health {
    /// Nothing is said.
    #[default]
    Unsaid,
    /// There is one.
    Checked,
    /// It is switched off.
    Off,
}

/// A directory that a service gets from outside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mount {
    /// The path on the host, or the volume's name; empty for an anonymous volume.
    pub source: Name,
    /// The path in the container.
    pub target: Name,
    /// True where the source is a path of the host.
    pub host: bool,
    /// Where it stands.
    pub span: Span,
}

/// Something that runs, as a configuration file describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: Name,
    /// Where it is described.
    pub kind: ServiceKind,
    /// The image, as written.
    pub image: Option<(Name, Span)>,
    /// True where the image is built from this repository.
    pub built: bool,
    /// Folder of the build, relative to the file, and the image definition's name, as far as written.
    pub context: Name,
    /// Name of the image definition, where it is named.
    pub dockerfile: Name,
    /// Ports inside the container.
    pub ports: Vec<(u16, Span)>,
    /// Directories from outside.
    pub mounts: Vec<Mount>,
    /// Environment: name, value as written, place.
    pub environment: Vec<(Name, Name, Span)>,
    /// The command, in words; empty where none is given.
    pub command: Script,
    /// The user, as written.
    pub user: Option<(Name, Span)>,
    /// `Some(true)` where running as root is forbidden.
    pub non_root: Option<bool>,
    /// True where the engine puts an init before it.
    pub init: bool,
    /// Its health check.
    pub health: Health,
    /// The logging driver.
    pub logging: Option<(Name, Span)>,
    /// The file, relative to its own, and the service in it that it extends.
    pub extends: Option<(Name, Name)>,
    /// True where it only adds to what another file describes: an override, a patch.
    pub partial: bool,
    /// The line of its name.
    pub span: Span,
}

/// A pipeline of continuous integration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pipeline {
    /// The system that runs it: `GitHub Actions`.
    pub system: &'static str,
    /// Where it builds an image, and with what.
    pub builds: Vec<(Name, Span)>,
    /// Where it says that people can start it.
    pub manual: Option<Span>,
}

/// What a file describes, beyond code and settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Descriptor {
    /// An image definition.
    Image(Image),
    /// A shell script.
    Script(Script),
    /// Services: compose, Kubernetes, systemd, supervisord, Procfile.
    Services(Vec<Service>),
    /// What Kustomize lays over workloads that other files describe.
    Kustomization {
        /// The files that hold patches, relative to its own.
        patches: Vec<Name>,
        /// The images that it sets instead.
        images: Vec<Service>,
    },
    /// A pipeline.
    Pipeline(Pipeline),
    /// Jobs of cron: the schedule, the command, the line.
    Jobs(Vec<(Name, Name, Span)>),
}

/// What a file of the repository describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// The file.
    pub file: FileId,
    /// What it describes.
    pub descriptor: Descriptor,
    /// Its comments that steer the program itself: line and text after the marker.
    pub pragmas: Vec<(u32, Name)>,
}
