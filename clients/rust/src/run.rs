//! KVM_RUN, which sleeps as long as the guest runs: a stream of its own for each vCPU.

use bytes::Bytes;
use tokio::sync::{mpsc, Mutex};
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::{Status, Streaming};

use crate::caller::Caller;
use crate::calls::{FdArg, TraceKey};
use crate::error::Result;
use crate::proto::{KvmRun, RunRequest, RunResponse};
use crate::uapi::KVM_RUN;

/// How to enter the guest.
#[derive(Clone, Debug, Default)]
pub struct RunOptions {
    /// Not 0: KVM_RUN completes the last exit and answers EINTR. It stays as it was set.
    pub immediate_exit: Option<u32>,
    /// What the guest's MMIO read gets.
    pub mmio_data: Option<Bytes>,
}

#[derive(Debug)]
struct Stream {
    requests: mpsc::UnboundedSender<RunRequest>,
    responses: Streaming<RunResponse>,
}

/// One vCPU's stream: a request enters, a response is an exit.
#[derive(Debug, Default)]
pub(crate) struct Runner(Mutex<Option<Stream>>);

impl Runner {
    /// Whoever drops the future drops the stream with it, which interrupts the guest.
    pub async fn run(&self, caller: &Caller, fd: i32, options: RunOptions) -> Result<KvmRun> {
        let mut slot = self.0.lock().await;
        let request = RunRequest {
            process: caller.process,
            fd,
            arg: 0,
            immediate_exit: options.immediate_exit,
            mmio_data: options.mmio_data,
        };
        let mut stream = match slot.take() {
            Some(stream) => {
                drop(stream.requests.send(request));
                stream
            }
            None => open(caller, request).await?,
        };
        let ended = || Status::unavailable("the server ended the run");
        let response = stream.responses.message().await?.ok_or_else(ended)?;
        *slot = Some(stream);
        let key = TraceKey::ioctl(FdArg::Known(fd), KVM_RUN);
        caller.check(key, response.ret, response.error).await?;
        Ok(response.run.unwrap_or_default())
    }
}

async fn open(caller: &Caller, first: RunRequest) -> Result<Stream> {
    let (requests, queue) = mpsc::unbounded_channel();
    drop(requests.send(first));
    let mut kvm = caller.services.kvm.clone();
    let responses = kvm.run(UnboundedReceiverStream::new(queue)).await?.into_inner();
    Ok(Stream { requests, responses })
}
