/* One file with all programs: the first argument says which. */
#include <stdio.h>
#include <string.h>
#include "programs.h"

static const struct { const char *name; void (*run)(void); } PROGRAMS[] = {
    {"core", core}, {"sort", sort}, {"hash", hash}, {"json", json},
    {"floats", floats}, {"text", text}, {"heap", heap}, {"stray", stray}, {"zlib", zlib},
};

int main(int argc, char **argv) {
    for (unsigned i = 0; i < sizeof PROGRAMS / sizeof *PROGRAMS; i++)
        if (argc > 1 && !strcmp(argv[1], PROGRAMS[i].name)) return PROGRAMS[i].run(), 0;
    return puts("no such program"), 2;
}
