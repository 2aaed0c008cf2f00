//! Which bindings count where.

/// A named set of bindings, as configuration files call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    /// Everywhere except in text, dialogs and lists.
    Global,
    /// The feed.
    Feed,
    /// A job's whole brief.
    Brief,
    /// The hand, while keys are commands.
    Hand,
    /// The hand, while keys are text: only chords that type nothing.
    Typing,
    /// The money.
    Earnings,
    /// Dialogs, lists and text fields.
    Dialog,
    /// A query or a line being typed: only chords that type nothing.
    Prompt,
    /// The menu of assistants.
    Assist,
    /// What an assistant says.
    Preview,
    /// Judging pairs.
    Grade,
}

impl Layer {
    /// Every layer, in the order of the help.
    pub const ALL: [Layer; 11] = [
        Layer::Feed,
        Layer::Brief,
        Layer::Hand,
        Layer::Typing,
        Layer::Assist,
        Layer::Preview,
        Layer::Grade,
        Layer::Earnings,
        Layer::Dialog,
        Layer::Prompt,
        Layer::Global,
    ];

    /// Its name in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Layer::Global => "global",
            Layer::Feed => "feed",
            Layer::Brief => "brief",
            Layer::Hand => "hand",
            Layer::Typing => "typing",
            Layer::Earnings => "earnings",
            Layer::Dialog => "dialog",
            Layer::Prompt => "prompt",
            Layer::Assist => "assist",
            Layer::Preview => "preview",
            Layer::Grade => "grade",
        }
    }

    /// Its heading in the help.
    pub fn title(self) -> &'static str {
        match self {
            Layer::Global => "Everywhere",
            Layer::Feed => "Feed",
            Layer::Brief => "Brief",
            Layer::Hand => "Hand",
            Layer::Typing => "While typing",
            Layer::Earnings => "Earnings",
            Layer::Dialog => "Dialogs and lists",
            Layer::Prompt => "While a query is typed",
            Layer::Assist => "Asking an assistant",
            Layer::Preview => "What an assistant says",
            Layer::Grade => "Judging pairs",
        }
    }

    /// The layer with that name.
    pub fn by_name(name: &str) -> Option<Layer> {
        Layer::ALL.into_iter().find(|layer| layer.name() == name)
    }
}

/// Where the keys go now: layers, the first that knows a key decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stack {
    /// Feed, then everywhere.
    Feed,
    /// Brief, then everywhere.
    Brief,
    /// Hand, then everywhere.
    Hand,
    /// Text.
    Typing,
    /// Earnings, then everywhere.
    Earnings,
    /// A dialog, list or field.
    Dialog,
    /// A query or line being typed, then as a dialog.
    Prompt,
    /// The menu of assistants, then as a dialog.
    Assist,
    /// What an assistant says.
    Preview,
    /// Judging pairs.
    Grade,
}

impl Stack {
    /// Every stack.
    pub const ALL: [Stack; 10] = [
        Stack::Feed,
        Stack::Brief,
        Stack::Hand,
        Stack::Typing,
        Stack::Earnings,
        Stack::Dialog,
        Stack::Prompt,
        Stack::Assist,
        Stack::Preview,
        Stack::Grade,
    ];

    /// Its layers, in order.
    pub fn layers(self) -> &'static [Layer] {
        match self {
            Stack::Feed => &[Layer::Feed, Layer::Global],
            Stack::Brief => &[Layer::Brief, Layer::Global],
            Stack::Hand => &[Layer::Hand, Layer::Global],
            Stack::Typing => &[Layer::Typing],
            Stack::Earnings => &[Layer::Earnings, Layer::Global],
            Stack::Dialog => &[Layer::Dialog],
            Stack::Prompt => &[Layer::Prompt, Layer::Dialog],
            Stack::Assist => &[Layer::Assist, Layer::Dialog],
            Stack::Preview => &[Layer::Preview],
            Stack::Grade => &[Layer::Grade],
        }
    }
}
