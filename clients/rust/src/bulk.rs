//! Memory and tags in bulk: streamed in chunks, so that neither side holds more of them than are on their way.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;

use bytes::{Buf, Bytes, BytesMut};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tokio_stream::{Stream, StreamExt};
use tonic::Status;

use crate::caller::Caller;
use crate::calls::{FdArg, TraceKey};
use crate::error::{Error, Result};
use crate::proto::{ReadMemoryRequest, ReadTagsRequest, WriteMemoryRequest, WriteTagsRequest};
use crate::transport::Services;
use crate::uapi::KVM_ARM_MTE_COPY_TAGS;

/// Bytes of a message's payload.
const CHUNK_BYTES: usize = 1 << 20;
/// Chunks that may be under way.
const WINDOW: usize = 8;

/// What a copy is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject {
    /// The process's memory.
    Memory,
    /// The tags of the guest of this VM.
    Tags(i32),
}

pub(crate) const MEMORY: Subject = Subject::Memory;

impl Subject {
    /// Bytes of memory for one byte of payload.
    fn scale(self) -> u64 {
        match self {
            Subject::Memory => 1,
            Subject::Tags(_) => 16,
        }
    }

    fn key(self, of_memory: &'static str) -> TraceKey {
        match self {
            Subject::Memory => TraceKey::of(of_memory),
            Subject::Tags(vm) => TraceKey::ioctl(FdArg::Known(vm), KVM_ARM_MTE_COPY_TAGS),
        }
    }
}

async fn failed(caller: &Caller, key: TraceKey, errno: i32, completed: u64) -> Error {
    let mut error = caller.failure(&key, errno).await;
    error.completed = Some(completed);
    error.into()
}

fn ended_early() -> Status {
    Status::unavailable("the server ended the copy without a reason")
}

// Reading

/// What a chunk says, whatever it is of.
struct Chunk {
    ret: i64,
    error: i32,
    data: Bytes,
}

type Incoming<T> = Pin<Box<dyn Stream<Item = std::result::Result<T, Status>> + Send>>;

/// A range, chunk by chunk in ascending order.
pub struct Chunks {
    caller: Arc<Caller>,
    subject: Subject,
    start: u64,
    length: u64,
    done: u64,
    stream: Option<Incoming<Chunk>>,
    /// How far the copy had come when the last stream was opened.
    opened_at: Option<u64>,
}

impl Chunks {
    pub(crate) fn new(caller: Arc<Caller>, subject: Subject, start: u64, length: u64) -> Self {
        Chunks {
            caller,
            subject,
            start,
            length,
            done: 0,
            stream: None,
            opened_at: None,
        }
    }

    /// Bytes of memory done so far.
    pub fn done(&self) -> u64 {
        self.done
    }

    /// The next chunk; `None` at the end of the range. Where memory ends early that is an error, once what could be
    /// read is out.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        while self.done < self.length {
            let mut stream = match self.stream.take() {
                Some(stream) => stream,
                None if self.opened_at == Some(self.done) => return Err(ended_early().into()),
                None => self.open().await?,
            };
            let Some(chunk) = stream.next().await.transpose()? else {
                // A short chunk ended it without an error: the next stream, from there on, says why.
                continue;
            };
            if chunk.error != 0 {
                let key = self.subject.key("process_vm_readv");
                return Err(failed(&self.caller, key, chunk.error, self.done).await);
            }
            self.stream = Some(stream);
            self.done += chunk.ret as u64;
            if !chunk.data.is_empty() {
                return Ok(Some(chunk.data));
            }
        }
        Ok(None)
    }

    /// All that is left, in one piece.
    pub async fn all(mut self) -> Result<Bytes> {
        let left = (self.length - self.done) / self.subject.scale();
        let mut whole = BytesMut::with_capacity(left.min(CHUNK_BYTES as u64) as usize);
        while let Some(chunk) = self.chunk().await? {
            whole.extend_from_slice(&chunk);
        }
        Ok(whole.freeze())
    }

    async fn open(&mut self) -> Result<Incoming<Chunk>> {
        self.opened_at = Some(self.done);
        let (process, length) = (self.caller.process, self.length - self.done);
        let start = self.start.wrapping_add(self.done);
        let mut memory = self.caller.services.memory.clone();
        Ok(match self.subject {
            Subject::Memory => {
                let request = ReadMemoryRequest {
                    process,
                    address: start,
                    length,
                    chunk_bytes: 0,
                };
                let stream = memory.read_memory(request).await?.into_inner();
                Box::pin(stream.map(|response| {
                    response.map(|chunk| Chunk {
                        ret: chunk.ret,
                        error: chunk.error,
                        data: chunk.data,
                    })
                }))
            }
            Subject::Tags(fd) => {
                let request = ReadTagsRequest {
                    process,
                    fd,
                    guest_ipa: start,
                    length,
                    chunk_bytes: 0,
                };
                let stream = memory.read_tags(request).await?.into_inner();
                Box::pin(stream.map(|response| {
                    response.map(|chunk| Chunk {
                        ret: chunk.ret,
                        error: chunk.error,
                        data: chunk.tags,
                    })
                }))
            }
        })
    }
}

// Writing

/// A chunk on its way.
#[derive(Clone)]
struct Piece {
    address: u64,
    data: Bytes,
}

/// What answers a chunk.
struct Ack {
    ret: i64,
    error: i32,
}

/// A stream of chunks to the server, and of its answers. Dropping it cancels what is under way.
struct Outgoing {
    pieces: mpsc::UnboundedSender<Piece>,
    acks: mpsc::UnboundedReceiver<std::result::Result<Ack, Status>>,
    task: JoinHandle<()>,
}

impl Outgoing {
    fn new(services: Services, subject: Subject, process: u64) -> Self {
        let (pieces, queue) = mpsc::unbounded_channel();
        let (answers, acks) = mpsc::unbounded_channel();
        // The server's headers come with its first answer: what follows the first chunk must not wait for them.
        let task = tokio::spawn(async move {
            let mut stream = match open(services, subject, process, queue).await {
                Ok(stream) => stream,
                Err(status) => return drop(answers.send(Err(status))),
            };
            while let Some(ack) = stream.next().await {
                if answers.send(ack).is_err() {
                    return;
                }
            }
        });
        Outgoing { pieces, acks, task }
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The first message alone says whose memory it is.
async fn open(
    services: Services,
    subject: Subject,
    process: u64,
    queue: mpsc::UnboundedReceiver<Piece>,
) -> std::result::Result<Incoming<Ack>, Status> {
    let mut memory = services.memory;
    let mut first = true;
    let pieces = UnboundedReceiverStream::new(queue);
    Ok(match subject {
        Subject::Memory => {
            let requests = pieces.map(move |Piece { address, data }| WriteMemoryRequest {
                process: if std::mem::take(&mut first) { process } else { 0 },
                address,
                data,
            });
            let stream = memory.write_memory(requests).await?.into_inner();
            Box::pin(stream.map(|response| {
                response.map(|ack| Ack {
                    ret: ack.ret,
                    error: ack.error,
                })
            }))
        }
        Subject::Tags(vm) => {
            let requests = pieces.map(move |Piece { address, data }| {
                let (process, fd) = if std::mem::take(&mut first) {
                    (process, vm)
                } else {
                    (0, 0)
                };
                WriteTagsRequest {
                    process,
                    fd,
                    guest_ipa: address,
                    tags: data,
                }
            });
            let stream = memory.write_tags(requests).await?.into_inner();
            Box::pin(stream.map(|response| {
                response.map(|ack| Ack {
                    ret: ack.ret,
                    error: ack.error,
                })
            }))
        }
    })
}

/// Takes bytes of any number for one range. Nothing is sure before [`finish`](Writer::finish).
pub struct Writer {
    caller: Arc<Caller>,
    subject: Subject,
    /// Where the next chunk starts.
    next: u64,
    /// Bytes that do not fill a chunk yet.
    gathered: BytesMut,
    /// Chunks without an answer, oldest first.
    waiting: VecDeque<Piece>,
    stream: Option<Outgoing>,
    done: u64,
}

impl Writer {
    pub(crate) fn new(caller: Arc<Caller>, subject: Subject, start: u64) -> Self {
        Writer {
            caller,
            subject,
            next: start,
            gathered: BytesMut::new(),
            waiting: VecDeque::new(),
            stream: None,
            done: 0,
        }
    }

    /// Bytes of memory that the server says are done.
    pub fn done(&self) -> u64 {
        self.done
    }

    /// Writes more bytes. The error may be that of bytes that were given before.
    pub async fn write(&mut self, bytes: impl Into<Bytes>) -> Result<()> {
        let mut bytes = bytes.into();
        while !bytes.is_empty() {
            if self.gathered.is_empty() && bytes.len() >= CHUNK_BYTES {
                self.push(bytes.split_to(CHUNK_BYTES)).await?;
                continue;
            }
            let room = CHUNK_BYTES - self.gathered.len();
            self.gathered.extend_from_slice(&bytes.split_to(room.min(bytes.len())));
            if self.gathered.len() == CHUNK_BYTES {
                self.flush().await?;
            }
        }
        Ok(())
    }

    /// Waits until all of it is done; answers how many bytes of memory that are.
    pub async fn finish(mut self) -> Result<u64> {
        if !self.gathered.is_empty() {
            self.flush().await?;
        }
        while !self.waiting.is_empty() {
            self.acknowledged().await?;
        }
        Ok(self.done)
    }

    async fn flush(&mut self) -> Result<()> {
        let data = self.gathered.split().freeze();
        self.push(data).await
    }

    async fn push(&mut self, data: Bytes) -> Result<()> {
        while self.waiting.len() >= WINDOW {
            self.acknowledged().await?;
        }
        let address = self.next;
        self.next = address.wrapping_add(data.len() as u64 * self.subject.scale());
        self.waiting.push_back(Piece { address, data });
        if let (Some(stream), Some(piece)) = (&self.stream, self.waiting.back()) {
            // A stream that has just ended says so when it is asked for the answer.
            drop(stream.pieces.send(piece.clone()));
        } else {
            self.stream();
        }
        Ok(())
    }

    /// The stream; a new one has all that waits for an answer in it.
    fn stream(&mut self) -> &mut Outgoing {
        self.stream.get_or_insert_with(|| {
            let stream = Outgoing::new(self.caller.services.clone(), self.subject, self.caller.process);
            for piece in &self.waiting {
                drop(stream.pieces.send(piece.clone()));
            }
            stream
        })
    }

    /// Takes the answer to the oldest chunk.
    async fn acknowledged(&mut self) -> Result<()> {
        let ack = self.stream().acks.recv().await;
        let Ack { ret, error } = ack.unwrap_or_else(|| Err(ended_early()))?;
        if error != 0 {
            let key = self.subject.key("process_vm_writev");
            return Err(failed(&self.caller, key, error, self.done).await);
        }
        let Some(piece) = self.waiting.front_mut() else {
            return Ok(());
        };
        let taken = (ret as u64 / self.subject.scale()) as usize;
        self.done += ret as u64;
        if taken >= piece.data.len() {
            self.waiting.pop_front();
        } else if taken == 0 {
            return Err(ended_early().into());
        } else {
            // It was done in part, and the stream ends: the next one, from there on, says why.
            piece.data.advance(taken);
            piece.address = piece.address.wrapping_add(ret as u64);
            self.stream = None;
        }
        Ok(())
    }
}
