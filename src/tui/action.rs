//! Everything a person can do, with its name in `keys.toml` and one line that says what it does.

/// Declares the actions once: variant, name, description.
macro_rules! actions {
    ($($variant:ident $name:literal $doc:literal;)*) => {
        /// One thing that a person can do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $(#[doc = $doc] $variant,)*
        }

        impl Action {
            /// All actions, in the order of the help.
            pub const ALL: &'static [Action] = &[$(Action::$variant,)*];

            /// The name used in `keys.toml` and in the palette.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Action::$variant => $name,)* }
            }

            /// What it does, in one line.
            #[must_use]
            pub fn doc(self) -> &'static str {
                match self { $(Action::$variant => $doc,)* }
            }
        }
    };
}

actions! {
    Open "open" "Go deeper: open what is selected";
    Back "back" "Fold what was unfolded, or go back to where you were";
    Escape "escape" "Stop the scan, clear the filter, or go back";
    Up "up" "One line up";
    Down "down" "One line down";
    Left "left" "One column left, or fold";
    Right "right" "One column right, or unfold";
    First "first" "To the start";
    Last "last" "To the end";
    PageUp "page-up" "One page up";
    PageDown "page-down" "One page down";
    HalfUp "half-up" "Half a page up";
    HalfDown "half-down" "Half a page down";
    NextPane "next-pane" "To the next pane";
    PreviousPane "previous-pane" "To the previous pane";
    NextMatch "next-match" "To the next finding, back edge or open step";
    PreviousMatch "previous-match" "To the previous finding, back edge or open step";
    Filter "filter" "Filter this screen; ! inverts, kind: module: scope: rule: path: lang: sev: conf:";
    Group "group" "Group the findings by the next thing";
    GroupPrinciple "group-principle" "Group the findings by principle";
    GroupKind "group-kind" "Group the findings by kind";
    GroupRule "group-rule" "Group the findings by rule";
    GroupModule "group-module" "Group the findings by module";
    GroupPath "group-path" "Group the findings by folder";
    GroupCandidate "group-candidate" "Group the findings by split candidate";
    GroupNone "group-none" "Do not group the findings";
    Sort "sort" "Change the order: what counts most first, by name, by size";
    WhichDoubtful "which-doubtful" "Show or hide findings of low confidence";
    WhichAll "which-all" "Count every use between modules";
    WhichImport "which-import" "Count imports only";
    WhichCall "which-call" "Count calls and constructions only";
    WhichInherit "which-inherit" "Count inheritance only";
    WhichTable "which-table" "Count shared tables instead of uses";
    WhichGit "which-git" "Count files that change together instead of uses";
    Expand "expand" "Unfold one level: module, folder, file";
    Tests "tests" "Show or hide tests";
    Vendored "vendored" "Show or hide vendored, build and documentation files";
    Mark "mark" "Check off a step, mark files for the what-if, choose an option";
    Ignore "ignore" "Set the finding aside with a reason, written to .breakbulk/config.toml";
    Waive "waive" "Leave a step out, with a reason; in the what-if: take files out of their candidate";
    MoveTo "move" "What-if: move what is marked, or merge the candidate, into another one";
    NewPart "new-part" "What-if: make a new candidate of what is marked";
    BreakUp "break-up" "What-if: divide the candidate where it falls apart most easily";
    Pin "pin" "What-if: hold files where they are, or let them go";
    Load "load" "What-if: load a saved alternative, or go back to the proposal";
    Compare "compare" "What-if: the proposal and all alternatives side by side";
    StepDown "step-down" "Move a step of the plan down";
    StepUp "step-up" "Move a step of the plan up";
    Note "note" "Write a note to a step, name a candidate, or change the report's file name";
    Owner "owner" "Name the owner of a step";
    Undo "undo" "Take the last change back";
    Redo "redo" "Make the change again";
    Save "save" "Save the plan; on Split: save the what-if as an alternative";
    Plan "to-plan" "Show the plan's step for what is selected; on Split: the plan of the what-if";
    Export "export" "Write the report shown, or go to it";
    Editor "editor" "Open the place in your editor, at the line";
    CopyPlace "copy-place" "Copy path:line";
    CopyPath "copy-path" "Copy the absolute path";
    CopyCommand "copy-command" "Copy the command that gives the same without the screen";
    Zoom "zoom" "This pane over the whole screen, and back";
    ToOverview "overview" "Go to Overview";
    ToFindings "findings" "Go to Findings";
    ToCoupling "coupling" "Go to Coupling";
    ToSplit "split" "Go to Split";
    ToPlan "plan" "Go to Plan";
    ToReport "report" "Go to Report";
    Palette "palette" "Find a command by typing";
    Help "help" "What works here";
    Rescan "rescan" "Scan again";
    Difference "difference" "What is new and what is gone since the last scan";
    Formula "formula" "How the readiness figure is made, principle by principle";
    Sample "sample" "Open the built-in sample project";
    Notes "notes" "Notes and problems, with detail";
    Mouse "mouse" "Mouse on or off (off leaves selecting text to the terminal)";
    Redraw "redraw" "Draw everything again";
    Suspend "suspend" "Back to the shell; fg returns";
    Quit "quit" "Quit; asks once where changes are not saved";
    ForceQuit "force-quit" "Quit at once";
}

impl Action {
    /// The action with this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Action> {
        Action::ALL.iter().copied().find(|action| action.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::Action;

    #[test]
    fn names_are_unique_and_documented() {
        for (index, action) in Action::ALL.iter().enumerate() {
            assert!(!action.doc().is_empty());
            assert!(Action::ALL[..index].iter().all(|other| other.name() != action.name()), "{}", action.name());
            assert_eq!(Action::by_name(action.name()), Some(*action));
        }
    }
}
