//! Jobs, verdicts, queries and views made up at random.

use super::*;

pub(super) const START: i64 = 1_750_000_000;

pub(super) fn at(seconds: i64) -> Time {
    Time::from_timestamp(START + seconds, 0).unwrap()
}

pub(super) fn asset(n: u8) -> Asset {
    match n % 4 {
        0 | 1 => Asset::USD,
        2 => Asset::new("JPY", None).unwrap(),
        _ => Asset::new("USDC", Some(6)).unwrap(),
    }
}

pub(super) fn money() -> impl Strategy<Value = Money> {
    (prop_oneof![8 => 0i64..3000, 1 => Just(-5i64), 1 => Just(1i64 << 40)], any::<u8>())
        .prop_map(|(minor, n)| Money::new(minor, asset(n)))
}

pub(super) fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => prop::sample::select(vec!["write", "Tagline", "COFFEE", "brand", "art", "script", "chat", "a b", "e"]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["Ärger", "ΣΑΣ", "ПИСЬМО", "İstanbul", "日本", "Kelvin\u{212a}", "straße"]).prop_map(str::to_owned),
        1 => "[a-e]{1,3}",
    ]
}

pub(super) fn text() -> impl Strategy<Value = Text> {
    prop::collection::vec(word(), 0..4).prop_map(|words| Text::title(&words.join(" ")))
}

pub(super) fn pick<T: Clone + std::fmt::Debug + 'static>(from: &[T]) -> impl Strategy<Value = T> + use<T> {
    prop::sample::select(from.to_vec())
}

/// What a platform may say.
pub(super) const STATUSES: [JobStatus; 4] = [JobStatus::Open, JobStatus::Full, JobStatus::Expired, JobStatus::Cancelled];
pub(super) const RULES: [AiRule; 6] =
    [AiRule::Allowed, AiRule::AssistOnly, AiRule::Disclose, AiRule::HumanOnly, AiRule::AgentOnly, AiRule::Unknown];
pub(super) const MODES: [ClaimMode; 3] = [ClaimMode::InstantLock, ClaimMode::Race, ClaimMode::Link];

prop_compose! {
    pub(super) fn job_of_keys(keys: u32)(
        (n, source, title, status) in (0..keys, 0u8..3, text(), prop_oneof![5 => Just(JobStatus::Open), 1 => pick(&STATUSES)]),
        (requester, requester_id, approved, kind, tags) in (word(), 0u8..3, prop::option::of(0u32..9), word(), prop::collection::vec(word(), 0..3)),
        (pay, max, fee, est, obs) in (prop::option::of(money()), prop::option::of(money()), prop_oneof![Just(0u32), Just(100_000)], prop::option::of(0u32..5000), prop::option::of(0u32..5000)),
        (slots, rivals, ttl, posted, expires) in (prop::option::of(prop_oneof![6 => 0u32..5, 1 => Just(70_000u32)]), prop::option::of(0u32..80_000), prop::option::of(0u32..9000), prop::option::of(-4000i64..400), prop::option::of(-50i64..900)),
        (mode, ai, language, need, cost) in (pick(&MODES), pick(&RULES), prop::option::of(pick(&["en", "en-GB", "de", "EN"])), prop::option::of(word()), prop::option::of(pick(&["stake", "unlock fee", "other"]))),
        (suspicious, brief, revision, detailed) in (any::<bool>(), word(), prop::option::of(0u8..3), prop::bool::weighted(0.2)),
    ) -> Job {
        let mut job = Job::new(&SourceName::new(&format!("s{source}")), &n.to_string(), title.as_str(), at(0));
        job.status = status;
        job.requester.name = if requester_id == 0 { Text::default() } else { Text::title(&requester) };
        job.requester.id = Text::title(&format!("r{requester_id}"));
        job.requester.record = PayRecord { approved, rejected: approved.map(|n| n / 2), ..PayRecord::default() };
        job.kind = Text::title(&kind);
        job.tags = tags.iter().map(|tag| Text::title(tag)).collect();
        job.reward = Reward { min: pay, max, fee_ppm: fee, ..Reward::default() };
        (job.est_seconds, job.obs_seconds, job.slots_left, job.competitors, job.claim_ttl) = (est, obs, slots, rivals, ttl);
        job.posted_at = posted.map(at);
        job.expires_at = expires.map(at);
        job.claim_mode = mode;
        job.ai.rule = ai;
        job.language = language.map(Text::title);
        job.requirements = need.into_iter().map(|word| Requirement { kind: Text::title("skill"), text: Text::title(&word), met: Met::No }).collect();
        job.cost = cost.map(|why| CostToWorker { amount: None, why: Text::title(why) });
        // Both are read from the texts, and so differ only where those do.
        job.suspicious = suspicious && title.as_str().len() % 3 == 0;
        job.signs = Signs(title.as_str().len() as u8 & 5);
        job.brief = Text::body(&brief);
        job.revision = revision.map(|n| Text::title(&n.to_string()));
        job.detailed = detailed;
        job
    }
}

pub(super) fn marks() -> impl Strategy<Value = Marks> {
    (any::<[bool; 4]>(), prop::option::weighted(0.2, -100i64..900), prop::bool::weighted(0.1)).prop_map(|(on, until, wakes)| {
        Marks {
            seen: on[0],
            starred: on[1] && on[2],
            hidden: on[2] && on[3],
            pinned: on[3] && on[0],
            snoozed_until: until.map(at),
            wakes: wakes.then_some(Wake::Reopens),
        }
    })
}

pub(super) fn judged() -> impl Strategy<Value = Judged> {
    (
        prop_oneof![4 => Just(Marks::default()), 1 => marks()],
        prop::option::weighted(0.1, pick(&[AssignmentState::Claimed, AssignmentState::Paid])),
        prop::bool::weighted(0.1),
        (prop::option::of(money()), prop::option::of(0u8..=100), prop::bool::weighted(0.2), prop::bool::weighted(0.2)),
    )
        .prop_map(|(marks, mine, blocked, (hourly, fit, barred, too_good))| Judged {
            marks,
            mine,
            blocked,
            worth: Worth { hourly, fit, barred, too_good },
        })
}

pub(super) fn pattern() -> impl Strategy<Value = Pattern> {
    prop_oneof![
        4 => word().prop_map(Pattern::Plain),
        1 => word().prop_map(Pattern::Exact),
        1 => word().prop_map(|word| Pattern::Wild(format!("{}*", &word[..word.floor_char_boundary(2)]))),
        1 => word().prop_map(Pattern::Fuzzy),
        1 => Just(Pattern::Regex("^w|e$".to_owned())),
    ]
}

pub(super) fn term() -> impl Strategy<Value = Term> {
    use NumberField::*;
    let fields = [
        TextField::Title,
        TextField::Kind,
        TextField::Source,
        TextField::Requester,
        TextField::Tag,
        TextField::Language,
        TextField::Needs,
        TextField::Key,
    ];
    let ops = [Op::Lt, Op::Le, Op::Eq, Op::Ge, Op::Gt];
    let states = [
        Is::New,
        Is::Starred,
        Is::Pinned,
        Is::Snoozed,
        Is::Hidden,
        Is::Away,
        Is::Claimed,
        Is::Reopened,
        Is::Open,
        Is::Full,
        Is::Expired,
        Is::Gone,
        Is::Suspicious,
        Is::Risky,
        Is::Barred,
        Is::Any,
    ];
    let number = prop_oneof![
        3 => (-10i64..4000, 0u32..3).prop_map(|(n, scale)| Number::Plain(Decimal::new(n, scale))),
        1 => (0i64..4000, 0u8..4).prop_map(|(n, a)| Number::Amount(Decimal::new(n, 2), asset(a))),
        3 => (-100i64..4000).prop_map(|n| Number::Span(TimeDelta::seconds(n))),
    ];
    prop_oneof![
        4 => pattern().prop_map(Term::Word),
        3 => (pick(&fields), prop::collection::vec(pattern(), 1..3)).prop_map(|(field, patterns)| Term::Text(field, patterns)),
        6 => (pick(&[Pay, Rate, Mins, Slots, Rivals, Age, Expires, Time, Fit, Count]), pick(&ops), number)
            .prop_map(|(field, op, number)| Term::Number(field, op, number)),
        4 => prop::collection::vec(pick(&states), 1..3).prop_map(Term::Is),
        1 => any::<bool>().prop_map(Term::Seen),
        1 => pick(&RULES).prop_map(|rule| Term::Ai(vec![rule])),
        1 => pick(&MODES).prop_map(|mode| Term::Mode(vec![mode])),
        1 => pick(&[Costs(0), Costs(255), Costs::STAKE, Costs::FEE]).prop_map(|costs| Term::Costs(vec![costs])),
        1 => word().prop_map(|word| Term::Brief(Pattern::Plain(word))),
    ]
}

pub(super) fn query() -> impl Strategy<Value = Query> {
    let expr = term().prop_map(Expr::Term).prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Expr::And),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Expr::Or),
            inner.prop_map(|part| Expr::Not(Box::new(part))),
        ]
    });
    prop_oneof![1 => Just(Query::all()), 4 => expr.prop_map(|expr| Query { expr })]
}

pub(super) fn view() -> impl Strategy<Value = View> {
    let level = (pick(&SortKey::ALL), any::<bool>()).prop_map(|(by, reversed)| Level { by, reversed });
    (query(), prop::collection::vec(level, 0..3), prop::bool::weighted(0.25)).prop_map(|(query, sort, group)| View {
        query,
        sort,
        group,
    })
}
