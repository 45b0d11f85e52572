/* A JSON parser that prints what it has read, and says where it cannot. */
#include <ctype.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "programs.h"

enum kind { NUL, FALSE, TRUE, NUMBER, STRING, ARRAY, OBJECT };

struct value {
    enum kind kind;
    double number;
    char *string, **names;
    struct value **items;
    size_t count;
};

static const char *text_start, *at;
static jmp_buf failed;

static void fail(const char *why) {
    printf("at %td: %s\n", at - text_start, why);
    longjmp(failed, 1);
}

static void blanks(void) { while (isspace((unsigned char)*at)) at++; }

static int taken(char c) {
    blanks();
    return *at == c ? at++, 1 : 0;
}

static unsigned hex4(void) {
    unsigned n = 0;
    for (int i = 0; i < 4; i++, at++) {
        if (!isxdigit((unsigned char)*at)) fail("four hexadecimal digits were expected");
        n = n << 4 | (isdigit((unsigned char)*at) ? *at - '0' : tolower(*at) - 'a' + 10);
    }
    return n;
}

static char *utf8(char *to, unsigned c) {
    int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    *to++ = more ? (0xf00 >> more & 0xff) | c >> (6 * more) : c;
    while (more-- > 0) *to++ = 0x80 | (c >> (6 * more) & 0x3f);
    return to;
}

static char *string(void) {
    if (!taken('"')) fail("a string was expected");
    char *start = malloc(strlen(at) + 1), *to = start;
    while (*at != '"') {
        static const char NAMES[] = "\"\\/bfnrt", MEANINGS[] = "\"\\/\b\f\n\r\t";
        if ((unsigned char)*at < ' ') fail("a string does not end");
        if (*at != '\\') { *to++ = *at++; continue; }
        at++;
        if (*at == 'u') {
            at++;
            unsigned c = hex4();
            if (c >> 10 == 0x36 && at[0] == '\\' && at[1] == 'u') at += 2, c = 0x10000 + ((c & 0x3ff) << 10 | (hex4() & 0x3ff));
            to = utf8(to, c);
            continue;
        }
        const char *name = *at ? strchr(NAMES, *at) : NULL;
        if (!name) fail("there is no such escape");
        *to++ = MEANINGS[name - NAMES];
        at++;
    }
    at++;
    *to = 0;
    return realloc(start, to - start + 1);
}

static struct value *parse(void);

static void add(struct value *to, char *name, struct value *item) {
    to->items = realloc(to->items, (to->count + 1) * sizeof *to->items);
    to->names = realloc(to->names, (to->count + 1) * sizeof *to->names);
    to->items[to->count] = item, to->names[to->count++] = name;
}

static struct value *parse(void) {
    struct value *value = calloc(1, sizeof *value);
    static const char *const WORDS[] = {"null", "false", "true"};
    blanks();
    for (int i = 0; i < 3; i++)
        if (!strncmp(at, WORDS[i], strlen(WORDS[i]))) return at += strlen(WORDS[i]), value->kind = i, value;
    if (*at == '"') return value->kind = STRING, value->string = string(), value;
    if (*at == '[' || *at == '{') {
        char end = *at++ == '[' ? ']' : '}';
        value->kind = end == ']' ? ARRAY : OBJECT;
        if (taken(end)) return value;
        do {
            char *name = end == '}' ? (blanks(), string()) : NULL;
            if (name && !taken(':')) fail("a colon was expected");
            add(value, name, parse());
        } while (taken(','));
        if (!taken(end)) fail("a comma or the end was expected");
        return value;
    }
    char *end;
    value->kind = NUMBER, value->number = strtod(at, &end);
    if (end == at) fail("a value was expected");
    at = end;
    return value;
}

static void print(const struct value *value, int depth) {
    switch (value->kind) {
    case NUL: printf("null"); break;
    case FALSE: printf("false"); break;
    case TRUE: printf("true"); break;
    case NUMBER: printf("%.17g", value->number); break;
    case STRING: printf("\"%s\"", value->string); break;
    default:
        putchar(value->kind == ARRAY ? '[' : '{');
        for (size_t i = 0; i < value->count; i++) {
            printf("%s\n%*s", i ? "," : "", 2 * depth + 2, "");
            if (value->names[i]) printf("\"%s\": ", value->names[i]);
            print(value->items[i], depth + 1);
        }
        if (value->count) printf("\n%*s", 2 * depth, "");
        putchar(value->kind == ARRAY ? ']' : '}');
    }
}

static void destroy(struct value *value) {
    for (size_t i = 0; i < value->count; i++) free(value->names[i]), destroy(value->items[i]);
    free(value->string), free(value->names), free(value->items), free(value);
}

static void read_text(const char *text) {
    text_start = at = text;
    if (setjmp(failed)) return;
    struct value *value = parse();
    blanks();
    if (*at) fail("this is behind the end");
    print(value, 0);
    puts("");
    destroy(value);
}

void json(void) {
    static const char *const TEXTS[] = {
        "{\"name\": \"tag\\tvisor\", \"numbers\": [0, -1, 2.5, 1e10, -6.02214076e23, 4.9e-324, 0.1, 123456789012345678], \"nested\": {\"a\": [[], {}, [[null]]],"
        " \"b\": [true, false]}, \"text\": \"\\u00e4\\u20ac\\ud83d\\ude00 \\\"quoted\\\" \\/\"}",
        "[1, 2", "{\"a\" 1}", "\"\\x\"", "[1] 2", "nul", "\"\\u12g4\"", "  []  ", "\"open"};
    for (unsigned i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) read_text(TEXTS[i]);
    uint64_t seed = 5;
    char *large = malloc(20000), *to = large;
    *to++ = '[';
    for (int i = 0; i < 200; i++)
        to += sprintf(to, "%s{\"id\":%d,\"value\":%.6f,\"name\":\"item %lx\"}", i ? "," : "", i, (double)(int64_t)next_random(&seed) / 1e15,
                      next_random(&seed) & 0xffff);
    strcpy(to, "]");
    text_start = at = large;
    struct value *value = parse();
    double sum = 0;
    for (size_t i = 0; i < value->count; i++) sum += value->items[i]->items[1]->number;
    printf("%zu items, sum %.6f\n", value->count, sum);
    print(value->items[199], 0);
    puts("");
    destroy(value), free(large);
}
