// The child's whole program on arm64: it maps the pages that it shares with the agent, and makes the calls that stand there.
// x19: this thread's request page. x20: its answer page. w21: the last request it made. w22: its kind.
// x23, x24: the pages of the thread or process that a clone makes.
    .arch armv8.5-a+memtag
    .text
start:
    // mmap(0, 16 MiB, PROT_READ, MAP_SHARED, 0, 0): the requests
    mov x0, #0
    mov x1, #0x1000000
    mov x2, #1
    mov x3, #1
    mov x4, #0
    mov x5, #0
    mov x8, #222
    svc #0
    mov x19, x0
    // mmap(0, 16 MiB, PROT_READ | PROT_WRITE, MAP_SHARED, 0, 16 MiB): the answers and the stacks
    mov x0, #0
    mov x1, #0x1000000
    mov x2, #3
    mov x3, #1
    mov x4, #0
    mov x5, #0x1000000
    mov x8, #222
    svc #0
    mov x20, x0
    // close(0)
    mov x0, #0
    mov x8, #57
    svc #0
    // where the pages are, for the agent
    str x19, [x20, #16]
    str x20, [x20, #24]
begin:
    mov w21, #0
    add x9, x20, #16, lsl #12
    mov sp, x9
wait:
    ldar w2, [x19]
    cmp w2, w21
    b.ne call
    // futex(request, FUTEX_WAIT, seen, 0)
    mov x0, x19
    mov x1, #0
    mov x3, #0
    mov x8, #98
    svc #0
    b wait
call:
    mov w21, w2
    ldr w22, [x19, #4]
    cmp w22, #2
    b.hs memory
    ldp x23, x24, [x19, #64]
    ldr x8, [x19, #8]
    ldp x0, x1, [x19, #16]
    ldp x2, x3, [x19, #32]
    ldp x4, x5, [x19, #48]
    svc #0
    cbnz x0, answer
    cbz w22, answer
    // the new thread or process, on pages of its own
    mov x19, x23
    mov x20, x24
    b begin

// Accesses of the child itself. Kind 2 loads tags, 3 stores tags, 4 loads or stores a number. What the signal handler finds
// between here and memory_end is such an access that faulted.
memory:
    ldp x0, x1, [x19, #16]
    ldp x2, x3, [x19, #32]
    mov x10, #0
    cmp w22, #3
    b.eq store_tags
    b.hi access
load_tags:
    // x0: the address. x1: how many granules. x2: where their tags go, a byte each.
    cbz x1, quiet
    ldg x9, [x0]
    ubfx x9, x9, #56, #4
    strb w9, [x2], #1
    add x0, x0, #16
    sub x1, x1, #1
    b load_tags
store_tags:
    cbz x1, quiet
    ldrb w9, [x2], #1
    lsl x9, x9, #56
    stg x9, [x0]
    add x0, x0, #16
    sub x1, x1, #1
    b store_tags
access:
    // x0: the address. x1: the width. x2: whether it is a store, of x3.
    cbnz x2, store
    cmp x1, #2
    b.lo load1
    b.eq load2
    cmp x1, #4
    b.eq load4
    ldr x10, [x0]
    b quiet
load4:
    ldr w10, [x0]
    b quiet
load2:
    ldrh w10, [x0]
    b quiet
load1:
    ldrb w10, [x0]
    b quiet
store:
    cmp x1, #2
    b.lo store1
    b.eq store2
    cmp x1, #4
    b.eq store4
    str x3, [x0]
    b quiet
store4:
    str w3, [x0]
    b quiet
store2:
    strh w3, [x0]
    b quiet
store1:
    strb w3, [x0]
quiet:
    // gettid(): a tag check fault that is told later is told with it
    mov x8, #178
    svc #0
    mov x0, #0
memory_end:
answer:
    str x10, [x20, #32]
    str x0, [x20, #8]
    stlr w21, [x20]
    // futex(answer, FUTEX_WAKE, 1)
    mov x0, x20
    mov x1, #1
    mov x2, #1
    mov x8, #98
    svc #0
    b wait
    .balign 16
handler:
    ret
    .balign 16
fault:
    // w0: the signal. x2: the struct ucontext, whose registers begin at 184 and whose pc is at 440.
    adr x9, memory
    adr x10, memory_end
    ldr x11, [x2, #440]
    cmp x11, x9
    b.lo fault_end
    cmp x11, x10
    b.hs fault_end
    adr x9, answer
    str x9, [x2, #440]
    mov w0, w0
    str x0, [x2, #184]
fault_end:
    ret
    .balign 16
restorer:
    mov x8, #139
    svc #0
