//! Calls to platforms, each on a task of its own: whatever becomes of one, it ends, and the state is told.

use std::panic::AssertUnwindSafe;
use std::path::Path;

use futures_util::FutureExt;

use super::actor::{Actor, now};
use super::attachments::{self, Attached};
use super::effect::{Call, Ended, Input};
use crate::domain::{SourceName, Text};
use crate::error::{Class, Failure};
use crate::platforms::{Answer, Fetched, Outcome, Platform};
use crate::store::drill;

impl Actor {
    pub(super) fn call(&mut self, call: u64, source: &SourceName, what: Call) {
        let (outputs, unanswered) = (self.outputs.clone(), what.unanswered());
        let Some(platform) = self.platforms.get(source).cloned() else {
            let ended = unanswered(Failure::new(Class::Internal, format!("{source} is not connected")));
            let _ = outputs.send(Input::Called { call, ended });
            return;
        };
        // Those that are over are forgotten.
        while self.lines.try_join_next().is_some() {}
        let data = self.data.clone();
        self.lines.spawn(async move {
            // Whatever becomes of it, the call ends, and the state is told.
            let ended = AssertUnwindSafe(carry(&*platform, what, &data)).catch_unwind().await.unwrap_or_else(|_| {
                tracing::error!("a call to a platform broke off");
                unanswered(Failure::new(Class::Internal, "a bug ended the call").hint("please send its report"))
            });
            let _ = outputs.send(Input::Called { call, ended });
        });
    }
}

/// The point of a drill that an answer comes by.
pub(super) fn answered(ended: &Ended) -> &'static str {
    match ended {
        Ended::Claim(_) => "claim.answered",
        Ended::Submit(_) => "submit.answered",
        Ended::Jobs(_) => "poll.landed",
        _ => "",
    }
}

async fn carry(platform: &dyn Platform, what: Call, data: &Path) -> Ended {
    match &what {
        Call::Claim { .. } => drill::point("claim.calling"),
        Call::Submit { .. } => drill::point("submit.calling"),
        _ => {}
    }
    drill::bug("call");
    match what {
        Call::Jobs { cursor } => Ended::Jobs(platform.jobs(&cursor, now()).await),
        Call::Job { key } => Ended::Job(Box::new(platform.job(&key, now()).await)),
        Call::Claim { job } => Ended::Claim(Box::new(platform.claim(&job, now()).await)),
        Call::Release { assignment } => Ended::Release(platform.release(&assignment, now()).await),
        Call::Submit { assignment, submission } => Ended::Submit(platform.submit(&assignment, &submission, now()).await),
        Call::Assignments { cursor } => Ended::Assignments(platform.assignments(&cursor, now()).await),
        Call::Assignment { id } => Ended::Assignment(Box::new(platform.assignment(&id, now()).await)),
        Call::Payments { cursor } => Ended::Payments(platform.payments(&cursor, now()).await),
        Call::Attachment { url, name, .. } => {
            let Answer { outcome, meta } = platform.attachment(&url, now()).await;
            Ended::Attachment(Answer { outcome: kept(outcome, &name, data).await, meta })
        }
    }
}

/// What was fetched, kept; a disk that does not take it is what became of the call.
async fn kept(outcome: Outcome<Fetched>, name: &Text, data: &Path) -> Outcome<Attached> {
    let keep = |fetched| async {
        match attachments::keep(data.to_owned(), name, fetched).await {
            Ok(attached) => Outcome::Done(attached),
            Err(failure) => Outcome::Broken(failure),
        }
    };
    outcome.then(keep).await
}
