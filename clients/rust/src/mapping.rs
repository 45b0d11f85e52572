//! A range of the process's address space.

use bytes::Bytes;

use crate::bulk::{Chunks, Writer};
use crate::calls;
use crate::error::Result;
use crate::process::Process;

/// A mapping, to be read and written by offsets into it. It is unmapped when dropped.
#[derive(Debug)]
pub struct Mapping {
    process: Process,
    address: u64,
    length: u64,
    mapped: bool,
}

impl Mapping {
    /// Takes over what is mapped there: `Mapping::from_raw(&process, results.get(ram)?, length)`.
    pub fn from_raw(process: &Process, address: u64, length: u64) -> Self {
        Mapping {
            process: process.clone(),
            address,
            length,
            mapped: true,
        }
    }

    /// The first address.
    pub fn address(&self) -> u64 {
        self.address
    }

    /// Bytes, as mmap was asked for them.
    pub fn size(&self) -> u64 {
        self.length
    }

    /// Bytes of the mapping.
    pub async fn read(&self, offset: u64, length: u64) -> Result<Bytes> {
        self.process.read(self.address + offset, length).await
    }

    /// Writes all the bytes.
    pub async fn write(&self, offset: u64, bytes: impl Into<Bytes>) -> Result<()> {
        self.process.write(self.address + offset, bytes).await
    }

    /// The mapping's bytes, chunk by chunk.
    pub fn download(&self) -> Chunks {
        self.process.read_memory(self.address, self.length)
    }

    /// Takes bytes for the mapping, from its start.
    pub fn upload(&self) -> Writer {
        self.process.write_memory(self.address)
    }

    /// Changes the protection of a range.
    pub async fn protect(&self, offset: u64, length: u64, prot: u32) -> Result<()> {
        let call = calls::mprotect(self.address + offset, length, prot);
        self.process.call(call).await
    }

    /// Says what a range is for, or that its pages can go.
    pub async fn advise(&self, offset: u64, length: u64, advice: u32) -> Result<()> {
        let call = calls::madvise(self.address + offset, length, advice);
        self.process.call(call).await
    }

    /// Unmaps it, and waits until that is done.
    pub async fn unmap(mut self) -> Result<()> {
        self.mapped = false;
        self.process.call(calls::munmap(self.address, self.length)).await
    }

    /// Leaves it mapped: answers the address.
    pub fn into_raw(mut self) -> u64 {
        self.mapped = false;
        self.address
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        if self.mapped {
            let call = calls::munmap(self.address, self.length);
            self.process.caller.forget(call);
        }
    }
}
