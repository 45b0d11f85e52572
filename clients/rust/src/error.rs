//! What can go wrong: a call that the kernel refuses, or one that could not be made.

use std::borrow::Cow;
use std::fmt;

use tonic::{Code, Status};

use crate::uapi::ERRNOS;

/// Not attempted: in a list of calls, one on which this one depends failed, or one at which the list stops.
pub const ECANCELED: i32 = 125;

/// What every call of this crate answers.
pub type Result<T> = std::result::Result<T, Error>;

/// A call failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The emulated kernel refused.
    Kvm(KvmError),
    /// The call could not be attempted: unknown process, quota, no connection.
    Rpc(Box<Status>),
    /// The address, or what TLS needs, is of no use.
    Connect(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// The errno of a refusal.
    pub fn errno(&self) -> Option<i32> {
        self.kvm().map(|error| error.errno)
    }

    /// The refusal, if it is one.
    pub fn kvm(&self) -> Option<&KvmError> {
        match self {
            Error::Kvm(error) => Some(error),
            _ => None,
        }
    }

    /// The gRPC status, if the call could not be attempted.
    pub fn status(&self) -> Option<&Status> {
        match self {
            Error::Rpc(status) => Some(status),
            _ => None,
        }
    }

    /// Whether there is nothing left that could be closed.
    pub(crate) fn is_gone(&self) -> bool {
        self.status()
            .is_some_and(|status| matches!(status.code(), Code::NotFound | Code::Unavailable))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Kvm(error) => error.fmt(f),
            Error::Rpc(status) => write!(f, "{:?}: {}", status.code(), status.message()),
            Error::Connect(error) => write!(f, "no connection: {error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Kvm(error) => Some(error),
            Error::Rpc(status) => Some(status),
            Error::Connect(error) => Some(error.as_ref()),
        }
    }
}

impl From<KvmError> for Error {
    fn from(error: KvmError) -> Self {
        Error::Kvm(error)
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        Error::Rpc(Box::new(by_its_grpc_name(status)))
    }
}

/// What breaks at this end of the connection has other codes in tonic than in gRPC at large.
fn by_its_grpc_name(status: Status) -> Status {
    let from_here = std::error::Error::source(&status).is_some();
    match status.code() {
        Code::Unknown if from_here => Status::unavailable(status.message()),
        Code::Cancelled if status.message() == "Timeout expired" => Status::deadline_exceeded(status.message()),
        _ => status,
    }
}

impl From<tonic::transport::Error> for Error {
    fn from(error: tonic::transport::Error) -> Self {
        Error::Connect(Box::new(error))
    }
}

/// A system call of the emulated process failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KvmError {
    /// 22.
    pub errno: i32,
    /// The call: `KVM_ARM_MTE_COPY_TAGS`, `mmap`.
    pub call: Cow<'static, str>,
    /// The check that refused, where the process's trace still has it.
    pub rule: Option<String>,
    /// Of a streamed copy: the bytes of memory done before.
    pub completed: Option<u64>,
}

impl KvmError {
    pub(crate) fn new(call: Cow<'static, str>, errno: i32) -> Self {
        KvmError {
            errno,
            call,
            rule: None,
            completed: None,
        }
    }

    /// `EINVAL`.
    pub fn name(&self) -> &'static str {
        errno_name(self.errno)
    }

    /// Whether the call was not attempted, as one before it in its list failed.
    pub fn is_canceled(&self) -> bool {
        self.errno == ECANCELED
    }
}

impl fmt::Display for KvmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.call)?;
        match self.name() {
            "" => write!(f, "errno {}", self.errno)?,
            name => f.write_str(name)?,
        }
        match &self.rule {
            Some(rule) => write!(f, " ({rule})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for KvmError {}

/// `EINVAL` for 22; empty where the number has no name here.
pub fn errno_name(errno: i32) -> &'static str {
    ERRNOS
        .iter()
        .chain(&[("ECANCELED", ECANCELED)])
        .find_map(|(name, number)| (*number == errno).then_some(*name))
        .unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uapi::EINVAL;

    #[test]
    fn an_error_says_what_refused_it() {
        let mut error = KvmError::new("mmap".into(), EINVAL);
        assert_eq!(error.to_string(), "mmap: EINVAL");
        error.rule = Some("mmap: the length must not be 0".into());
        assert_eq!(
            Error::from(error).to_string(),
            "mmap: EINVAL (mmap: the length must not be 0)"
        );
        assert_eq!(KvmError::new("x".into(), 4000).to_string(), "x: errno 4000");
        assert!(KvmError::new("x".into(), ECANCELED).is_canceled());
    }
}
