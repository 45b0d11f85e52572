/* Floating point: the C library's functions, planets, conversions, rounding, and flags. */
#include <complex.h>
#include <fenv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "programs.h"

struct body { double place[3], speed[3], mass; };

static double energy(const struct body *b, int n) {
    double e = 0;
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < 3; k++) e += b[i].mass * b[i].speed[k] * b[i].speed[k] / 2;
        for (int j = i + 1; j < n; j++) {
            double d = 0;
            for (int k = 0; k < 3; k++) d += pow(b[i].place[k] - b[j].place[k], 2);
            e -= b[i].mass * b[j].mass / sqrt(d);
        }
    }
    return e;
}

static void planets(void) {
    struct body b[4] = {{{0, 0, 0}, {0, 0, 0}, 39.47}, {{4.84, -1.16, -0.10}, {0.606, 2.81, -0.02}, 0.037},
                        {{8.34, 4.12, -0.4}, {-1.01, 1.82, 0.008}, 0.011}, {{12.89, -15.11, -0.22}, {1.08, 0.868, -0.01}, 0.0017}};
    for (int step = 0; step <= 300; step++) {
        if (step % 100 == 0) printf("energy %.17g\n", energy(b, 4));
        for (int i = 0; i < 4; i++)
            for (int j = i + 1; j < 4; j++) {
                double d[3], square = 0;
                for (int k = 0; k < 3; k++) d[k] = b[i].place[k] - b[j].place[k], square += d[k] * d[k];
                double force = 0.01 / (square * sqrt(square));
                for (int k = 0; k < 3; k++) b[i].speed[k] -= d[k] * b[j].mass * force, b[j].speed[k] += d[k] * b[i].mass * force;
            }
        for (int i = 0; i < 4; i++)
            for (int k = 0; k < 3; k++) b[i].place[k] += 0.01 * b[i].speed[k];
    }
}

static void functions(void) {
    static double (*const ONE[])(double) = {sin, cos, tan, asin, atan, sinh, tanh, exp, expm1, log, log1p, log10, cbrt, sqrt,
                                            erf, lgamma, tgamma, floor, ceil, trunc, round, rint, exp2, log2, asinh};
    static const double VALUES[] = {0.0, -0.0, 0.5, -0.75, 1, 2.5, 10.125, 1e-310, 3e300, -INFINITY, NAN};
    for (unsigned f = 0; f < sizeof ONE / sizeof *ONE; f++)
        for (unsigned v = 0; v < sizeof VALUES / sizeof *VALUES; v++) {
            volatile double x = VALUES[v];
            double y = ONE[f](x);
            if (isnan(y)) printf("nan ");
            else printf("%a ", y);
            if (v == 10) puts("");
        }
    for (int i = 0; i < 20; i++) {
        double x = (i - 7) * 0.37, y = 1.7 * i - 4;
        int exponent, quotient;
        double whole, half = frexp(fabs(x) + 1, &exponent);
        printf("%.17g %.17g %.17g %.17g %.17g %d %.17g\n", pow(fabs(x), y), atan2(x, y), hypot(x, y), fmod(y, x), remquo(y, x, &quotient),
               quotient & 7, fma(x, y, -x * y));
        printf("%.17g %d %.17g %.17g %.17g %ld\n", half, exponent, modf(y, &whole), whole, ldexp(x, i - 10), lrint(y));
    }
    complex double z = cexp(CMPLX(0.3, 1.1)) * csqrt(CMPLX(-2, 0.5)) / CMPLX(1.25, -3);
    printf("%.17g %.17g %.17g\n", creal(z), cimag(z), cabs(z));
    long double wide = sqrtl(2.0L) * 1e100L / 3;
    printf("%.33Lg %La\n", wide, wide);
}

static void conversions(void) {
    uint64_t seed = 31337, sum = 0;
    for (int i = 0; i < 3000; i++) {
        union { uint64_t u; double d; } x = {next_random(&seed)};
        volatile __fp16 half = (float)(x.d / 1e290);
        volatile float single = x.d, back = half;
        int64_t whole = x.d > -9e18 && x.d < 9e18 ? (int64_t)x.d : 0;
        union { float f; uint32_t u; } bits = {single}, narrow = {back};
        sum = sum * 31 + (isnan(single) ? 1 : bits.u) + (isnan(back) ? 1 : narrow.u) + whole + (uint32_t)(int32_t)(single < 2e9f && single > -2e9f ? single : 0);
    }
    printf("conversions %016lx\n", sum);
    static const char *const TEXTS[] = {"1e400", "-0x1.8p-1074", "2.2250738585072011e-308", "0.1", "9007199254740993", "inf", "1e23"};
    for (unsigned i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) printf("%a %a\n", strtod(TEXTS[i], NULL), strtof(TEXTS[i], NULL));
}

static void environment(void) {
    static const int MODES[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    for (int i = 0; i < 4; i++) {
        volatile double one = 1, three = 3, large = 1e308, small = 5e-324, zero = 0;
        fesetround(MODES[i]);
        feclearexcept(FE_ALL_EXCEPT);
        volatile double third = one / three;
        volatile float narrow = third;
        printf("%a %a %.20f %ld flags %x", third, narrow, 0.1, lrint(-2.5 * one), fetestexcept(FE_ALL_EXCEPT));
        volatile double results[] = {large * three * large, small / three, one / zero, zero / zero, sqrt(-one)};
        printf(" %a %a flags %x\n", results[0], results[1], fetestexcept(FE_ALL_EXCEPT));
    }
    fesetround(FE_TONEAREST);
}

void floats(void) {
    planets();
    functions();
    conversions();
    environment();
}
