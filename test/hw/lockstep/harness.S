// The program at EL2 that runs cases under QEMU: it sets the registers of a case, enters its instruction at EL1 or EL0, and keeps a hash
// of all state, or the state itself, when it is back. layout.ts has the addresses, which come as symbols.

  .text
  .global _start

  // Of the work area, after the state
  .equ CASE, 0x1000
  .equ LAST, 0x1008
  .equ CONFIG, 0x1010
  .equ SLOT, 0x1018
  .equ RESULT, 0x1020
  .equ FLAGS, 0x1028

_start:
  msr spsel, #1
  ldr x0, =WORK
  mov sp, x0
  adr x0, vectors
  msr vbar_el2, x0
  ldr x0, =0x04f0
  msr mair_el2, x0
  ldr x0, =0x80823519
  msr tcr_el2, x0
  ldr x0, =EL2_TABLE
  msr ttbr0_el2, x0
  ldr x0, =0x80023559
  msr vtcr_el2, x0
  ldr x0, =STAGE2_TABLES
  msr vttbr_el2, x0
  ldr x0, =0x33ff
  msr cptr_el2, x0
  mov x0, #3
  msr cnthctl_el2, x0
  msr hstr_el2, xzr
  mov x0, #0x800
  msr s3_4_c1_c2_2, x0
  ldr x0, =0xf0510
  msr vpidr_el2, x0
  ldr x0, =0x80000000
  msr vmpidr_el2, x0
  tlbi alle2
  dsb sy
  isb
  ldr x0, =0x80030c51835
  msr sctlr_el2, x0
  isb

  ldr x0, =PAUTH_KEY
  .irp key, s3_0_c2_c1_0, s3_0_c2_c1_1, s3_0_c2_c1_2, s3_0_c2_c1_3, s3_0_c2_c2_0, s3_0_c2_c2_1, s3_0_c2_c2_2, s3_0_c2_c2_3, s3_0_c2_c3_0, s3_0_c2_c3_1
  msr \key, x0
  .endr

  ldr x0, =CASES_AT
  ldr x1, [x0], #64          // how many; the first case follows in a place of its own
  add x0, x0, #(CASE_BYTES - 64)
  str x0, [sp, #CASE]
  mov x2, #CASE_BYTES
  madd x1, x1, x2, x0
  str x1, [sp, #LAST]
  mov x0, #-1
  str x0, [sp, #CONFIG]
  ldr x0, =CODE
  str x0, [sp, #SLOT]
  ldr x0, =RESULTS_AT
  str x0, [sp, #RESULT]

next:
  ldr x27, [sp, #CASE]
  ldr x0, [sp, #LAST]
  cmp x27, x0
  b.eq finish

  // ---- the controls
  ldr w0, [x27]
  ldr x1, [sp, #CONFIG]
  ldr x2, [sp, #FLAGS]
  cmp x0, x1
  b.ne 1f
  tbz w2, #1, 2f
1:
  str x0, [sp, #CONFIG]
  ldr x1, =CONFIGS_AT
  add x1, x1, x0, lsl #6
  ldp x2, x3, [x1]
  msr sctlr_el1, x2
  msr tcr_el1, x3
  ldp x2, x3, [x1, #16]
  msr ttbr0_el1, x2
  msr ttbr1_el1, x2
  msr hcr_el2, x3
  ldp x2, x3, [x1, #32]
  msr cpacr_el1, x2
  msr mdcr_el2, x3
  ldp x2, x3, [x1, #48]
  msr cntkctl_el1, x2
  str x3, [sp, #FLAGS]
  ldr x2, =MAIR
  msr mair_el1, x2
  ldr x2, =VECTORS
  msr vbar_el1, x2
  tlbi alle1
  dsb sy
  isb
2:
  // ---- registers from the pool
  ldr x20, =POOLS_AT
  ldr w0, [x27, #8]
  add x0, x20, x0
  mov x1, sp
  .rept 16
  ldp x2, x3, [x0], #16
  stp x2, x3, [x1], #16
  .endr
  ldr x3, [x0]
  ldr x2, [sp, #(31 * 8)]
  and x2, x2, #-16
  and x3, x3, #-16
  stp x2, x3, [sp, #(31 * 8)]
  add x1, sp, #(33 * 8)
  .rept 12
  stp xzr, xzr, [x1], #16
  .endr
  str xzr, [x1]
  ldp w0, w1, [x27, #32]
  ldr w2, [x27, #40]
  ldp x3, x4, [x27, #48]
  ldr x5, [x27, #64]
  mov x6, sp
  str x3, [x6, x0]
  str x4, [x6, x1]
  str x5, [x6, x2]
  ldp x2, x3, [sp, #(31 * 8)]
  msr sp_el0, x2
  msr sp_el1, x3
  ldp x2, x3, [sp, #(33 * 8)]
  msr elr_el1, x2
  msr spsr_el1, x3
  ldp x2, x3, [sp, #(35 * 8)]
  msr esr_el1, x2
  msr far_el1, x3
  ldp x2, x3, [sp, #(37 * 8)]
  msr s3_0_c5_c6_0, x2
  msr s3_0_c5_c6_1, x3
  ldp x2, x3, [sp, #(39 * 8)]
  msr s3_0_c1_c0_5, x2
  msr s3_0_c1_c0_6, x3
  ldp x2, x3, [sp, #(41 * 8)]
  msr par_el1, x2
  msr tpidr_el0, x3
  ldp x2, x3, [sp, #(43 * 8)]
  msr tpidr_el1, x2
  msr tpidrro_el0, x3
  ldp x2, x3, [sp, #(45 * 8)]
  msr contextidr_el1, x2
  msr afsr0_el1, x3
  ldp x2, x3, [sp, #(47 * 8)]
  msr afsr1_el1, x2
  msr amair_el1, x3

  // ---- memory and tags
  ldr x2, [sp, #FLAGS]
  tbz w2, #0, 3f
  ldr w0, [x27, #16]
  add x0, x20, x0
  ldr x1, =MIDDLE - 512
  mov x2, #16
4:
  ld1 {v0.16b-v3.16b}, [x0], #64
  st1 {v0.16b-v3.16b}, [x1], #64
  subs x2, x2, #1
  b.ne 4b
  ldr w0, [x27, #20]
  add x0, x20, x0
  ldr x1, =MIDDLE - 512
  .rept 4
  ldr x2, [x0], #8
  .inst 0xd9a00022           // stgm x2, [x1]
  add x1, x1, #256
  .endr
3:
  // ---- vectors
  ldr w0, [x27, #12]
  add x0, x20, x0
  ldp q0, q1, [x0]
  ldp q2, q3, [x0, #32]
  ldp q4, q5, [x0, #64]
  ldp q6, q7, [x0, #96]
  ldp q8, q9, [x0, #128]
  ldp q10, q11, [x0, #160]
  ldp q12, q13, [x0, #192]
  ldp q14, q15, [x0, #224]
  ldp q16, q17, [x0, #256]
  ldp q18, q19, [x0, #288]
  ldp q20, q21, [x0, #320]
  ldp q22, q23, [x0, #352]
  ldp q24, q25, [x0, #384]
  ldp q26, q27, [x0, #416]
  ldp q28, q29, [x0, #448]
  ldp q30, q31, [x0, #480]
  ldp w0, w1, [x27, #24]
  msr fpcr, x0
  msr fpsr, x1

  ldr w0, [x27, #4]
  msr spsr_el2, x0
  ldr x0, [sp, #SLOT]
  msr elr_el2, x0
  msr far_el2, xzr
  msr hpfar_el2, xzr
  msr esr_el2, xzr
  clrex
  mov x30, sp
  ldp x0, x1, [x30]
  ldp x2, x3, [x30, #16]
  ldp x4, x5, [x30, #32]
  ldp x6, x7, [x30, #48]
  ldp x8, x9, [x30, #64]
  ldp x10, x11, [x30, #80]
  ldp x12, x13, [x30, #96]
  ldp x14, x15, [x30, #112]
  ldp x16, x17, [x30, #128]
  ldp x18, x19, [x30, #144]
  ldp x20, x21, [x30, #160]
  ldp x22, x23, [x30, #176]
  ldp x24, x25, [x30, #192]
  ldp x26, x27, [x30, #208]
  ldp x28, x29, [x30, #224]
  ldr x30, [x30, #240]
  eret

back:
  stp x0, x1, [sp]
  stp x2, x3, [sp, #16]
  stp x4, x5, [sp, #32]
  stp x6, x7, [sp, #48]
  stp x8, x9, [sp, #64]
  stp x10, x11, [sp, #80]
  stp x12, x13, [sp, #96]
  stp x14, x15, [sp, #112]
  stp x16, x17, [sp, #128]
  stp x18, x19, [sp, #144]
  stp x20, x21, [sp, #160]
  stp x22, x23, [sp, #176]
  stp x24, x25, [sp, #192]
  stp x26, x27, [sp, #208]
  stp x28, x29, [sp, #224]
  str x30, [sp, #240]
  mrs x2, sp_el0
  mrs x3, sp_el1
  str x2, [sp, #(31 * 8)]
  str x3, [sp, #(32 * 8)]
  mrs x2, elr_el1
  mrs x3, spsr_el1
  str x2, [sp, #(33 * 8)]
  str x3, [sp, #(34 * 8)]
  mrs x2, esr_el1
  mrs x3, far_el1
  str x2, [sp, #(35 * 8)]
  str x3, [sp, #(36 * 8)]
  mrs x2, s3_0_c5_c6_0
  mrs x3, s3_0_c5_c6_1
  str x2, [sp, #(37 * 8)]
  str x3, [sp, #(38 * 8)]
  mrs x2, s3_0_c1_c0_5
  mrs x3, s3_0_c1_c0_6
  str x2, [sp, #(39 * 8)]
  str x3, [sp, #(40 * 8)]
  mrs x2, par_el1
  bic x2, x2, #0x200         // NS, unknown in Non-secure state
  mrs x3, tpidr_el0
  str x2, [sp, #(41 * 8)]
  str x3, [sp, #(42 * 8)]
  mrs x2, tpidr_el1
  mrs x3, tpidrro_el0
  str x2, [sp, #(43 * 8)]
  str x3, [sp, #(44 * 8)]
  mrs x2, contextidr_el1
  mrs x3, afsr0_el1
  str x2, [sp, #(45 * 8)]
  str x3, [sp, #(46 * 8)]
  mrs x2, afsr1_el1
  mrs x3, amair_el1
  str x2, [sp, #(47 * 8)]
  str x3, [sp, #(48 * 8)]
  mrs x2, sctlr_el1
  mrs x3, tcr_el1
  str x2, [sp, #(49 * 8)]
  str x3, [sp, #(50 * 8)]
  mrs x2, ttbr0_el1
  mrs x3, ttbr1_el1
  str x2, [sp, #(51 * 8)]
  str x3, [sp, #(52 * 8)]
  mrs x2, mair_el1
  mrs x3, cpacr_el1
  str x2, [sp, #(53 * 8)]
  str x3, [sp, #(54 * 8)]
  mrs x2, vbar_el1
  mrs x3, cntkctl_el1
  str x2, [sp, #(55 * 8)]
  str x3, [sp, #(56 * 8)]
  str xzr, [sp, #(57 * 8)]
  mrs x2, elr_el2
  mrs x3, spsr_el2
  // QEMU clears the flags and DIT where EL1 takes an exception, which leaves them in the architecture; and whether HVC keeps BTYPE is free
  lsr x4, x2, #16
  mov x5, #(VECTORS >> 16)
  ldr w6, =0x0efff3ff
  and w6, w3, w6
  and w3, w3, #0xfffff3ff
  cmp x4, x5
  csel x3, x6, x3, eq
  str x2, [sp, #(58 * 8)]
  str x3, [sp, #(59 * 8)]
  // Aborts alone have addresses
  mrs x2, esr_el2
  mrs x3, far_el2
  mrs x4, hpfar_el2
  lsr x5, x2, #26
  mov x7, #0x3a
  and x6, x5, x7
  cmp x6, #0x20
  csel x3, x3, xzr, eq
  csel x4, x4, xzr, eq
  str x2, [sp, #(60 * 8)]
  str x3, [sp, #(61 * 8)]
  str x4, [sp, #(62 * 8)]
  mrs x2, fpcr
  mrs x3, fpsr
  str w2, [sp, #(63 * 8)]
  str w3, [sp, #(63 * 8 + 4)]
  add x0, sp, #(64 * 8)
  stp q0, q1, [x0]
  stp q2, q3, [x0, #32]
  stp q4, q5, [x0, #64]
  stp q6, q7, [x0, #96]
  stp q8, q9, [x0, #128]
  stp q10, q11, [x0, #160]
  stp q12, q13, [x0, #192]
  stp q14, q15, [x0, #224]
  stp q16, q17, [x0, #256]
  stp q18, q19, [x0, #288]
  stp q20, q21, [x0, #320]
  stp q22, q23, [x0, #352]
  stp q24, q25, [x0, #384]
  stp q26, q27, [x0, #416]
  stp q28, q29, [x0, #448]
  stp q30, q31, [x0, #480]
  add x0, x0, #512

  mov x5, #256               // words of the state
  ldr x2, [sp, #FLAGS]
  tbz w2, #0, 5f
  mov x5, #520
  ldr x1, =MIDDLE - 512
  mov x3, #16
6:
  ld1 {v0.16b-v3.16b}, [x1], #64
  st1 {v0.16b-v3.16b}, [x0], #64
  subs x3, x3, #1
  b.ne 6b
  sub x1, x1, #1024
  .rept 4
  .inst 0xd9e00022           // ldgm x2, [x1]
  str x2, [x0], #8
  add x1, x1, #256
  .endr
5:
  // ---- the hash
  ldr w0, =0x811c9dc5
  ldr w3, =0x9e3779b1
  mov x1, sp
7:
  ldr x2, [x1], #8
  eor w0, w0, w2
  mul w0, w0, w3
  eor w0, w0, w0, lsr #15
  lsr x2, x2, #32
  eor w0, w0, w2
  mul w0, w0, w3
  eor w0, w0, w0, lsr #15
  subs x5, x5, #2
  b.ne 7b
  ldr x1, [sp, #RESULT]
  str w0, [x1], #4
  str x1, [sp, #RESULT]
  ldr x27, [sp, #CASE]
  ldr w0, [x27, #44]
  cbz w0, 9f
  ldr x1, =DUMPS_AT - 4096
  add x1, x1, x0, lsl #12
  mov x0, sp
  mov x2, #33
8:
  ld1 {v0.16b-v3.16b}, [x0], #64
  st1 {v0.16b-v3.16b}, [x1], #64
  subs x2, x2, #1
  b.ne 8b
9:
  add x27, x27, #CASE_BYTES
  str x27, [sp, #CASE]
  ldr x0, [sp, #SLOT]
  add x0, x0, #16
  str x0, [sp, #SLOT]
  b next

finish:
  ldr x0, =CASES_AT
  mov x1, #1
  str x1, [x0, #8]
off:
  ldr x0, =0x84000008
  smc #0
  b .

// An exception of this program itself
broken:
  ldr x0, =CASES_AT
  mrs x1, esr_el2
  mrs x2, elr_el2
  mrs x3, far_el2
  stp x1, x2, [x0, #16]
  str x3, [x0, #32]
  b off

  .balign 2048
vectors:
  .rept 8
  b broken
  .balign 128
  .endr
  .rept 8
  b back
  .balign 128
  .endr
