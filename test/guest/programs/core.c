/* Integer work of CoreMark's kinds: lists, matrices, a state machine, CRC. */
#include <stdio.h>
#include <stdlib.h>
#include "programs.h"

struct node { struct node *next; int16_t key, value; };

static uint16_t crc16(uint16_t crc, uint32_t value) {
    for (int i = 0; i < 32; i++, value >>= 1)
        crc = (crc >> 1) ^ (((crc ^ value) & 1) ? 0xa001 : 0);
    return crc;
}

static struct node *merge(struct node *a, struct node *b) {
    struct node head = {0}, *tail = &head;
    while (a && b) {
        struct node **least = a->key <= b->key ? &a : &b;
        tail = tail->next = *least;
        *least = (*least)->next;
    }
    tail->next = a ? a : b;
    return head.next;
}

static struct node *merge_sort(struct node *list) {
    if (!list || !list->next) return list;
    struct node *slow = list, *fast = list->next;
    while (fast && fast->next) slow = slow->next, fast = fast->next->next;
    struct node *half = slow->next;
    slow->next = NULL;
    return merge(merge_sort(list), merge_sort(half));
}

static struct node *reverse(struct node *list) {
    struct node *done = NULL;
    while (list) {
        struct node *next = list->next;
        list->next = done, done = list, list = next;
    }
    return done;
}

static uint16_t lists(uint64_t *seed, uint16_t crc) {
    static struct node nodes[400];
    struct node *list = NULL;
    for (unsigned i = 0; i < 400; i++) {
        uint64_t n = next_random(seed);
        nodes[i] = (struct node){list, n, n >> 16};
        list = &nodes[i];
    }
    list = reverse(merge_sort(list));
    int place = 0;
    for (struct node *n = list; n; n = n->next) crc = crc16(crc, (uint16_t)n->key * 31u + n->value + place++);
    return crc;
}

enum { SIDE = 24 };

static uint16_t matrices(uint64_t *seed, uint16_t crc) {
    static int16_t a[SIDE][SIDE], b[SIDE][SIDE];
    static int32_t c[SIDE][SIDE];
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) a[i][j] = next_random(seed), b[i][j] = next_random(seed) & 0xff;
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) {
            int32_t sum = 0;
            for (int k = 0; k < SIDE; k++) sum += a[i][k] * b[k][j];
            c[i][j] = sum;
        }
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) crc = crc16(crc, (c[i][j] >> 2 & 0xf) * (c[i][j] >> 5 & 0x7f) / (1 + (b[i][j] & 7)));
    return crc;
}

enum state { START, SIGN, INTEGER, POINT, FRACTION, EXPONENT, EXPONENT_SIGN, POWER, INVALID, STATES };

static enum state step(enum state state, char c) {
    int digit = c >= '0' && c <= '9';
    switch (state) {
    case START: return digit ? INTEGER : c == '+' || c == '-' ? SIGN : c == '.' ? POINT : INVALID;
    case SIGN: return digit ? INTEGER : c == '.' ? POINT : INVALID;
    case INTEGER: return digit ? INTEGER : c == '.' ? FRACTION : c == 'e' ? EXPONENT : INVALID;
    case POINT: case FRACTION: return digit ? FRACTION : c == 'e' && state == FRACTION ? EXPONENT : INVALID;
    case EXPONENT: return digit ? POWER : c == '+' || c == '-' ? EXPONENT_SIGN : INVALID;
    case EXPONENT_SIGN: case POWER: return digit ? POWER : INVALID;
    default: return INVALID;
    }
}

static uint16_t machine(uint64_t *seed, uint16_t crc) {
    static const char *const WORDS[] = {"5012", "-874", "+122", "35.54400", ".1234500", "-110.700", "5.500e+3",
                                        "-.123e-2", "87e+832", "T0.3e-1F", "-T.T++Tq", "1T3.4e4z", "34.0e-T^"};
    unsigned seen[STATES] = {0}, ends[STATES] = {0};
    for (int i = 0; i < 500; i++) {
        enum state state = START;
        for (const char *c = WORDS[next_random(seed) % 13]; *c && state != INVALID; c++) seen[state = step(state, *c)]++;
        ends[state]++;
    }
    for (int i = 0; i < STATES; i++) crc = crc16(crc16(crc, seen[i]), ends[i]);
    return crc;
}

void core(void) {
    uint64_t seed = 0x3415341534153415;
    uint16_t crc = 0;
    for (int round = 1; round <= 20; round++) {
        crc = machine(&seed, matrices(&seed, lists(&seed, crc)));
        if (round % 5 == 0) printf("round %2d: crc %04x\n", round, crc);
    }
}
