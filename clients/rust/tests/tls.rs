//! A server that encrypts and asks for a token: what is seen with it, and without.

#![cfg(feature = "tls")]

use std::env;

use tagvisor::tonic::transport::{Certificate, ClientTlsConfig};
use tagvisor::tonic::Code;
use tagvisor::{connect_with, Error, Options};

#[tokio::test]
async fn a_token_over_tls_opens_what_is_closed_without() -> tagvisor::Result<()> {
    let Ok(address) = env::var("TAGVISOR_TLS_ADDRESS") else {
        return Ok(()); // TAGVISOR_ADDRESS has neither.
    };
    let ca = std::fs::read(env::var("TAGVISOR_TLS_CA").expect("the authority")).expect("a certificate");
    let tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(ca));
    let trusting = Options::new().tls(tls);

    let token = env::var("TAGVISOR_TOKEN").expect("a token");
    let host = connect_with(&address, trusting.clone().token(token)).await?;
    let process = host.spawn("6.12").await?;
    assert_eq!(process.open_kvm().await?.api_version().await?, 12);
    let known = host.processes().await?;
    assert!(known.iter().any(|known| known.process == process.handle()));
    process.exit().await?;

    let nobody = connect_with(&address, trusting).await?;
    match nobody.spawn("6.12").await {
        Err(Error::Rpc(status)) => assert_eq!(status.code(), Code::Unauthenticated),
        other => panic!("{other:?}"),
    }
    // The system's authorities do not know who signed the certificate.
    let strangers = connect_with(&format!("https://{address}"), Options::new()).await;
    assert!(matches!(strangers, Err(Error::Connect(_))), "{strangers:?}");
    Ok(())
}
