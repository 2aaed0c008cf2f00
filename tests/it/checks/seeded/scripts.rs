//! Scripts about two twenty-page reports, written by hand as a worker would: first clean, then with a wrong number, date, name or
//! quotation planted.

use juggler::domain::check::faithful::{Claim, claims};
use juggler::domain::check::sheet::Sheet;
use juggler::domain::check::{Judged, Verdict, check};
use juggler::domain::deliverable::{Form, Rule};
use juggler::domain::{Deliverable, Text};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::{Tally, dice, pick};

const TIDAL: &str = include_str!("../../../../assets/market/reports/tidal-energy.txt");
const LENDING: &str = include_str!("../../../../assets/market/reports/future-of-lending.txt");

/// Report, brief (whose names are the requester's own), script. Every claim of these stands in the report.
const CLEAN: [(&str, &str, &str); 8] = [
    (
        TIDAL,
        "Two Minutes of Grid explains one energy report a week. Call to action: follow for the next report.",
        "[0:00] A seal for 410 pounds stopped a turbine for 62 days. [screen: 410 pounds]
[0:05] This is Skarra Sound, where four turbines sit on the sea bed between Hamnavoe and the Calf.
[0:14] At 03:40 on 12 November the oil pressure in T4 fell. The machine stopped itself within nine seconds.
[0:24] Then everybody waited. The first window came on 30 November and ended after four hours with a broken winch.
[0:33] The second came on 17 December. Somebody had pinched the lip of the seal when it was put together.
[0:42] The bill? 58,600 pounds, and 35,100 of it for the vessel alone. [p. 10]
[0:50] Two failures cost 150 of the 241 MWh that were missing at the end. Still, 2,609 MWh came out of the water.
[1:00] Nearly everything that failed was small. Waiting costs more than repairing.
[1:08] On Two Minutes of Grid we read reports so that you need not. Follow for the next report.",
    ),
    (
        TIDAL,
        "Saltmarsh Science, a school project. Say what nobody knows yet. Call to action: save this for class.",
        "[0:00] Do seals swim into turbines under the sea?
[0:03] Biologists looked for an answer in the Skarra Isles, where four machines turn in the tide.
[0:11] Here is what they found. No collision was confirmed in the first year. Three sonar contacts remain unresolved.
[0:21] Unresolved means that the picture was too coarse. So nobody knows.
[0:27] Porpoises kept away from the running machines, though not a kilometre away.
[0:34] Is everybody happy? Before the pilot, 58 percent supported it. In February 2025 it was 71 percent.
[0:43] Hamnavoe got something else as well: 1,930 visitors came to the shore station, and 640 of them were pupils.
[0:52] Better sonar is due before the summer of 2026. Until then the honest answer stays open.
[1:00] Saltmarsh Science says thanks for watching. Save this for class!",
    ),
    (
        TIDAL,
        "Ledger & Co. follows public money. Call to action: share it with your council.",
        "[0:00] Who pays when a power station lies under water?
[0:03] Building the Skarra Sound pilot cost 9.60 million pounds, which was 0.70 million more than the budget.
[0:12] Running it for a year cost 612,000 pounds. Income was 654,850 pounds.
[0:19] That looks like a profit, until the loan arrives. Interest and repayment came to 196,000 pounds.
[0:27] So 153,150 pounds had to come out of the reserve.
[0:32] Where does the money go? Vessels and divers took 214 thousand. Staff took 168 thousand. Insurance took 64 thousand.
[0:42] A megawatt hour earns 168 pounds on the islands, and only 71 on the mainland.
[0:49] The manufacturer offers eight more machines for 15.8 million pounds. \u{201c}It is a fair offer\u{201d}, the report says, and adds that the board will wait.
[1:00] They want to decide in the autumn of 2026. Share it with your council, says Ledger & Co.",
    ),
    (
        TIDAL,
        "Island Hours, news for islanders. Call to action: tell us about your island.",
        "[0:00] Listen: no diesel engine. For 3,496 hours of the year it was quiet here.
[0:07] The year before, it was 850 hours. That is what four turbines did for 6,140 people.
[0:15] The diesel station at Quoys burned 1.09 million litres. It used to be 1.46 million.
[0:23] In tonnes of carbon dioxide that makes 992.
[0:27] Then came 3 October. A digger cut the line to the hospital.
[0:33] The pilot, the battery and one engine held the rest of the island for five hours, and afterwards the hospital as well.
[0:42] \u{201c}That had never been tried, though it had been calculated\u{201d}, writes the cooperative.
[0:49] Did power become cheaper? A little: from 31.5 to 29.9 pence.
[0:55] And the fund bought a piano, driving lessons and insulation for the village hall.
[1:02] Tell us about your island. This was Island Hours.",
    ),
    (
        TIDAL,
        "Plan B Careers, jobs that did not exist ten years ago. Call to action: follow for more jobs.",
        "[0:00] A day at sea costs 3,900 pounds here, even if nobody gets wet.
[0:06] Planned were 31 of these days. The crew needed 47.
[0:11] They sail a converted prawn trawler from Hamnavoe with a lifting frame at the stern.
[0:18] Work happens at slack water. At neaps that gives 26 useful minutes, at springs eleven.
[0:26] Learning shows: crews that had done a job before needed about a fifth less time.
[0:33] Nearly all of that knowledge is in the heads of nine people. Fourteen near misses were reported.
[0:41] Reporting is rewarded with cake. Honestly, it works.
[0:46] One deckhand sprained a wrist and was out for four days. Nothing worse happened.
[0:53] Want to do this? Plan B Careers has more. Follow for more jobs.",
    ),
    (
        TIDAL,
        "Forecast Nerds, for people who check three weather apps. Call to action: follow for the next forecast.",
        "[0:00] The moon does not change its plans.
[0:03] That is why the tide can be forecast and the wind cannot.
[0:08] Every day at noon the grid company gets a forecast for each half hour of the next day.
[0:16] Average error: 6.2 percent of the capacity. The wind farm next door? 17.5 percent.
[0:24] Even seven days ahead the tide misses by only 6.9 percent.
[0:30] Frequency events on the islands fell from 46 to 19, and half of that is due to the battery.
[0:38] It holds 1,200 kilowatt hours and went through 318 full cycles.
[0:44] Of course there were surprises. On eleven windy nights the machines had to be turned down.
[0:51] Distilleries have asked whether they might use power at three in the morning.
[0:57] Forecast Nerds, that is the whole story. Follow for the next forecast.",
    ),
    (
        LENDING,
        "City Shelf talks about libraries. Call to action: tell us what you borrowed.",
        "[0:00] A carpet cleaner is out more often than any novel in Corran.
[0:05] In 2019 the libraries lent 2,443,100 items. In 2024 it was 2,217,000.
[0:14] Seen from far away that is a small decline. Films and music lost 66.3 percent, e-books and audiobooks won 146.4 percent.
[0:24] Children hardly noticed: 702,000 loans, 1.4 percent fewer.
[0:30] Since 1 January 2022 there are no fines in Corran. Readers still bring back 92.4 percent within fourteen days of the due date.
[0:40] Out of 21,900 blocked people, 14,200 have borrowed again.
[0:46] One of them told the staff: \u{201c}I thought I still owed you money\u{201d}.
[0:52] Behind all of this sits the Culture Committee, which asked for the report in March 2024.
[1:00] City Shelf wants to know more. Tell us what you borrowed.",
    ),
    (
        LENDING,
        "Budget Bites looks at what cities pay. Call to action: share this with a friend.",
        "[0:00] Your e-book costs the library more than the paper one.
[0:04] Printed, a loan costs 0.92 euros. As a file it costs 2.32.
[0:10] Licences now eat 1.42 million of the 3.10 million euros that Corran spends on collections.
[0:18] Worse, a third of them run out before half of the permitted loans have been used. Readers wait 41 days.
[0:28] So what can be done by 2030? The City Library Network describes three outlooks.
[0:35] Going on as before costs 24.1 million euros a year. Digital-first costs 25.3 million, with four branches fewer.
[0:45] Shared shelves would cost 23.4 million and lend 2.31 million items.
[0:52] Open Plus helps too: six branches open without staff, and there were 37 incidents in the year.
[1:00] Twelve recommendations wait for the Council. Share this with a friend, says Budget Bites.",
    ),
];

fn judged<'a>(text: &'a str, source: &'a str, brief: &'a str) -> Judged<'a> {
    Judged { text, sources: vec![("report.txt", source)], context: brief, language: "en", ..Judged::default() }
}

fn claimed<'a>(judged: &'a Judged<'a>) -> Vec<Claim<'a>> {
    let sheet = Sheet::new(Form::Script, judged);
    let lore = sheet.lore("");
    claims(&sheet, &lore.source)
}

/// Numbers and names of neither report.
const NAMES: [&str; 16] = [
    "Stromholm",
    "Lady Ashcombe",
    "Professor Ilse Brandt",
    "Vindhavn",
    "the Orkdale Trust",
    "Marlow Sound",
    "Quintrell",
    "Port Ellery",
    "Nordkapp Energy",
    "Bettina",
    "Gravesend",
    "Doctor Oyelaran",
    "the Tamsin Bay Society",
    "Halvorsen",
    "Kirkwell",
    "Zephyra",
];

/// A clean script with one claim made false, where it is, and what kind it was.
fn planted(n: usize, dice: &mut ChaCha8Rng) -> (&'static str, &'static str, &'static str, String, u32) {
    let (source, brief, script) = CLEAN[n % CLEAN.len()];
    let mut lines: Vec<String> = script.lines().map(str::to_owned).collect();
    let numbered: Vec<usize> = (0..lines.len())
        .filter(|i| lines[*i].split_once(']').is_some_and(|(_, said)| said.chars().any(|c| c.is_ascii_digit())))
        .collect();
    let at = numbered[dice.random_range(0..numbered.len())];
    match n % 5 {
        // A digit changed, so that the value is nowhere in the report.
        0 | 1 => {
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            loop {
                let line = &lines[at];
                let from = line.find(']').unwrap();
                let spots: Vec<usize> =
                    line.char_indices().filter(|(i, c)| *i > from && c.is_ascii_digit()).map(|(i, _)| i).collect();
                let spot = spots[dice.random_range(0..spots.len())];
                let mut changed = line.clone();
                changed.replace_range(spot..spot + 1, pick(dice, &["1", "3", "4", "6", "7", "8", "9"]));
                // The whole number that now stands there, and whether the report has it by chance.
                let start = changed[..spot].rfind(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').map_or(0, |i| i + 1);
                let end = changed[spot..]
                    .find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.')
                    .map_or(changed.len(), |i| spot + i);
                let number = changed[start..end].trim_matches(['.', ',']).to_owned();
                let in_name = changed[..start].ends_with(char::is_alphabetic) || changed[..start].ends_with("p. ");
                let known =
                    source.split(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').any(|w| digits(w) == digits(&number));
                if changed != *line && !known && !in_name && !changed[..start].ends_with(':') && !changed[end..].starts_with(':')
                {
                    lines[at] = changed;
                    return ("a wrong number", source, brief, lines.join("\n"), at as u32);
                }
                if dice.random_bool(0.2) {
                    lines[at].push_str(" It took 7,777 more.");
                    return ("a number out of the air", source, brief, lines.join("\n"), at as u32);
                }
            }
        }
        // A name of nobody there, in the middle of a sentence or at its start.
        2 => {
            let name = pick(dice, &NAMES);
            lines[at].push_str(&format!(" People thanked {name} for it."));
            ("a wrong name inside a sentence", source, brief, lines.join("\n"), at as u32)
        }
        3 => {
            let name = pick(dice, &NAMES).trim_start_matches("the ").to_owned();
            lines[at].push_str(&format!(" {name} saw it first."));
            ("a wrong name at a sentence's start", source, brief, lines.join("\n"), at as u32)
        }
        _ if n % 2 == 0 => {
            let when = pick(dice, &["on 29 August 2019", "on 7 May", "in October 1987", "on 23 July"]);
            lines[at].push_str(&format!(" It began {when}."));
            ("a wrong date", source, brief, lines.join("\n"), at as u32)
        }
        _ => {
            let said =
                pick(dice, &["we never saw it coming at all", "the sea gives and the sea takes", "nobody asked the readers"]);
            lines[at].push_str(&format!(" \u{201c}{said}\u{201d}, they wrote."));
            ("a quotation of nobody", source, brief, lines.join("\n"), at as u32)
        }
    }
}

#[test]
fn wrong_numbers_and_names_in_scripts_are_found_and_clean_ones_left_alone() {
    // Clean: of every claim that the checks look up, at most 2 % may be called wrong.
    let (mut looked_up, mut alarms) = (0, Vec::new());
    for (source, brief, script) in &CLEAN {
        let judged = judged(script, source, brief);
        let claims = claimed(&judged);
        assert!(claims.len() >= 6, "too little was looked up: {claims:?}");
        looked_up += claims.len();
        alarms.extend(claims.iter().filter(|c| c.found.is_none()).map(|c| format!("{:?} {:?}", c.kind, c.written)));
    }
    // Planted: one false claim in each copy, caught on its line.
    let mut dice = dice(0x7363_7269);
    let mut tally = Tally::default();
    for n in 0..400 {
        let (fault, source, brief, text, line) = planted(n, &mut dice);
        let judged = judged(&text, source, brief);
        let caught = claimed(&judged).iter().any(|claim| claim.line == line && claim.found.is_none());
        tally.count(fault, caught, || text.lines().nth(line as usize).unwrap().to_owned());
    }
    tally.print("scripts, planted falsehoods");
    println!("  false alarms on clean scripts: {} of {looked_up} claims {alarms:?}", alarms.len());
    assert!(tally.caught() * 100 >= tally.sown() * 99, "{} of {}", tally.caught(), tally.sown());
    assert!(alarms.len() * 100 <= looked_up * 2, "{alarms:?}");
}

#[test]
fn a_claim_is_told_with_its_page_and_a_demand_fails_where_it_only_warned() {
    let (source, brief, script) = CLEAN[0];
    let wrong = script.replace("58,600", "58,700");
    let spec = |rules| Deliverable { form: Form::Script, rules, ..Deliverable::default() };
    let found = |rules, text: &str| {
        let judged = judged(text, source, brief);
        let all = check(&spec(rules), &judged);
        all.into_iter().find(|f| f.label.as_str().contains("faithful to")).unwrap()
    };
    let good = found(vec![], script);
    assert_eq!(good.verdict, Verdict::Pass, "{good:?}");
    let page =
        |what: &str| good.ticks.iter().find(|t| t.what.as_str() == what).unwrap_or_else(|| panic!("{what}: {good:?}")).page;
    assert_eq!((page("58,600"), page("12 November"), page("Skarra Sound")), (Some(10), Some(2), Some(1)));
    let warned = found(vec![], &wrong);
    assert_eq!((warned.verdict, warned.line), (Verdict::Warn, Some(5)), "{warned:?}");
    let (from, to) = warned.columns.unwrap();
    assert_eq!(&wrong.lines().nth(5).unwrap()[from as usize..to as usize], "58,700");
    let failed = found(vec![Rule::Faithful { source: Text::title("report.txt") }], &wrong);
    assert_eq!(failed.verdict, Verdict::Fail);
    assert!(failed.sentence().contains("58,700") && failed.cure.as_str().contains("correct it"), "{failed:?}");
}
