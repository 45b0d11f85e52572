/* The programs, and their source of numbers. */
#include <stdint.h>

void core(void), sort(void), hash(void), json(void), floats(void), text(void), heap(void), stray(void), zlib(void);

/* xorshift64 */
static inline uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    return *state ^= *state << 17;
}
