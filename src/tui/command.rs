//! Everything a person can ask of the terminal program, each with a stable id, a title and one sentence of help.
//!
//! Key bindings, the palette and the help all come from this table, so none of them can forget a command.

use crate::domain::ai::Action;

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
    Why "job.why" "Why" "Every number behind the expected rate, what fits you and what does not, what it costs, its history.";
    Claim "job.claim" "Claim" "Take this job: shows platform, pay and deadline first and waits for a yes.";
    CopyKey "job.copy_key" "Copy the key" "Send the job's key to the terminal's clipboard.";
    CopyTitle "job.copy_title" "Copy the title" "Send the job's title to the terminal's clipboard.";
    CopyUrl "job.copy_url" "Copy the link" "Send the address of the job's page, if it is a plain https one, to the terminal's clipboard.";
    CopyBrief "job.copy_brief" "Copy the brief" "Send the job's brief to the terminal's clipboard.";
    Link "job.link" "Show the link" "Show the address of the job's page, its host first.";
    Star "feed.star" "Star" "Keep this job in sight, or stop doing so.";
    Hide "feed.hide" "Hide" "Put this job out of sight.";
    Seen "feed.seen" "Mark as seen" "Mark this job as looked at, or as not.";
    Pin "feed.pin" "Pin" "Keep this job before all others in every order, or stop doing so.";
    SnoozeHour "feed.snooze_hour" "Snooze an hour" "Put this job out of sight for an hour.";
    SnoozeTomorrow "feed.snooze_tomorrow" "Snooze until tomorrow" "Put this job out of sight until tomorrow at eight.";
    SnoozeWeek "feed.snooze_week" "Snooze a week" "Put this job out of sight for seven days.";
    SnoozePays "feed.snooze_pays" "Snooze until it pays more" "Put this job out of sight until it pays more than now.";
    SnoozeOpens "feed.snooze_opens" "Snooze until it reopens" "Put this job out of sight until it was full or gone and comes back.";
    SnoozeAt "feed.snooze_at" "Snooze until a time" "Put this job out of sight until a time you type: 3h, 18:30, mon 9:00.";
    Wake "feed.wake" "Bring back" "Take a hidden or snoozed job back into the feed.";
    Repeat "feed.repeat" "Do it again" "Repeat the latest act of triage on this job, or on the marked ones; never a claim.";
    BlockRequester "block.requester" "Block this requester" "Hide all jobs of this requester, now and to come.";
    BlockKind "block.kind" "Block this kind" "Hide all jobs of this kind, now and to come.";
    BlockWords "block.words" "Block words" "Hide all jobs with these words (* stands for anything), now and to come.";
    BlockHere "block.here" "Block here only" "Hide this requester's jobs on this source only.";
    BlockWeek "block.week" "Block for a week" "Hide this requester's jobs for seven days.";
    Blocks "block.list" "Blocks" "What is blocked, how much it hides, and how to lift it.";
    Mark "feed.mark" "Mark" "Mark this job, so that the next act is for every marked one.";
    MarkRange "feed.mark_range" "Mark a stretch" "Begin to mark; the cursor takes jobs along until the next act, or Esc.";
    MarkAll "feed.mark_all" "Mark all" "Mark everything that this view shows, up to 10,000 jobs.";
    MarkInvert "feed.mark_invert" "Invert the marks" "Mark what is not marked in this view, and unmark the rest.";
    Unmark "feed.unmark" "Clear marks and filter" "Forget the marks; with none, clear the filter.";
    Undo "feed.undo" "Undo triage" "Take the latest star, hide or snooze back.";
    Redo "feed.redo" "Redo triage" "Do again what was undone.";
    Poll "feed.poll" "Poll now" "Ask every source for news now.";
    Sightings "feed.log" "What came and went" "Jobs that appeared, reopened, filled up and vanished, the latest first.";
    Rules "rule.list" "Rules" "The watch rules, how often they fired, and why they rest.";
    Filter "view.filter" "Filter" "Type a query: words, pay>=0.50, kind:tagline, is:new; only jobs that fit stay.";
    Group "view.group" "Group identical jobs" "Show identical jobs as one row, or each by itself.";
    Sort "view.sort" "Next order" "Newest, best pay, best rate, soonest gone, best fit, best requesters.";
    SortNewest "sort.newest" "Newest" "The latest first; again turns it round.";
    SortPay "sort.pay" "Pay" "The best paid first; again turns it round.";
    SortRate "sort.rate" "Expected rate" "The best expected rate first; again turns it round.";
    SortExpiring "sort.expiring" "Expiring" "The soonest gone first; again turns it round.";
    SortFit "sort.fit" "Fit" "What fits you best first; again turns it round.";
    SortRequester "sort.requester" "Requester" "Requesters with the best record first; again turns it round.";
    AddNewest "sort.add_newest" "… then newest" "Order by age where the levels before are equal.";
    AddPay "sort.add_pay" "… then pay" "Order by pay where the levels before are equal.";
    AddRate "sort.add_rate" "… then rate" "Order by expected rate where the levels before are equal.";
    AddExpiring "sort.add_expiring" "… then expiring" "Order by what is soonest gone where the levels before are equal.";
    AddFit "sort.add_fit" "… then fit" "Order by fit where the levels before are equal.";
    AddRequester "sort.add_requester" "… then requester" "Order by requester where the levels before are equal.";
    SortDefault "sort.default" "The view's own order" "Forget the order chosen here.";
    View1 "view.1" "View 1" "Show the first view.";
    View2 "view.2" "View 2" "Show the second view.";
    View3 "view.3" "View 3" "Show the third view.";
    View4 "view.4" "View 4" "Show the fourth view.";
    View5 "view.5" "View 5" "Show the fifth view.";
    View6 "view.6" "View 6" "Show the sixth view.";
    View7 "view.7" "View 7" "Show the seventh view.";
    View8 "view.8" "View 8" "Show the eighth view.";
    View9 "view.9" "View 9" "Show the ninth view.";
    ViewLast "view.last" "Last view" "Go back to the view before this one.";
    ViewOpen "view.open" "Open jobs" "Show what can be claimed.";
    ViewStarred "view.starred" "Starred jobs" "Show what you starred, whatever became of it.";
    ViewAway "view.away" "Jobs put away" "Show what is hidden or snoozed.";
    ViewAll "view.all" "All jobs" "Show everything known.";
    ViewSave "view.save" "Save this view" "Give filter and order a name and a tab: view save NAME.";
    ViewEdit "view.edit" "Edit this view" "Change the query of the view in use.";
    ViewDrop "view.drop" "Forget this view" "Take a saved view off the tabs: view drop NAME.";
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
    Pictures "picture.sheet" "Look at the pictures" "Show the pictures of this draft side by side, with their facts; Enter shows one large.";
    Picture "picture.change" "Edit a picture" "Without a model: resize 4500x5400, trim, dpi 300, convert png, … (picture resize 4500x5400).";
    PicturePass "picture.mend" "Make the picture pass" "Resize, convert, tag and pad the picture as the job asks, as far as no model is needed.";
    PictureUndo "picture.back" "Take the picture's edit back" "Put the file back that was there before the latest edit.";
    RemoveFile "hand.remove_file" "Take a file out" "Take a file out of the draft: remove cup.png; it stays kept with the earlier versions.";
    Release "hand.release" "Give back" "Give the job back to the platform, after a yes.";
    Resolve "hand.resolve" "Settle a silence" "Decide about a submission that got no answer.";
    Waiting "hand.waiting" "What waits" "Everything submitted: where it stands, its pay, what the requester said, and what was sent.";
    HandBriefDown "hand.brief_down" "Scroll the brief down" "Read on in the brief beside the draft.";
    HandBriefUp "hand.brief_up" "Scroll the brief up" "Read back in the brief beside the draft.";
    Check "check" "Check" "Save the draft and test it against what the job demands.";
    Pace "check.pace" "Measure your pace" "Read a short text aloud, timed, so that scripts are timed as you speak; kept in the config file.";
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
    EditorAttachment "editor.attachment" "Next attachment" "Open the job's next attachment where the brief stands; behind the last one the brief again.";
    EditorFetch "editor.fetch" "Fetch the attachment" "Fetch the attachment that is open, from the host that is shown, or fetch it again.";
    EditorLookUp "editor.look_up" "Look it up" "Find the number, name or quotation under the cursor, or the selection, in the attachments; again: the next place.";
    EditorQuote "editor.quote" "Quote" "Put the selection or the sentence of the open attachment into the draft, as a quotation.";
    EditorProblem "editor.goto_problem" "Next problem" "Go to the next place that a check is about.";
    EditorProblemPrev "editor.goto_problem_prev" "Previous problem" "Go to the previous place that a check is about.";
    EditorExplain "editor.explain" "What to do about it" "Read the whole of what the check at the cursor says: what is so, what to do, where, and in which page.";
    EditorDeclare "editor.declare" "Declare your own" "Say that what was pasted or came from outside, in the selection or in all of the draft, are your own words.";
    EditorExternal "editor.external" "Open $EDITOR" "Write the draft in your own editor.";
    EarningsRefresh "earnings.refresh" "Refresh" "Sum the ledger again.";
    Help "app.help" "Help" "Every command and its keys; type to search.";
    Palette "app.palette" "Commands" "Find a command by name.";
    Reload "app.reload" "Read the config again" "Take in what changed in the config file; it is watched anyway.";
    Messages "app.messages" "Messages" "Read the latest messages again.";
    Dismiss "app.dismiss" "Put the message away" "Close the message at the bottom.";
    Redraw "app.redraw" "Redraw" "Draw the whole screen anew.";
    Suspend "app.suspend" "To the shell" "Suspend Juggler; `fg` brings it back.";
    Detach "app.detach" "Detach" "Leave, and let the engine go on without a terminal; `juggler` comes back to it.";
    Quit "app.quit" "Quit" "Leave; asks first while something is unsaved or on its way.";
    Own1 "own.1" "Your command 1" "A program of your own, by a command section of the config.";
    Own2 "own.2" "Your command 2" "A program of your own, by a command section of the config.";
    Own3 "own.3" "Your command 3" "A program of your own, by a command section of the config.";
    Own4 "own.4" "Your command 4" "A program of your own, by a command section of the config.";
    Own5 "own.5" "Your command 5" "A program of your own, by a command section of the config.";
    Own6 "own.6" "Your command 6" "A program of your own, by a command section of the config.";
    Own7 "own.7" "Your command 7" "A program of your own, by a command section of the config.";
    Own8 "own.8" "Your command 8" "A program of your own, by a command section of the config.";
    Own9 "own.9" "Your command 9" "A program of your own, by a command section of the config.";
    AssistMenu "assist.menu" "Ask an assistant" "What an assistant may and can do for this draft, whom it asks, and what it cost.";
    AssistDraft "assist.draft" "Draft" "Have an assistant write the deliverable from the brief.";
    AssistAlternatives "assist.alternatives" "Alternatives" "Have several drafts written side by side, without names.";
    AssistContinue "assist.continue" "Go on" "Have an assistant go on where the draft ends.";
    AssistRewrite "assist.rewrite" "Rewrite" "Have the selection, or the draft, rewritten as you say.";
    AssistPass "assist.pass" "Make the checks pass" "Have an assistant mend what the checks find.";
    AssistShorten "assist.shorten" "Shorten" "Have it said shorter.";
    AssistLengthen "assist.lengthen" "Lengthen" "Have it said at more length.";
    AssistTone "assist.tone" "Another tone" "Have it said in another tone.";
    AssistTranslate "assist.translate" "Translate" "Have it said in another language.";
    AssistCritique "assist.critique" "Judge it" "Have the draft judged against the brief; nothing of that is for the draft.";
    AssistLast "assist.last" "The last answer again" "Open what an assistant said last, with what is still open of it.";
    AssistDecide "assist.decide" "May AI be used" "Decide whether assistants may be asked about this job: allowed, disclose, assist-only, human-only, unknown.";
    AssistNext "assist.next" "Another assistant" "In the menu: ask the next assistant instead.";
    AssistTemplate "assist.template" "Another template" "In the menu: put it with the next template that fits.";
    AssistAllow "assist.allow" "AI is allowed" "In the menu: decide that assistants may be used on this job.";
    AssistDisclose "assist.disclose" "AI with disclosure" "In the menu: decide that assistants may be used, and that it is said on delivery.";
    AssistOnly "assist.assist_only" "AI may only assist" "In the menu: decide that assistants may only rework what you wrote.";
    AssistHuman "assist.human_only" "No AI" "In the menu: decide that nothing of this job goes to a model.";
    ArtMenu "art.menu" "Pictures by a painter" "What a painter may and can do for this job, what is on its way and what came.";
    ArtPaint "art.paint" "Paint" "Have a picture painted: art a heron with headphones; without words by the brief.";
    ArtPrompt "art.prompt" "Write the prompt" "On the sheet of painters: say in your own words what to paint.";
    ArtBrief "art.brief" "The brief's prompt" "On the sheet of painters: begin with the prompt that the brief makes, and change it.";
    ArtPainter "art.painter" "Another painter" "On the sheet of painters: ask the next one instead.";
    ArtCount "art.count" "How many" "On the sheet of painters: one to four pictures at once.";
    ArtSize "art.size" "Size" "On the sheet of painters: pixels, where they are not to be the job's proportions.";
    ArtSeed "art.seed" "Seed" "On the sheet of painters: where chance begins; nothing: anywhere.";
    ArtGround "art.ground" "Ground" "On the sheet of painters: any, transparent or opaque.";
    ArtTake "art.take" "Take it" "Put the picture under the cursor into the draft, marked as an AI's.";
    ArtShow "art.show" "Look at them" "Show the pictures of this job side by side.";
    ArtAgain "art.again" "Again" "Order the same once more, from the same seed where there are seeds.";
    ArtVary "art.vary" "Vary" "Order the same from another seed.";
    ArtEdit "art.edit" "Change it" "Have the picture under the cursor changed as you say.";
    ArtInpaint "art.inpaint" "Change a part" "Have a rectangle of the picture changed: 40,60,320,200 a closed eye.";
    ArtUpscale "art.upscale" "Enlarge" "Have the picture under the cursor made twice as large.";
    ArtCutout "art.cutout" "Cut out" "Have the background of the picture taken away.";
    ArtStop "art.stop" "Stop or throw away" "Stop the order under the cursor; of what is over, throw the picture or the order away.";
    ArtLook "art.look" "What became of it" "Ask the provider about an order whose end is not known; nothing is sent again.";
    ArtSheet "art.sheet" "Copy the prompt" "Copy the prompt with its parameters for a tool of your own; what turns up in the watched folder is offered.";
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
    DialogRemove "dialog.remove" "Lift it" "In the list of blocks: lift the one that is highlighted.";
    PromptNext "prompt.next" "Next completion" "Take the next completion into the line.";
    PromptPrev "prompt.prev" "Previous completion" "Take the completion before into the line.";
    PromptDown "prompt.down" "Down" "The next completion, or the later line of those typed before.";
    PromptUp "prompt.up" "Earlier line" "A line that was typed before.";
    PromptHelp "prompt.help" "How to ask" "Every field of the query language with an example.";
    PromptExpiry "prompt.expiry" "For how long" "For good, a day, a week or a month.";
    Grade "grade" "Judge the pairs" "Judge two answers at a time, blind and shuffled, with the brief in view; the records go into the draft.";
    GradeLeft "grade.left" "Left is better" "The answer on the left is better.";
    GradeRight "grade.right" "Right is better" "The answer on the right is better.";
    GradeTie "grade.tie" "Tie" "Neither answer is better.";
    GradeRate1 "grade.1" "Rate 1" "The better one is a 1 of 7.";
    GradeRate2 "grade.2" "Rate 2" "The better one is a 2 of 7.";
    GradeRate3 "grade.3" "Rate 3" "The better one is a 3 of 7.";
    GradeRate4 "grade.4" "Rate 4" "The better one is a 4 of 7.";
    GradeRate5 "grade.5" "Rate 5" "The better one is a 5 of 7.";
    GradeRate6 "grade.6" "Rate 6" "The better one is a 6 of 7.";
    GradeRate7 "grade.7" "Rate 7" "The better one is a 7 of 7.";
    GradeReason "grade.reason" "Say why" "Type the reason of the judgement.";
    GradeKeep "grade.keep" "Keep the judgement" "Put the judgement into the draft and go on to the next pair.";
    GradeNext "grade.next" "Next pair" "Look at the next pair without judging this one.";
    GradePrev "grade.prev" "Pair before" "Look at the pair before.";
    GradeDown "grade.down" "Read on" "Scroll the words to judge by down.";
    GradeUp "grade.up" "Read back" "Scroll the words to judge by up.";
    GradeClose "grade.close" "Stop judging" "Close the sheet; what was judged is in the draft.";
    PreviewTake "preview.take" "Take it" "Put the change under the cursor into the draft; undo takes it back.";
    PreviewLeave "preview.leave" "Leave it" "Leave the change under the cursor out.";
    PreviewEdit "preview.edit" "Take and edit" "Take the change under the cursor and go on typing there.";
    PreviewTakeAll "preview.take_all" "Take all" "Take every change that is open.";
    PreviewDown "preview.down" "Next change" "Go to the next change or line, or scroll down.";
    PreviewUp "preview.up" "Change before" "Go to the change or line before, or scroll up.";
    PreviewPageDown "preview.page_down" "Page down" "Scroll a page down.";
    PreviewPageUp "preview.page_up" "Page up" "Scroll a page up.";
    PreviewNext "preview.next" "Next answer" "Look at the next of several answers.";
    PreviewPrev "preview.prev" "Answer before" "Look at the answer before.";
    PreviewPick "preview.pick" "Pick a line" "Pick the line under the cursor, to put answers together from lines.";
    PreviewChoose "preview.choose" "Compare" "Show what the answer, or the picked lines, would change in the draft.";
    PreviewFiles "preview.files" "Take the files" "Put the files that came with the answer into the draft, marked as an AI's.";
    PreviewAgain "preview.again" "Ask again" "Ask the same once more.";
    PreviewClose "preview.close" "Stop or close" "Stop what still comes and keep it; then close. The draft stays as it is.";
}

impl Command {
    /// The views on the keys 1 to 9.
    pub const VIEWS: [Command; 9] = [
        Command::View1,
        Command::View2,
        Command::View3,
        Command::View4,
        Command::View5,
        Command::View6,
        Command::View7,
        Command::View8,
        Command::View9,
    ];

    /// The places of the person's own commands.
    pub const OWN: [Command; 9] = [
        Command::Own1,
        Command::Own2,
        Command::Own3,
        Command::Own4,
        Command::Own5,
        Command::Own6,
        Command::Own7,
        Command::Own8,
        Command::Own9,
    ];

    /// Which of the person's own it is, from 0.
    pub fn own(self) -> Option<usize> {
        Command::OWN.iter().position(|own| *own == self)
    }

    /// Only meaningful while a dialog, list or text field is open; not offered in the palette.
    pub fn is_dialog(self) -> bool {
        ["dialog.", "prompt.", "preview."].iter().any(|layer| self.id().starts_with(layer)) || self.is_of_menu()
    }

    /// Only meaningful on the menu of assistants, or the sheet of painters.
    fn is_of_menu(self) -> bool {
        use Command as C;
        let of_art = self.id().starts_with("art.") && !matches!(self, C::ArtMenu | C::ArtPaint);
        of_art
            || matches!(
                self,
                C::AssistNext | C::AssistTemplate | C::AssistAllow | C::AssistDisclose | C::AssistOnly | C::AssistHuman
            )
    }

    /// What it asks of an assistant.
    pub fn action(self) -> Option<Action> {
        Action::of(self.id().strip_prefix("assist.")?)
    }

    /// Handed to the editor as it is.
    pub fn is_editor(self) -> bool {
        self.id().starts_with("editor.")
    }
}
