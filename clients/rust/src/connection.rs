//! A connection to a server, where clients begin.

use crate::error::Result;
use crate::process::Process;
use crate::proto::{
    Kernel, KernelsRequest, Process as ProcessInfo, ProcessesRequest, RenewRequest, SpawnRequest, SpawnResponse,
};
use crate::transport::{Options, Services};

/// Connects to a server: `host:port`, `https://host:port` (with the feature `tls`) or `unix:/path`.
pub async fn connect(address: &str) -> Result<Tagvisor> {
    connect_with(address, Options::new()).await
}

/// Connects to a server with a token, TLS or another timeout.
pub async fn connect_with(address: &str, options: Options) -> Result<Tagvisor> {
    Ok(Tagvisor {
        services: Services::connect(address, &options).await?,
        rules: options.rules,
    })
}

/// A server, connected. The connection lasts as long as this, its clones and its processes.
#[derive(Clone, Debug)]
pub struct Tagvisor {
    services: Services,
    rules: bool,
}

impl Tagvisor {
    /// The generated stubs, for everything that has no method here.
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// Starts an emulated process under a kernel: seed-v10, 5.14, 6.1, 6.12, 7.1; the server's default for "".
    pub async fn spawn(&self, kernel: &str) -> Result<Process> {
        self.spawn_with(SpawnRequest {
            kernel: kernel.into(),
            ..Default::default()
        })
        .await
    }

    /// Starts an emulated process with words to recognize it by, and a lease.
    pub async fn spawn_with(&self, request: SpawnRequest) -> Result<Process> {
        let response = self.services.syscalls.clone().spawn(request).await?;
        Ok(self.process(response.into_inner()))
    }

    /// A process that exists already, by its handle.
    pub async fn attach(&self, handle: u64) -> Result<Process> {
        let known = self.processes().await?;
        if let Some(info) = known.into_iter().find(|info| info.process == handle) {
            return Ok(self.process(SpawnResponse {
                process: info.process,
                pid: info.pid,
                kernel: info.kernel,
                lease_seconds: info.lease_seconds,
            }));
        }
        // It is not ours, or not there: the server knows which.
        let request = RenewRequest { process: handle };
        let renewed = self.services.syscalls.clone().renew(request).await?;
        Ok(self.process(SpawnResponse {
            process: handle,
            lease_seconds: renewed.into_inner().lease_seconds,
            ..Default::default()
        }))
    }

    fn process(&self, spawned: SpawnResponse) -> Process {
        Process::new(self.services.clone(), self.rules, spawned)
    }

    /// The processes that belong to this client's token, oldest first.
    pub async fn processes(&self) -> Result<Vec<ProcessInfo>> {
        let mut inspect = self.services.inspect.clone();
        let response = inspect.processes(ProcessesRequest {}).await?;
        Ok(response.into_inner().processes)
    }

    /// The kernels that a process can run under, with everything in which they differ.
    pub async fn kernels(&self) -> Result<Vec<Kernel>> {
        let mut inspect = self.services.inspect.clone();
        let response = inspect.kernels(KernelsRequest {}).await?;
        Ok(response.into_inner().kernels)
    }
}
