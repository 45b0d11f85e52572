/* Debian's zlib: every level and strategy there and back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "programs.h"

static const char *const WORDS[] = {"tag ", "granule ", "memory ", "the ", "of ", "vector\n", "0123456789 ", "guest "};

static size_t deflate_all(uint8_t *to, size_t room, const uint8_t *from, size_t size, int level, int strategy, int bits) {
    z_stream s = {0};
    if (deflateInit2(&s, level, Z_DEFLATED, bits, 8, strategy) != Z_OK) return 0;
    s.next_in = (uint8_t *)from, s.avail_in = size, s.next_out = to, s.avail_out = room;
    int end = deflate(&s, Z_FINISH);
    deflateEnd(&s);
    return end == Z_STREAM_END ? s.total_out : 0;
}

static int inflate_all(uint8_t *to, size_t room, const uint8_t *from, size_t size, int bits) {
    z_stream s = {0};
    if (inflateInit2(&s, bits) != Z_OK) return 0;
    int end = Z_OK;
    for (size_t i = 0; i < size && end == Z_OK; i += 100) {
        s.next_in = (uint8_t *)from + i, s.avail_in = size - i < 100 ? size - i : 100;
        s.next_out = to + s.total_out, s.avail_out = room - s.total_out;
        end = inflate(&s, Z_NO_FLUSH);
    }
    int whole = end == Z_STREAM_END && s.total_out == room;
    inflateEnd(&s);
    return whole;
}

void zlib(void) {
    size_t size = 24000, room = 40000;
    uint8_t *data = malloc(size + 16), *packed = malloc(room), *back = malloc(size);
    uint64_t seed = 77;
    for (size_t i = 0; i < size;) {
        const char *word = WORDS[next_random(&seed) % 8];
        if (i % 4096 < 512) data[i++] = next_random(&seed) >> 20;
        else memcpy(data + i, word, i + strlen(word) < size ? strlen(word) : size - i), i += strlen(word);
    }
    printf("%s crc32 %08lx adler32 %08lx\n", zlibVersion(), crc32(0, data, size), adler32(1, data, size));
    for (int level = 0; level <= 9; level++) {
        int bits = level % 3 == 0 ? 15 : level % 3 == 1 ? 31 : -15, strategy = level == 7 ? Z_FILTERED : level == 8 ? Z_HUFFMAN_ONLY : Z_DEFAULT_STRATEGY;
        size_t length = deflate_all(packed, room, data, size, level, strategy, bits);
        memset(back, 0, size);
        int whole = inflate_all(back, size, packed, length, bits) && !memcmp(back, data, size);
        printf("level %d: %zu bytes, crc32 %08lx, back %s\n", level, length, crc32(0, packed, length), whole ? "whole" : "WRONG");
    }
    free(data), free(packed), free(back);
}
