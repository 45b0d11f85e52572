//! The emulated process that a client drives: its descriptors, its memory, its end.

use std::sync::Arc;

use bytes::Bytes;
use tonic::Streaming;

use crate::batch::Batch;
use crate::bulk::{Chunks, Writer, MEMORY};
use crate::caller::Caller;
use crate::calls::{self, Call, Map, TraceKey};
use crate::error::Result;
use crate::fd::{EventFd, File};
use crate::kvm::Kvm;
use crate::mapping::Mapping;
use crate::proto::{
    AccessRequest, AccessResponse, ForkRequest, KillRequest, LoadTagsRequest, LoadTagsResponse, PageFlagsRequest,
    PageFlagsResponse, RenewRequest, Signal, SpawnResponse, StoreTagsRequest, TraceRequest, TraceResponse,
};
use crate::transport::Services;
use crate::uapi::{O_CLOEXEC, O_RDWR};

/// What a list of calls carries at most of one read or write; beyond it a copy has a stream of its own.
const SMALL_BYTES: u64 = 256 << 10;
const RLIMIT_NOFILE: i32 = 7;

/// An emulated process. Its calls are made in order; those that are joined travel together.
///
/// It exits when it, its clones and all objects that belong to it are dropped. Dropping cannot wait: where it matters
/// that the process is gone, as before the end of `main`, call [`exit`](Process::exit).
#[derive(Clone, Debug)]
pub struct Process {
    pub(crate) caller: Arc<Caller>,
    pid: i32,
    kernel: Arc<str>,
}

impl Process {
    pub(crate) fn new(services: Services, rules: bool, spawned: SpawnResponse) -> Self {
        Process {
            caller: Arc::new(Caller::new(services, spawned.process, rules)),
            pid: spawned.pid,
            kernel: spawned.kernel.into(),
        }
    }

    /// What names it to the server. Whoever has it, and the token, can drive the process.
    pub fn handle(&self) -> u64 {
        self.caller.process
    }

    /// Its process id in the emulated host; 0 where it was attached by its handle alone.
    pub fn pid(&self) -> i32 {
        self.pid
    }

    /// The kernel it runs under.
    pub fn kernel(&self) -> &str {
        &self.kernel
    }

    /// The generated stubs, for everything that has no method here.
    pub fn services(&self) -> &Services {
        &self.caller.services
    }

    /// Makes a call of [`calls`].
    pub async fn call<T>(&self, call: Call<T>) -> Result<T> {
        self.caller.call(call).await
    }

    /// A list of calls in the making, for one round trip.
    pub fn batch(&self) -> Batch {
        Batch::new(self.caller.clone())
    }

    /// Opens /dev/kvm.
    pub async fn open_kvm(&self) -> Result<Kvm> {
        let fd = self.call(calls::openat("/dev/kvm", O_RDWR | O_CLOEXEC, 0)).await?;
        Ok(Kvm::from_raw(self, fd))
    }

    /// Opens a file of the emulated host.
    pub async fn open(&self, path: &str, flags: u32) -> Result<File> {
        let fd = self.call(calls::openat(path, flags, 0)).await?;
        Ok(File::from_raw(self, fd))
    }

    /// A file in memory, which several mappings can share.
    pub async fn memfd(&self, name: &str, size: u64) -> Result<File> {
        let file = File::from_raw(self, self.call(calls::memfd_create(name, 0)).await?);
        file.truncate(size as i64).await?;
        Ok(file)
    }

    /// A counter that wakes who reads it.
    pub async fn eventfd(&self, initval: u32, flags: u32) -> Result<EventFd> {
        let fd = self.call(calls::eventfd2(initval, flags)).await?;
        Ok(EventFd::from_raw(self, fd))
    }

    /// The events of each descriptor, without waiting.
    pub async fn poll(&self, fds: &[(i32, u32)]) -> Result<Vec<u16>> {
        self.call(calls::poll(fds)).await
    }

    /// Descriptors made from now on are below `limit`.
    pub async fn limit_descriptors(&self, limit: u64) -> Result<()> {
        self.call(calls::prlimit(RLIMIT_NOFILE, limit)).await
    }

    /// Maps memory, or a file: `process.mmap(Map::anonymous(16 << 20))`.
    pub async fn mmap(&self, map: Map) -> Result<Mapping> {
        let address = self.call(calls::mmap(map)).await?;
        Ok(Mapping::from_raw(self, address, map.length))
    }

    /// Bytes of the process's memory.
    pub async fn read(&self, address: u64, length: u64) -> Result<Bytes> {
        let mut whole = Vec::new();
        if length <= SMALL_BYTES {
            let piece = self.call(calls::process_vm_readv(address, length)).await?;
            if piece.len() as u64 == length {
                return Ok(piece);
            }
            whole.extend_from_slice(&piece);
        }
        let done = whole.len() as u64;
        let mut chunks = self.read_memory(address + done, length - done);
        while let Some(chunk) = chunks.chunk().await? {
            whole.extend_from_slice(&chunk);
        }
        Ok(whole.into())
    }

    /// Writes all the bytes to the process's memory.
    pub async fn write(&self, address: u64, bytes: impl Into<Bytes>) -> Result<()> {
        let mut bytes = bytes.into();
        let mut done = 0;
        if bytes.len() as u64 <= SMALL_BYTES {
            done = self.call(calls::process_vm_writev(address, bytes.clone())).await?;
        }
        if done < bytes.len() as u64 {
            let mut writer = self.write_memory(address + done);
            writer.write(bytes.split_off(done as usize)).await?;
            writer.finish().await?;
        }
        Ok(())
    }

    /// The process's memory as a stream of chunks.
    pub fn read_memory(&self, address: u64, length: u64) -> Chunks {
        Chunks::new(self.caller.clone(), MEMORY, address, length)
    }

    /// Takes a stream of chunks for the process's memory.
    pub fn write_memory(&self, address: u64) -> Writer {
        Writer::new(self.caller.clone(), MEMORY, address)
    }

    /// How the pages of a range are backed, in runs of pages that are alike.
    pub async fn page_flags(&self, address: u64, length: u64) -> Result<Streaming<PageFlagsResponse>> {
        let request = PageFlagsRequest {
            process: self.handle(),
            address,
            length,
        };
        let response = self.caller.services.inspect.clone().page_flags(request).await?;
        Ok(response.into_inner())
    }

    /// Tags of the process's own memory, as LDG reads them, or the signal that this would get.
    pub async fn load_tags(&self, address: u64, length: u64) -> Result<LoadTagsResponse> {
        let request = LoadTagsRequest {
            process: self.handle(),
            address,
            length,
        };
        Ok(self
            .caller
            .services
            .memory
            .clone()
            .load_tags(request)
            .await?
            .into_inner())
    }

    /// Writes tags of the process's own memory, as STG does; answers the signal that it would get.
    pub async fn store_tags(&self, address: u64, tags: impl Into<Bytes>) -> Result<Signal> {
        let request = StoreTagsRequest {
            process: self.handle(),
            address,
            tags: tags.into(),
        };
        let response = self.caller.services.memory.clone().store_tags(request).await?;
        Ok(response.into_inner().signal())
    }

    /// One load by the process itself, or a store of `store`: the value, or the signal it would get.
    pub async fn access(&self, address: u64, width: u32, store: Option<u64>) -> Result<AccessResponse> {
        let request = AccessRequest {
            process: self.handle(),
            address,
            width,
            write: store.is_some(),
            value: store.unwrap_or(0),
        };
        Ok(self.caller.services.memory.clone().access(request).await?.into_inner())
    }

    /// Tagged addresses and the process's own tag checks.
    pub async fn prctl(&self, option: i32, arg: u64) -> Result<i32> {
        self.call(calls::prctl(option, arg)).await
    }

    /// A child with a copy of the memory and the descriptors, or with CLONE_VM 0x100 and CLONE_FILES 0x400 the same ones.
    pub async fn fork(&self, flags: u64) -> Result<Process> {
        let request = ForkRequest {
            process: self.handle(),
            flags,
        };
        let services = &self.caller.services;
        let answer = services.syscalls.clone().fork(request).await?.into_inner();
        let key = TraceKey::of("clone");
        let pid = self.caller.check(key, answer.ret, answer.error).await? as i32;
        let child = Caller::new(services.clone(), answer.child, self.caller.wants_rules());
        Ok(Process {
            caller: Arc::new(child),
            pid,
            kernel: self.kernel.clone(),
        })
    }

    /// Sends a signal: what sleeps in the process, or runs a guest for it, ends with EINTR.
    pub async fn kill(&self) -> Result<()> {
        let request = KillRequest { process: self.handle() };
        let answer = self.caller.services.syscalls.clone().kill(request).await?.into_inner();
        self.caller
            .check(TraceKey::of("kill"), answer.ret, answer.error)
            .await?;
        Ok(())
    }

    /// Keeps it alive for another lease, as every call and every open stream does too; answers the seconds.
    pub async fn renew(&self) -> Result<u32> {
        let request = RenewRequest { process: self.handle() };
        let response = self.caller.services.syscalls.clone().renew(request).await?;
        Ok(response.into_inner().lease_seconds)
    }

    /// Its calls as the kernel saw them, with the rule behind each refusal; with `follow` those to come, too.
    pub async fn trace(&self, since: u64, follow: bool) -> Result<Streaming<TraceResponse>> {
        let request = TraceRequest {
            process: self.handle(),
            since,
            follow,
        };
        let response = self.caller.services.inspect.clone().trace(request).await?;
        Ok(response.into_inner())
    }

    /// Ends the process now: its memory goes, then its descriptors.
    pub async fn exit(&self) -> Result<()> {
        self.caller.exit().await
    }

    /// Leaves the process to its lease: no drop ends it any more, nor closes what it has.
    pub fn detach(&self) {
        self.caller.end();
    }
}
