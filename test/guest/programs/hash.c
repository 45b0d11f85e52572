/* Hashes: SHA-256, SipHash-2-4, FNV-1a and CRC-32C. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "programs.h"

/* The first 32 bits of the fractional part of a prime's root. */
static uint32_t fraction(long double root) { return (uint64_t)((root - (uint64_t)root) * 0x1p32L); }

static uint32_t K[64], H[8];

static void constants(void) {
    int found = 0;
    for (int n = 2; found < 64; n++) {
        int prime = 1;
        for (int d = 2; d * d <= n; d++) prime &= n % d != 0;
        if (!prime) continue;
        if (found < 8) H[found] = fraction(sqrtl(n));
        K[found++] = fraction(cbrtl(n));
    }
}

static uint32_t ror(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void block(uint32_t state[8], const uint8_t *data) {
    uint32_t w[64], s[8];
    for (int i = 0; i < 16; i++) w[i] = (uint32_t)data[4 * i] << 24 | data[4 * i + 1] << 16 | data[4 * i + 2] << 8 | data[4 * i + 3];
    for (int i = 16; i < 64; i++)
        w[i] = w[i - 16] + w[i - 7] + (ror(w[i - 15], 7) ^ ror(w[i - 15], 18) ^ w[i - 15] >> 3) +
               (ror(w[i - 2], 17) ^ ror(w[i - 2], 19) ^ w[i - 2] >> 10);
    memcpy(s, state, sizeof s);
    for (int i = 0; i < 64; i++) {
        uint32_t a = s[7] + (ror(s[4], 6) ^ ror(s[4], 11) ^ ror(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + K[i] + w[i];
        uint32_t b = (ror(s[0], 2) ^ ror(s[0], 13) ^ ror(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += a, s[0] = a + b;
    }
    for (int i = 0; i < 8; i++) state[i] += s[i];
}

static void sha256(const uint8_t *data, size_t length) {
    uint32_t state[8];
    uint8_t end[128] = {0};
    size_t rest = length % 64, size = rest < 56 ? 64 : 128;
    memcpy(state, H, sizeof state);
    for (size_t i = 0; i + 64 <= length; i += 64) block(state, data + i);
    memcpy(end, data + length - rest, rest);
    end[rest] = 0x80;
    for (int i = 0; i < 8; i++) end[size - 1 - i] = (uint64_t)length * 8 >> (8 * i);
    for (size_t i = 0; i < size; i += 64) block(state, end + i);
    printf("sha256 %zu ", length);
    for (int i = 0; i < 8; i++) printf("%08x", state[i]);
    puts("");
}

static uint64_t rol64(uint64_t x, int n) { return x << n | x >> (64 - n); }

static void sip_round(uint64_t v[4]) {
    v[0] += v[1], v[1] = rol64(v[1], 13) ^ v[0], v[0] = rol64(v[0], 32);
    v[2] += v[3], v[3] = rol64(v[3], 16) ^ v[2];
    v[0] += v[3], v[3] = rol64(v[3], 21) ^ v[0];
    v[2] += v[1], v[1] = rol64(v[1], 17) ^ v[2], v[2] = rol64(v[2], 32);
}

static uint64_t siphash(const uint8_t *data, size_t length, uint64_t k0, uint64_t k1) {
    uint64_t v[4] = {k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573};
    for (size_t i = 0; i <= length; i += 8) {
        uint64_t word = 0;
        memcpy(&word, data + i, length - i < 8 ? length - i : 8);
        if (length - i < 8) word |= (uint64_t)length << 56;
        v[3] ^= word, sip_round(v), sip_round(v), v[0] ^= word;
    }
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++) sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static uint32_t crc32c(const uint8_t *data, size_t length) {
    uint32_t crc = ~0u;
    for (size_t i = 0; i < length; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
    }
    return ~crc;
}

void hash(void) {
    constants();
    sha256((const uint8_t *)"abc", 3);
    size_t size = 20000;
    uint8_t *data = malloc(size);
    uint64_t seed = 99, fnv = 0xcbf29ce484222325;
    for (size_t i = 0; i < size; i++) data[i] = next_random(&seed) >> 32;
    for (size_t length = 0; length <= size; length = length * 3 + 55) {
        sha256(data, length);
        printf("siphash %016lx crc32c %08x\n", siphash(data, length, 0x0706050403020100, 0x0f0e0d0c0b0a0908), crc32c(data, length));
    }
    for (size_t i = 0; i < size; i++) fnv = (fnv ^ data[i]) * 0x100000001b3;
    printf("fnv1a %016lx\n", fnv);
    free(data);
}
