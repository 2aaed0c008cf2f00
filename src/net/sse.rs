//! Server-sent events: a decoder with a cap on each event, and a reader with an idle time-out.
//!
//! The decoder is our own: the library that is made for it (`eventsource-stream` 0.2) panics at a byte order mark, which any server
//! may send, and loses the last event where the server ends without an empty line. Source: the HTML standard, "Server-sent events".

use std::time::{Duration, Instant};

use super::flow::Cut;
use super::http::broken;
use super::{Call, End, FlowLimits, Http, Lines, Sent};

/// Bounds of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamLimits {
    /// Most bytes of one event.
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

/// Makes events of bytes.
#[derive(Debug)]
pub struct Events {
    lines: Lines,
    event: Event,
    cap: usize,
}

/// What is known of the event that is coming.
#[derive(Debug, Default)]
struct Event {
    began: bool,
    kind: String,
    data: Option<String>,
    id: String,
}

impl Events {
    /// Events of at most `cap` bytes.
    pub fn new(cap: usize) -> Events {
        Events { lines: Lines::new(cap), event: Event::default(), cap }
    }

    /// Takes a piece in and hands every event that it completes to `each`.
    ///
    /// # Errors
    /// An event is larger than the cap.
    pub fn take(&mut self, piece: &[u8], mut each: impl FnMut(Pushed)) -> Result<(), Cut> {
        let event = &mut self.event;
        let mut largest = 0;
        self.lines
            .take(piece, |line| {
                if let Some(pushed) = event.line(line) {
                    each(pushed);
                }
                largest = largest.max(event.data.as_ref().map_or(0, String::len));
                if largest > self.cap {
                    event.data = None;
                }
            })
            .map_err(Cut::TooLarge)?;
        if largest > self.cap { Err(Cut::TooLarge(self.cap)) } else { Ok(()) }
    }

    /// The event that the server did not end with an empty line. The standard drops it; what it says is worth having.
    pub fn rest(&mut self) -> Option<Pushed> {
        let line = self.lines.rest();
        line.and_then(|line| self.event.line(&line)).or_else(|| self.event.line(""))
    }
}

impl Event {
    /// Takes a line in; the empty one ends an event.
    fn line(&mut self, line: &str) -> Option<Pushed> {
        let line = if std::mem::replace(&mut self.began, true) { line } else { line.strip_prefix('\u{feff}').unwrap_or(line) };
        if line.is_empty() {
            let kind = std::mem::take(&mut self.kind);
            let data = self.data.take()?;
            let kind = if kind.is_empty() { "message".to_owned() } else { kind };
            return Some(Pushed { kind, data, id: self.id.clone() });
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.kind),
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            // A comment (no name before the colon), a retry time, or something newer.
            _ => {}
        }
        None
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
        let bounds = FlowLimits { open: limits.open, idle: limits.idle, total: None, cap: usize::MAX };
        let mut flow = match self.flow(call, bounds).await {
            Ok(flow) => flow,
            Err(end) => return end,
        };
        if flow.head().status != 200 {
            return End::Answered(Box::new(flow.whole(limits.event).await));
        }
        if flow.head().mime().as_deref() != Some("text/event-stream") {
            return broken(&call.url, "its stream is not a text/event-stream");
        }
        let mut events = Events::new(limits.event);
        loop {
            let done = match flow.next().await {
                Ok(Some(piece)) => events.take(&piece, on),
                Ok(None) => {
                    events.rest().into_iter().for_each(on);
                    return End::Answered(Box::new(flow.head().clone()));
                }
                Err(cut) => Err(cut),
            };
            if let Err(cut) = done {
                return cut.end(&call.url);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole(bytes: &[u8], cuts: &[usize]) -> Vec<Pushed> {
        let (mut events, mut out, mut at) = (Events::new(1 << 20), Vec::new(), 0);
        for cut in cuts.iter().map(|cut| cut % (bytes.len() + 1)).filter(|cut| *cut > 0) {
            let end = (at + cut).min(bytes.len());
            events.take(&bytes[at..end], |event| out.push(event)).unwrap();
            at = end;
        }
        events.take(&bytes[at..], |event| out.push(event)).unwrap();
        out.extend(events.rest());
        out
    }

    #[test]
    fn events_are_read_as_the_standard_says() {
        let text = "\u{feff}: hello\r\n\r\nevent: add\rdata: 1\rdata:  2\r\rid: 7\nretry: 3\nnonsense\ndata\n\ndata: é\n: late\n\ndata:last";
        let said: Vec<(String, String, String)> =
            whole(text.as_bytes(), &[]).into_iter().map(|event| (event.kind, event.data, event.id)).collect();
        let event = |kind: &str, data: &str, id: &str| (kind.to_owned(), data.to_owned(), id.to_owned());
        let message = |data| event("message", data, "7");
        assert_eq!(said, [event("add", "1\n 2", ""), message(""), message("é"), message("last")]);
    }

    #[test]
    fn an_event_of_many_lines_is_bounded() {
        let mut events = Events::new(1 << 10);
        let line = format!("data: {}\n", "x".repeat(500));
        let mut sent = 0;
        while events.take(line.as_bytes(), |_| ()).is_ok() {
            sent += 1;
            assert!(sent < 10);
        }
        assert_eq!(sent, 2);
    }

    proptest! {
        #[test]
        fn however_it_is_cut_the_same_events_come(
            text in "(data: ?|event: |id: |: |\u{feff}|[a-zé🎭 ]{0,4}|\r\n|\n\n|\r|\n){0,30}",
            cuts in prop::collection::vec(1_usize..9, 0..40),
        ) {
            prop_assert_eq!(whole(text.as_bytes(), &cuts), whole(text.as_bytes(), &[]));
        }
    }
}
