//! System calls as values: what travels, how an answer is read, and how the trace will show it.

use std::borrow::Cow;

use bytes::Bytes;

use crate::layout::{Layout, Member};
use crate::proto::{self, syscall, Link, Syscall, SyscallResult};
use crate::uapi::{IOCTLS, MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE};

/// One system call, not made yet, that will answer a `T`.
#[derive(Debug)]
pub struct Call<T> {
    pub(crate) key: TraceKey,
    pub(crate) message: Syscall,
    pub(crate) answer: fn(SyscallResult) -> T,
}

/// A call as the trace has it, with the arguments that tell it from others, and the name its error bears.
#[derive(Clone, Debug)]
pub(crate) struct TraceKey {
    pub name: Cow<'static, str>,
    pub call: &'static str,
    /// The first arguments; `None` where any will do.
    pub args: [Option<u64>; 2],
}

impl TraceKey {
    pub const fn of(call: &'static str) -> Self {
        TraceKey {
            name: Cow::Borrowed(call),
            call,
            args: [None; 2],
        }
    }

    /// A call whose first argument is a descriptor.
    pub fn on(call: &'static str, fd: FdArg) -> Self {
        TraceKey {
            args: [fd.known(), None],
            ..TraceKey::of(call)
        }
    }

    pub fn ioctl(fd: FdArg, request: u32) -> Self {
        TraceKey {
            name: ioctl_name(request),
            call: "ioctl",
            args: [fd.known(), Some(request.into())],
        }
    }
}

/// `KVM_RUN` for 0xae80, or the number where it has no name.
pub fn ioctl_name(request: u32) -> Cow<'static, str> {
    match IOCTLS.iter().find(|(_, number)| *number == request) {
        Some((name, _)) => Cow::Borrowed(name),
        None => Cow::Owned(format!("ioctl {request:#x}")),
    }
}

/// What a call of a batch will answer: descriptor, address or struct member of later calls of the same batch.
#[derive(Debug)]
pub struct Pending<T> {
    pub(crate) index: u32,
    pub(crate) answer: fn(SyscallResult) -> T,
}

impl<T> Clone for Pending<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Pending<T> {}

impl<T> Pending<T> {
    fn link(self) -> Link {
        Link {
            call: self.index,
            width: 0,
            offset: 0,
        }
    }
}

impl Pending<u64> {
    /// An address inside the mapping to come.
    pub fn plus(self, offset: u64) -> Number {
        Number {
            link: Some(self.link()),
            addend: offset,
        }
    }
}

impl<S: Layout> Pending<S> {
    /// A member of the struct to come.
    pub fn member<T: Layout>(self, member: Member<T>) -> Number {
        let link = Link {
            width: member.width() as u32,
            offset: member.offset() as u32,
            ..self.link()
        };
        Number {
            link: Some(link),
            addend: 0,
        }
    }
}

/// A number, known or to come.
#[derive(Clone, Copy, Debug)]
pub struct Number {
    pub(crate) link: Option<Link>,
    pub(crate) addend: u64,
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Number {
            link: None,
            addend: value,
        }
    }
}

impl<T> From<Pending<T>> for Number {
    fn from(pending: Pending<T>) -> Self {
        Number {
            link: Some(pending.link()),
            addend: 0,
        }
    }
}

/// A descriptor, known or to come.
#[derive(Clone, Copy, Debug)]
pub enum FdArg {
    /// A descriptor's number.
    Known(i32),
    /// What an earlier call of the batch will answer.
    Pending(Number),
}

impl FdArg {
    fn number(self) -> i32 {
        match self {
            FdArg::Known(fd) => fd,
            FdArg::Pending(_) => -1,
        }
    }

    fn known(self) -> Option<u64> {
        match self {
            // The trace has arguments as 64 bits with a sign.
            FdArg::Known(fd) => Some(i64::from(fd) as u64),
            FdArg::Pending(_) => None,
        }
    }

    fn link(self) -> Option<Link> {
        match self {
            FdArg::Known(_) => None,
            FdArg::Pending(number) => number.link,
        }
    }
}

impl From<i32> for FdArg {
    fn from(fd: i32) -> Self {
        FdArg::Known(fd)
    }
}

impl From<Pending<i32>> for FdArg {
    fn from(pending: Pending<i32>) -> Self {
        FdArg::Pending(pending.into())
    }
}

/// Where to map, and what. [`Map::anonymous`] and [`Map::file`] have the usual protection and flags.
#[derive(Clone, Copy, Debug)]
pub struct Map {
    /// The address with MAP_FIXED, else a hint.
    pub address: Number,
    /// Bytes.
    pub length: u64,
    /// PROT_READ and the like.
    pub prot: u32,
    /// MAP_PRIVATE and the like.
    pub flags: u32,
    /// The file; -1 with MAP_ANONYMOUS.
    pub fd: FdArg,
    /// Where in the file.
    pub offset: u64,
}

impl Map {
    /// Private memory of its own, to be read and written.
    pub fn anonymous(length: u64) -> Self {
        Map {
            address: 0.into(),
            length,
            prot: PROT_READ | PROT_WRITE,
            flags: MAP_PRIVATE | MAP_ANONYMOUS,
            fd: (-1).into(),
            offset: 0,
        }
    }

    /// A file from its start, shared, to be read and written.
    pub fn file(fd: impl Into<FdArg>, length: u64) -> Self {
        Map {
            flags: MAP_SHARED,
            fd: fd.into(),
            ..Map::anonymous(length)
        }
    }
}

fn ret(result: SyscallResult) -> i32 {
    result.ret as i32
}

fn wide(result: SyscallResult) -> u64 {
    result.ret as u64
}

fn data(result: SyscallResult) -> Bytes {
    result.data
}

fn nothing(_: SyscallResult) {}

impl<T> Call<T> {
    fn new(key: TraceKey, call: syscall::Call, answer: fn(SyscallResult) -> T) -> Self {
        let message = Syscall {
            call: Some(call),
            ..Default::default()
        };
        Call { key, message, answer }
    }

    fn fd(mut self, fd: FdArg) -> Self {
        self.message.fd_from = fd.link();
        self
    }

    fn address(mut self, address: Number) -> Self {
        self.message.address_from = address.link;
        self
    }

    fn with_answer<U>(self, answer: fn(SyscallResult) -> U) -> Call<U> {
        Call {
            key: self.key,
            message: self.message,
            answer,
        }
    }

    /// Puts what an earlier call of the batch will answer into a member of this call's struct.
    pub fn patch<M: Layout>(mut self, member: Member<M>, value: impl Into<Number>) -> Self {
        let value = value.into();
        self.message.patches.push(proto::Patch {
            offset: member.offset() as u32,
            width: member.width() as u32,
            value: value.link,
            addend: value.addend,
        });
        self
    }
}

/// Opens a file; answers its descriptor.
pub fn openat(path: &str, flags: u32, mode: u32) -> Call<i32> {
    let request = proto::OpenatRequest {
        path: path.into(),
        flags: flags.into(),
        mode,
        ..Default::default()
    };
    Call::new(TraceKey::of("openat"), syscall::Call::Openat(request), ret)
}

/// Closes a descriptor.
pub fn close(fd: impl Into<FdArg>) -> Call<()> {
    let fd = fd.into();
    let request = proto::CloseRequest {
        fd: fd.number(),
        ..Default::default()
    };
    Call::new(TraceKey::on("close", fd), syscall::Call::Close(request), nothing).fd(fd)
}

/// Answers another descriptor for the same open file.
pub fn dup(fd: impl Into<FdArg>) -> Call<i32> {
    let fd = fd.into();
    let request = proto::DupRequest {
        fd: fd.number(),
        ..Default::default()
    };
    Call::new(TraceKey::on("dup", fd), syscall::Call::Dup(request), ret).fd(fd)
}

/// One of the commands that SyscallService.Fcntl lists.
pub fn fcntl(fd: impl Into<FdArg>, command: i32, arg: u64) -> Call<i32> {
    let fd = fd.into();
    let request = proto::FcntlRequest {
        fd: fd.number(),
        command,
        arg,
        ..Default::default()
    };
    Call::new(TraceKey::on("fcntl", fd), syscall::Call::Fcntl(request), ret).fd(fd)
}

/// Answers the revents of each descriptor, without waiting.
pub fn poll(fds: &[(i32, u32)]) -> Call<Vec<u16>> {
    let fds = fds.iter().map(|&(fd, events)| proto::PollFd { fd, events });
    let request = proto::PollRequest {
        fds: fds.collect(),
        ..Default::default()
    };
    Call::new(TraceKey::of("poll"), syscall::Call::Poll(request), |result| {
        result.data.chunks_exact(2).map(u16::read).collect()
    })
}

/// Sets a limit, soft and hard.
pub fn prlimit(resource: i32, limit: u64) -> Call<()> {
    let request = proto::PrlimitRequest {
        resource,
        limit,
        ..Default::default()
    };
    Call::new(TraceKey::of("prlimit64"), syscall::Call::Prlimit(request), nothing)
}

/// Answers the bytes read.
pub fn read(fd: impl Into<FdArg>, count: u64) -> Call<Bytes> {
    let fd = fd.into();
    let request = proto::ReadRequest {
        fd: fd.number(),
        count,
        ..Default::default()
    };
    Call::new(TraceKey::on("read", fd), syscall::Call::Read(request), data).fd(fd)
}

/// Answers the bytes read at a position, which the file's own does not follow.
pub fn pread(fd: impl Into<FdArg>, count: u64, position: i64) -> Call<Bytes> {
    let fd = fd.into();
    let request = proto::PreadRequest {
        fd: fd.number(),
        count,
        position,
        ..Default::default()
    };
    Call::new(TraceKey::on("pread64", fd), syscall::Call::Pread(request), data).fd(fd)
}

/// Answers how many bytes were written.
pub fn write(fd: impl Into<FdArg>, bytes: impl Into<Bytes>) -> Call<u64> {
    let fd = fd.into();
    let request = proto::WriteRequest {
        fd: fd.number(),
        source: Some(proto::write_request::Source::Data(bytes.into())),
        ..Default::default()
    };
    Call::new(TraceKey::on("write", fd), syscall::Call::Write(request), wide).fd(fd)
}

/// Answers how many bytes were written at a position, which the file's own does not follow.
pub fn pwrite(fd: impl Into<FdArg>, bytes: impl Into<Bytes>, position: i64) -> Call<u64> {
    let fd = fd.into();
    let request = proto::PwriteRequest {
        fd: fd.number(),
        position,
        source: Some(proto::pwrite_request::Source::Data(bytes.into())),
        ..Default::default()
    };
    Call::new(TraceKey::on("pwrite64", fd), syscall::Call::Pwrite(request), wide).fd(fd)
}

/// Answers the new position.
pub fn lseek(fd: impl Into<FdArg>, offset: i64, whence: i32) -> Call<u64> {
    let fd = fd.into();
    let request = proto::LseekRequest {
        fd: fd.number(),
        offset,
        whence,
        ..Default::default()
    };
    Call::new(TraceKey::on("lseek", fd), syscall::Call::Lseek(request), wide).fd(fd)
}

/// Sets a file's size.
pub fn ftruncate(fd: impl Into<FdArg>, length: i64) -> Call<()> {
    let fd = fd.into();
    let request = proto::FtruncateRequest {
        fd: fd.number(),
        length,
        ..Default::default()
    };
    let call = syscall::Call::Ftruncate(request);
    Call::new(TraceKey::on("ftruncate", fd), call, nothing).fd(fd)
}

/// Answers the address.
pub fn mmap(map: Map) -> Call<u64> {
    let request = proto::MmapRequest {
        fd: map.fd.number(),
        address: map.address.addend,
        length: map.length,
        prot: map.prot.into(),
        flags: map.flags.into(),
        offset: map.offset,
        ..Default::default()
    };
    Call::new(TraceKey::of("mmap"), syscall::Call::Mmap(request), wide)
        .fd(map.fd)
        .address(map.address)
}

/// Takes a range out of the address space.
pub fn munmap(address: impl Into<Number>, length: u64) -> Call<()> {
    let address = address.into();
    let request = proto::MunmapRequest {
        address: address.addend,
        length,
        ..Default::default()
    };
    Call::new(TraceKey::of("munmap"), syscall::Call::Munmap(request), nothing).address(address)
}

/// Changes the protection of a range.
pub fn mprotect(address: impl Into<Number>, length: u64, prot: u32) -> Call<()> {
    let address = address.into();
    let request = proto::MprotectRequest {
        address: address.addend,
        length,
        prot: prot.into(),
        ..Default::default()
    };
    Call::new(TraceKey::of("mprotect"), syscall::Call::Mprotect(request), nothing).address(address)
}

/// Says what a range is for, or that its pages can go.
pub fn madvise(address: impl Into<Number>, length: u64, advice: u32) -> Call<()> {
    let address = address.into();
    let request = proto::MadviseRequest {
        address: address.addend,
        length,
        advice: advice as i32,
        ..Default::default()
    };
    Call::new(TraceKey::of("madvise"), syscall::Call::Madvise(request), nothing).address(address)
}

/// Makes a file in memory; answers its descriptor.
pub fn memfd_create(name: &str, flags: u32) -> Call<i32> {
    let request = proto::MemfdCreateRequest {
        name: name.into(),
        flags: flags.into(),
        ..Default::default()
    };
    Call::new(TraceKey::of("memfd_create"), syscall::Call::MemfdCreate(request), ret)
}

/// Makes a counter; answers its descriptor.
pub fn eventfd2(initval: u32, flags: u32) -> Call<i32> {
    let request = proto::Eventfd2Request {
        initval,
        flags: flags.into(),
        ..Default::default()
    };
    Call::new(TraceKey::of("eventfd2"), syscall::Call::Eventfd2(request), ret)
}

/// Tagged addresses and tag checks of the process itself.
pub fn prctl(option: i32, arg2: u64) -> Call<i32> {
    let request = proto::PrctlRequest {
        option,
        arg2,
        ..Default::default()
    };
    Call::new(TraceKey::of("prctl"), syscall::Call::Prctl(request), ret)
}

/// Answers the bytes that could be read.
pub fn process_vm_readv(address: impl Into<Number>, length: u64) -> Call<Bytes> {
    let address = address.into();
    let request = proto::ProcessVmReadvRequest {
        address: address.addend,
        length,
        ..Default::default()
    };
    let call = syscall::Call::ProcessVmReadv(request);
    Call::new(TraceKey::of("process_vm_readv"), call, data).address(address)
}

/// Answers how many bytes could be written.
pub fn process_vm_writev(address: impl Into<Number>, bytes: impl Into<Bytes>) -> Call<u64> {
    let address = address.into();
    let request = proto::ProcessVmWritevRequest {
        address: address.addend,
        data: bytes.into(),
        ..Default::default()
    };
    let call = syscall::Call::ProcessVmWritev(request);
    Call::new(TraceKey::of("process_vm_writev"), call, wide).address(address)
}

/// ioctl() with a number or an address.
pub fn ioctl_with_val(fd: impl Into<FdArg>, request: u32, value: impl Into<Number>) -> Call<i32> {
    let value = value.into();
    let arg = proto::ioctl_request::Arg::Value(value.addend);
    ioctl(fd.into(), request, arg, ret).address(value)
}

/// ioctl() with a struct that the kernel reads.
pub fn ioctl_with_ref<T: Layout>(fd: impl Into<FdArg>, request: u32, value: &T) -> Call<i32> {
    ioctl_with_bytes(fd, request, value.to_bytes()).with_answer(ret)
}

/// ioctl() with a struct that the kernel writes, too; answers the struct.
pub fn ioctl_with_mut_ref<T: Layout>(fd: impl Into<FdArg>, request: u32, value: &T) -> Call<T> {
    ioctl_with_bytes(fd, request, value.to_bytes()).with_answer(|result| T::from_prefix(&result.data))
}

/// ioctl() with a struct's bytes; answers what it returns, and the bytes as it left them.
pub fn ioctl_with_bytes(fd: impl Into<FdArg>, request: u32, bytes: impl Into<Bytes>) -> Call<(i32, Bytes)> {
    let arg = proto::ioctl_request::Arg::Data(bytes.into());
    ioctl(fd.into(), request, arg, |result| (result.ret as i32, result.data))
}

fn ioctl<T>(fd: FdArg, request: u32, arg: proto::ioctl_request::Arg, answer: fn(SyscallResult) -> T) -> Call<T> {
    let message = proto::IoctlRequest {
        fd: fd.number(),
        request,
        arg: Some(arg),
        ..Default::default()
    };
    Call::new(TraceKey::ioctl(fd, request), syscall::Call::Ioctl(message), answer).fd(fd)
}
