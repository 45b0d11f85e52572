/* Runs single instructions: cases (struct state) from standard input, what they left to standard output. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <ucontext.h>

struct state {
  uint32_t word; /* comes back 0 where it was undefined */
  uint32_t fpcr, fpsr, nzcv;
  uint64_t x[16];
  uint8_t v[32][16];
};

enum { BATCH = 512, RET = 0xd65f03c0u };

void oracle_run(struct state *state, void *code);

static volatile int undefined;

static void on_sigill(int signal, siginfo_t *info, void *context) {
  (void)signal, (void)info;
  undefined = 1;
  ((ucontext_t *)context)->uc_mcontext.pc += 4;
}

int main(void) {
  static struct state states[BATCH];
  uint32_t *code = mmap(0, BATCH * 8, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  struct sigaction action = {.sa_sigaction = on_sigill, .sa_flags = SA_SIGINFO};
  sigaction(SIGILL, &action, 0);
  for (size_t n; (n = fread(states, sizeof *states, BATCH, stdin)) > 0;) {
    for (size_t i = 0; i < n; i++) {
      code[2 * i] = states[i].word;
      code[2 * i + 1] = RET;
    }
    __builtin___clear_cache((char *)code, (char *)(code + 2 * BATCH));
    for (size_t i = 0; i < n; i++) {
      undefined = 0;
      oracle_run(&states[i], code + 2 * i);
      if (undefined) states[i].word = 0;
    }
    fwrite(states, sizeof *states, n, stdout);
  }
}
