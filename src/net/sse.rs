//! Server-sent events: one reader with a cap on each event and an idle time-out.

use std::time::{Duration, Instant};

use eventsource_stream::Eventsource;
use futures_util::{StreamExt, stream};

use super::http::{broken, failure, in_words, size_words, time_words};
use super::{Call, End, Http, Reply, Sent};

/// Bounds of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamLimits {
    /// Most bytes between two events.
    pub event: usize,
    /// Longest silence; comments count as a sign of life.
    pub idle: Duration,
    /// Until the answer's headers are here.
    pub open: Duration,
}

impl Default for StreamLimits {
    fn default() -> Self {
        StreamLimits { event: 256 << 10, idle: Duration::from_secs(60), open: Duration::from_secs(30) }
    }
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// Its kind; `message` when the server names none.
    pub kind: String,
    /// Its data.
    pub data: String,
    /// The id to go on after.
    pub id: String,
}

/// Why the bytes stopped.
enum Cut {
    Idle,
    TooLarge,
    Lost(reqwest::Error),
}

/// How many bytes came since the last empty line.
#[derive(Default)]
struct Span {
    bytes: usize,
    line_empty: bool,
}

impl Span {
    /// Counts `piece`; false once an event is larger than `cap`.
    fn takes(&mut self, piece: &[u8], cap: usize) -> bool {
        for byte in piece {
            match byte {
                b'\n' | b'\r' if self.line_empty => self.bytes = 0,
                // In `\r\n` the line feed closes an empty rest: an early reset at most one line late, which the cap can bear.
                b'\n' => self.line_empty = true,
                b'\r' => {}
                _ => self.line_empty = false,
            }
            self.bytes += 1;
            if self.bytes > cap {
                return false;
            }
        }
        true
    }
}

impl Http {
    /// Reads a stream until it ends and hands every event to `on`. `Answered` with the status when it ended properly or was not
    /// granted (with the body then); `Unanswered` when it fell silent or broke; `Broken` when it is no event stream.
    pub async fn events(&self, mut call: Call, limits: StreamLimits, on: &(dyn Fn(Pushed) + Send + Sync)) -> Sent {
        let start = Instant::now();
        call.headers.push(("accept".into(), "text/event-stream".into()));
        let end = self.listen(&call, limits, on).await;
        Sent { latency: start.elapsed(), end }
    }

    async fn listen(&self, call: &Call, limits: StreamLimits, on: &(dyn Fn(Pushed) + Send + Sync)) -> End {
        // The request's own clock must not end a stream that lives for days; a year stands for never.
        let opened = tokio::time::timeout(limits.open, self.open(call, Duration::from_secs(365 * 86_400))).await;
        let mut response = match opened {
            Err(_) => return End::Unanswered(failure(&call.url, format!("no answer came within {}", time_words(limits.open)))),
            Ok(Err(end)) => return end,
            Ok(Ok(response)) => response,
        };
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let mut reply = Reply { status, headers, body: Vec::new() };
        let granted = status == 200;
        if granted && reply.mime().as_deref() != Some("text/event-stream") {
            return broken(&call.url, "its stream is not a text/event-stream");
        }
        let pieces = stream::unfold((response, Span::default(), false), move |(mut response, mut span, over)| async move {
            if over {
                return None;
            }
            let item = match tokio::time::timeout(limits.idle, response.chunk()).await {
                Err(_) => Err(Cut::Idle),
                Ok(Err(error)) => Err(Cut::Lost(error)),
                Ok(Ok(None)) => return None,
                Ok(Ok(Some(piece))) if span.takes(&piece, limits.event) => Ok(piece),
                Ok(Ok(Some(_))) => Err(Cut::TooLarge),
            };
            let over = item.is_err();
            Some((item, (response, span, over)))
        });
        if !granted {
            let mut pieces = Box::pin(pieces);
            while let Some(Ok(piece)) = pieces.next().await {
                reply.body.extend_from_slice(&piece);
                if reply.body.len() > limits.event {
                    break;
                }
            }
            return End::Answered(Box::new(reply));
        }
        let mut events = Box::pin(pieces.eventsource());
        while let Some(event) = events.next().await {
            match event {
                Ok(event) => on(Pushed { kind: event.event, data: event.data, id: event.id }),
                Err(eventsource_stream::EventStreamError::Transport(cut)) => return cut_off(cut, call, limits),
                Err(_) => return broken(&call.url, "its stream is not UTF-8 or not made of events"),
            }
        }
        End::Answered(Box::new(reply))
    }
}

fn cut_off(cut: Cut, call: &Call, limits: StreamLimits) -> End {
    match cut {
        Cut::Idle => End::Unanswered(failure(&call.url, format!("its stream was silent for {}", time_words(limits.idle)))),
        Cut::TooLarge => broken(&call.url, format!("its stream sent an event larger than {}", size_words(limits.event))),
        Cut::Lost(error) => in_words(error, &call.url, limits.idle),
    }
}
