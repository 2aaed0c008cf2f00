//! Everything a person can ask of the terminal program, each with a stable id, a title and one sentence of help.
//!
//! Key bindings, the palette and the help all come from this table, so none of them can forget a command.

macro_rules! commands {
    ($($variant:ident $id:literal $title:literal $help:literal;)*) => {
        /// A command. Ids are stable: configuration files name them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Command {
            $(#[doc = $help] $variant,)*
        }

        impl Command {
            /// Every command, in the order of the help.
            pub const ALL: &'static [Command] = &[$(Command::$variant,)*];

            /// The stable id, such as `feed.hide`.
            pub fn id(self) -> &'static str {
                match self { $(Command::$variant => $id,)* }
            }

            /// A few words for lists and hints.
            pub fn title(self) -> &'static str {
                match self { $(Command::$variant => $title,)* }
            }

            /// One sentence.
            pub fn help(self) -> &'static str {
                match self { $(Command::$variant => $help,)* }
            }

            /// The command with this id.
            pub fn by_id(id: &str) -> Option<Command> {
                match id { $($id => Some(Command::$variant),)* _ => None }
            }
        }
    };
}

commands! {
    Down "feed.down" "Down" "Move the cursor one job down.";
    Up "feed.up" "Up" "Move the cursor one job up.";
    Top "feed.top" "To the top" "Go to the first job; what is new comes in.";
    Bottom "feed.bottom" "To the end" "Go to the last job.";
    HalfDown "feed.half_down" "Half a page down" "Move half a page down.";
    HalfUp "feed.half_up" "Half a page up" "Move half a page up.";
    PageDown "feed.page_down" "Page down" "Move a page down.";
    PageUp "feed.page_up" "Page up" "Move a page up.";
    Arrivals "feed.arrivals" "Let new jobs in" "Show the jobs that arrived while you were reading, and go to the top.";
    Brief "job.brief" "Read the whole brief" "Open the job's brief, terms, attachments and the requester's record.";
    Claim "job.claim" "Claim" "Take this job: shows platform, pay and deadline first and waits for a yes.";
    Star "feed.star" "Star" "Keep this job in sight, or stop doing so.";
    Hide "feed.hide" "Hide" "Put this job out of sight.";
    Seen "feed.seen" "Mark as seen" "Mark this job as looked at, or as not.";
    SnoozeHour "feed.snooze_hour" "Snooze an hour" "Put this job out of sight for an hour.";
    SnoozeTomorrow "feed.snooze_tomorrow" "Snooze until tomorrow" "Put this job out of sight until tomorrow at eight.";
    SnoozeWeek "feed.snooze_week" "Snooze a week" "Put this job out of sight for seven days.";
    Wake "feed.wake" "Bring back" "Take a hidden or snoozed job back into the feed.";
    Mark "feed.mark" "Mark" "Mark this job, so that the next act is for every marked one.";
    Unmark "feed.unmark" "Clear marks and filter" "Forget the marks; with none, clear the filter.";
    Undo "feed.undo" "Undo triage" "Take the latest star, hide or snooze back.";
    Redo "feed.redo" "Redo triage" "Do again what was undone.";
    Poll "feed.poll" "Poll now" "Ask every source for news now.";
    Filter "view.filter" "Filter" "Type words; only jobs with all of them stay.";
    Sort "view.sort" "Change the order" "Newest, best pay, best rate, soonest gone.";
    ViewOpen "view.open" "Open jobs" "Show what can be claimed.";
    ViewStarred "view.starred" "Starred jobs" "Show what you starred, whatever became of it.";
    ViewAway "view.away" "Jobs put away" "Show what is hidden or snoozed.";
    ViewAll "view.all" "All jobs" "Show everything known.";
    PaneNext "pane.next" "Next pane" "Go to the next pane.";
    PanePrev "pane.prev" "Previous pane" "Go to the previous pane.";
    PaneFeed "pane.feed" "Feed" "Go to the feed.";
    PaneHand "pane.hand" "Hand" "Go to the work in hand.";
    PaneEarnings "pane.earnings" "Earnings" "Go to the money.";
    Zoom "pane.zoom" "Zoom" "Give the whole screen to this pane, or take it back.";
    HandNext "hand.next" "Next in hand" "Go to the next assignment.";
    HandPrev "hand.prev" "Previous in hand" "Go to the previous assignment.";
    Edit "hand.edit" "Write" "Start typing in the draft; Esc stops.";
    StopEdit "hand.stop" "Stop typing" "Leave the text, so that keys are commands again.";
    Scaffold "hand.scaffold" "Lay out" "Lay the draft out by the built-in scaffold; no model is asked.";
    AddFile "hand.add_file" "Add a file" "Copy a file into the draft.";
    Release "hand.release" "Give back" "Give the job back to the platform, after a yes.";
    Resolve "hand.resolve" "Settle a silence" "Decide about a submission that got no answer.";
    Waiting "hand.waiting" "What waits" "Everything submitted: where it stands, its pay, what the requester said, and what was sent.";
    HandBriefDown "hand.brief_down" "Scroll the brief down" "Read on in the brief beside the draft.";
    HandBriefUp "hand.brief_up" "Scroll the brief up" "Read back in the brief beside the draft.";
    Check "check" "Check" "Save the draft and test it against what the job demands.";
    Submit "submit" "Submit" "Save, then show exactly what will be sent; nothing goes out without a yes.";
    Save "editor.save" "Save" "Save the draft now (it also saves itself).";
    EditorUndo "editor.undo" "Undo typing" "Take the latest change of the text back.";
    EditorRedo "editor.redo" "Redo typing" "Do the change again.";
    EditorSearch "editor.search" "Search in the text" "Find words in the draft.";
    EditorSearchNext "editor.search_next" "Next match" "Go to the next place where the words occur.";
    EditorSearchPrev "editor.search_prev" "Previous match" "Go to the previous place where the words occur.";
    EditorSelectAll "editor.select_all" "Select all" "Select the whole draft.";
    EditorCopy "editor.copy" "Copy" "Copy the selection, also to the terminal's clipboard.";
    EditorCut "editor.cut" "Cut" "Cut the selection.";
    EditorPaste "editor.paste" "Paste" "Paste what was last copied or cut here.";
    EditorWrap "editor.wrap" "Soft wrap" "Wrap long lines, or let them run on.";
    EditorBrief "editor.brief" "Brief beside the text" "Show or hide the brief beside (or over) the draft.";
    EditorAttachment "editor.attachment" "Next attachment" "Open the job's next attachment where the brief stands.";
    EditorProblem "editor.goto_problem" "Next problem" "Go to the next line that a check is about.";
    EditorExternal "editor.external" "Open $EDITOR" "Write the draft in your own editor.";
    EarningsRefresh "earnings.refresh" "Refresh" "Sum the ledger again.";
    Help "app.help" "Help" "Every command and its keys; type to search.";
    Palette "app.palette" "Commands" "Find a command by name.";
    Messages "app.messages" "Messages" "Read the latest messages again.";
    Dismiss "app.dismiss" "Put the message away" "Close the message at the bottom.";
    Redraw "app.redraw" "Redraw" "Draw the whole screen anew.";
    Suspend "app.suspend" "To the shell" "Suspend Juggler; `fg` brings it back.";
    Quit "app.quit" "Quit" "Leave; asks first while something is unsaved or on its way.";
    DialogAccept "dialog.accept" "Choose" "Do what is highlighted.";
    DialogCancel "dialog.cancel" "Close" "Close without doing anything.";
    DialogYes "dialog.yes" "Yes" "Agree to exactly what is shown.";
    DialogNo "dialog.no" "No" "Do not do it.";
    DialogNext "dialog.next" "Next choice" "Go to the next choice.";
    DialogPrev "dialog.prev" "Previous choice" "Go to the previous choice.";
    DialogDown "dialog.down" "Down" "Go or scroll down.";
    DialogUp "dialog.up" "Up" "Go or scroll up.";
    DialogPageDown "dialog.page_down" "Page down" "Scroll a page down.";
    DialogPageUp "dialog.page_up" "Page up" "Scroll a page up.";
}

impl Command {
    /// Only meaningful while a dialog, list or text field is open; not offered in the palette.
    pub fn is_dialog(self) -> bool {
        self.id().starts_with("dialog.")
    }

    /// Handed to the editor as it is.
    pub fn is_editor(self) -> bool {
        self.id().starts_with("editor.")
    }
}
