//! Makes the calls of one process; what all objects of that process share.

use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use tokio::runtime::Handle;
use tokio::sync::Mutex;

use crate::calls::{self, Call, Map, TraceKey};
use crate::error::{KvmError, Result};
use crate::pipeline::Pipeline;
use crate::proto::{ExitRequest, Syscall, SyscallResult};
use crate::rules::Rules;
use crate::transport::Services;

const SCRATCH_BYTES: u64 = 64 << 10;

/// The calls of one process. The process exits with the last object that has a reference to it.
#[derive(Debug)]
pub(crate) struct Caller {
    pub services: Services,
    pub process: u64,
    pipeline: Pipeline,
    /// `None` where nobody wants to know.
    rules: Option<Mutex<Rules>>,
    /// Memory of the process for buffers that structs point at: address and size.
    scratch: Mutex<(u64, u64)>,
    ended: AtomicBool,
    runtime: Handle,
}

impl Caller {
    pub fn new(services: Services, process: u64, rules: bool) -> Self {
        Caller {
            pipeline: Pipeline::new(services.syscalls.clone(), process),
            services,
            process,
            rules: rules.then(Mutex::default),
            scratch: Mutex::default(),
            ended: AtomicBool::new(false),
            runtime: Handle::current(),
        }
    }

    pub async fn call<T>(&self, call: Call<T>) -> Result<T> {
        let result = self.pipeline.call(call.message).await?;
        if result.error != 0 {
            return Err(self.failure(&call.key, result.error).await.into());
        }
        Ok((call.answer)(result))
    }

    pub async fn list(&self, calls: Vec<Syscall>, stop_at_error: bool) -> Result<Vec<SyscallResult>> {
        Ok(self.pipeline.list(calls, stop_at_error).await?)
    }

    /// Makes a call and answers its result, be it a failure.
    pub async fn result<T>(&self, call: Call<T>) -> Result<SyscallResult> {
        Ok(self.pipeline.call(call.message).await?)
    }

    /// What a call answered that went another way than the stream.
    pub async fn check(&self, key: TraceKey, ret: i64, error: i32) -> Result<i64> {
        if error != 0 {
            return Err(self.failure(&key, error).await.into());
        }
        Ok(ret)
    }

    /// The error of a failed call, with the rule that refused it.
    pub async fn failure(&self, key: &TraceKey, errno: i32) -> KvmError {
        let mut error = KvmError::new(key.name.clone(), errno);
        if let Some(rules) = &self.rules {
            let inspect = self.services.inspect.clone();
            let mut rules = rules.lock().await;
            error.rule = rules.find(inspect, self.process, key, errno).await;
        }
        error
    }

    /// Makes a call whose struct points at a buffer of `size` bytes: `before` stands there when it is made, and what
    /// stands there afterwards is the answer.
    pub async fn with_buffer<T>(&self, size: usize, before: &[u8], call: impl FnOnce(u64) -> Call<T>) -> Result<Bytes> {
        let address = self.scratch(size as u64).await?;
        let call = call(address);
        let list = vec![
            calls::process_vm_writev(address, before.to_vec()).message,
            call.message,
            calls::process_vm_readv(address, size as u64).message,
        ];
        let mut results = self.list(list, false).await?;
        match results[1].error {
            0 => Ok(results.swap_remove(2).data),
            error => Err(self.failure(&call.key, error).await.into()),
        }
    }

    /// All calls share it, as each list that uses it is made with no other in between.
    async fn scratch(&self, size: u64) -> Result<u64> {
        let mut scratch = self.scratch.lock().await;
        if scratch.1 < size {
            let size = size.max(SCRATCH_BYTES);
            *scratch = (self.call(calls::mmap(Map::anonymous(size))).await?, size);
        }
        Ok(scratch.0)
    }

    pub fn wants_rules(&self) -> bool {
        self.rules.is_some()
    }

    /// Makes a call that nobody waits for, unless the process has ended.
    pub fn forget<T>(&self, call: Call<T>) {
        if !self.ended.load(Ordering::Relaxed) {
            self.pipeline.forget(call.message);
        }
    }

    /// Marks the process as ended, for us; answers whether it was before.
    pub fn end(&self) -> bool {
        self.ended.swap(true, Ordering::Relaxed)
    }

    pub async fn exit(&self) -> Result<()> {
        if self.end() {
            return Ok(());
        }
        let request = ExitRequest { process: self.process };
        match self.services.syscalls.clone().exit(request).await {
            Ok(_) => Ok(()),
            Err(status) => Err(status.into()),
        }
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        if self.end() {
            return;
        }
        let mut syscalls = self.services.syscalls.clone();
        let request = ExitRequest { process: self.process };
        self.runtime.spawn(async move { drop(syscalls.exit(request).await) });
    }
}
