/* The Silkeborg scenario and nothing else: what C gains when the moves are known beforehand. Same calling form as lives.c.

   Adults: a chance of self-support at entry, a chance to relapse on arrival and on every 1 January after. Children: a chance of
   placement at entry, for a given number of months. One adult and one child a family, the month of entry drawn. */

#include <stdint.h>

typedef int64_t i64;

enum { YEAR = 24, BENEFIT = 0, SUPPORT = 1, HOME = 2, PLACED = 3, STATES = 4 };

static uint64_t s[4];

static inline uint64_t rotated(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

static inline uint64_t next(void) { /* xoshiro256++ */
    uint64_t found = rotated(s[0] + s[3], 23) + s[0], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotated(s[3], 45);
    return found;
}

static inline int hits(double chance) { return (next() >> 11) * 0x1.0p-53 < chance; }

/* Differences of a later arrival and departure: person-half-months from t to the horizon. */
static inline void from(i64 *halves, int t) {
    int year = t / YEAR, rest = t % YEAR;
    halves[year] += YEAR - rest;
    halves[year + 1] += rest;
}

static inline void until(i64 *halves, int t) {
    int year = t / YEAR, rest = t % YEAR;
    halves[year] -= YEAR - rest;
    halves[year + 1] -= rest;
}

i64 live_draws(uint64_t seed, const i64 **structure, const void **rates, const void **families, i64 **out, const i64 *n) {
    const i64 draws = n[0], cohorts = n[2], years = n[10], *number = families[0], *half = families[2], *months = families[3];
    const double *entry = rates[0], *relapse = rates[2];
    const i64 *stay = rates[3];
    const int horizon = (int)(YEAR * years);
    i64 lives = 0;
    for (int i = 0; i < 4; i++) s[i] = (seed + i + 1) * 0x9E3779B97F4A7C15u;
    for (int i = 0; i < 32; i++) next();
    for (i64 d = 0; d < draws; d++) {
        i64 *halves = out[0] + d * 2 * STATES * (years + 1), *arrivals = out[1] + d * 2 * STATES * years;
        for (i64 c = 0; c < cohorts; c++)
            for (i64 family = 0; family < number[d * cohorts + c]; family++) {
                int t = (int)half[c] + 2 * (int)(((next() >> 32) * (uint64_t)months[c]) >> 32), year = t / YEAR;
                if (t > 0) out[2][d * years + year]++;
                for (int a = 0; a < 2; a++) {
                    i64 *h = halves + a * STATES * (years + 1), *moves = arrivals + a * STATES * years;
                    const double *chances = entry + (1 - a) * 2 * years, *back = relapse + (1 - a) * years;
                    from(h + BENEFIT * (years + 1), t);
                    from(h + HOME * (years + 1), t);
                    if (hits(chances[year])) {
                        moves[SUPPORT * years + year]++;
                        int end = t;
                        while (end < horizon && !hits(back[end / YEAR])) end = YEAR * (end / YEAR + 1);
                        if (end > t) {
                            from(h + SUPPORT * (years + 1), t);
                            until(h + BENEFIT * (years + 1), t);
                            if (end < horizon) {
                                until(h + SUPPORT * (years + 1), end);
                                from(h + BENEFIT * (years + 1), end);
                            }
                        }
                        if (end < horizon) moves[BENEFIT * years + end / YEAR]++;
                    }
                    if (hits(chances[years + year])) {
                        moves[PLACED * years + year]++;
                        int end = t + 2 * (int)stay[(1 - a) * years + year];
                        from(h + PLACED * (years + 1), t);
                        until(h + HOME * (years + 1), t);
                        if (end < horizon) {
                            until(h + PLACED * (years + 1), end);
                            from(h + HOME * (years + 1), end);
                            moves[HOME * years + end / YEAR]++;
                        }
                    }
                    lives += 2;
                }
            }
        for (i64 i = 0; i < 2 * STATES; i++)
            for (i64 p = 1; p <= years; p++) halves[i * (years + 1) + p] += halves[i * (years + 1) + p - 1];
    }
    return lives;
}
