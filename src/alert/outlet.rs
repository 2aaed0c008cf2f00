//! Carries bundles out of the program: one task for each channel, so that a slow one holds nobody up, not even another.

use tokio::sync::mpsc::{self, error::TrySendError};

use super::{Hook, Program};
use crate::config::AlertConfig;
use crate::domain::{Bundle, Job};
use crate::error::{Class, Failure, Result};
use crate::net::Http;

/// Bundles that wait for a channel that is at work; at two a minute, eight minutes of them.
const QUEUE: usize = 16;

/// A bundle with the jobs it is about, as far as they are known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parcel {
    /// What is told.
    pub bundle: Bundle,
    /// Every job that an alert of it names.
    pub jobs: Vec<Job>,
}

/// A way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// The person's program.
    Command,
    /// The web address.
    Webhook,
}

/// What came of one bundle on one channel.
#[derive(Clone, Debug)]
pub struct Done {
    /// Which.
    pub channel: Channel,
    /// What was done, in words; or why not, for a notice.
    pub result: Result<String>,
}

/// The channels that need no terminal, at work.
#[derive(Debug)]
pub struct Outlets {
    lanes: Vec<(Channel, mpsc::Sender<Parcel>)>,
    tell: mpsc::UnboundedSender<Done>,
}

enum Way {
    Command(Program),
    Webhook(Hook),
}

impl Way {
    async fn deliver(&self, parcel: &Parcel) -> Result<String> {
        match self {
            Way::Command(program) => program.run(parcel).await,
            Way::Webhook(hook) => hook.send(parcel).await,
        }
    }
}

impl Outlets {
    /// Starts a task for each configured channel; none is fine. What comes of each bundle is told to `tell`. Needs a runtime.
    pub fn start(config: &AlertConfig, http: &Http, tell: mpsc::UnboundedSender<Done>) -> Outlets {
        let command = Program::new(&config.command).map(|program| (Channel::Command, Way::Command(program)));
        let hook = |webhook| (Channel::Webhook, Way::Webhook(Hook::new(http.clone(), webhook)));
        let ways = command.into_iter().chain(config.webhook.clone().map(hook));
        let lanes = ways
            .map(|(channel, way)| {
                let (send, mut take) = mpsc::channel::<Parcel>(QUEUE);
                let tell = tell.clone();
                tokio::spawn(async move {
                    // One at a time. It ends with its sender, after what it was given.
                    while let Some(parcel) = take.recv().await {
                        let result = way.deliver(&parcel).await;
                        if let Err(failure) = &result {
                            tracing::warn!(?channel, %failure, "an alert was not delivered");
                        }
                        let _ = tell.send(Done { channel, result });
                    }
                });
                (channel, send)
            })
            .collect();
        Outlets { lanes, tell }
    }

    /// Nothing is configured: parcels need not be packed.
    pub fn is_empty(&self) -> bool {
        self.lanes.is_empty()
    }

    /// Hands a parcel to every channel; never waits. A channel that is too far behind says so instead.
    pub fn send(&self, parcel: Parcel) {
        for (channel, lane) in &self.lanes {
            if let Err(TrySendError::Full(parcel)) = lane.try_send(parcel.clone()) {
                let lost = parcel.bundle.title();
                let failure = Failure::new(Class::Busy, format!("an alert was not delivered: {lost}"))
                    .why(format!("{QUEUE} earlier ones still wait for the {}", channel.word()))
                    .hint("juggler alert test shows what is slow");
                let _ = self.tell.send(Done { channel: *channel, result: Err(failure) });
            }
        }
    }
}

impl Channel {
    /// Its name in sentences.
    pub fn word(self) -> &'static str {
        match self {
            Channel::Command => "command",
            Channel::Webhook => "webhook",
        }
    }
}
