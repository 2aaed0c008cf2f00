//! An answer that is read piece by piece, as it comes. Dropping it closes the connection: that is how a stream is called off.

use std::time::{Duration, Instant};

use reqwest::Response;

use super::http::{broken, failure, in_words, size_words, time_words};
use super::{Address, Call, End, Http, Reply};

/// Bounds of an answer that comes in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowLimits {
    /// Until the answer's headers are here.
    pub open: Duration,
    /// Longest silence between two pieces.
    pub idle: Duration,
    /// From the start to the last byte; `None` for streams that live for days.
    pub total: Option<Duration>,
    /// Most decoded bytes in all.
    pub cap: usize,
}

/// Why no more pieces come, other than that it is over.
#[derive(Debug)]
pub enum Cut {
    /// Silent for so long.
    Idle(Duration),
    /// Not at its end after so long.
    Late(Duration),
    /// One event or line is larger than this many bytes.
    TooLarge(usize),
    /// All of it together is larger than this many bytes.
    Full(usize),
    /// The connection broke, or what came could not be unpacked.
    Lost(End),
}

impl Cut {
    /// As the end of a call to `url`.
    pub fn end(self, url: &Address) -> End {
        match self {
            Cut::Idle(limit) => End::Unanswered(failure(url, format!("its stream was silent for {}", time_words(limit)))),
            Cut::Late(limit) => End::Unanswered(failure(url, format!("its stream went on for more than {}", time_words(limit)))),
            Cut::TooLarge(cap) => broken(url, format!("its stream sent an event larger than {}", size_words(cap))),
            Cut::Full(cap) => broken(url, format!("its stream is larger than {}, and was not read to the end", size_words(cap))),
            Cut::Lost(end) => end,
        }
    }
}

/// An answer whose body is still to come.
pub struct Flow {
    response: Response,
    head: Reply,
    url: Address,
    limits: FlowLimits,
    began: Instant,
    taken: usize,
}

/// The request's own clock must not end a stream that lives for days; a year stands for never.
const NEVER: Duration = Duration::from_secs(365 * 86_400);

impl Http {
    /// Sends a request and returns as soon as the head of the answer is here, of whatever status.
    ///
    /// # Errors
    /// No head came; the end says how far the request got.
    pub async fn flow(&self, call: &Call, limits: FlowLimits) -> Result<Flow, End> {
        let began = Instant::now();
        let open = limits.total.map_or(limits.open, |total| total.min(limits.open));
        let Ok(opened) = tokio::time::timeout(open, self.open(call, NEVER)).await else {
            return Err(End::Unanswered(failure(&call.url, format!("no answer came within {}", time_words(open)))));
        };
        let mut response = opened?;
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let head = Reply { status, headers, body: Vec::new() };
        Ok(Flow { response, head, url: call.url.clone(), limits, began, taken: 0 })
    }
}

impl Flow {
    /// Status and headers; the body is empty.
    pub fn head(&self) -> &Reply {
        &self.head
    }

    /// Where it comes from.
    pub fn url(&self) -> &Address {
        &self.url
    }

    /// From now on a silence ends it after `idle`.
    pub fn hurry(&mut self, idle: Duration) {
        self.limits.idle = self.limits.idle.min(idle);
    }

    /// The next piece, decoded; `None` at the proper end.
    ///
    /// # Errors
    /// Why there are no more.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Cut> {
        let left = self.limits.total.map(|total| (total, total.saturating_sub(self.began.elapsed())));
        let (wait, cut) = match left {
            // A piece that is here already would go before the time-out, again and again.
            Some((total, left)) if left.is_zero() => return Err(Cut::Late(total)),
            Some((total, left)) if left <= self.limits.idle => (left, Cut::Late(total)),
            _ => (self.limits.idle, Cut::Idle(self.limits.idle)),
        };
        match tokio::time::timeout(wait, self.response.chunk()).await {
            Err(_) => Err(cut),
            Ok(Err(error)) => Err(Cut::Lost(in_words(error, &self.url, wait))),
            Ok(Ok(None)) => Ok(None),
            Ok(Ok(Some(piece))) => {
                self.taken = self.taken.saturating_add(piece.len());
                if self.taken > self.limits.cap { Err(Cut::Full(self.limits.cap)) } else { Ok(Some(piece.into())) }
            }
        }
    }

    /// The whole of it, as far as `cap` bytes and until something ends it: for answers that are no stream, such as a refusal.
    pub async fn whole(mut self, cap: usize) -> Reply {
        let mut body = Vec::new();
        while body.len() < cap
            && let Ok(Some(piece)) = self.next().await
        {
            body.extend_from_slice(&piece[..piece.len().min(cap - body.len())]);
        }
        Reply { body, ..self.head }
    }
}
