//! The command line as clap reads it; the help, the manual page and the completions are made from this.

use crate::text::Lang;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Shows what stands between a legacy monolith and containers, where it can be split, and what to do first.
///
/// Without a command, opens the terminal program on PATH; where standard output is no terminal, prints a summary.
/// The scanned repository is only read; nothing of it is executed, nothing leaves the machine.
#[derive(Debug, Parser)]
#[command(name = "breakbulk", version, args_conflicts_with_subcommands = false, subcommand_negates_reqs = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Folder to scan
    #[arg(default_value = ".")]
    pub path: PathBuf,
    #[command(flatten)]
    pub scan: ScanArguments,
    #[command(flatten)]
    pub screen: ScreenArguments,
    /// Write what the program does to FILE, for reports about the program itself
    #[arg(long, value_name = "FILE", global = true)]
    pub log: Option<PathBuf>,
}

/// How a scan runs.
#[derive(Debug, Clone, Args)]
pub struct ScanArguments {
    /// Number of threads; all cores by default. The result is the same for any number
    #[arg(long, value_name = "N", global = true, value_parser = clap::value_parser!(u16).range(1..=512))]
    pub threads: Option<u16>,
    /// Do not read the git history
    #[arg(long, global = true)]
    pub no_history: bool,
    /// Read at most N commits of the history
    #[arg(long, value_name = "N", global = true, default_value_t = 5000)]
    pub commits: u32,
    /// Divide as FILE says (`[[part]]` with `name` and `files` as globs) instead of searching for candidates
    #[arg(long, value_name = "FILE", global = true)]
    pub partition: Option<PathBuf>,
    /// Largest file that is read, in bytes
    #[arg(long, value_name = "BYTES", global = true, default_value_t = 1_048_576)]
    pub max_file_size: u64,
}

/// How the terminal program looks.
#[derive(Debug, Clone, Args)]
pub struct ScreenArguments {
    /// Colours; `auto` asks the terminal for its background
    #[arg(long, value_enum, default_value_t = ThemeName::Auto, global = true)]
    pub theme: ThemeName,
    /// Draw with ASCII characters only
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Leave the mouse to the terminal
    #[arg(long, global = true)]
    pub no_mouse: bool,
}

/// Names of the themes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ThemeName {
    Auto,
    Light,
    Dark,
    Mono,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Scan once and print the result, nothing interactive
    Scan(ScanCommand),
    /// Write the report for planning, as Markdown or as one HTML page
    Report(ReportCommand),
    /// Compare the JSON of two scans: what is new, what is fixed
    Diff(DiffCommand),
    /// Write the coupling as a picture or as data for graph programs
    Graph(GraphCommand),
    /// Work on the checklist from scripts
    Plan(PlanCommand),
    /// List and compare divisions into candidates that were saved in .breakbulk/alternatives
    Split(SplitCommand),
    /// Open the terminal program on a sample project with a made-up history
    Demo(DemoCommand),
    /// Say what a kind, rule or principle means, why it matters and how to fix it
    Explain {
        /// Kind (file-write), rule (file-write/java/…) or principle (A4); without it, all of them are listed
        what: Option<String>,
        /// Language of the texts
        #[arg(long, value_enum, default_value_t = LangName::En)]
        lang: LangName,
    },
    /// Print the keys of the terminal program
    Keys,
    /// List, check and try rules, built in and your own
    Rules {
        #[command(subcommand)]
        action: RulesAction,
    },
    /// Print a completion script
    Completions { shell: Shell },
    /// Print the manual page
    Man,
}

/// `breakbulk scan`.
#[derive(Debug, Args)]
pub struct ScanCommand {
    /// Folder to scan
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Format of the result
    #[arg(long, value_enum, default_value_t = FormatName::Text)]
    pub format: FormatName,
    /// Linear text without drawing characters (the same as --format text)
    #[arg(long, conflicts_with = "format")]
    pub plain: bool,
    /// Write to FILE instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Compare with FILE, the result of an earlier `scan --format json`
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// End with status 1 when there are findings of this severity or above in the application's own code; `new`: any that the
    /// baseline does not have
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<LimitName>,
}

/// `breakbulk diff`.
#[derive(Debug, Args)]
pub struct DiffCommand {
    /// The result of an earlier `scan --format json`
    pub old: PathBuf,
    /// The result of a later one
    pub new: PathBuf,
    /// Format of the comparison
    #[arg(long, value_enum, default_value_t = DiffFormatName::Text)]
    pub format: DiffFormatName,
    /// Write to FILE instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// End with status 1 when there are new findings: of this severity or above, or `new` for any
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<LimitName>,
}

/// Names of the formats of comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiffFormatName {
    Text,
    Json,
    Markdown,
}

/// Names of the formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FormatName {
    Text,
    Json,
    Sarif,
    Markdown,
    /// The report as one page for a browser
    Html,
    /// Annotations for GitHub Actions
    Github,
    /// A Code Quality report for GitLab
    Gitlab,
}

/// When a command ends with status 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LimitName {
    Low,
    Medium,
    High,
    New,
}

/// `breakbulk report`.
#[derive(Debug, Args)]
pub struct ReportCommand {
    /// Folder to scan
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Write to FILE instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Format of the report
    #[arg(long, value_enum, default_value_t = ReportName::Markdown)]
    pub format: ReportName,
    /// Language of the report
    #[arg(long, value_enum, default_value_t = LangName::En)]
    pub lang: LangName,
    /// Leave the part with this heading out; may be given several times
    #[arg(long, value_name = "HEADING")]
    pub without: Vec<String>,
    /// Use an own template (Jinja syntax) instead of the built-in one
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,
}

/// Names of the formats of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportName {
    Markdown,
    /// One file that needs no network and no script
    Html,
}

/// Names of the languages of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LangName {
    En,
    De,
}

impl LangName {
    /// The language itself.
    pub fn lang(self) -> Lang {
        match self {
            LangName::En => Lang::En,
            LangName::De => Lang::De,
        }
    }
}

/// `breakbulk graph`.
#[derive(Debug, Args)]
pub struct GraphCommand {
    /// Folder to scan
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Format of the picture
    #[arg(long, value_enum, default_value_t = PictureName::Svg)]
    pub format: PictureName,
    /// What a node is
    #[arg(long, value_enum, default_value_t = LevelName::Candidate)]
    pub level: LevelName,
    /// Only this node (id, name, or end of its path) and its neighbours
    #[arg(long, value_name = "NODE")]
    pub around: Option<String>,
    /// At most N nodes, the others are folded into one; 0 for all [default: 30 for svg, dot and mermaid]
    #[arg(long, value_name = "N")]
    pub nodes: Option<usize>,
    /// Only the N strongest arrows; 0 for all [default: what stands for 85 % of the uses, at most about three for two nodes,
    /// for svg, dot and mermaid]
    #[arg(long, value_name = "N")]
    pub edges: Option<usize>,
    /// Write to FILE instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Names of the formats of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PictureName {
    Dot,
    Mermaid,
    Graphml,
    Json,
    Svg,
}

/// Names of the levels of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LevelName {
    Module,
    File,
    Candidate,
}

/// `breakbulk plan`.
#[derive(Debug, Args)]
pub struct PlanCommand {
    /// Folder to scan
    #[arg(default_value = ".")]
    pub path: PathBuf,
    #[command(subcommand)]
    pub action: PlanAction,
}

/// What to do with the checklist.
#[derive(Debug, Clone, Subcommand)]
pub enum PlanAction {
    /// List the steps with ids and states, and say where to start
    List,
    /// Repeat a step's check: status 0 when a new scan finds none of its places, and it is checked off; 1 with what is left
    Check {
        id: String,
        /// Check it off without a scan's word, for what only people can see; a later scan may reopen it
        #[arg(long)]
        by_hand: bool,
    },
    /// Take a check back
    Uncheck { id: String },
    /// Leave a step out, with the reason
    Waive {
        id: String,
        /// Why it is left out
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Put a note to a step; an empty one takes it away
    Note { id: String, text: String },
    /// Put an owner to a step; an empty one takes it away
    Owner { id: String, name: String },
    /// Move a step before another one of its phase
    Move {
        id: String,
        /// The step that it shall stand before
        #[arg(long, value_name = "ID")]
        before: String,
    },
    /// Write the steps as a list of tasks, for an issue or a tracker
    Export {
        /// Markdown with boxes to tick, or CSV
        #[arg(long, value_enum, default_value_t = TaskFormat::Markdown)]
        format: TaskFormat,
        /// Write to FILE instead of standard output
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// Names of the formats of the list of tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TaskFormat {
    Markdown,
    Csv,
}

/// `breakbulk split`.
#[derive(Debug, Args)]
pub struct SplitCommand {
    /// Folder to scan
    #[arg(default_value = ".")]
    pub path: PathBuf,
    #[command(subcommand)]
    pub action: SplitAction,
}

/// What to do with divisions.
#[derive(Debug, Clone, Subcommand)]
pub enum SplitAction {
    /// List the saved alternatives with their figures, the proposal of the program first
    List {
        /// Format of the list
        #[arg(long, value_enum, default_value_t = TableFormat::Text)]
        format: TableFormat,
    },
    /// Put alternatives side by side, with the proposal of the program before them
    Compare {
        /// Names of saved alternatives, or files in the format of --partition
        #[arg(required = true)]
        names: Vec<String>,
        /// Format of the comparison
        #[arg(long, value_enum, default_value_t = TableFormat::Text)]
        format: TableFormat,
        /// Write to FILE instead of standard output
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// Names of the formats of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    Text,
    Json,
}

/// `breakbulk rules`.
#[derive(Debug, Subcommand)]
pub enum RulesAction {
    /// List the rules that apply to a repository: built in, of the user and of the repository
    List {
        /// Folder of the repository
        #[arg(default_value = ".")]
        path: PathBuf,
        /// Only rules of this kind
        #[arg(long)]
        kind: Option<String>,
    },
    /// Check rule files without scanning anything
    Check {
        /// Rule files; without one, those of the user and of the current folder
        files: Vec<PathBuf>,
    },
    /// Run the rules of a file alone on a file or folder and say what they find, and what they nearly find
    Try {
        /// Rule file
        file: PathBuf,
        /// File or folder to look into
        path: PathBuf,
    },
    /// Print the JSON schema of rule files, for editors
    Schema,
}

/// `breakbulk demo`.
#[derive(Debug, Args)]
pub struct DemoCommand {
    /// Print the result in this format instead of opening the terminal program
    #[arg(long, value_enum, conflicts_with = "tour")]
    pub format: Option<FormatName>,
    /// Begin with the guided tour for talks and workshops, along the principles
    #[arg(long)]
    pub tour: bool,
    /// Language of the tour
    #[arg(long, value_enum, default_value_t = LangName::En, requires = "tour")]
    pub lang: LangName,
}
