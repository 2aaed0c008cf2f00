//! What a state begins with: the journal's fold, the feed as it was, and what was cut off in the middle.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use rand_chacha::ChaCha8Rng;

use super::retention::{self, Left};
use super::source::Source;
use super::{State, sightings};
use crate::alert::Alarms;
use crate::config::Config;
use crate::domain::{Book, History, Judge, Text, Time};
use crate::engine::api::Sighting;
use crate::engine::effect::Effects;
use crate::engine::run::Polling;
use crate::feed::Columns;

/// What earlier sessions noted of the feed.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// What left.
    pub left: Left,
    /// What came and went, latest last.
    pub sightings: Vec<Sighting>,
}

/// What a state begins with.
pub struct Beginning {
    /// The configuration.
    pub config: Arc<Config>,
    /// When sources are polled.
    pub polling: Polling,
    /// The fold of the journal.
    pub book: Book,
    /// The feed as the last image and what changed since have it; marks and assignments are put in here.
    pub feed: Columns,
    /// When the last session ended.
    pub left_at: Time,
    /// What earlier sessions noted of the feed.
    pub past: Past,
    /// The sources, connected or with the reason why not.
    pub sources: Vec<Source>,
    /// What opening the store had to mend.
    pub mended: Vec<Text>,
    /// Randomness for back-off and ids.
    pub dice: ChaCha8Rng,
}

impl State {
    /// The state as it was left, and what has to be done about that: submissions cut off in the middle become unknown.
    pub fn begin(beginning: Beginning, now: Time) -> (State, Effects) {
        let Beginning { config, polling, mut book, feed, left_at, past, sources, mended, dice } = beginning;
        book.index();
        let alarms = Alarms::new(&config.alert);
        let automation = config.sources.iter().map(|source| (source.name.as_str().to_owned(), source.automation));
        let rules = crate::domain::rule::RuleBook::new(config.rules.clone(), config.claiming, automation, &book);
        let judge = Judge::new(config.profile.clone(), History::of(&book));
        let mut state = State {
            store_path: config.paths.store(),
            views: config.views.clone(),
            config,
            polling,
            issued_act: book.last_act,
            rule_act: None,
            rule_act_number: 0,
            watched: Vec::new(),
            issued_block: book.last_block,
            issued_versions: book.drafts.iter().map(|(id, draft)| (id.clone(), draft.version)).collect(),
            book,
            feed,
            wholes: Default::default(),
            ingests: VecDeque::new(),
            sweeps: VecDeque::new(),
            parked: Vec::new(),
            counting: true,
            ticking: false,
            turns: 0,
            sightings: sightings::Sightings::from(past.sightings),
            judge,
            findings: super::findings::Findings::default(),
            texts: super::attachments::Texts::wanted(),
            assisting: super::assist::Assisting::default(),
            atelier: super::art::Atelier::default(),
            blocks: Default::default(),
            judging: Default::default(),
            looking: Default::default(),
            imaging: Default::default(),
            alarms,
            unread: 0,
            briefs: None,
            searches: 0,
            rules,
            rehearsals: VecDeque::new(),
            last_key: None,
            left_at,
            retiring: retention::Retiring::from(past.left, now),
            look_at_hand: true,
            changed_rows: 0,
            view_changes: VecDeque::new(),
            config_trouble: None,
            config_asked: Vec::new(),
            version: 1,
            sources: sources.into_iter().map(|source| (source.name.clone(), source)).collect(),
            lanes: HashMap::new(),
            calls: HashMap::new(),
            last_call: 0,
            batches: BTreeMap::new(),
            last_batch: 0,
            unwritten: VecDeque::new(),
            failing: None,
            retry_commit: None,
            retrying: None,
            claiming: HashSet::new(),
            releasing: HashSet::new(),
            sending: HashSet::new(),
            too_late: Vec::new(),
            news: VecDeque::new(),
            waiting: Vec::new(),
            cursors: Vec::new(),
            acted_at: HashMap::new(),
            settle_at: BTreeMap::new(),
            after_marks: VecDeque::new(),
            marks_pending: BTreeSet::new(),
            feed_due: Some(now),
            late: HashSet::new(),
            reused: HashSet::new(),
            log: VecDeque::new(),
            seq: 0,
            dice,
            mended,
        };
        let mut effects = Effects::default();
        state.resume_outbox(now, &mut effects);
        state.resume_claims();
        state.settle_in(now);
        state.turn(now, &mut effects);
        (state, effects)
    }
}
