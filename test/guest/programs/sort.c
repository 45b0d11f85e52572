/* Sorting: the C library's, and three of our own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "programs.h"

enum { COUNT = 4000 };

static int by_value(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int by_double(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void quick(int64_t *from, int64_t *to) {
    while (to - from > 1) {
        int64_t pivot = from[(to - from - 1) / 2], *a = from - 1, *b = to;
        for (;;) {
            do a++; while (*a < pivot);
            do b--; while (*b > pivot);
            if (a >= b) break;
            int64_t swap = *a;
            *a = *b, *b = swap;
        }
        quick(from, b + 1);
        from = b + 1;
    }
}

static void sink(int64_t *heap, int at, int count) {
    int64_t value = heap[at];
    for (int child; (child = 2 * at + 1) < count; at = child) {
        child += child + 1 < count && heap[child + 1] > heap[child];
        if (heap[child] <= value) break;
        heap[at] = heap[child];
    }
    heap[at] = value;
}

static void heap_sort(int64_t *from, int64_t *to) {
    int count = to - from;
    for (int i = count / 2; i-- > 0;) sink(from, i, count);
    while (count-- > 1) {
        int64_t top = from[0];
        from[0] = from[count], from[count] = top;
        sink(from, 0, count);
    }
}

static void radix(int64_t *from, int64_t *to) {
    size_t count = to - from;
    uint64_t *a = (uint64_t *)from, *b = malloc(count * sizeof *b);
    for (int shift = 0; shift < 64; shift += 8) {
        size_t start[257] = {0};
        uint64_t flip = shift == 56 ? 0x80 : 0;
        for (size_t i = 0; i < count; i++) start[((a[i] >> shift & 0xff) ^ flip) + 1]++;
        for (int i = 0; i < 256; i++) start[i + 1] += start[i];
        for (size_t i = 0; i < count; i++) b[start[(a[i] >> shift & 0xff) ^ flip]++] = a[i];
        uint64_t *swap = a;
        a = b, b = swap;
    }
    free(b);
}

static void library(int64_t *from, int64_t *to) { qsort(from, to - from, sizeof *from, by_value); }

static void show(const char *name, const int64_t *values) {
    uint64_t sum = 0;
    int sorted = 1;
    for (int i = 0; i < COUNT; i++) {
        sum = sum * 31 + values[i];
        if (i > 0) sorted &= values[i - 1] <= values[i];
    }
    printf("%-8s sorted %d sum %016lx least %ld most %ld\n", name, sorted, sum, values[0], values[COUNT - 1]);
}

void sort(void) {
    static const struct { const char *name; void (*sort)(int64_t *, int64_t *); } SORTS[] = {
        {"qsort", library}, {"quick", quick}, {"heap", heap_sort}, {"radix", radix}};
    static int64_t values[COUNT];
    for (int i = 0; i < 4; i++) {
        uint64_t seed = 42;
        for (int j = 0; j < COUNT; j++) values[j] = (int64_t)next_random(&seed) >> (j % 60);
        SORTS[i].sort(values, values + COUNT);
        show(SORTS[i].name, values);
    }
    uint64_t seed = 7;
    static double doubles[500];
    for (int i = 0; i < 500; i++) doubles[i] = (double)(int64_t)next_random(&seed) / (1 << (i % 30));
    qsort(doubles, 500, sizeof *doubles, by_double);
    for (int i = 0; i < 500; i += 99) printf("%.17g\n", doubles[i]);
    static char *words[300];
    for (int i = 0; i < 300; i++) {
        char word[12] = {0};
        int length = 1 + next_random(&seed) % 10;
        for (int j = 0; j < length; j++) word[j] = 'a' + next_random(&seed) % 26;
        words[i] = strdup(word);
    }
    qsort(words, 300, sizeof *words, by_text);
    for (int i = 0; i < 300; i += 59) puts(words[i]);
    for (int i = 0; i < 300; i++) free(words[i]);
}
