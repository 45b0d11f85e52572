//! The `Syscalls` stream of one process: calls that wait together travel in one message.

use std::collections::VecDeque;

use tokio::sync::{mpsc, oneshot};
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::{Status, Streaming};

use crate::proto::syscall_service_client::SyscallServiceClient;
use crate::proto::{
    ioctl_request, pwrite_request, syscall, write_request, Syscall, SyscallResult, SyscallsRequest, SyscallsResponse,
};
use crate::transport::Service;

/// A message goes off before it has more calls, or more bytes one way, than this.
const MAX_CALLS: usize = 1000;
const MAX_BYTES: u64 = 1 << 20;
/// Messages that may be under way; the rest waits here, where it can still share a message.
const MAX_IN_FLIGHT: usize = 64;

type Reply<T> = oneshot::Sender<Result<T, Status>>;

/// What waits to be sent.
enum Item {
    /// One call, which shares its message with others. Nobody may want its result.
    Single(Syscall, Option<Reply<SyscallResult>>),
    /// A list of calls that may refer to each other, in a message of its own.
    List {
        calls: Vec<Syscall>,
        stop_at_error: bool,
        reply: Reply<Vec<SyscallResult>>,
    },
}

impl Item {
    fn fail(self, status: &Status) {
        match self {
            Item::Single(_, Some(reply)) => drop(reply.send(Err(status.clone()))),
            Item::Single(_, None) => {}
            Item::List { reply, .. } => drop(reply.send(Err(status.clone()))),
        }
    }
}

/// Who waits for the results of a message.
enum Waiters {
    Singles(Vec<Option<Reply<SyscallResult>>>),
    List(Reply<Vec<SyscallResult>>),
}

impl Waiters {
    fn deliver(self, results: Vec<SyscallResult>) {
        match self {
            Waiters::List(reply) => drop(reply.send(Ok(results))),
            Waiters::Singles(replies) => {
                for (reply, result) in replies.into_iter().zip(results) {
                    reply.map(|reply| reply.send(Ok(result)));
                }
            }
        }
    }

    fn fail(self, status: &Status) {
        match self {
            Waiters::List(reply) => drop(reply.send(Err(status.clone()))),
            Waiters::Singles(replies) => {
                for reply in replies.into_iter().flatten() {
                    drop(reply.send(Err(status.clone())));
                }
            }
        }
    }
}

/// Puts calls on the stream in order. It opens with the first call, and again after an error ended it.
#[derive(Debug)]
pub(crate) struct Pipeline {
    items: mpsc::UnboundedSender<Item>,
}

impl Pipeline {
    pub fn new(client: SyscallServiceClient<Service>, process: u64) -> Self {
        let (items, queue) = mpsc::unbounded_channel();
        tokio::spawn(Worker::new(client, process).run(queue));
        Pipeline { items }
    }

    /// One call. It is on its way with the first poll, so that calls joined together travel together.
    pub async fn call(&self, call: Syscall) -> Result<SyscallResult, Status> {
        let (reply, result) = oneshot::channel();
        self.send(Item::Single(call, Some(reply)));
        result.await.unwrap_or_else(|_| Err(gone()))
    }

    /// A list of calls.
    pub async fn list(&self, calls: Vec<Syscall>, stop_at_error: bool) -> Result<Vec<SyscallResult>, Status> {
        let (reply, results) = oneshot::channel();
        self.send(Item::List {
            calls,
            stop_at_error,
            reply,
        });
        results.await.unwrap_or_else(|_| Err(gone()))
    }

    /// A call whose result nobody wants.
    pub fn forget(&self, call: Syscall) {
        self.send(Item::Single(call, None));
    }

    /// Without a runtime there is no worker: who waits learns it by the reply that is dropped.
    fn send(&self, item: Item) {
        drop(self.items.send(item));
    }
}

fn gone() -> Status {
    Status::unavailable("the runtime that this connection belongs to has ended")
}

/// A stream and what it has not answered yet, oldest first.
struct Stream {
    requests: mpsc::UnboundedSender<SyscallsRequest>,
    responses: Streaming<SyscallsResponse>,
}

/// The task that owns the stream.
struct Worker {
    client: SyscallServiceClient<Service>,
    process: u64,
    stream: Option<Stream>,
    in_flight: VecDeque<Waiters>,
}

impl Worker {
    fn new(client: SyscallServiceClient<Service>, process: u64) -> Self {
        Worker {
            client,
            process,
            stream: None,
            in_flight: VecDeque::new(),
        }
    }

    async fn run(mut self, mut queue: mpsc::UnboundedReceiver<Item>) {
        let mut items = Vec::new();
        loop {
            tokio::select! {
                biased;
                response = next(&mut self.stream) => {
                    if let Err(status) = self.answered(response) {
                        self.broken(&status, &mut queue);
                    }
                }
                count = queue.recv_many(&mut items, MAX_CALLS), if self.in_flight.len() < MAX_IN_FLIGHT => {
                    if count == 0 {
                        break;
                    }
                    if let Err(status) = self.send_all(&mut items).await {
                        self.broken(&status, &mut queue);
                    }
                }
            }
        }
        self.finish().await;
    }

    fn answered(&mut self, response: Result<Option<SyscallsResponse>, Status>) -> Result<(), Status> {
        let response = response?.ok_or_else(|| Status::unavailable("the server ended the stream"))?;
        if let Some(waiters) = self.in_flight.pop_front() {
            waiters.deliver(response.results);
        }
        Ok(())
    }

    /// Sends the items in as few messages as they fit in. After a failure the rest of them fails, too.
    async fn send_all(&mut self, items: &mut Vec<Item>) -> Result<(), Status> {
        let mut rest = items.drain(..).peekable();
        while let Some(item) = rest.next() {
            let (request, waiters) = match item {
                Item::List {
                    calls,
                    stop_at_error,
                    reply,
                } => (self.request(calls, stop_at_error), Waiters::List(reply)),
                Item::Single(call, reply) => {
                    let mut bytes = bytes_of(&call);
                    let (mut calls, mut replies) = (vec![call], vec![reply]);
                    while let Some(Item::Single(call, reply)) = rest.next_if(|next| match next {
                        Item::Single(call, _) => bytes.saturating_add(bytes_of(call)) <= MAX_BYTES,
                        Item::List { .. } => false,
                    }) {
                        bytes += bytes_of(&call);
                        calls.push(call);
                        replies.push(reply);
                    }
                    (self.request(calls, false), Waiters::Singles(replies))
                }
            };
            self.in_flight.push_back(waiters);
            if let Err(status) = self.send(request).await {
                rest.for_each(|item| item.fail(&status));
                return Err(status);
            }
        }
        Ok(())
    }

    fn request(&self, calls: Vec<Syscall>, stop_at_error: bool) -> SyscallsRequest {
        SyscallsRequest {
            process: self.process,
            calls,
            stop_at_error,
        }
    }

    async fn send(&mut self, request: SyscallsRequest) -> Result<(), Status> {
        if let Some(stream) = &self.stream {
            // A stream that has just ended will say so when it is asked for the answer.
            drop(stream.requests.send(request));
            return Ok(());
        }
        let (requests, queue) = mpsc::unbounded_channel();
        drop(requests.send(request));
        // The server's headers come with its first answer, for which it needs the request.
        let responses = self
            .client
            .syscalls(UnboundedReceiverStream::new(queue))
            .await?
            .into_inner();
        self.stream = Some(Stream { requests, responses });
        Ok(())
    }

    /// What this stream has not answered fails, and with it what waits behind: it may rely on what was sent.
    fn broken(&mut self, status: &Status, queue: &mut mpsc::UnboundedReceiver<Item>) {
        self.stream = None;
        if self.in_flight.is_empty() {
            return;
        }
        for waiters in self.in_flight.drain(..) {
            waiters.fail(status);
        }
        while let Ok(item) = queue.try_recv() {
            item.fail(status);
        }
    }

    /// Nobody sends any more: ends the stream once it has answered.
    async fn finish(mut self) {
        let Some(Stream {
            requests,
            mut responses,
        }) = self.stream.take()
        else {
            return;
        };
        drop(requests);
        while let Ok(Some(response)) = responses.message().await {
            if let Some(waiters) = self.in_flight.pop_front() {
                waiters.deliver(response.results);
            }
        }
    }
}

/// The stream's next message; without a stream there never is one.
async fn next(stream: &mut Option<Stream>) -> Result<Option<SyscallsResponse>, Status> {
    match stream {
        Some(stream) => stream.responses.message().await,
        None => std::future::pending().await,
    }
}

/// Bytes that a call carries or asks for.
fn bytes_of(call: &Syscall) -> u64 {
    use syscall::Call;
    match &call.call {
        Some(Call::Ioctl(request)) => match &request.arg {
            Some(ioctl_request::Arg::Data(data)) => data.len() as u64,
            _ => 0,
        },
        Some(Call::Write(request)) => match &request.source {
            Some(write_request::Source::Data(data)) => data.len() as u64,
            _ => 0,
        },
        Some(Call::Pwrite(request)) => match &request.source {
            Some(pwrite_request::Source::Data(data)) => data.len() as u64,
            _ => 0,
        },
        Some(Call::Read(request)) if request.buffer.is_none() => request.count,
        Some(Call::Pread(request)) if request.buffer.is_none() => request.count,
        Some(Call::ProcessVmReadv(request)) => request.length,
        Some(Call::ProcessVmWritev(request)) => request.data.len() as u64,
        _ => 0,
    }
}
