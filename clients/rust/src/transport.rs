//! One connection to a server: a channel, what authenticates it, and the stubs on it.

use std::time::Duration;

use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::interceptor::InterceptedService;
use tonic::service::Interceptor;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};

use crate::error::{Error, Result};
use crate::proto::inspect_service_client::InspectServiceClient;
use crate::proto::kvm_service_client::KvmServiceClient;
use crate::proto::memory_service_client::MemoryServiceClient;
use crate::proto::syscall_service_client::SyscallServiceClient;

/// The largest single gain for bulk bytes: HTTP/2's own window is 64 KiB.
const WINDOW_BYTES: u32 = 8 << 20;

/// How to reach a server.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The bearer token, where the server asks for one.
    pub token: Option<String>,
    /// How long to wait for the connection.
    pub timeout: Duration,
    /// Ask for the rule behind each failure, which costs a round trip each.
    pub rules: bool,
    /// Encrypt. An `https://` address does, too, and trusts the authorities that the system trusts.
    #[cfg(feature = "tls")]
    pub tls: Option<tonic::transport::ClientTlsConfig>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            token: None,
            timeout: Duration::from_secs(5),
            rules: true,
            #[cfg(feature = "tls")]
            tls: None,
        }
    }
}

impl Options {
    /// No token, 5 seconds, with rules.
    pub fn new() -> Self {
        Options::default()
    }

    /// Authenticates with a bearer token.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Waits so long for the connection.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Whether to ask for the rule behind each failure.
    pub fn rules(mut self, rules: bool) -> Self {
        self.rules = rules;
        self
    }

    /// Encrypts, with certificates of one's own.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: tonic::transport::ClientTlsConfig) -> Self {
        self.tls = Some(tls);
        self
    }
}

/// Puts the token on every request.
#[derive(Clone, Debug)]
pub struct Authorization(Option<MetadataValue<Ascii>>);

impl Interceptor for Authorization {
    fn call(&mut self, mut request: Request<()>) -> std::result::Result<Request<()>, Status> {
        if let Some(token) = &self.0 {
            request.metadata_mut().insert("authorization", token.clone());
        }
        Ok(request)
    }
}

/// What the stubs make their calls on.
pub type Service = InterceptedService<Channel, Authorization>;

/// The generated stubs of every service. Cloning one is cheap.
#[derive(Clone, Debug)]
pub struct Services {
    /// System calls.
    pub syscalls: SyscallServiceClient<Service>,
    /// KVM's requests, typed.
    pub kvm: KvmServiceClient<Service>,
    /// Memory and tags in bulk.
    pub memory: MemoryServiceClient<Service>,
    /// What no kernel exposes.
    pub inspect: InspectServiceClient<Service>,
}

impl Services {
    pub(crate) async fn connect(address: &str, options: &Options) -> Result<Self> {
        let channel = endpoint(address, options)?.connect().await?;
        let token = match &options.token {
            Some(token) => Some(
                format!("Bearer {token}")
                    .parse()
                    .map_err(|error| Error::Connect(Box::new(error)))?,
            ),
            None => None,
        };
        let service = InterceptedService::new(channel, Authorization(token));
        Ok(Services {
            syscalls: SyscallServiceClient::new(service.clone()),
            kvm: KvmServiceClient::new(service.clone()),
            memory: MemoryServiceClient::new(service.clone()),
            inspect: InspectServiceClient::new(service),
        })
    }
}

fn endpoint(address: &str, options: &Options) -> Result<Endpoint> {
    #[cfg(feature = "tls")]
    let encrypted = options.tls.is_some();
    #[cfg(not(feature = "tls"))]
    let encrypted = false;
    let endpoint = Endpoint::from_shared(uri(address, encrypted))?
        .connect_timeout(options.timeout)
        .initial_stream_window_size(WINDOW_BYTES)
        .initial_connection_window_size(WINDOW_BYTES);
    // Without the feature tonic does not look at the scheme: it would send in the clear.
    if encrypted || endpoint.uri().scheme_str() == Some("https") {
        return encrypt(endpoint, options);
    }
    Ok(endpoint)
}

#[cfg(feature = "tls")]
fn encrypt(endpoint: Endpoint, options: &Options) -> Result<Endpoint> {
    let native = || tonic::transport::ClientTlsConfig::new().with_native_roots();
    Ok(endpoint.tls_config(options.tls.clone().unwrap_or_else(native))?)
}

#[cfg(not(feature = "tls"))]
fn encrypt(_: Endpoint, _: &Options) -> Result<Endpoint> {
    Err(Error::Connect("https:// needs the feature `tls`".into()))
}

/// `host:port` has no scheme yet; a URL and `unix:/path` have one. What is to be encrypted is `https://`.
fn uri(address: &str, encrypted: bool) -> String {
    match address.split_once("://") {
        _ if address.starts_with("unix:") => address.into(),
        Some(("http", rest)) if encrypted => format!("https://{rest}"),
        Some(_) => address.into(),
        None if encrypted => format!("https://{address}"),
        None => format!("http://{address}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{endpoint, uri, Options};

    #[test]
    fn an_address_gets_the_scheme_it_lacks() {
        assert_eq!(uri("localhost:1", false), "http://localhost:1");
        assert_eq!(uri("localhost:1", true), "https://localhost:1");
        assert_eq!(uri("https://localhost:1", false), "https://localhost:1");
        assert_eq!(uri("http://localhost:1", false), "http://localhost:1");
        assert_eq!(uri("http://localhost:1", true), "https://localhost:1");
        assert_eq!(uri("unix:/run/tagvisor", false), "unix:/run/tagvisor");
    }

    #[test]
    fn what_is_to_be_encrypted_is_never_sent_in_the_clear() {
        let taken = |address, options: &Options| endpoint(address, options).is_ok();
        assert!(taken("unix:/run/tagvisor", &Options::new()));
        assert_eq!(taken("https://localhost:1", &Options::new()), cfg!(feature = "tls"));
        #[cfg(feature = "tls")]
        assert!(!taken("unix:/run/tagvisor", &Options::new().tls(Default::default())));
    }
}
