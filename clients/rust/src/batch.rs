//! Lists of calls that use each other's answers: one round trip sets up a whole machine.

use std::sync::Arc;

use crate::caller::Caller;
use crate::calls::{Call, Pending, TraceKey};
use crate::error::{KvmError, Result, ECANCELED};
use crate::proto::{Syscall, SyscallResult};

/// A list of calls in the making. Nothing travels before [`submit`](Batch::submit).
#[derive(Debug)]
pub struct Batch {
    caller: Arc<Caller>,
    keys: Vec<TraceKey>,
    calls: Vec<Syscall>,
}

impl Batch {
    pub(crate) fn new(caller: Arc<Caller>) -> Self {
        Batch {
            caller,
            keys: Vec::new(),
            calls: Vec::new(),
        }
    }

    /// Enters a call of [`calls`](crate::calls). What it answers stands for its result: as descriptor, address or
    /// struct member of a later call, and to fetch the result once the batch is submitted.
    pub fn add<T>(&mut self, call: Call<T>) -> Pending<T> {
        let index = self.calls.len() as u32;
        self.keys.push(call.key);
        self.calls.push(call.message);
        Pending {
            index,
            answer: call.answer,
        }
    }

    /// How many calls it has.
    pub fn len(&self) -> usize {
        self.calls.len()
    }

    /// Whether it has no calls.
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// Makes the calls in one message, and stops at the first that fails: that is the error.
    pub async fn submit(self) -> Result<Results> {
        let results = self.make(true).await?;
        match results.outcomes.iter().find_map(|outcome| outcome.as_ref().err()) {
            Some(error) => Err(error.clone().into()),
            None => Ok(results),
        }
    }

    /// Makes all the calls in one message. Each failure waits in the call's own result.
    pub async fn submit_all(self) -> Result<Results> {
        self.make(false).await
    }

    async fn make(self, stop_at_error: bool) -> Result<Results> {
        let results = self.caller.list(self.calls, stop_at_error).await?;
        let mut outcomes = Vec::with_capacity(results.len());
        for (result, key) in results.into_iter().zip(self.keys) {
            outcomes.push(match result.error {
                0 => Ok(result),
                ECANCELED => Err(KvmError::new(key.name, ECANCELED)),
                error => Err(self.caller.failure(&key, error).await),
            });
        }
        Ok(Results { outcomes })
    }
}

/// The results of a batch.
#[derive(Debug)]
pub struct Results {
    outcomes: Vec<std::result::Result<SyscallResult, KvmError>>,
}

impl Results {
    /// What a call answered, or why it failed.
    pub fn get<T>(&self, pending: Pending<T>) -> std::result::Result<T, KvmError> {
        match &self.outcomes[pending.index as usize] {
            Ok(result) => Ok((pending.answer)(result.clone())),
            Err(error) => Err(error.clone()),
        }
    }
}
