//! What the layer costs: calls and bytes per second, beside the same messages over the bare stubs, as one line of JSON.
//!
//! `cargo run --release --example bench -- ADDRESS`

use std::time::{Duration, Instant};

use bytes::Bytes;
use tagvisor::proto::{self, syscall};
use tagvisor::uapi::*;
use tagvisor::{calls, Batch, Error, Kvm, Map, Process, Result, Vm};
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::{Status, Streaming};

const IPA: u64 = 0x4000_0000;
const MEMORY: u64 = 256 << 20;
const CHUNK: usize = 1 << 20;
const LIST: usize = 1000;
/// Lists, or chunks, that are under way at once.
const WINDOW: usize = 8;
const ROUND: Duration = Duration::from_millis(400);
const ROUNDS: usize = 5;

struct Bench {
    process: Process,
    kvm: Kvm,
    vm: Vm,
    tags: Bytes,
}

fn ended() -> Error {
    Status::unavailable("the stream ended").into()
}

/// A `Syscalls` stream without the layer.
struct Bare {
    requests: mpsc::UnboundedSender<proto::SyscallsRequest>,
    responses: Streaming<proto::SyscallsResponse>,
}

impl Bench {
    async fn new(process: Process) -> Result<Self> {
        let kvm = process.open_kvm().await?;
        let vm = kvm.create_vm().await?;
        vm.enable_cap(KVM_CAP_ARM_MTE).await?;
        let ram = process.mmap(Map::anonymous(MEMORY)).await?.into_raw();
        vm.set_user_memory_region(&kvm_userspace_memory_region {
            guest_phys_addr: IPA,
            memory_size: MEMORY,
            userspace_addr: ram,
            ..Default::default()
        })
        .await?;
        let tags = (0..MEMORY / 16).map(|i| i as u8 & 15).collect();
        Ok(Bench { process, kvm, vm, tags })
    }

    fn message(&self, count: usize) -> proto::SyscallsRequest {
        let request = proto::IoctlRequest {
            fd: self.kvm.as_raw(),
            request: KVM_CHECK_EXTENSION,
            arg: Some(proto::ioctl_request::Arg::Value(KVM_CAP_ARM_MTE.into())),
            ..Default::default()
        };
        let call = proto::Syscall {
            call: Some(syscall::Call::Ioctl(request)),
            ..Default::default()
        };
        proto::SyscallsRequest {
            process: self.process.handle(),
            calls: vec![call; count],
            stop_at_error: true,
        }
    }

    async fn bare(&self) -> Result<Bare> {
        let (requests, queue) = mpsc::unbounded_channel();
        drop(requests.send(self.message(1)));
        let mut syscalls = self.process.services().syscalls.clone();
        let mut responses = syscalls
            .syscalls(UnboundedReceiverStream::new(queue))
            .await?
            .into_inner();
        responses.message().await?;
        Ok(Bare { requests, responses })
    }

    async fn calls_one(&self) -> Result<f64> {
        let (start, mut count) = (Instant::now(), 0);
        while start.elapsed() < ROUND {
            self.kvm.check_extension(KVM_CAP_ARM_MTE).await?;
            count += 1;
        }
        Ok(f64::from(count) / start.elapsed().as_secs_f64())
    }

    async fn bare_calls_one(&self) -> Result<f64> {
        let (mut bare, mut count) = (self.bare().await?, 0);
        let start = Instant::now();
        while start.elapsed() < ROUND {
            drop(bare.requests.send(self.message(1)));
            count += bare.responses.message().await?.ok_or_else(ended)?.results.len();
        }
        Ok(count as f64 / start.elapsed().as_secs_f64())
    }

    fn batch(&self) -> (Batch, tagvisor::Pending<i32>) {
        let mut batch = self.process.batch();
        let mut add = || {
            let (fd, cap) = (self.kvm.as_raw(), u64::from(KVM_CAP_ARM_MTE));
            batch.add(calls::ioctl_with_val(fd, KVM_CHECK_EXTENSION, cap))
        };
        let last = (0..LIST).map(|_| add()).last();
        (batch, last.expect("a list has calls"))
    }

    async fn calls_bulk(&self) -> Result<f64> {
        let (start, mut count) = (Instant::now(), 0);
        let mut tasks = tokio::task::JoinSet::new();
        while start.elapsed() < ROUND || !tasks.is_empty() {
            if start.elapsed() < ROUND && tasks.len() < WINDOW {
                let (batch, last) = self.batch();
                tasks.spawn(async move { batch.submit().await?.get(last).map_err(Error::from) });
            } else if let Some(done) = tasks.join_next().await {
                assert_eq!(done.expect("no task panics")?, 1);
                count += LIST;
            }
        }
        Ok(count as f64 / start.elapsed().as_secs_f64())
    }

    async fn bare_calls_bulk(&self) -> Result<f64> {
        let (mut bare, mut count) = (self.bare().await?, 0);
        let (start, mut under_way) = (Instant::now(), 0);
        while start.elapsed() < ROUND || under_way > 0 {
            if start.elapsed() < ROUND && under_way < WINDOW {
                drop(bare.requests.send(self.message(LIST)));
                under_way += 1;
            } else {
                count += bare.responses.message().await?.ok_or_else(ended)?.results.len();
                under_way -= 1;
            }
        }
        Ok(count as f64 / start.elapsed().as_secs_f64())
    }

    /// Bytes of tags per second.
    fn rate(&self, start: Instant) -> f64 {
        self.tags.len() as f64 / start.elapsed().as_secs_f64()
    }

    async fn tags_write(&self) -> Result<f64> {
        let start = Instant::now();
        let mut writer = self.vm.write_tags(IPA);
        writer.write(self.tags.clone()).await?;
        assert_eq!(writer.finish().await?, MEMORY);
        Ok(self.rate(start))
    }

    async fn bare_tags_write(&self) -> Result<f64> {
        let start = Instant::now();
        let (requests, queue) = mpsc::unbounded_channel();
        for (i, tags) in self.tags.chunks(CHUNK).enumerate() {
            let first = i == 0;
            drop(requests.send(proto::WriteTagsRequest {
                process: if first { self.process.handle() } else { 0 },
                fd: if first { self.vm.as_raw() } else { 0 },
                guest_ipa: IPA + (i * CHUNK * 16) as u64,
                tags: self.tags.slice_ref(tags),
            }));
        }
        drop(requests);
        let mut memory = self.process.services().memory.clone();
        let mut acks = memory
            .write_tags(UnboundedReceiverStream::new(queue))
            .await?
            .into_inner();
        let mut done = 0;
        while let Some(ack) = acks.message().await? {
            done = ack.bytes_done;
        }
        assert_eq!(done, MEMORY);
        Ok(self.rate(start))
    }

    async fn tags_read(&self) -> Result<f64> {
        let (start, mut bytes) = (Instant::now(), 0);
        let mut chunks = self.vm.read_tags(IPA, MEMORY);
        while let Some(tags) = chunks.chunk().await? {
            bytes += tags.len();
        }
        assert_eq!(bytes, self.tags.len());
        Ok(self.rate(start))
    }

    async fn bare_tags_read(&self) -> Result<f64> {
        let (start, mut bytes) = (Instant::now(), 0);
        let request = proto::ReadTagsRequest {
            process: self.process.handle(),
            fd: self.vm.as_raw(),
            guest_ipa: IPA,
            length: MEMORY,
            chunk_bytes: 0,
        };
        let mut chunks = self
            .process
            .services()
            .memory
            .clone()
            .read_tags(request)
            .await?
            .into_inner();
        while let Some(chunk) = chunks.message().await? {
            bytes += chunk.tags.len();
        }
        assert_eq!(bytes, self.tags.len());
        Ok(self.rate(start))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1).ok_or("usage: bench ADDRESS")?;
    let process = tagvisor::connect(&address).await?.spawn("6.12").await?;
    let bench = Bench::new(process.clone()).await?;
    let names = ["calls_one", "calls_bulk", "tags_read", "tags_write"];
    // Of each the best round, and by turns, as other load comes and goes.
    let mut best = [[0.0_f64; 2]; 4];
    bench.tags_write().await?;
    for _ in 0..ROUNDS {
        let rounds = [
            [bench.calls_one().await?, bench.bare_calls_one().await?],
            [bench.calls_bulk().await?, bench.bare_calls_bulk().await?],
            [bench.tags_read().await?, bench.bare_tags_read().await?],
            [bench.tags_write().await?, bench.bare_tags_write().await?],
        ];
        for (best, round) in best.iter_mut().flatten().zip(rounds.iter().flatten()) {
            *best = best.max(*round);
        }
    }
    process.exit().await?;
    let members: Vec<_> = names
        .iter()
        .zip(best)
        .map(|(name, [layer, bare])| format!("\"{name}\": {layer:.0}, \"bare_{name}\": {bare:.0}"))
        .collect();
    println!("{{{}}}", members.join(", "));
    Ok(())
}
