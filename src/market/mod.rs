//! The practice market: a marketplace for micro-jobs that ships in the binary and is served over real HTTP.
//!
//! It is what the demo, the tests and the load runs talk to; nothing reaches it but requests (`http`). Its contract is
//! `assets/market/openapi.yaml`. Jobs come of templates (`template`) and a seed (`dice`): the same seed posts the same jobs and
//! judges the same way, whatever the timing. The `world` is pure and moves from event to event (`agenda`); the `keeper` owns it,
//! gives it the time and keeps its memory (`store`). Rivals compete (`rivals`), a load generator stirs (`stir`), deliveries are judged by the deliverable's own
//! rules and by taste (`verify`), money follows hours later (`payouts`). `faults` go wrong on purpose.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

mod agenda;
mod arrivals;
mod assets;
mod catalogue;
mod claim;
mod desk;
mod dice;
mod facts;
mod faults;
mod http;
mod keeper;
mod listing;
mod options;
mod payment;
mod payouts;
mod refusal;
mod requester;
mod rivals;
#[cfg(test)]
mod simulation;
mod stir;
mod store;
mod template;
mod verify;
mod view;
mod world;

pub use assets::OPENAPI;
pub use faults::{Chance, Fault, FaultError, Faults};
pub use options::{Options, Rate, RateError};
pub use payment::Totals;
pub use store::StoreError;
pub use template::BadAsset;

use catalogue::Catalogue;
use http::Shared;
use keeper::{Keeper, present};
use world::{Setup, World};

/// Why a market cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken or not ours.
    #[error("the practice market cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// Its memory cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file that ships in the binary is wrong.
    #[error("a file that ships with the practice market is wrong: {0}")]
    Asset(#[from] BadAsset),
}

/// How long open requests may take to end once the market stops.
const FAREWELL: Duration = Duration::from_secs(2);

/// A market that is being served. Dropping it ends it at once; [`Running::stop`] ends it well.
pub struct Running {
    addr: SocketAddr,
    app: Arc<Shared>,
    server: JoinHandle<()>,
    life: JoinHandle<()>,
    memory: JoinHandle<()>,
}

/// Starts a market and serves it until it is stopped.
///
/// # Errors
/// When the address cannot be listened on, or the memory in `options.store` cannot be used.
pub async fn serve(options: Options) -> Result<Running, StartError> {
    let seed = options.seed;
    let catalogue = Arc::new(Catalogue::load(seed)?);
    let speed = options.speed.max(1);
    let setup = Setup {
        seed,
        rate: options.rate,
        churn: options.churn,
        most: options.most,
        jobs: options.jobs,
        speed,
        hand_limit: options.hand_limit,
        rivals: options.rivals,
    };
    let remembered = match &options.store {
        Some(dir) => store::read(dir, seed, &catalogue)?,
        None => None,
    };
    let failed = |e| StartError::Listen(options.addr, e);
    let listener = TcpListener::bind(options.addr).await.map_err(failed)?;
    let addr = listener.local_addr().map_err(failed)?;
    let world = match remembered {
        Some(memory) => World::reopen(catalogue, setup, memory, present()),
        None => World::open(catalogue, setup, present()),
    };
    let keeper = Keeper::new(world, options.store);
    let closing = CancellationToken::new();
    let app = Arc::new(Shared {
        keeper: keeper.clone(),
        key: api_key(seed),
        base: format!("http://{addr}"),
        seed,
        limit: http::Limit::new(options.requests_per_minute),
        faults: Faults::new(seed, options.faults),
        closing: closing.clone(),
    });
    let service = http::router(app.clone()).into_make_service_with_connect_info::<http::connection::Wire>();
    let server = axum::serve(http::connection::Door(listener), service).with_graceful_shutdown(closing.cancelled_owned());
    let server = tokio::spawn(async move {
        // Serving ends only by the shutdown above; it has no error of its own.
        let _ = server.await;
    });
    let life = tokio::spawn(keeper.clone().live());
    let memory = tokio::spawn(keeper.remember());
    Ok(Running { addr, app, server, life, memory })
}

/// The key of a market with this seed.
fn api_key(seed: u64) -> String {
    let digest = Sha256::digest(format!("practice market key {seed}"));
    let hex = format!("{digest:x}");
    format!("jm_{}", &hex[..32])
}

impl Running {
    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Where the interface begins, as a source's `base_url` has it: `http://127.0.0.1:40123/v1`.
    pub fn base_url(&self) -> String {
        format!("{}/v1", self.app.base)
    }

    /// The key to send in `X-API-Key`.
    pub fn api_key(&self) -> String {
        self.app.key.clone()
    }

    /// What the market counted.
    pub fn totals(&self) -> Totals {
        self.app.keeper.with(|world, _| world.totals())
    }

    /// How many submissions took effect on the assignment with this id of the market's; 0 for an unknown one.
    pub fn effects(&self, assignment: &str) -> u32 {
        self.app.keeper.with(|world, _| world.claim_by_id(assignment).map_or(0, |claim| claim.submissions))
    }

    /// How many changes it made so far, to jobs, assignments and payments.
    pub fn changes(&self) -> u64 {
        self.app.keeper.with(|world, _| world.change())
    }

    /// Ids of the jobs that can be had now, oldest first.
    pub fn open_jobs(&self) -> Vec<String> {
        self.app.keeper.with(|world, _| world.open_jobs())
    }

    /// From now on nothing arrives and nothing is stirred; what is under way goes on.
    pub fn calm(&self) {
        self.app.keeper.with(|world, _| world.calm());
    }

    /// The control of its faults.
    pub fn faults(&self) -> Faults {
        self.app.faults.clone()
    }

    /// Ends it: streams are closed, running requests get two seconds, the memory is written.
    pub async fn stop(mut self) {
        self.app.closing.cancel();
        if tokio::time::timeout(FAREWELL, &mut self.server).await.is_err() {
            self.server.abort();
        }
        self.app.keeper.stop.cancel();
        for task in [&mut self.life, &mut self.memory] {
            // A task that panicked has nothing left to end.
            let _ = task.await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.app.closing.cancel();
        self.app.keeper.stop.cancel();
        self.server.abort();
    }
}
