/* Families lived one by one, as fast as plain C does it: one thread, one life after another, every kind of move.

   It reads the very arrays of the engine's kernel. Beside that it takes every liberty that the kernel has not: one stream of
   random numbers instead of addresses, one exponential for all clocks of a state together (-DEACH_CLOCK: one for each, the
   first decides), hazards summed and inverted beforehand, no life with the same luck, small integers.

   Random numbers: xoshiro256++ (Blackman, Vigna 2019); exponentials by a ziggurat of 256 layers (Marsaglia, Tsang 2000). */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define ALWAYS static inline __attribute__((always_inline))
#define NEVER_INLINE static __attribute__((noinline))
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

typedef int64_t i64;

typedef struct {
    const i64 *role_first, *entry_first, *entry_to, *clock_first, *clock_to, *january_first, *january_to, *ending, *ending_to;
} Structure;

typedef struct {
    const double *entry, *hazard, *january;
    const i64 *months;
    const double *length;
    const i64 *window;
} Rates;

typedef struct {
    const i64 *number, *cohort_type, *cohort_half, *cohort_months;
    const double *members, *start;
} Families;

typedef struct {
    i64 *halves, *arrivals, *entered; /* (draw, 2, state, period + 1), (draw, 2, state, period), (draw, period) */
} Lived;

typedef struct {
    i64 draws, rows, cohorts, types, roles, states, entries, clocks, januaries, endings, years, period, lengths;
} Sizes;

/* ---- Random numbers */

typedef struct {
    uint64_t s[4];
} Random;

static double wide[256], high[256];
static uint64_t sure[256];

ALWAYS uint64_t rotated(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

ALWAYS uint64_t next(Random *r) {
    uint64_t *s = r->s, found = rotated(s[0] + s[3], 23) + s[0], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotated(s[3], 45);
    return found;
}

ALWAYS double unit(Random *r) { return (double)(next(r) >> 11) * 0x1.0p-53; }

ALWAYS uint32_t below(Random *r, uint32_t n) { return (uint32_t)(((next(r) >> 32) * n) >> 32); }

static void seeded(Random *r, uint64_t seed) {
    for (int i = 0; i < 4; i++) {
        uint64_t z = (seed += 0x9E3779B97F4A7C15u);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        r->s[i] = z ^ (z >> 31);
    }
}

#define EDGE 7.69711747013104972

static void build_ziggurat(void) {
    const double area = 3.949659822581572e-3, scale = 0x1.0p53;
    double edge = EDGE, before = EDGE, q = area / exp(-EDGE);
    sure[0] = (uint64_t)(edge / q * scale);
    sure[1] = 0;
    wide[0] = q / scale;
    wide[255] = edge / scale;
    high[0] = 1.0;
    high[255] = exp(-edge);
    for (int i = 254; i >= 1; i--) {
        edge = -log(area / edge + exp(-edge));
        sure[i + 1] = (uint64_t)(edge / before * scale);
        before = edge;
        high[i] = exp(-edge);
        wide[i] = edge / scale;
    }
}

NEVER_INLINE double exponential_rarely(Random *r, uint64_t bits, int layer) {
    double before = 0.0;
    for (;;) {
        double x = (double)bits * wide[layer];
        if (bits < sure[layer]) return before + x;
        if (layer == 0) {
            before += EDGE; /* the tail is an exponential itself */
        } else if (high[layer] + unit(r) * (high[layer - 1] - high[layer]) < exp(-x)) {
            return before + x;
        }
        uint64_t u = next(r);
        layer = (int)(u & 255);
        bits = u >> 11;
    }
}

ALWAYS double exponential(Random *r) {
    uint64_t u = next(r), bits = u >> 11;
    int layer = (int)(u & 255);
    if (UNLIKELY(bits >= sure[layer])) return exponential_rarely(r, bits, layer);
    return (double)bits * wide[layer];
}

/* ---- What stays the same, laid out for the loop */

typedef struct {
    int entry, entry_end, clock, clock_end, january, january_end, ending, ending_to;
} State;

typedef struct {
    double sum, inverse; /* of a state's hazards */
} Total;

typedef struct {
    Sizes n;
    int horizon;
    const Structure *structure;
    State *states;
    Total *totals; /* (arm, state, year) */
    uint16_t *year_of, *period_of; /* (half) */
    const double *entry, *hazard, *january, *length; /* of one draw */
    const i64 *months;
} World;

#define YEAR 24

static void laid_out(World *w, const Structure *s, const Sizes *n) {
    w->n = *n;
    w->structure = s;
    w->horizon = (int)(YEAR * n->years);
    w->states = malloc(sizeof(State) * n->states);
    w->totals = malloc(sizeof(Total) * 2 * n->states * n->years);
    w->year_of = malloc((w->horizon + 1) * sizeof(*w->year_of));
    w->period_of = malloc((w->horizon + 1) * sizeof(*w->period_of));
    for (int t = 0; t <= w->horizon; t++) {
        w->year_of[t] = (uint16_t)(t / YEAR);
        w->period_of[t] = (uint16_t)(t / n->period);
    }
    for (int i = 0; i < n->states; i++) {
        int ending = (int)s->ending[i];
        w->states[i] = (State){(int)s->entry_first[i], (int)s->entry_first[i + 1], (int)s->clock_first[i],
                               (int)s->clock_first[i + 1], (int)s->january_first[i], (int)s->january_first[i + 1],
                               ending, ending < 0 ? -1 : (int)s->ending_to[ending]};
    }
}

static void of_draw(World *w, const Rates *rates, i64 row) {
    const Sizes *n = &w->n;
    w->entry = rates->entry + row * 2 * n->entries * n->years;
    w->hazard = rates->hazard + row * 2 * n->clocks * n->years;
    w->january = rates->january + row * 2 * n->januaries * n->years;
    w->months = rates->months + row * 2 * n->endings * n->years;
    w->length = rates->length + row * 2 * n->endings * n->years * n->lengths;
    for (int arm = 0; arm < 2; arm++)
        for (int state = 0; state < n->states; state++)
            for (int year = 0; year < n->years; year++) {
                double sum = 0.0;
                for (int j = w->states[state].clock; j < w->states[state].clock_end; j++)
                    sum += w->hazard[(arm * n->clocks + j) * n->years + year];
                w->totals[(arm * n->states + state) * n->years + year] = (Total){sum, 1.0 / sum};
            }
}

/* ---- A life */

typedef struct {
    int arm, until; /* whose values hold, before which half-month */
} Effect;

ALWAYS int arm_at(Effect e, int t) { return t < e.until ? e.arm : 0; }

ALWAYS int picked(const double *cumulated, int first, int last, int years, int year, double u) {
    for (int j = first; j < last; j++)
        if (u < cumulated[j * years + year]) return j;
    return -1;
}

ALWAYS int drawn_months(const World *w, int ending, int arm, int year, Random *r) {
    i64 row = (arm * w->n.endings + ending) * w->n.years + year;
    if (w->months[row] > 0) return w->months[row] < 4 * w->horizon ? (int)w->months[row] : 4 * w->horizon;
    const double *chance = w->length + row * w->n.lengths;
    double u = unit(r);
    int low = 0, top = (int)w->n.lengths;
    while (low < top) {
        int half = (low + top) / 2;
        if (u < chance[half]) top = half;
        else low = half + 1;
    }
    return low + 1;
}

#ifdef EACH_CLOCK

/* One exponential for each clock; returns whether one ran out before *end. */
ALWAYS int clocks_run_out(const World *w, const State *s, int state, int arrival, Effect e, Random *r, int *end, int *follows) {
    double soonest_into = 0.0;
    int found = 0;
    for (int j = s->clock; j < s->clock_end; j++) {
        double left = exponential(r);
        for (int middle = arrival + 1; middle < *end + found;) {
            int year = w->year_of[middle], bound = YEAR * (year + 1) - middle;
            if (middle < e.until && e.until - middle < bound) bound = e.until - middle;
            int months = (bound + 1) / 2;
            double hazard = w->hazard[(arm_at(e, middle) * w->n.clocks + j) * w->n.years + year];
            if (left < hazard * months) {
                double into = left / hazard;
                int whole = (int)into < months ? (int)into : months - 1;
                int at = middle + 2 * whole;
                into -= whole;
                if (at < *end || (found && at == *end && into < soonest_into)) {
                    *end = at;
                    *follows = (int)w->structure->clock_to[j];
                    soonest_into = into;
                    found = 1;
                }
                break;
            }
            left -= hazard * months;
            middle += 2 * months;
        }
    }
    return found;
}

#else

/* One exponential for all clocks of the state together; which one it was is drawn by their hazards in that month. */
ALWAYS int clocks_run_out(const World *w, const State *s, int state, int arrival, Effect e, Random *r, int *end, int *follows) {
    double left = exponential(r);
    for (int middle = arrival + 1; middle < *end;) {
        int year = w->year_of[middle], arm = arm_at(e, middle), bound = YEAR * (year + 1) - middle;
        if (middle < e.until && e.until - middle < bound) bound = e.until - middle;
        int months = (bound + 1) / 2;
        Total total = w->totals[(arm * w->n.states + state) * w->n.years + year];
        double used = total.sum * months;
        if (left < used) {
            int whole = (int)(left * total.inverse);
            int at = middle + 2 * (whole < months ? whole : months - 1);
            if (at >= *end) return 0;
            int j = s->clock;
            if (s->clock_end - s->clock > 1) {
                double u = unit(r) * total.sum;
                for (; j < s->clock_end - 1; j++) {
                    u -= w->hazard[(arm * w->n.clocks + j) * w->n.years + year];
                    if (u < 0.0) break;
                }
            }
            *end = at;
            *follows = (int)w->structure->clock_to[j];
            return 1;
        }
        left -= used;
        middle += 2 * months;
    }
    return 0;
}

#endif

/* Person-half-months as differences between periods: a stay is booked at its first and last one only. */
ALWAYS void book(const World *w, i64 *halves, int begin, int end) {
    int period = (int)w->n.period, first = w->period_of[begin], last = w->period_of[end - 1];
    if (first == last) {
        halves[first] += end - begin;
        halves[first + 1] -= end - begin;
        return;
    }
    int head = period * (first + 1) - begin, tail = end - period * last;
    halves[first] += head;
    halves[first + 1] += period - head;
    halves[last] += tail - period;
    halves[last + 1] -= tail;
}

ALWAYS int new_year(const World *w, const State *s, int t, Effect e, Random *r) {
    const double *chances = w->january + arm_at(e, t) * w->n.januaries * w->n.years;
    int j = picked(chances, s->january, s->january_end, (int)w->n.years, w->year_of[t], unit(r));
    return j >= 0 ? (int)w->structure->january_to[j] : -1;
}

ALWAYS void live(const World *w, int state, int entry, Effect e, Random *r, i64 *halves, i64 *arrivals) {
    const int horizon = w->horizon, periods = horizon / (int)w->n.period;
    const State *s = w->states + state;
    int t = entry, fresh = 0;
    if (s->entry < s->entry_end) {
        const double *chances = w->entry + arm_at(e, t) * w->n.entries * w->n.years;
        int j = picked(chances, s->entry, s->entry_end, (int)w->n.years, w->year_of[t], unit(r));
        if (j >= 0) {
            state = (int)w->structure->entry_to[j];
            arrivals[state * periods + w->period_of[t]]++;
            fresh = 1;
        }
    }
    for (;;) {
        s = w->states + state;
        int follows = -1, januaries = s->january < s->january_end;
        if (fresh && januaries) follows = new_year(w, s, t, e, r);
        fresh = 0;
        if (follows < 0) {
            int end = horizon;
            fresh = 1;
            if (s->ending >= 0) {
                int by_length = t + 2 * drawn_months(w, s->ending, arm_at(e, t), w->year_of[t], r);
                if (by_length < end) {
                    end = by_length;
                    follows = s->ending_to;
                }
            }
            if (s->clock < s->clock_end) clocks_run_out(w, s, state, t, e, r, &end, &follows);
            if (januaries)
                for (int january = YEAR * (w->year_of[t] + 1); january < end; january += YEAR) {
                    int moved = new_year(w, s, january, e, r);
                    if (moved >= 0) {
                        end = january;
                        follows = moved;
                        fresh = 0;
                    }
                }
            book(w, halves + state * (periods + 1), t, end);
            t = end;
        }
        if (t >= horizon) return;
        state = follows;
        arrivals[state * periods + w->period_of[t]]++;
    }
}

/* ---- Families */

ALWAYS i64 rounded_at_random(double mean, Random *r) {
    i64 whole = (i64)mean;
    double rest = mean - (double)whole;
    return rest > 0.0 ? whole + (unit(r) < rest) : whole;
}

ALWAYS int drawn_start(const double *cumulated, int first, int last, Random *r) {
    if (cumulated[first] >= 1.0) return first;
    double u = unit(r);
    while (first + 1 < last && u >= cumulated[first]) first++;
    return first;
}

/* Every member once in each arm: the programme, and the baseline with luck of its own. Returns how many lives. */
i64 live_draws(uint64_t seed, const Structure *structure, const Rates *rates, const Families *families, Lived *lived,
               const Sizes *sizes) {
    const Sizes n = *sizes;
    World w;
    Random r;
    i64 lives = 0, periods = YEAR * n.years / n.period;
    build_ziggurat();
    laid_out(&w, structure, sizes);
    seeded(&r, seed);
    for (i64 d = 0; d < n.draws; d++) {
        i64 row = d * n.rows, *halves = lived->halves + d * 2 * n.states * (periods + 1);
        i64 *arrivals = lived->arrivals + d * 2 * n.states * periods;
        if (d == 0 || n.rows) of_draw(&w, rates, row);
        for (i64 cohort = 0; cohort < n.cohorts; cohort++) {
            i64 kind = families->cohort_type[cohort], number = families->number[d * n.cohorts + cohort];
            i64 window = rates->window[row * n.types + kind];
            for (i64 family = 0; family < number; family++) {
                int entry = (int)families->cohort_half[cohort];
                if (families->cohort_months[cohort] > 1) entry += 2 * (int)below(&r, (uint32_t)families->cohort_months[cohort]);
                if (entry > 0) lived->entered[d * periods + w.period_of[entry]]++;
                int until = window < w.horizon - entry ? entry + (int)window : w.horizon + YEAR;
                for (i64 role = 0; role < n.roles; role++) {
                    i64 members = rounded_at_random(families->members[(row * n.types + kind) * n.roles + role], &r);
                    for (i64 i = 0; i < members; i++) {
                        int state = drawn_start(families->start + row * n.states, (int)structure->role_first[role],
                                                (int)structure->role_first[role + 1], &r);
                        live(&w, state, entry, (Effect){1, until}, &r, halves, arrivals);
                        live(&w, state, entry, (Effect){0, 0}, &r, halves + n.states * (periods + 1),
                             arrivals + n.states * periods);
                        lives += 2;
                    }
                }
            }
        }
        for (i64 i = 0; i < 2 * n.states; i++)
            for (i64 p = 1; p <= periods; p++) halves[i * (periods + 1) + p] += halves[i * (periods + 1) + p - 1];
    }
    free(w.states);
    free(w.totals);
    free(w.year_of);
    free(w.period_of);
    return lives;
}
