//! The layer against a server: what objects do, and what is left when they are dropped.

use std::time::Duration;

use bytes::Bytes;
use tagvisor::proto::kvm_run::Exit;
use tagvisor::uapi::*;
use tagvisor::{calls, Error, Layout, Map, Process, Results, RunOptions, Tagvisor, Vcpu, Vm, ECANCELED};

const IPA: u64 = 0x4000_0000;
const PAGE: u64 = 4096;

async fn host() -> Tagvisor {
    let address = std::env::var("TAGVISOR_ADDRESS").expect("TAGVISOR_ADDRESS names a server");
    tagvisor::connect(&address).await.expect("a server")
}

async fn process() -> Process {
    host().await.spawn("6.12").await.expect("a process")
}

/// A VM with tags, and its memory, which stays mapped.
async fn machine(process: &Process, size: u64) -> tagvisor::Result<(Vm, u64)> {
    let vm = process.open_kvm().await?.create_vm().await?;
    vm.enable_cap(KVM_CAP_ARM_MTE).await?;
    let userspace_addr = process.mmap(Map::anonymous(size)).await?.into_raw();
    vm.set_user_memory_region(&kvm_userspace_memory_region {
        guest_phys_addr: IPA,
        memory_size: size,
        userspace_addr,
        ..Default::default()
    })
    .await?;
    Ok((vm, userspace_addr))
}

#[tokio::test]
async fn a_refusal_has_its_rule() -> tagvisor::Result<()> {
    let process = process().await;
    let (vm, _) = machine(&process, PAGE).await?;
    let mut copy = kvm_arm_copy_mte_tags {
        guest_ipa: IPA,
        length: PAGE,
        ..Default::default()
    };
    copy.reserved[1] = 1;
    let error = vm.arm_mte_copy_tags(&copy).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "KVM_ARM_MTE_COPY_TAGS: EINVAL (kvm_vm_ioctl_mte_copy_tags: reserved[] must be zero)"
    );
    assert_eq!(error.errno(), Some(EINVAL));
    Ok(())
}

#[tokio::test]
async fn what_is_dropped_is_closed_unmapped_and_exited() -> tagvisor::Result<()> {
    let host = host().await;
    let process = host.spawn("6.12").await?;
    let kvm = process.open_kvm().await?;
    let ram = process.mmap(Map::anonymous(PAGE)).await?;
    let (fd, address) = (kvm.as_raw(), ram.address());
    drop((kvm, ram));
    assert_eq!(process.call(calls::close(fd)).await.unwrap_err().errno(), Some(EBADF));
    assert_eq!(process.read(address, 8).await.unwrap_err().errno(), Some(EFAULT));

    let handle = process.handle();
    drop(process);
    for _ in 0..100 {
        if !host.processes().await?.iter().any(|known| known.process == handle) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the process is still there");
}

#[tokio::test]
async fn a_batch_sets_up_a_machine() -> tagvisor::Result<()> {
    let process = process().await;
    let mut batch = process.batch();
    let kvm = batch.add(calls::openat("/dev/kvm", O_RDWR | O_CLOEXEC, 0));
    let vm = batch.add(calls::ioctl_with_val(kvm, KVM_CREATE_VM, 0));
    let ram = batch.add(calls::mmap(Map::anonymous(2 * PAGE)));
    let region = kvm_userspace_memory_region {
        guest_phys_addr: IPA,
        memory_size: PAGE,
        ..Default::default()
    };
    let set = calls::ioctl_with_ref(vm, KVM_SET_USER_MEMORY_REGION, &region);
    batch.add(set.patch(kvm_userspace_memory_region::userspace_addr, ram.plus(PAGE)));
    let target = batch.add(calls::ioctl_with_mut_ref(
        vm,
        KVM_ARM_PREFERRED_TARGET,
        &kvm_vcpu_init::default(),
    ));
    let vcpu = batch.add(calls::ioctl_with_val(vm, KVM_CREATE_VCPU, 0));
    let init = calls::ioctl_with_ref(vcpu, KVM_ARM_VCPU_INIT, &kvm_vcpu_init::default());
    batch.add(init.patch(kvm_vcpu_init::target, target.member(kvm_vcpu_init::target)));
    let results: Results = batch.submit().await?;

    assert_eq!(results.get(target)?.target, KVM_ARM_TARGET_GENERIC_V8);
    let vcpu = Vcpu::from_raw(&process, results.get(vcpu)?);
    vcpu.set_one_reg(core_regs::PC, &IPA).await?;
    assert_eq!(vcpu.get_one_reg::<u64>(core_regs::PC).await?, IPA);
    assert_eq!(vcpu.get_one_reg::<u32>(core_regs::PC).await?, IPA as u32);
    assert!(vcpu.reg_list().await?.contains(&core_regs::PC));
    Ok(())
}

#[tokio::test]
async fn a_batch_stops_at_its_first_failure_or_goes_on() -> tagvisor::Result<()> {
    let process = process().await;
    let mut batch = process.batch();
    batch.add(calls::close(99));
    batch.add(calls::eventfd2(0, 0));
    let error = batch.submit().await.err().and_then(|error| error.errno());
    assert_eq!(error, Some(EBADF));

    let mut batch = process.batch();
    let failing = batch.add(calls::openat("/nowhere", O_RDWR, 0));
    let depending = batch.add(calls::dup(failing));
    let other = batch.add(calls::eventfd2(0, 0));
    let results = batch.submit_all().await?;
    assert_eq!(results.get(failing).unwrap_err().errno, ENOENT);
    assert_eq!(results.get(depending).unwrap_err().errno, ECANCELED);
    assert!(results.get(other).is_ok());
    Ok(())
}

#[tokio::test]
async fn bulk_copies_come_back_as_they_went() -> tagvisor::Result<()> {
    let process = process().await;
    let size = 3 << 20;
    let ram = process.mmap(Map::anonymous(size)).await?;
    let bytes: Bytes = (0..size).map(|i| (i % 251) as u8).collect();
    ram.write(0, bytes.clone()).await?;
    assert_eq!(ram.read(0, size).await?, bytes);
    let mut writer = ram.upload();
    for piece in bytes.chunks(300_000) {
        writer.write(piece.to_vec()).await?;
    }
    assert_eq!(writer.finish().await?, size);
    assert_eq!(ram.download().all().await?, bytes);

    let (vm, _) = machine(&process, 64 << 20).await?;
    let tags: Bytes = (0..4 << 20).map(|i: u32| (i / 3 % 16) as u8).collect();
    let mut writer = vm.write_tags(IPA);
    writer.write(tags.clone()).await?;
    assert_eq!(writer.finish().await?, 64 << 20);
    assert_eq!(vm.read_tags(IPA, 64 << 20).all().await?, tags);
    Ok(())
}

#[tokio::test]
async fn a_copy_that_ends_early_says_how_far_it_came() -> tagvisor::Result<()> {
    let process = process().await;
    let (vm, _) = machine(&process, 4 * PAGE).await?;
    let mut writer = vm.write_tags(IPA);
    writer.write(vec![7; 5 * 256]).await?;
    let writing = writer.finish().await.unwrap_err();
    let reading = vm.read_tags(IPA, 5 * PAGE).all().await.unwrap_err();
    for error in [writing, reading] {
        let error = error.kvm().expect("a refusal").clone();
        assert_eq!(
            (error.completed, &*error.call),
            (Some(4 * PAGE), "KVM_ARM_MTE_COPY_TAGS")
        );
        assert!(error.rule.is_some());
    }
    Ok(())
}

#[tokio::test]
async fn calls_that_are_joined_answer_each_its_own() -> tagvisor::Result<()> {
    let process = process().await;
    let kvm = process.open_kvm().await?;
    let (mte, none, version, bad) = tokio::join!(
        kvm.check_extension(KVM_CAP_ARM_MTE),
        kvm.check_extension(11),
        kvm.api_version(),
        process.call(calls::close(-1)),
    );
    assert_eq!((mte?, none?, version?), (1, 0, 12));
    assert_eq!(bad.unwrap_err().errno(), Some(EBADF));
    Ok(())
}

#[tokio::test]
async fn what_sleeps_ends_with_its_future_and_with_kill() -> tagvisor::Result<()> {
    let process = process().await;
    let counter = process.eventfd(0, 0).await?;
    let wait = Duration::from_millis(50);
    assert!(tokio::time::timeout(wait, counter.read()).await.is_err());
    let (read, killed) = tokio::join!(counter.read(), async {
        tokio::time::sleep(wait).await;
        process.kill().await
    });
    killed?;
    assert_eq!(read.unwrap_err().errno(), Some(EINTR));
    counter.write(5).await?;
    assert_eq!(counter.read().await?, 5);
    Ok(())
}

#[tokio::test]
async fn a_vcpu_enters_and_leaves() -> tagvisor::Result<()> {
    let process = process().await;
    let (vm, ram) = machine(&process, PAGE).await?;
    // str w0, [x1]: with X1 zero an MMIO exit, as no slot is there
    process.write(ram, 0xb900_0020u32.to_le_bytes().to_vec()).await?;
    let vcpu = vm.create_vcpu(0).await?;
    let run = vcpu.run(RunOptions::default()).await;
    assert_eq!(run.unwrap_err().errno(), Some(ENOEXEC));
    vcpu.arm_vcpu_init(&vm.arm_preferred_target().await?).await?;
    vcpu.set_one_reg(core_regs::PC, &IPA).await?;
    assert_eq!(vcpu.run(RunOptions::default()).await?.exit_reason, KVM_EXIT_MMIO);
    let options = RunOptions {
        immediate_exit: Some(1),
        ..Default::default()
    };
    assert_eq!(vcpu.run(options).await.unwrap_err().errno(), Some(EINTR));
    Ok(())
}

#[tokio::test]
async fn a_guest_reads_and_writes_mmio() -> tagvisor::Result<()> {
    let process = process().await;
    let (vm, ram) = machine(&process, PAGE).await?;
    // ldr w0, [x1]; str w0, [x1]; b -8: with X1 zero an MMIO read, and its answer as a write, again and again
    let code = [0xb940_0020u32, 0xb900_0020, 0x17ff_fffe];
    process.write(ram, code.to_bytes()).await?;
    let vcpu = vm.create_vcpu(0).await?;
    vcpu.arm_vcpu_init(&vm.arm_preferred_target().await?).await?;

    vcpu.set_one_reg(core_regs::PC, &IPA).await?;
    let Some(Exit::Mmio(read)) = vcpu.run(RunOptions::default()).await?.exit else {
        panic!("no MMIO")
    };
    assert_eq!((read.len, read.is_write), (4, 0));
    let mmio_data = Some(b"tag!"[..].into());
    let options = RunOptions {
        mmio_data,
        ..Default::default()
    };
    let Some(Exit::Mmio(write)) = vcpu.run(options).await?.exit else {
        panic!("no MMIO")
    };
    assert_eq!((&write.data[..4], write.is_write), (&b"tag!"[..], 1));

    // The same by ioctl and memory alone, as on the kernel.
    let mapping = vcpu.map_run().await?;
    let enter = async || {
        vcpu.ioctl_with_val(KVM_RUN, 0).await?;
        let run = kvm_run::from_prefix(&mapping.read(0, kvm_run::SIZE as u64).await?);
        assert_eq!(run.exit_reason, KVM_EXIT_MMIO);
        tagvisor::Result::Ok(run.mmio())
    };
    assert_eq!(enter().await?.is_write, 0);
    mapping.write(40, b"TAG?".to_vec()).await?;
    let last = enter().await?;
    assert_eq!((&last.data[..4], last.is_write), (&b"TAG?"[..], 1));
    Ok(())
}

#[tokio::test]
async fn a_process_forks_and_ends() -> tagvisor::Result<()> {
    let process = process().await;
    let ram = process.mmap(Map::anonymous(PAGE)).await?;
    ram.write(0, vec![1]).await?;
    let child = process.fork(0).await?;
    ram.write(0, vec![2]).await?;
    assert_eq!(child.read(ram.address(), 1).await?[..], [1]);
    process.exit().await?;
    match process.read(ram.address(), 1).await {
        Err(Error::Rpc(status)) => assert_eq!(status.code(), tonic::Code::NotFound),
        other => panic!("{other:?}"),
    }
    assert_eq!(child.read(ram.address(), 1).await?[..], [1]);
    Ok(())
}
