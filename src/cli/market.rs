//! `juggler market serve`, and starting a market for the demo.

use serde_json::json;

use super::Out;
use super::args::ServeArgs;
use crate::error::{Class, Failure, Result};
use crate::market::{self, Options, Running, StartError};

/// Serves a market until a signal comes.
pub async fn serve(args: ServeArgs, out: &mut Out) -> Result<()> {
    let read = |rate: &str| rate.parse().map_err(|error: market::RateError| Failure::new(Class::Usage, error.to_string()));
    let (rate, churn) = (read(&args.rate)?, read(&args.churn)?);
    let running = start(Options {
        addr: args.addr,
        seed: args.seed,
        rate,
        jobs: args.jobs,
        churn,
        most: args.most,
        speed: args.speed,
        store: args.store,
        hand_limit: args.hand_limit,
        requests_per_minute: args.requests_per_minute,
        faults: args.faults,
        ..Options::default()
    })
    .await?;
    if out.is_json() {
        out.json(&json!({
            "address": running.base_url(),
            "key": running.api_key(),
            "seed": args.seed,
            "pid": std::process::id(),
        }))?;
    } else {
        out.line(running.base_url());
        out.line(running.api_key());
    }
    out.flush();
    super::told_to_stop().await;
    running.stop().await;
    Ok(())
}

/// Starts a market; its reasons in words.
pub async fn start(options: Options) -> Result<Running> {
    market::serve(options).await.map_err(|error| {
        let (class, hint) = match &error {
            StartError::Listen(..) => (Class::Usage, "choose another address: --addr 127.0.0.1:0 takes a free port"),
            StartError::Store(_) => (Class::Store, "choose another folder for the market's memory"),
            StartError::Asset(_) => (Class::Internal, "this is a bug: report it"),
        };
        Failure::new(class, "the practice market cannot start").why(error).hint(hint)
    })
}
