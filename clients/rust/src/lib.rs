//! A client for tagvisor: a Linux process that is elsewhere, and /dev/kvm in it.
//!
//! [`connect`] gives a connection, [`spawn`](Tagvisor::spawn) a process on it, and a process gives descriptors and
//! memory as Linux would. Structs and constants have their C names, in [`uapi`].

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod batch;
mod bulk;
mod caller;
pub mod calls;
mod connection;
mod error;
mod fd;
mod kvm;
mod layout;
mod mapping;
mod pipeline;
mod process;
mod rules;
mod run;
mod transport;
#[allow(missing_docs)]
#[rustfmt::skip]
pub mod uapi;

/// Messages and stubs, generated from the protos.
#[allow(missing_docs, clippy::all, rustdoc::all)]
pub mod proto {
    include!("gen/kvm.v1.rs");
}

pub use batch::{Batch, Results};
pub use bulk::{Chunks, Writer};
pub use calls::{Call, FdArg, Map, Number, Pending};
pub use connection::{connect, connect_with, Tagvisor};
pub use error::{errno_name, Error, KvmError, Result, ECANCELED};
pub use fd::{EventFd, Fd, File};
pub use kvm::{Device, Kvm, Vcpu, Vm};
pub use layout::{Layout, Member};
pub use mapping::Mapping;
pub use process::Process;
pub use run::RunOptions;
/// What statuses and the configuration of TLS are made of.
pub use tonic;
pub use transport::{Authorization, Options, Service, Services};
