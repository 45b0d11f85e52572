/* The C library's heap: blocks of many sizes come, grow, move and go, and hold what was put into them. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "programs.h"

enum { BLOCKS = 200 };

static size_t check(const uint8_t *block, size_t size, uint8_t with) {
    size_t wrong = 0;
    for (size_t i = 0; i < size; i++) wrong += block[i] != (uint8_t)(with + i);
    return wrong;
}

static void fill(uint8_t *block, size_t from, size_t size, uint8_t with) {
    for (size_t i = from; i < size; i++) block[i] = with + i;
}

void heap(void) {
    static struct { uint8_t *at; size_t size; } blocks[BLOCKS];
    uint64_t seed = 1, wrong = 0, bytes = 0, grown = 0;
    for (int round = 0; round < 6000; round++) {
        unsigned i = next_random(&seed) % BLOCKS;
        size_t size = next_random(&seed) % (round % 50 ? 300 : 20000);
        uint8_t *at = blocks[i].at;
        if (at) wrong += check(at, blocks[i].size, i);
        if (at && round % 3 == 0) {
            size_t before = blocks[i].size;
            blocks[i].at = realloc(at, size + 1), blocks[i].size = size + 1;
            fill(blocks[i].at, before, size + 1, i);
            grown++;
            continue;
        }
        free(at);
        blocks[i].at = round % 5 ? malloc(size) : round % 2 ? calloc(1, size) : memalign(64 << round % 4, size);
        blocks[i].size = size;
        if (round % 5 == 0 && round % 2)
            for (size_t k = 0; k < size; k++) wrong += blocks[i].at[k] != 0;
        wrong += ((uintptr_t)blocks[i].at & 15) != 0;
        fill(blocks[i].at, 0, size, i);
        bytes += size;
    }
    for (int i = 0; i < BLOCKS; i++) free(blocks[i].at);
    printf("%lu bytes, %lu grown, %lu wrong\n", bytes, grown, wrong);
}

/* Reads a block that was freed: with tags, its last act. */
void stray(void) {
    volatile long *block = malloc(64);
    block[3] = 42;
    free((void *)block);
    printf("read %ld\n", block[3] == 42 ? 42L : 0L);
    fflush(stdout);
}
