//! Writes the messages and stubs of the protos in `<from>` to `<to>`: `generate <from> <to>`.

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let [from, to] = std::env::args()
        .skip(1)
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| "usage: generate <folder of the protos> <folder of the code>")?;
    let mut files: Vec<_> = Path::new(&from)
        .join("kvm/v1")
        .read_dir()?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let mut config = tonic_prost_build::Config::new();
    config.bytes(["."]);
    tonic_prost_build::configure()
        .build_server(false)
        .build_transport(false)
        .out_dir(to)
        .compile_fds_with_config(protox::compile(files, [from])?, config)?;
    Ok(())
}
