//! KVM's objects: /dev/kvm, virtual machines, their vCPUs and devices, each with its requests as methods.

use bytes::Bytes;

use crate::bulk::{Chunks, Subject, Writer};
use crate::calls;
use crate::error::Result;
use crate::fd::{descriptor, Fd, File};
use crate::layout::Layout;
use crate::mapping::Mapping;
use crate::proto::KvmRun;
use crate::run::{RunOptions, Runner};
use crate::uapi::*;

/// Room for registers that KVM_GET_REG_LIST is first asked with.
const REGISTERS: usize = 512;

/// KVM_GET_VCPU_MMAP_SIZE: struct kvm_run, and the page of the coalesced MMIO ring.
const RUN_SIZE: u64 = 2 * 4096;

/// /dev/kvm.
#[derive(Debug)]
pub struct Kvm {
    fd: Fd,
}
descriptor!(Kvm {});

impl Kvm {
    /// 12.
    pub async fn api_version(&self) -> Result<i32> {
        self.ioctl_with_val(KVM_GET_API_VERSION, 0).await
    }

    /// What the host says of a capability; 0 where it does not have it.
    pub async fn check_extension(&self, capability: u32) -> Result<i32> {
        self.ioctl_with_val(KVM_CHECK_EXTENSION, capability.into()).await
    }

    /// Bytes of a vCPU's mapping.
    pub async fn vcpu_mmap_size(&self) -> Result<i32> {
        self.ioctl_with_val(KVM_GET_VCPU_MMAP_SIZE, 0).await
    }

    /// A VM without memory and vCPUs, with addresses of 40 bits.
    pub async fn create_vm(&self) -> Result<Vm> {
        self.create_vm_with_type(0).await
    }

    /// A VM whose type has the size of its addresses in the low byte, in bits.
    pub async fn create_vm_with_type(&self, vm_type: u64) -> Result<Vm> {
        let fd = self.ioctl_with_val(KVM_CREATE_VM, vm_type).await?;
        Ok(Vm::from_raw(self.process(), fd))
    }
}

/// A virtual machine.
#[derive(Debug)]
pub struct Vm {
    fd: Fd,
}
descriptor!(Vm {});

impl Vm {
    /// What the host says of a capability for this VM.
    pub async fn check_extension(&self, capability: u32) -> Result<i32> {
        self.ioctl_with_val(KVM_CHECK_EXTENSION, capability.into()).await
    }

    /// Switches a capability on that takes no arguments: KVM_CAP_ARM_MTE, before the first vCPU.
    pub async fn enable_cap(&self, cap: u32) -> Result<()> {
        self.enable_cap_with(&kvm_enable_cap {
            cap,
            ..Default::default()
        })
        .await
    }

    /// Switches a capability on, with arguments.
    pub async fn enable_cap_with(&self, cap: &kvm_enable_cap) -> Result<()> {
        self.set(KVM_ENABLE_CAP, cap).await
    }

    /// Makes, moves or deletes a slot of guest memory.
    pub async fn set_user_memory_region(&self, region: &kvm_userspace_memory_region) -> Result<()> {
        self.set(KVM_SET_USER_MEMORY_REGION, region).await
    }

    /// The same with a guest_memfd beside the mapping.
    pub async fn set_user_memory_region2(&self, region: &kvm_userspace_memory_region2) -> Result<()> {
        self.set(KVM_SET_USER_MEMORY_REGION2, region).await
    }

    /// Makes a vCPU.
    pub async fn create_vcpu(&self, id: u64) -> Result<Vcpu> {
        let fd = self.ioctl_with_val(KVM_CREATE_VCPU, id).await?;
        Ok(Vcpu::from_raw(self.process(), fd))
    }

    /// What to give [`Vcpu::arm_vcpu_init`] on this host.
    pub async fn arm_preferred_target(&self) -> Result<kvm_vcpu_init> {
        self.ioctl_with_mut_ref(KVM_ARM_PREFERRED_TARGET, &Default::default())
            .await
    }

    /// Copies tags between guest memory and a buffer of the process; answers the bytes of guest memory covered.
    pub async fn arm_mte_copy_tags(&self, copy: &kvm_arm_copy_mte_tags) -> Result<u64> {
        Ok(self.ioctl_with_ref(KVM_ARM_MTE_COPY_TAGS, copy).await? as u64)
    }

    /// The tags of guest memory as a stream of chunks, a byte for each 16 bytes; `length` is of memory.
    pub fn read_tags(&self, guest_ipa: u64, length: u64) -> Chunks {
        let caller = self.process().caller.clone();
        Chunks::new(caller, Subject::Tags(self.as_raw()), guest_ipa, length)
    }

    /// Takes tags for guest memory, a byte for each 16 bytes.
    pub fn write_tags(&self, guest_ipa: u64) -> Writer {
        let caller = self.process().caller.clone();
        Writer::new(caller, Subject::Tags(self.as_raw()), guest_ipa)
    }

    /// Makes a device.
    pub async fn create_device(&self, device_type: u32) -> Result<Device> {
        let device = kvm_create_device {
            r#type: device_type,
            ..Default::default()
        };
        let device = self.ioctl_with_mut_ref(KVM_CREATE_DEVICE, &device).await?;
        Ok(Device::from_raw(self.process(), device.fd as i32))
    }

    /// Whether the host has a type of device, without making one.
    pub async fn has_device(&self, device_type: u32) -> Result<bool> {
        let device = kvm_create_device {
            r#type: device_type,
            flags: KVM_CREATE_DEVICE_TEST,
            ..Default::default()
        };
        let call = calls::ioctl_with_ref(self.as_raw(), KVM_CREATE_DEVICE, &device);
        Ok(self.process().caller.result(call).await?.error == 0)
    }

    /// The dirty pages of a slot of `pages` pages: one bit each, in words of 64.
    pub async fn dirty_log(&self, slot: u32, pages: u64) -> Result<Bytes> {
        let size = pages.div_ceil(64) as usize * 8;
        let get = |dirty_bitmap| {
            let log = kvm_dirty_log {
                slot,
                padding1: 0,
                dirty_bitmap,
            };
            calls::ioctl_with_ref(self.as_raw(), KVM_GET_DIRTY_LOG, &log)
        };
        self.process().caller.with_buffer(size, &[], get).await
    }

    /// Treats pages as clean again: those whose bit is set, from `first_page` on.
    pub async fn clear_dirty_log(&self, slot: u32, first_page: u64, num_pages: u32, bitmap: &[u8]) -> Result<()> {
        let clear = |dirty_bitmap| {
            let log = kvm_clear_dirty_log {
                slot,
                num_pages,
                first_page,
                dirty_bitmap,
            };
            calls::ioctl_with_ref(self.as_raw(), KVM_CLEAR_DIRTY_LOG, &log)
        };
        self.process().caller.with_buffer(bitmap.len(), bitmap, clear).await?;
        Ok(())
    }

    /// Raises or lowers an interrupt line.
    pub async fn irq_line(&self, irq: u32, level: bool) -> Result<()> {
        let level = level.into();
        self.set(KVM_IRQ_LINE, &kvm_irq_level { irq, level }).await
    }

    /// Replaces the table by which interrupts find their way.
    pub async fn set_gsi_routing(&self, entries: &[kvm_irq_routing_entry]) -> Result<()> {
        let head = kvm_irq_routing {
            nr: entries.len() as u32,
            flags: 0,
        };
        let mut table = head.to_bytes();
        entries.iter().for_each(|entry| table.extend(entry.to_bytes()));
        self.ioctl_with_bytes(KVM_SET_GSI_ROUTING, table).await?;
        Ok(())
    }

    /// Ties an eventfd to an interrupt.
    pub async fn irqfd(&self, irqfd: &kvm_irqfd) -> Result<()> {
        self.set(KVM_IRQFD, irqfd).await
    }

    /// Ties an eventfd to writes of the guest.
    pub async fn ioeventfd(&self, ioeventfd: &kvm_ioeventfd) -> Result<()> {
        self.set(KVM_IOEVENTFD, ioeventfd).await
    }

    /// Delivers a message-signalled interrupt; answers whether the guest took it.
    pub async fn signal_msi(&self, msi: &kvm_msi) -> Result<bool> {
        Ok(self.ioctl_with_ref(KVM_SIGNAL_MSI, msi).await? > 0)
    }

    /// Memory for guests that has no mapping of its own.
    pub async fn create_guest_memfd(&self, memfd: &kvm_create_guest_memfd) -> Result<File> {
        let fd = self.ioctl_with_ref(KVM_CREATE_GUEST_MEMFD, memfd).await?;
        Ok(File::from_raw(self.process(), fd))
    }

    /// Sets what is subtracted from the counters.
    pub async fn arm_set_counter_offset(&self, offset: &kvm_arm_counter_offset) -> Result<()> {
        self.set(KVM_ARM_SET_COUNTER_OFFSET, offset).await
    }

    /// The bits of the ID registers that can be changed, in the order of their encodings.
    pub async fn arm_reg_writable_masks(&self) -> Result<Vec<u64>> {
        let get = |addr| {
            let range = reg_mask_range {
                addr,
                range: KVM_ARM_FEATURE_ID_RANGE,
                ..Default::default()
            };
            calls::ioctl_with_ref(self.as_raw(), KVM_ARM_GET_REG_WRITABLE_MASKS, &range)
        };
        let size = KVM_ARM_FEATURE_ID_RANGE_SIZE as usize * 8;
        let masks = self.process().caller.with_buffer(size, &[], get).await?;
        Ok(masks.chunks_exact(8).map(u64::read).collect())
    }
}

/// A virtual CPU.
#[derive(Debug)]
pub struct Vcpu {
    fd: Fd,
    runner: Runner,
}
descriptor!(Vcpu { runner });

/// Bytes of a register's value, as its id has them.
fn register_size(id: u64) -> usize {
    1 << ((id & KVM_REG_SIZE_MASK) >> KVM_REG_SIZE_SHIFT)
}

impl Vcpu {
    /// Sets the vCPU up, or resets it: needed before its registers and before [`run`](Vcpu::run).
    pub async fn arm_vcpu_init(&self, init: &kvm_vcpu_init) -> Result<()> {
        self.set(KVM_ARM_VCPU_INIT, init).await
    }

    /// Ends the choice of SVE's vector lengths.
    pub async fn arm_vcpu_finalize(&self, feature: i32) -> Result<()> {
        self.set(KVM_ARM_VCPU_FINALIZE, &feature).await
    }

    /// The ids of all registers, in the kernel's order.
    pub async fn reg_list(&self) -> Result<Vec<u64>> {
        let mut room = REGISTERS;
        loop {
            let mut list = kvm_reg_list { n: room as u64 }.to_bytes();
            list.resize(kvm_reg_list::SIZE + 8 * room, 0);
            let call = calls::ioctl_with_bytes(self.as_raw(), KVM_GET_REG_LIST, list);
            let key = call.key.clone();
            let caller = &self.process().caller;
            let result = caller.result(call).await?;
            let count = kvm_reg_list::from_prefix(&result.data).n as usize;
            if result.error == 0 {
                let ids = result.data[kvm_reg_list::SIZE..].chunks_exact(8);
                return Ok(ids.take(count).map(u64::read).collect());
            }
            if result.error != E2BIG || count <= room {
                return Err(caller.failure(&key, result.error).await.into());
            }
            room = count;
        }
    }

    /// A register's value. A type of another size than the register's has its low bytes, or zeros above them.
    pub async fn get_one_reg<T: Layout>(&self, id: u64) -> Result<T> {
        let get = |addr| calls::ioctl_with_ref(self.as_raw(), KVM_GET_ONE_REG, &kvm_one_reg { id, addr });
        let caller = &self.process().caller;
        Ok(T::from_prefix(&caller.with_buffer(register_size(id), &[], get).await?))
    }

    /// Sets a register's value. A type of another size than the register's gives its low bytes, or zeros above them.
    pub async fn set_one_reg<T: Layout>(&self, id: u64, value: &T) -> Result<()> {
        let set = |addr| calls::ioctl_with_ref(self.as_raw(), KVM_SET_ONE_REG, &kvm_one_reg { id, addr });
        let mut bytes = value.to_bytes();
        bytes.resize(register_size(id), 0);
        self.process().caller.with_buffer(bytes.len(), &bytes, set).await?;
        Ok(())
    }

    /// Whether it runs.
    pub async fn mp_state(&self) -> Result<kvm_mp_state> {
        self.ioctl_with_mut_ref(KVM_GET_MP_STATE, &Default::default()).await
    }

    /// Sets whether it runs.
    pub async fn set_mp_state(&self, state: &kvm_mp_state) -> Result<()> {
        self.set(KVM_SET_MP_STATE, state).await
    }

    /// The exceptions that are pending.
    pub async fn vcpu_events(&self) -> Result<kvm_vcpu_events> {
        self.ioctl_with_mut_ref(KVM_GET_VCPU_EVENTS, &Default::default()).await
    }

    /// Sets the exceptions that are pending.
    pub async fn set_vcpu_events(&self, events: &kvm_vcpu_events) -> Result<()> {
        self.set(KVM_SET_VCPU_EVENTS, events).await
    }

    /// Breakpoints, watchpoints, single steps.
    pub async fn set_guest_debug(&self, debug: &kvm_guest_debug) -> Result<()> {
        self.set(KVM_SET_GUEST_DEBUG, debug).await
    }

    /// Runs the guest until something is for the VMM to do. What the last exit asked for is completed first.
    /// Dropping the future interrupts the guest; [`Process::kill`](crate::Process::kill) does, with EINTR.
    pub async fn run(&self, options: RunOptions) -> Result<KvmRun> {
        self.runner.run(&self.process().caller, self.as_raw(), options).await
    }

    /// Maps struct kvm_run, which [`kvm_run`](crate::uapi::kvm_run) reads.
    pub async fn map_run(&self) -> Result<Mapping> {
        self.mmap(RUN_SIZE).await
    }
}

/// A device of a VM.
#[derive(Debug)]
pub struct Device {
    fd: Fd,
}
descriptor!(Device {});

impl Fd {
    async fn set<T: Layout>(&self, request: u32, value: &T) -> Result<()> {
        self.ioctl_with_ref(request, value).await?;
        Ok(())
    }
}

/// Requests of whatever has attributes.
macro_rules! attributed {
    ($($name:ident)*) => { $(
        impl $name {
            /// Sets an attribute that has a value.
            pub async fn set_device_attr<T: Layout>(&self, group: u32, attr: u64, value: &T) -> Result<()> {
                let bytes = value.to_bytes();
                let set = |addr| {
                    let attr = kvm_device_attr { flags: 0, group, attr, addr };
                    calls::ioctl_with_ref(self.as_raw(), KVM_SET_DEVICE_ATTR, &attr)
                };
                self.process().caller.with_buffer(bytes.len(), &bytes, set).await?;
                Ok(())
            }

            /// Sets an attribute that has none: does what it stands for.
            pub async fn do_device_attr(&self, group: u32, attr: u64) -> Result<()> {
                let attr = kvm_device_attr { flags: 0, group, attr, addr: 0 };
                self.set(KVM_SET_DEVICE_ATTR, &attr).await
            }

            /// Reads an attribute; `before` stands at its place for those that look at it.
            pub async fn get_device_attr<T: Layout>(&self, group: u32, attr: u64, before: &T) -> Result<T> {
                let bytes = before.to_bytes();
                let get = |addr| {
                    let attr = kvm_device_attr { flags: 0, group, attr, addr };
                    calls::ioctl_with_ref(self.as_raw(), KVM_GET_DEVICE_ATTR, &attr)
                };
                let caller = &self.process().caller;
                Ok(T::from_prefix(&caller.with_buffer(bytes.len(), &bytes, get).await?))
            }

            /// Whether there is such an attribute.
            pub async fn has_device_attr(&self, group: u32, attr: u64) -> Result<bool> {
                let attr = kvm_device_attr { flags: 0, group, attr, addr: 0 };
                let call = calls::ioctl_with_ref(self.as_raw(), KVM_HAS_DEVICE_ATTR, &attr);
                Ok(self.process().caller.result(call).await?.error == 0)
            }
        }
    )* };
}
attributed!(Vm Vcpu Device);

/// Requests of whatever keeps statistics.
macro_rules! counted {
    ($($name:ident)*) => { $(
        impl $name {
            /// The statistics, as a file.
            pub async fn stats(&self) -> Result<File> {
                let fd = self.ioctl_with_val(KVM_GET_STATS_FD, 0).await?;
                Ok(File::from_raw(self.process(), fd))
            }
        }
    )* };
}
counted!(Vm Vcpu);

#[cfg(test)]
mod tests {
    use super::register_size;
    use crate::uapi::core_regs;

    #[test]
    fn an_id_has_the_size_of_its_register() {
        assert_eq!(register_size(core_regs::PC), 8);
        assert_eq!(register_size(0x6040_0000_0010_0054), 16);
    }
}
