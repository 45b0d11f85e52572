/* The C library's strings, at all alignments, its formats, regular expressions and wide characters. */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "programs.h"

static uint64_t sum;
static void note(uint64_t value) { sum = (sum ^ value) * 0x100000001b3; }
static int sign(int n) { return (n > 0) - (n < 0); }

static void strings(void) {
    static char a[700], b[700];
    uint64_t seed = 3;
    for (int round = 0; round < 600; round++) {
        unsigned from = next_random(&seed) % 40, to = next_random(&seed) % 40, length = next_random(&seed) % (round % 3 ? 70 : 500);
        memset(a, '.', sizeof a), memset(b, '-', sizeof b);
        for (unsigned i = 0; i < length; i++) a[from + i] = 'a' + next_random(&seed) % 4;
        a[from + length] = 0;
        note(strlen(a + from));
        strcpy(b + to, a + from);
        note(strcmp(a + from, b + to) == 0);
        b[to + length / 2] ^= 2;
        note(sign(strcmp(a + from, b + to))), note(sign(strncmp(a + from, b + to, length / 3))), note(sign(memcmp(a + from, b + to, length)));
        char *found = strchr(a + from, 'c'), *last = strrchr(a + from, 'b'), *in = strstr(a + from, "abca"), *any = strpbrk(a + from, "dc");
        note(found ? found - a : -1), note(last ? last - a : -1), note(in ? in - a : -1), note(any ? any - a : -1);
        note(strspn(a + from, "abc")), note(strcspn(a + from, "d")), note(strnlen(a + from, 33));
        void *byte = memchr(b, 0, sizeof b), *back = memrchr(a, 'a', sizeof a);
        note(byte ? (char *)byte - b : -1), note(back ? (char *)back - a : -1);
        memmove(a + to, a + from, length), memcpy(b + from, a + to, length), memset(a + from, round, length / 2);
        for (unsigned i = 0; i < sizeof a; i += 7) note(a[i] * 256 + b[i]);
    }
    printf("strings %016lx\n", sum);
}

static void formats(void) {
    printf("[%5d] [%-8x] [%+ld] [%08.3f] [%e] [%g] [%10.4s] [%c] [%#o] [%p] [%%] [%hhd] [%zu] [%lld]\n", -42, 0xbeefu, 1234567890123L, 3.14159, 6.02e23,
           1e-5, "abcdefgh", '!', 511u, (void *)0x1234, 300, sizeof(long), -9223372036854775807LL - 1);
    printf("[%*d] [%-*d] [%.*f] [%a] [%.0f] [%G] [%'d]\n", 7, 1, 7, 2, 3, 2.0 / 3, 0.1, 2.5, 1e100, 1234567);
    int n, m;
    char word[20];
    double d;
    int count = sscanf("12 0x1f word 2.5e3 tail", "%d %i %19s %lf", &n, &m, word, &d);
    printf("%d: %d %d %s %g\n", count, n, m, word, d);
    printf("%ld %lu %ld %ld\n", strtol("-0x7fffffffffffffff", NULL, 16), strtoul("777", NULL, 8), strtol("99999999999999999999", NULL, 10), strtol("zz", NULL, 36));
}

static void expressions(void) {
    static const char *const PATTERNS[] = {"^[a-z]+([0-9]{2,3})$", "(a|b)*abb", "^(.*)=(.*)$", "[[:space:]]+"};
    static const char *const TEXTS[] = {"tag123", "ababbabb", "key = value", "tag1", "", "x=y=z"};
    for (int i = 0; i < 4; i++) {
        regex_t regex;
        if (regcomp(&regex, PATTERNS[i], REG_EXTENDED)) puts("regcomp failed");
        for (int j = 0; j < 6; j++) {
            regmatch_t match[3];
            if (regexec(&regex, TEXTS[j], 3, match, 0)) continue;
            printf("%s matches %s at %d-%d", PATTERNS[i], TEXTS[j], match[0].rm_so, match[0].rm_eo);
            if (regex.re_nsub) printf(", group %d-%d", match[1].rm_so, match[1].rm_eo);
            puts("");
        }
        regfree(&regex);
    }
}

static void wide(void) {
    wchar_t text[64];
    swprintf(text, 64, L"%ls %d %.3f", L"wide", 42, 2.5);
    printf("%zu %d %ls\n", wcslen(text), wcsncmp(text, L"wider", 4), text);
    char line[] = "one two,three;;four", *rest = line;
    for (char *token; (token = strtok_r(rest, " ,;", &rest));) printf("<%s>", token);
    puts("");
}

void text(void) {
    strings();
    formats();
    expressions();
    wide();
}
