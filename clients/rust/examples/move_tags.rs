//! Tags a page of a guest, and moves it with its tags to another VM: `cargo run --example move_tags -- ADDRESS`.

use bytes::Bytes;
use tagvisor::uapi::*;
use tagvisor::{Kvm, Map, Mapping, Process, Vm};

const IPA: u64 = 0x4000_0000;
const PAGE: u64 = 4096;
const SLOT: u64 = 64 << 10;
const GRANULES: usize = 256;

/// A VM with memory that has tags.
struct Machine {
    vm: Vm,
    ram: Mapping,
}

impl Machine {
    async fn new(process: &Process, kvm: &Kvm) -> tagvisor::Result<Self> {
        let vm = kvm.create_vm().await?;
        vm.enable_cap(KVM_CAP_ARM_MTE).await?;
        let ram = process.mmap(Map::anonymous(SLOT)).await?;
        vm.set_user_memory_region(&kvm_userspace_memory_region {
            guest_phys_addr: IPA,
            memory_size: SLOT,
            userspace_addr: ram.address(),
            ..Default::default()
        })
        .await?;
        Ok(Machine { vm, ram })
    }

    /// Gives the first page its tags, by way of a buffer of the process, and says which it has then.
    async fn tag(&self, name: &str, buffer: &Mapping, tags: Bytes) -> tagvisor::Result<Bytes> {
        buffer.write(0, tags).await?;
        let covered = self.vm.arm_mte_copy_tags(&copy(buffer)).await?;
        println!("{name}: KVM_ARM_MTE_COPY_TAGS to the guest = {covered}");
        let tags = self.vm.read_tags(IPA, PAGE).all().await?;
        let first: Vec<_> = tags[..16].iter().map(u8::to_string).collect();
        println!("{name}: tags {}", first.join(" "));
        Ok(tags)
    }
}

fn copy(buffer: &Mapping) -> kvm_arm_copy_mte_tags {
    kvm_arm_copy_mte_tags {
        guest_ipa: IPA,
        length: PAGE,
        addr: buffer.address(),
        flags: KVM_ARM_TAGS_TO_GUEST,
        ..Default::default()
    }
}

fn same(alike: bool) -> &'static str {
    if alike {
        "the same"
    } else {
        "different"
    }
}

async fn move_tags(process: &Process) -> tagvisor::Result<()> {
    println!("tagvisor move_tags\nkernel {}", process.kernel());
    let kvm = process.open_kvm().await?;
    let mte = kvm.check_extension(KVM_CAP_ARM_MTE).await?;
    println!("KVM_CAP_ARM_MTE {KVM_CAP_ARM_MTE} = {mte}");
    let buffer = process.mmap(Map::anonymous(PAGE)).await?;

    let source = Machine::new(process, &kvm).await?;
    let page: Bytes = (0..PAGE).map(|i| i as u8).collect();
    source.ram.write(0, page).await?;
    let tags = (0..GRANULES).map(|i| i as u8 & 15).collect();
    let saved_tags = source.tag("source", &buffer, tags).await?;
    let saved_page = source.ram.read(0, PAGE).await?;

    let target = Machine::new(process, &kvm).await?;
    target.ram.write(0, saved_page.clone()).await?;
    let tags = target.tag("target", &buffer, saved_tags.clone()).await?;
    let page = target.ram.read(0, PAGE).await?;
    println!("memory {} bytes {}", page.len(), same(page == saved_page));
    println!("tags {} {}", tags.len(), same(tags == saved_tags));

    let mut reserved = copy(&buffer);
    reserved.reserved[1] = 1;
    match target.vm.arm_mte_copy_tags(&reserved).await {
        Ok(covered) => println!("reserved word: {covered}"),
        Err(error) => match error.kvm() {
            Some(error) => println!(
                "reserved word: {} {}",
                error.name(),
                error.rule.as_deref().unwrap_or("")
            ),
            None => return Err(error),
        },
    }
    println!("done");
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1).ok_or("usage: move_tags ADDRESS")?;
    let process = tagvisor::connect(&address).await?.spawn("6.12").await?;
    move_tags(&process).await?;
    process.exit().await?;
    Ok(())
}
