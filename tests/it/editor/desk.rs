//! A pane with a screen, hands to type with, and hand-made assignments.

use chrono::TimeDelta;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use juggler::domain::check::{Finding, Verdict};
use juggler::domain::deliverable::{Deliverable, Form, Rule};
use juggler::domain::draft::{Cause, Draft};
use juggler::domain::origin::{Origin, Origins};
use juggler::domain::reward::Reward;
use juggler::domain::{
    AiPolicy, AiRule, Asset, Assignment, AssignmentId, AssignmentState, Job, Money, PolicySource, SourceName, Text, Time,
};
use juggler::engine::api::AssignmentView;
use juggler::tui::pane::editor::{EditorEffect, EditorInput, EditorPane};
use juggler::tui::theme::{Depth, Theme};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

pub fn start() -> Time {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

pub fn id(native: &str) -> AssignmentId {
    AssignmentId::of(&SourceName::new("practice"), native)
}

/// A claimed tagline job with `minutes` from start to deadline.
pub fn view(native: &str, title: &str, minutes: i64) -> AssignmentView {
    let source = SourceName::new("practice");
    let mut job = Job::new(&source, native, title, start());
    job.brief = Text::body(
        "Brightcup sells coffee in cups that are grown from husks. We want five taglines for a poster.\n\nWarm, short, no puns on beans.",
    );
    job.kind = Text::title("tagline");
    job.requester.name = Text::title("Brightcup Ltd");
    job.requester.verified = true;
    job.reward = Reward::fixed(Money::new(400, Asset::USD), 100_000);
    job.ai = AiPolicy { rule: AiRule::Disclose, source: PolicySource::Platform };
    job.deliverable = Deliverable {
        form: Form::Lines,
        rules: vec![Rule::Items { min: 5, max: 5 }, Rule::ItemChars { min: 1, max: 30 }],
        ..Deliverable::default()
    };
    let assignment = Assignment {
        id: id(native),
        job,
        state: AssignmentState::Claimed,
        native_state: Text::default(),
        claimed_at: start(),
        deadline: Some(start() + TimeDelta::minutes(minutes)),
        feedback: Text::default(),
        submission: None,
        moved_at: start(),
    };
    AssignmentView {
        assignment,
        draft: None,
        findings: Vec::new(),
        checking: false,
        submission: None,
        payments: Vec::new(),
        worked: 0,
        work_left: 300,
        slack: None,
        type_there: Text::default(),
    }
}

pub fn with_draft(mut view: AssignmentView, version: u32, text: &str) -> AssignmentView {
    view.draft = Some(Draft {
        assignment: view.assignment.id.clone(),
        version,
        text: Text::own(text),
        files: Vec::new(),
        cause: Cause::Typed,
        saved_at: start() + TimeDelta::seconds(184),
        scaffolded: false,
        origins: Some(Origins::whole(Text::own(text).as_str().len(), Origin::Typed)),
        assisted: false,
    });
    view.assignment.state = AssignmentState::InProgress;
    view
}

pub fn finding(verdict: Verdict, label: &str, detail: &str, line: Option<u32>) -> Finding {
    Finding { verdict, ..Finding::fail(label, detail, "").on(line) }
}

pub struct Desk {
    pub pane: EditorPane,
    pub now: Time,
    pub effects: Vec<EditorEffect>,
    pub terminal: Terminal<TestBackend>,
}

impl Desk {
    pub fn new(width: u16, height: u16) -> Desk {
        let terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        Desk { pane: EditorPane::new(), now: start(), effects: Vec::new(), terminal }
    }

    /// A desk with one empty job on it.
    pub fn one() -> Desk {
        let mut desk = Desk::new(60, 16);
        desk.pane.open(view("a1", "Taglines for a husk cup", 60));
        desk.screen();
        desk
    }

    /// Only the text rows, without gutter: for tests of the text itself.
    pub fn text(&self) -> String {
        let id = self.pane.selected().unwrap().clone();
        self.pane.text(&id).unwrap().as_str().to_owned()
    }

    pub fn input(&mut self, input: EditorInput<'_>) -> &mut Desk {
        let mut effects = self.pane.input(input, self.now);
        // What is judged away from the keys comes back before the next one.
        while let Some(at) = effects.iter().position(|effect| matches!(effect, EditorEffect::Judge(_))) {
            let EditorEffect::Judge(judging) = effects.remove(at) else { unreachable!() };
            let (assignment, edits) = (judging.assignment.clone(), judging.edits);
            let judged = EditorInput::Judged { assignment, edits, findings: judging.findings() };
            effects.extend(self.pane.input(judged, self.now));
        }
        self.effects.extend(effects);
        self
    }

    pub fn key(&mut self, code: KeyCode, modifiers: KeyModifiers) -> &mut Desk {
        self.input(EditorInput::Key(KeyEvent::new(code, modifiers)))
    }

    pub fn press(&mut self, code: KeyCode) -> &mut Desk {
        self.key(code, KeyModifiers::NONE)
    }

    pub fn types(&mut self, text: &str) -> &mut Desk {
        for c in text.chars() {
            match c {
                '\n' => self.press(KeyCode::Enter),
                c => self.press(KeyCode::Char(c)),
            };
        }
        self
    }

    pub fn paste(&mut self, text: &str) -> &mut Desk {
        self.input(EditorInput::Paste(text.to_owned()))
    }

    pub fn command(&mut self, id: &str) -> &mut Desk {
        self.input(EditorInput::Command(id))
    }

    pub fn notices(&self) -> Vec<&str> {
        self.effects
            .iter()
            .filter_map(|e| if let EditorEffect::Notice(words) = e { Some(words.as_str()) } else { None })
            .collect()
    }

    pub fn changes(&self) -> Vec<(&str, Cause)> {
        let change = |e: &'_ EditorEffect| matches!(e, EditorEffect::Changed { .. });
        self.effects
            .iter()
            .filter(|e| change(e))
            .filter_map(|e| if let EditorEffect::Changed { text, cause, .. } = e { Some((text.as_str(), *cause)) } else { None })
            .collect()
    }

    pub fn later(&mut self, ms: i64) -> &mut Desk {
        self.now += TimeDelta::milliseconds(ms);
        self
    }

    /// Draws and returns what stands on the screen.
    pub fn screen(&mut self) -> String {
        let (pane, now) = (&mut self.pane, self.now);
        let theme = Theme::new(Depth::True, false);
        self.terminal.draw(|frame| pane.draw(frame, frame.area(), &theme, true, now)).unwrap();
        let buffer = self.terminal.backend().buffer();
        let mut out = String::new();
        for y in 0..buffer.area.height {
            let mut x = 0;
            let mut row = String::new();
            while x < buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                row.push_str(symbol);
                x += u16::try_from(unicode_width::UnicodeWidthStr::width(symbol)).unwrap().max(1);
            }
            out.push_str(row.trim_end());
            out.push('\n');
        }
        out
    }

    pub fn cursor(&mut self) -> (u16, u16) {
        self.screen();
        let at = self.terminal.get_cursor_position().unwrap();
        (at.x, at.y)
    }
}
