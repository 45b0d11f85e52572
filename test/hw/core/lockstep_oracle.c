/* Runs single instructions that may access memory: cases (struct state) from standard input, what they left to standard output. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { AREA = 0x200e00, AREA_BYTES = 1024, RET = 0xd65f03c0u };

struct state {
  uint32_t word; /* comes back 0 where it was undefined or faulted */
  uint32_t fpcr, fpsr, nzcv;
  uint64_t x[16];
  uint8_t v[32][16];
  uint8_t area[AREA_BYTES];
};

void oracle_run(struct state *state, void *code);

static volatile int failed;

static void on_signal(int signal, siginfo_t *info, void *context) {
  (void)signal, (void)info;
  failed = 1;
  ((ucontext_t *)context)->uc_mcontext.pc += 4;
}

int main(void) {
  static struct state state;
  uint32_t *code = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mmap((void *)0x200000, 0x4000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
  sigaction(SIGILL, &action, 0);
  sigaction(SIGSEGV, &action, 0);
  sigaction(SIGBUS, &action, 0);
  while (fread(&state, sizeof state, 1, stdin) == 1) {
    memcpy((void *)AREA, state.area, AREA_BYTES);
    code[0] = state.word;
    code[1] = RET;
    __builtin___clear_cache((char *)code, (char *)(code + 2));
    failed = 0;
    oracle_run(&state, code);
    memcpy(state.area, (void *)AREA, AREA_BYTES);
    if (failed) state.word = 0;
    fwrite(&state, sizeof state, 1, stdout);
  }
}
