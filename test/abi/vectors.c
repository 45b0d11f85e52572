/*
 * The layouts of the structs that cross the ABI, as the C compiler sees them in the kernel's own headers. Compiled to
 * assembly and never run: each "->" line in the output is one fact. vectors.sh adds the constants and makes JSON of it.
 */

#include <stddef.h>
#include <sys/eventfd.h>
#include <linux/types.h>
#include <linux/kvm.h>

#define FACT(kind, name, a, b) asm volatile("\n->" kind " " name " %c0 %c1" : : "i"((long)(a)), "i"((long)(b)))

#define MEMBER(s, m) FACT("member", #s "." #m, offsetof(struct s, m), sizeof(((struct s *)0)->m));
#define M1(s, m) MEMBER(s, m)
#define M2(s, m, ...) MEMBER(s, m) M1(s, __VA_ARGS__)
#define M3(s, m, ...) MEMBER(s, m) M2(s, __VA_ARGS__)
#define M4(s, m, ...) MEMBER(s, m) M3(s, __VA_ARGS__)
#define M5(s, m, ...) MEMBER(s, m) M4(s, __VA_ARGS__)
#define M6(s, m, ...) MEMBER(s, m) M5(s, __VA_ARGS__)
#define M7(s, m, ...) MEMBER(s, m) M6(s, __VA_ARGS__)
#define M8(s, m, ...) MEMBER(s, m) M7(s, __VA_ARGS__)
#define M9(s, m, ...) MEMBER(s, m) M8(s, __VA_ARGS__)
#define PICK(_1, _2, _3, _4, _5, _6, _7, _8, _9, name, ...) name
#define MEMBERS(s, ...) PICK(__VA_ARGS__, M9, M8, M7, M6, M5, M4, M3, M2, M1)(s, __VA_ARGS__)
#define SIZE(s) FACT("struct", #s, sizeof(struct s), _Alignof(struct s));
#define STRUCT(s, ...) SIZE(s) MEMBERS(s, __VA_ARGS__)

#define VALUE(expression) FACT("constant", #expression, expression, 0);

/* The argument of KVM_ARM_MTE_COPY_TAGS as the patch series had it, where the address is one half of a union. */
struct seed_kvm_arm_copy_mte_tags {
	__u64 guest_ipa;
	__u64 length;
	union {
		void *addr;
		__u64 padding;
	};
	__u64 flags;
	__u64 reserved[2];
};
#define SEED_KVM_ARM_MTE_COPY_TAGS _IOR(KVMIO, 0xb4, struct seed_kvm_arm_copy_mte_tags)

void vectors(void)
{
	/* linux/kvm.h */
	STRUCT(kvm_enable_cap, cap, flags, args, pad)
	STRUCT(kvm_userspace_memory_region, slot, flags, guest_phys_addr, memory_size, userspace_addr)
	STRUCT(kvm_dirty_log, slot, padding1, dirty_bitmap)
	STRUCT(kvm_clear_dirty_log, slot, num_pages, first_page, dirty_bitmap)
	STRUCT(kvm_dirty_gfn, flags, slot, offset)
	STRUCT(kvm_irq_level, irq, status, level)
	STRUCT(kvm_irq_routing_irqchip, irqchip, pin)
	STRUCT(kvm_irq_routing_msi, address_lo, address_hi, data, devid)
	STRUCT(kvm_irq_routing_entry, gsi, type, flags, pad, u, u.irqchip, u.msi, u.adapter, u.pad)
	MEMBERS(kvm_irq_routing_entry, u.irqchip.irqchip, u.irqchip.pin)
	MEMBERS(kvm_irq_routing_entry, u.msi.address_lo, u.msi.address_hi, u.msi.data, u.msi.devid)
	MEMBERS(kvm_irq_routing_entry, u.adapter.ind_addr, u.adapter.summary_addr, u.adapter.ind_offset)
	MEMBERS(kvm_irq_routing_entry, u.adapter.summary_offset, u.adapter.adapter_id)
	STRUCT(kvm_irq_routing_s390_adapter, ind_addr, summary_addr, ind_offset, summary_offset, adapter_id)
	STRUCT(kvm_irq_routing, nr, flags)
	STRUCT(kvm_msi, address_lo, address_hi, data, flags, devid, pad)
	STRUCT(kvm_irqfd, fd, gsi, flags, resamplefd, pad)
	STRUCT(kvm_ioeventfd, datamatch, addr, len, fd, flags, pad)
	STRUCT(kvm_coalesced_mmio_zone, addr, size, pio)
	STRUCT(kvm_coalesced_mmio, phys_addr, len, pio, data)
	STRUCT(kvm_coalesced_mmio_ring, first, last)
	STRUCT(kvm_create_device, type, fd, flags)
	STRUCT(kvm_device_attr, flags, group, attr, addr)
	STRUCT(kvm_arm_device_addr, id, addr)
	STRUCT(kvm_one_reg, id, addr)
	STRUCT(kvm_reg_list, n)
	STRUCT(kvm_translation, linear_address, physical_address, valid, writeable, usermode, pad)
	STRUCT(kvm_signal_mask, len)
	STRUCT(kvm_mp_state, mp_state)
	STRUCT(kvm_guest_debug, control, pad, arch)
	MEMBERS(kvm_guest_debug, arch.dbg_bcr, arch.dbg_bvr, arch.dbg_wcr, arch.dbg_wvr)
	STRUCT(kvm_stats_header, flags, name_size, num_desc, id_offset, desc_offset, data_offset)
	STRUCT(kvm_stats_desc, flags, exponent, size, offset, bucket_size)

	STRUCT(kvm_run, request_interrupt_window, immediate_exit, padding1, exit_reason)
	MEMBERS(kvm_run, ready_for_interrupt_injection, if_flag, flags, cr8, apic_base, padding)
	MEMBERS(kvm_run, kvm_valid_regs, kvm_dirty_regs, s, s.regs, s.regs.device_irq_level, s.padding)
	MEMBERS(kvm_run, hw, hw.hardware_exit_reason)
	MEMBERS(kvm_run, fail_entry, fail_entry.hardware_entry_failure_reason, fail_entry.cpu)
	MEMBERS(kvm_run, debug, debug.arch, debug.arch.hsr, debug.arch.hsr_high, debug.arch.far)
	MEMBERS(kvm_run, mmio, mmio.phys_addr, mmio.data, mmio.len, mmio.is_write)
	MEMBERS(kvm_run, hypercall, hypercall.nr, hypercall.args, hypercall.ret, hypercall.longmode)
	MEMBERS(kvm_run, internal, internal.suberror, internal.ndata, internal.data)
	MEMBERS(kvm_run, system_event, system_event.type, system_event.ndata, system_event.flags, system_event.data)
	MEMBERS(kvm_run, arm_nisv, arm_nisv.esr_iss, arm_nisv.fault_ipa)

	/* asm/kvm.h and asm/ptrace.h */
	STRUCT(user_pt_regs, regs, sp, pc, pstate)
	STRUCT(user_fpsimd_state, vregs, fpsr, fpcr, __reserved)
	STRUCT(kvm_regs, regs, sp_el1, elr_el1, spsr, fp_regs)
	MEMBERS(kvm_regs, regs.regs, regs.sp, regs.pc, regs.pstate)
	MEMBERS(kvm_regs, fp_regs.vregs, fp_regs.fpsr, fp_regs.fpcr, fp_regs.__reserved)
	SIZE(kvm_sregs)
	SIZE(kvm_fpu)
	STRUCT(kvm_vcpu_init, target, features)
	STRUCT(kvm_arm_copy_mte_tags, guest_ipa, length, addr, flags, reserved)
	STRUCT(seed_kvm_arm_copy_mte_tags, guest_ipa, length, addr, flags, reserved)
	STRUCT(kvm_vcpu_events, exception, exception.serror_pending, exception.serror_has_esr, reserved)
	MEMBERS(kvm_vcpu_events, exception.ext_dabt_pending, exception.pad, exception.serror_esr)
	STRUCT(kvm_guest_debug_arch, dbg_bcr, dbg_bvr, dbg_wcr, dbg_wvr)
	STRUCT(kvm_debug_exit_arch, hsr, hsr_high, far)
	STRUCT(kvm_sync_regs, device_irq_level)
	STRUCT(kvm_pmu_event_filter, base_event, nevents, action, pad)

	/* Constants that are no macros, and macros with arguments */
	VALUE(SEED_KVM_ARM_MTE_COPY_TAGS)
	VALUE(EFD_SEMAPHORE)
	VALUE(EFD_NONBLOCK)
	VALUE(EFD_CLOEXEC)
	VALUE(KVM_REG_ARM_STD_BIT_TRNG_V1_0)
	VALUE(KVM_REG_ARM_STD_HYP_BIT_PV_TIME)
	VALUE(KVM_REG_ARM_VENDOR_HYP_BIT_FUNC_FEAT)
	VALUE(KVM_REG_ARM_VENDOR_HYP_BIT_PTP)
	VALUE(ARM64_SYS_REG(3, 0, 1, 0, 5))
	VALUE(ARM64_SYS_REG(2, 7, 15, 15, 7))
	VALUE(KVM_REG_ARM_FW_REG(3))
	VALUE(KVM_REG_ARM_FW_FEAT_BMAP_REG(2))
	VALUE(KVM_REG_ARM_CORE_REG(regs.pstate))
	VALUE(KVM_REG_ARM_CORE_REG(fp_regs.vregs))
	VALUE(KVM_REG_ARM64_SVE_ZREG(31, 0))
	VALUE(KVM_REG_ARM64_SVE_PREG(15, 31))
	VALUE(KVM_REG_ARM64_SVE_FFR(1))
	VALUE(KVM_REG_SIZE(KVM_REG_ARM64_SVE_VLS))
}
