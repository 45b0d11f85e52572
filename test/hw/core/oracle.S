// void oracle_run(struct state *, void *code): loads the registers, calls the code, stores the registers.
  .text
  .global oracle_run
oracle_run:
  stp x29, x30, [sp, #-160]!
  stp x19, x20, [sp, #16]
  stp x21, x22, [sp, #32]
  stp d8, d9, [sp, #48]
  stp d10, d11, [sp, #64]
  stp d12, d13, [sp, #80]
  stp d14, d15, [sp, #96]
  mov x19, x0
  mov x20, x1
  mrs x21, fpcr
  add x16, x19, #144
  .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
  ldr q\n, [x16], #16
  .endr
  ldp w16, w17, [x19, #4]
  msr fpcr, x16
  msr fpsr, x17
  ldr w16, [x19, #12]
  msr nzcv, x16
  .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  ldr x\n, [x19, #(16 + 8 * \n)]
  .endr
  blr x20
  .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  str x\n, [x19, #(16 + 8 * \n)]
  .endr
  mrs x16, nzcv
  str w16, [x19, #12]
  mrs x16, fpsr
  str w16, [x19, #8]
  msr fpcr, x21
  add x16, x19, #144
  .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
  str q\n, [x16], #16
  .endr
  ldp d14, d15, [sp, #96]
  ldp d12, d13, [sp, #80]
  ldp d10, d11, [sp, #64]
  ldp d8, d9, [sp, #48]
  ldp x21, x22, [sp, #32]
  ldp x19, x20, [sp, #16]
  ldp x29, x30, [sp], #160
  ret
  .section .note.GNU-stack, "", %progbits
