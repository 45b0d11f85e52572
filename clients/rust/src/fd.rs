//! Open descriptors of the process: what all kinds have in common, and those that are no KVM object.

use bytes::Bytes;

use crate::calls::{self, Map, TraceKey};
use crate::error::Result;
use crate::layout::Layout;
use crate::mapping::Mapping;
use crate::process::Process;
use crate::proto::ReadRequest;

/// An open descriptor. It is closed when dropped; who must know that it was, calls [`close`](Fd::close).
#[derive(Debug)]
pub struct Fd {
    process: Process,
    number: i32,
    open: bool,
}

impl Fd {
    /// Takes over an open descriptor: `Vm::from_raw(&process, results.get(vm)?)`.
    pub fn from_raw(process: &Process, number: i32) -> Self {
        Fd {
            process: process.clone(),
            number,
            open: true,
        }
    }

    /// The descriptor's number.
    pub fn as_raw(&self) -> i32 {
        self.number
    }

    /// The process that has it.
    pub fn process(&self) -> &Process {
        &self.process
    }

    /// ioctl() with a number or an address.
    pub async fn ioctl_with_val(&self, request: u32, value: u64) -> Result<i32> {
        self.process
            .call(calls::ioctl_with_val(self.number, request, value))
            .await
    }

    /// ioctl() with a struct that the kernel reads.
    pub async fn ioctl_with_ref<T: Layout>(&self, request: u32, value: &T) -> Result<i32> {
        self.process
            .call(calls::ioctl_with_ref(self.number, request, value))
            .await
    }

    /// ioctl() with a struct that the kernel writes, too; answers the struct.
    pub async fn ioctl_with_mut_ref<T: Layout>(&self, request: u32, value: &T) -> Result<T> {
        self.process
            .call(calls::ioctl_with_mut_ref(self.number, request, value))
            .await
    }

    /// ioctl() with a struct's bytes; answers what it returns, and the bytes as it left them.
    pub async fn ioctl_with_bytes(&self, request: u32, bytes: impl Into<Bytes>) -> Result<(i32, Bytes)> {
        self.process
            .call(calls::ioctl_with_bytes(self.number, request, bytes))
            .await
    }

    /// Maps what it stands for, shared, to be read and written.
    pub async fn mmap(&self, length: u64) -> Result<Mapping> {
        self.process.mmap(Map::file(self.number, length)).await
    }

    /// Another descriptor for the same open file.
    pub async fn dup(&self) -> Result<Fd> {
        let number = self.process.call(calls::dup(self.number)).await?;
        Ok(Fd::from_raw(&self.process, number))
    }

    /// One of the commands that SyscallService.Fcntl lists.
    pub async fn fcntl(&self, command: i32, arg: u64) -> Result<i32> {
        self.process.call(calls::fcntl(self.number, command, arg)).await
    }

    /// Closes it, and waits until that is done. What is gone already is closed.
    pub async fn close(mut self) -> Result<()> {
        self.open = false;
        match self.process.call(calls::close(self.number)).await {
            Err(error) if error.is_gone() => Ok(()),
            answer => answer,
        }
    }

    /// Leaves it open: answers its number.
    pub fn into_raw(mut self) -> i32 {
        self.open = false;
        self.number
    }
}

impl Drop for Fd {
    fn drop(&mut self) {
        if self.open {
            self.process.caller.forget(calls::close(self.number));
        }
    }
}

/// Makes a kind of descriptor of a struct with a member `fd`.
macro_rules! descriptor {
    ($name:ident { $($member:ident),* }) => {
        impl $name {
            /// Takes over an open descriptor.
            pub fn from_raw(process: &$crate::process::Process, number: i32) -> Self {
                $name {
                    fd: $crate::fd::Fd::from_raw(process, number),
                    $($member: Default::default(),)*
                }
            }

            /// Closes it, and waits until that is done.
            pub async fn close(self) -> $crate::error::Result<()> {
                self.fd.close().await
            }

            /// Leaves it open: answers its number.
            pub fn into_raw(self) -> i32 {
                self.fd.into_raw()
            }
        }

        impl std::ops::Deref for $name {
            type Target = $crate::fd::Fd;

            fn deref(&self) -> &Self::Target {
                &self.fd
            }
        }
    };
}
pub(crate) use descriptor;

/// An open file that is read and written: a memfd, the statistics of a VM.
#[derive(Debug)]
pub struct File {
    fd: Fd,
}
descriptor!(File {});

impl File {
    /// The bytes read, `count` at most.
    pub async fn read(&self, count: u64) -> Result<Bytes> {
        self.process.call(calls::read(self.number, count)).await
    }

    /// Answers how many bytes were written.
    pub async fn write(&self, bytes: impl Into<Bytes>) -> Result<u64> {
        self.process.call(calls::write(self.number, bytes)).await
    }

    /// Reads at a position, which the file's own does not follow.
    pub async fn read_at(&self, count: u64, position: i64) -> Result<Bytes> {
        self.process.call(calls::pread(self.number, count, position)).await
    }

    /// Writes at a position, which the file's own does not follow.
    pub async fn write_at(&self, bytes: impl Into<Bytes>, position: i64) -> Result<u64> {
        self.process.call(calls::pwrite(self.number, bytes, position)).await
    }

    /// Answers the new position.
    pub async fn seek(&self, offset: i64, whence: i32) -> Result<u64> {
        self.process.call(calls::lseek(self.number, offset, whence)).await
    }

    /// Sets the size.
    pub async fn truncate(&self, length: i64) -> Result<()> {
        self.process.call(calls::ftruncate(self.number, length)).await
    }
}

/// A counter that can be given to KVM.
#[derive(Debug)]
pub struct EventFd {
    fd: Fd,
}
descriptor!(EventFd {});

impl EventFd {
    /// Takes the counter's value, and waits while it is 0: until the future is dropped, or with EINTR until
    /// [`Process::kill`].
    pub async fn read(&self) -> Result<u64> {
        // It may sleep, so it must not stand in the way of other calls.
        let caller = &self.process.caller;
        let request = ReadRequest {
            process: caller.process,
            fd: self.number,
            count: 8,
            buffer: None,
        };
        let answer = caller.services.syscalls.clone().read(request).await?.into_inner();
        let key = TraceKey::on("read", self.number.into());
        caller.check(key, answer.ret, answer.error).await?;
        Ok(u64::from_prefix(&answer.data))
    }

    /// Adds to the counter.
    pub async fn write(&self, value: u64) -> Result<()> {
        self.process.call(calls::write(self.number, value.to_bytes())).await?;
        Ok(())
    }
}
