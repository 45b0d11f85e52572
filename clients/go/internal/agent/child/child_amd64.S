# The child's whole program on amd64: it maps the pages that it shares with the agent, and makes the calls that stand there.
# rbx: this thread's request page. rbp: its answer page. r12d: the last request it made. r13d: whether it clones.
# r14, r15: the pages of the thread or process that a clone makes.
    .intel_syntax noprefix
    .text
start:
    # mmap(0, 16 MiB, PROT_READ, MAP_SHARED, 0, 0): the requests
    mov eax, 9
    xor edi, edi
    mov esi, 0x1000000
    mov edx, 1
    mov r10d, 1
    xor r8d, r8d
    xor r9d, r9d
    syscall
    mov rbx, rax
    # mmap(0, 16 MiB, PROT_READ | PROT_WRITE, MAP_SHARED, 0, 16 MiB): the answers and the stacks
    mov eax, 9
    xor edi, edi
    mov esi, 0x1000000
    mov edx, 3
    mov r10d, 1
    xor r8d, r8d
    mov r9d, 0x1000000
    syscall
    mov rbp, rax
    # close(0)
    mov eax, 3
    xor edi, edi
    syscall
    # where the pages are, for the agent
    mov [rbp + 16], rbx
    mov [rbp + 24], rbp
begin:
    xor r12d, r12d
    lea rsp, [rbp + 0x10000]
wait:
    mov edx, [rbx]
    cmp edx, r12d
    jne call
    # futex(request, FUTEX_WAIT, seen, 0)
    mov eax, 202
    mov rdi, rbx
    xor esi, esi
    xor r10d, r10d
    syscall
    jmp wait
call:
    mov r12d, edx
    mov r13d, [rbx + 4]
    mov r14, [rbx + 64]
    mov r15, [rbx + 72]
    mov rax, [rbx + 8]
    mov rdi, [rbx + 16]
    mov rsi, [rbx + 24]
    mov rdx, [rbx + 32]
    mov r10, [rbx + 40]
    mov r8, [rbx + 48]
    mov r9, [rbx + 56]
    syscall
    test rax, rax
    jne answer
    test r13d, r13d
    je answer
    # the new thread or process, on pages of its own
    mov rbx, r14
    mov rbp, r15
    jmp begin
answer:
    mov [rbp + 8], rax
    mov [rbp], r12d
    # futex(answer, FUTEX_WAKE, 1)
    mov eax, 202
    mov rdi, rbp
    mov esi, 1
    mov edx, 1
    syscall
    jmp wait
    .balign 16
handler:
    ret
    .balign 16
restorer:
    mov eax, 15
    syscall
