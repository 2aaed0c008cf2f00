//! `juggler demo`: the practice market in this process on loopback, and on it the terminal program or a player.

mod ledger;
mod player;
mod revise;
mod transcript;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use super::args::DemoArgs;
use super::{Out, terminal};
use crate::config::{Config, Overrides, Paths, Secret};
use crate::daemon;
use crate::domain::Text;
use crate::engine::{Handle, Polling};
use crate::error::{Class, Failure, Result};
use crate::market::{Options, Running};
use ledger::Report;
use player::Player;
use transcript::Transcript;

/// With this, a review takes a second or two and a payout about half a minute.
const SPEED_FOR_PEOPLE: u32 = 600;
/// With this, fifty jobs are judged and paid in well under a minute.
const SPEED_FOR_THE_PLAYER: u32 = 20_000;
/// Said on the first screen.
const GREETING: &str = "Practice market, no real money. j/k move, Enter claims, ? help, q quits.";
/// The same for lines.
const GREETING_PLAIN: &str = "Practice market, no real money. list reads the jobs, claim 1 claims the first.";
/// Jobs listed when the market opens.
const JOBS: u32 = 120;

/// Runs the demo: in the terminal where there is one, else with the player, which is said.
pub async fn run(args: DemoArgs, overrides: &Overrides, out: &mut Out) -> Result<()> {
    if args.headless || out.is_json() {
        return headless(&args, overrides, out).await;
    }
    let mut wishes = Config::demo(Path::new("/"), "", Secret::new(String::new()));
    wishes.take_wishes(overrides)?;
    if terminal::face() == terminal::Face::None && !wishes.plain {
        out.note("there is no terminal here, so the demo runs headless: a player works through jobs and prints what happens");
        return headless(&args, overrides, out).await;
    }
    let profile = Profile::make(args.keep, overrides)?;
    let market = open_market(&args, &profile, SPEED_FOR_PEOPLE, "0.3").await?;
    let mut config = Config::demo(profile.path(), &market.base_url(), Secret::new(market.api_key()));
    config.take_wishes(overrides)?;
    let is_screen = !config.plain && terminal::face() == terminal::Face::Screen;
    let greeting = Text::title(if is_screen { GREETING } else { GREETING_PLAIN });
    let done = terminal::open_passing(Arc::new(config), greeting, out).await;
    market.stop().await;
    if args.keep {
        out.note(format!("the profile is kept in {}", profile.path().display()));
    }
    done
}

/// Where the demo keeps its things.
enum Profile {
    /// Gone when the demo ends.
    Passing(tempfile::TempDir),
    /// In the data folder.
    Kept(PathBuf),
}

impl Profile {
    fn make(keep: bool, overrides: &Overrides) -> Result<Profile> {
        if keep {
            return Ok(Profile::Kept(Paths::of_process(overrides)?.data.join("demo")));
        }
        let made = tempfile::Builder::new().prefix("juggler-demo-").tempdir();
        made.map(Profile::Passing).map_err(|error| {
            Failure::new(Class::Store, "no folder can be made for the demo")
                .why(error)
                .hint("set TMPDIR to a folder that can be written to")
        })
    }

    fn path(&self) -> &Path {
        match self {
            Profile::Passing(dir) => dir.path(),
            Profile::Kept(dir) => dir,
        }
    }
}

async fn open_market(args: &DemoArgs, profile: &Profile, speed: u32, rate: &str) -> Result<Running> {
    let rate = rate.parse().map_err(|error| Failure::new(Class::Internal, "the demo's rate is wrong").why(error))?;
    let store = match profile {
        Profile::Kept(dir) => Some(dir.join("market")),
        Profile::Passing(_) => None,
    };
    // A market that only this process talks to need not hold it back.
    let options = Options {
        seed: args.seed,
        rate,
        jobs: JOBS,
        speed: args.speed.unwrap_or(speed),
        store,
        requests_per_minute: 1_000_000,
        faults: args.faults.clone(),
        ..Options::default()
    };
    super::market::start(options).await
}

/// A player delivers jobs; then journal, store and market must agree.
async fn headless(args: &DemoArgs, overrides: &Overrides, out: &mut Out) -> Result<()> {
    let began = Instant::now();
    let profile = Profile::make(args.keep, overrides)?;
    let market = open_market(args, &profile, SPEED_FOR_THE_PLAYER, "5").await?;
    let config = Arc::new(Config::demo(profile.path(), &market.base_url(), Secret::new(market.api_key())));
    config.paths.prepare()?;
    let _log = crate::cli::log::start(&config.paths);
    let session = daemon::session(config.clone(), Polling::OnRequest).await?;
    if !session.is_own() {
        return Err(Failure::new(Class::Busy, "another demo holds this profile")
            .why(format!("process {} has it open", session.holder()))
            .hint("close it, or leave --keep out"));
    }
    let handle = session.handle();
    let played = tokio::select! {
        played = play(args, &handle, &market, out) => played,
        () = super::told_to_stop() => Err(Failure::new(Class::Internal, "stopped by a signal")),
    };
    session.close().await;
    let report = played.and_then(|report| report.with_journal(&config.paths.store(), began.elapsed()));
    market.stop().await;
    let report = report?;
    if out.is_json() {
        out.json(&report)?;
    } else {
        report.print(out);
    }
    if args.keep {
        out.note(format!("the profile is kept in {}", profile.path().display()));
    }
    report.verdict()
}

async fn play(args: &DemoArgs, handle: &Handle, market: &Running, out: &mut Out) -> Result<Report> {
    let mut transcript = Transcript::new(out, args.jobs);
    transcript.say(format!("the practice market is open at {} (seed {})", market.base_url(), args.seed));
    let mut player = Player::new(handle.clone(), market, args.jobs);
    player.play(&mut transcript).await?;
    let report = Report::of(handle, market, &player).await?;
    transcript.end();
    Ok(report)
}
