//! Which check refused a call: what the process's trace says of its last failures.

use std::collections::VecDeque;

use crate::calls::TraceKey;
use crate::proto::inspect_service_client::InspectServiceClient;
use crate::proto::trace_arg::Value;
use crate::proto::{TraceArg, TraceEntry, TraceRequest};
use crate::transport::Service;

/// How many failures are remembered that nobody asked about yet.
const MEMORY: usize = 256;

/// Reads on in one process's trace when something has failed.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    since: u64,
    failures: VecDeque<TraceEntry>,
}

impl Rules {
    /// The rule behind a failure; `None` where the trace does not have it any more, or cannot be read.
    pub async fn find(
        &mut self,
        inspect: InspectServiceClient<Service>,
        process: u64,
        key: &TraceKey,
        errno: i32,
    ) -> Option<String> {
        // What was read before the trace broke off counts, too.
        let _ = self.read(inspect, process).await;
        let found = |entry: &&TraceEntry| matches(entry, key, errno);
        let entry = self.failures.iter().rev().find(found)?;
        Some(entry.rule.clone()).filter(|rule| !rule.is_empty())
    }

    async fn read(&mut self, mut inspect: InspectServiceClient<Service>, process: u64) -> Result<(), tonic::Status> {
        let request = TraceRequest {
            process,
            since: self.since,
            follow: false,
        };
        let mut stream = inspect.trace(request).await?.into_inner();
        while let Some(response) = stream.message().await? {
            for entry in response.entries {
                self.since = entry.sequence;
                if entry.error != 0 {
                    self.failures.push_back(entry);
                }
            }
        }
        let surplus = self.failures.len().saturating_sub(MEMORY);
        self.failures.drain(..surplus);
        Ok(())
    }
}

fn matches(entry: &TraceEntry, key: &TraceKey, errno: i32) -> bool {
    let alike = |(arg, known): (&TraceArg, &Option<u64>)| match (&arg.value, known) {
        (Some(Value::Number(value)), Some(known)) => *value as u64 == *known,
        (Some(Value::Address(value)), Some(known)) => value == known,
        _ => true,
    };
    entry.call == key.call && entry.error == errno && entry.args.iter().zip(&key.args).all(alike)
}
