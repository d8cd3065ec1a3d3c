// LDS atomics, counters and lane permutes against values worked out by hand.
#include "wave_fixture.h"

#include <stdio.h>
#include <string.h>

enum { ADDRESS = 1, DATA0 = 8, DATA1 = 10, RESULT = 40, POISON = 0x0badf00d };

struct vector {
    const char *op, *type; // ds_<op>_<type>, ds_<op>_rtn_<type>
    uint64_t old, a, b, want;
    int forms; // 1: only with return; 2: both; | 4: two data operands
};

static void set64(struct fixture *f, unsigned reg, uint64_t value)
{
    fixture_fill(f, reg, (uint32_t)value);
    fixture_fill(f, reg + 1, (uint32_t)(value >> 32));
}

// Runs one form in all lanes but the third, each on its own address.
static void check_atomic(struct fixture *f, const struct vector *v, bool returns)
{
    const unsigned bytes = strstr(v->type, "64") ? 8 : 4;
    const char *const data[2][2] = {{"v8", ", v10"}, {"v[8:9]", ", v[10:11]"}};
    char text[128];
    snprintf(text, sizeof text, "ds_%s%s_%s %sv1, %s%s offset:16", v->op, returns ? "_rtn" : "", v->type,
             !returns     ? ""
             : bytes == 8 ? "v[40:41], "
                          : "v40, ",
             data[bytes == 8][0], v->forms & 4 ? data[bytes == 8][1] : "");
    fixture_ramp(f, ADDRESS, 0, 8);
    set64(f, DATA0, v->a);
    set64(f, DATA1, v->b);
    set64(f, RESULT, POISON);
    fixture_set_s64(f, EMU_SGPR_EXEC, UINT64_C(0xfffffffbfffffffb));
    for (unsigned lane = 0; lane < f->lanes; lane++)
        memcpy(f->group.lds + 16 + 8 * lane, &v->old, 8);
    fixture_run(f, text);
    const uint64_t mask = bytes == 8 ? UINT64_MAX : UINT32_MAX;
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        const bool active = lane % 32 != 2;
        uint64_t got;
        memcpy(&got, f->group.lds + 16 + 8 * lane, 8);
        const uint64_t want = active ? (v->want & mask) | (v->old & ~mask) : v->old;
        if (got != want)
            fail_msg("%s: lane %u leaves 0x%llx, expected 0x%llx", text, lane, (unsigned long long)got,
                     (unsigned long long)want);
        const uint64_t returned = *fixture_v(f, RESULT, lane) | (uint64_t)*fixture_v(f, RESULT + 1, lane) << 32;
        if (returned != (active && returns ? (v->old & mask) | (POISON & ~mask) : POISON))
            fail_msg("%s: lane %u returns 0x%llx", text, lane, (unsigned long long)returned);
    }
}

static void check_all(struct fixture *f, const struct vector *table, size_t count)
{
    for (const struct vector *v = table; v < table + count; v++) {
        check_atomic(f, v, true);
        if (v->forms & 2)
            check_atomic(f, v, false);
    }
}
#define CHECK_ALL(table) check_all(*state, table, sizeof(table) / sizeof *(table))

static void integer_atomics_32(void **state)
{
    static const struct vector table[] = {
        {"add", "u32", 0xffffffff, 2, 0, 1, 2},
        {"sub", "u32", 1, 2, 0, 0xffffffff, 2},
        {"rsub", "u32", 1, 5, 0, 4, 2},
        {"inc", "u32", 7, 9, 0, 8, 2},
        {"inc", "u32", 9, 9, 0, 0, 2},
        {"dec", "u32", 7, 9, 0, 6, 2},
        {"dec", "u32", 0, 9, 0, 9, 2},
        {"dec", "u32", 10, 9, 0, 9, 2},
        {"min", "i32", 1, 0xffffffff, 0, 0xffffffff, 2},
        {"max", "i32", 1, 0xffffffff, 0, 1, 2},
        {"max", "i32", 0xffffffff, 1, 0, 1, 2},
        {"min", "u32", 1, 0xffffffff, 0, 1, 2},
        {"min", "u32", 0xffffffff, 1, 0, 1, 2},
        {"max", "u32", 1, 0xffffffff, 0, 0xffffffff, 2},
        {"and", "b32", 0xf0f0, 0xff00, 0, 0xf000, 2},
        {"or", "b32", 0xf0f0, 0xff00, 0, 0xfff0, 2},
        {"xor", "b32", 0xf0f0, 0xff00, 0, 0x0ff0, 2},
        {"mskor", "b32", 0xf0f0, 0xff00, 0x0a0a, 0x0afa, 6},
        {"cmpstore", "b32", 5, 99, 5, 99, 6},
        {"cmpstore", "b32", 5, 99, 6, 5, 6},
        {"storexchg", "b32", 5, 99, 0, 99, 1},
        {"wrap", "b32", 10, 4, 100, 6, 5},
        {"wrap", "b32", 3, 4, 100, 103, 5},
    };
    CHECK_ALL(table);
}

static void integer_atomics_64(void **state)
{
    static const uint64_t big = UINT64_C(0x100000000), ones = UINT64_MAX;
    const struct vector table[] = {
        {"add", "u64", 0xffffffff, 1, 0, big, 2},
        {"sub", "u64", big, 1, 0, 0xffffffff, 2},
        {"rsub", "u64", 1, big, 0, 0xffffffff, 2},
        {"inc", "u64", 0xffffffff, ones, 0, big, 2},
        {"inc", "u64", big, big, 0, 0, 2},
        {"dec", "u64", big, ones, 0, 0xffffffff, 2},
        {"dec", "u64", 0, big, 0, big, 2},
        {"min", "i64", 1, ones, 0, ones, 2},
        {"max", "i64", 1, ones, 0, 1, 2},
        {"max", "i64", ones, 1, 0, 1, 2},
        {"min", "u64", big, 1, 0, 1, 2},
        {"max", "u64", big, 1, 0, big, 2},
        {"max", "u64", 1, big, 0, big, 2},
        {"and", "b64", 15 * big + 15, 10 * big + 5, 0, 10 * big + 5, 2},
        {"or", "b64", 5 * big, 10, 0, 5 * big + 10, 2},
        {"xor", "b64", 5 * big + 3, 1 * big + 1, 0, 4 * big + 2, 2},
        {"mskor", "b64", 15 * big + 15, 3 * big, 8 * big + 16, 12 * big + 31, 6},
        {"cmpstore", "b64", big, 7 * big + 1, big, 7 * big + 1, 6},
        {"cmpstore", "b64", big, 7, 0, big, 6},
        {"storexchg", "b64", big, 7 * big + 1, 0, 7 * big + 1, 1},
    };
    CHECK_ALL(table);
}

static void float_atomics(void **state)
{
    static const uint64_t one = UINT64_C(0x3ff0000000000000), two = UINT64_C(0x4000000000000000),
                          nan64 = UINT64_C(0x7ff8000000000000), negative_zero = UINT64_C(1) << 63;
    const struct vector table[] = {
        {"add", "f32", 0x3f800000, 0x40000000, 0, 0x40400000, 2},
        {"add", "f32", 1, 1, 0, 2, 2}, // denormals kept
        {"min", "f32", 0x40000000, 0xbf800000, 0, 0xbf800000, 2},
        {"min", "f32", 0x40000000, 0x7fc00000, 0, 0x40000000, 2},
        {"max", "f32", 0x40000000, 0xbf800000, 0, 0x40000000, 2},
        {"max", "f32", 0xbf800000, 0x40000000, 0, 0x40000000, 2},
        {"cmpstore", "f32", 0x80000000, 0x3f800000, 0, 0x3f800000, 6}, // -0 equals +0
        {"cmpstore", "f32", 0x7fc00000, 0x3f800000, 0x7fc00000, 0x7fc00000, 6},
        {"min", "f64", two, one, 0, one, 2},
        {"min", "f64", two, nan64, 0, two, 2},
        {"max", "f64", one, two, 0, two, 2},
        {"cmpstore", "f64", negative_zero, one, 0, one, 6},
    };
    CHECK_ALL(table);
    struct fixture *f = *state;
    f->wave.mode &= ~0x10u; // flush f32 denormal inputs
    check_all(f, &(const struct vector){"add", "f32", 1, 1, 0, 0, 2}, 1);
    f->wave.mode = FIXTURE_MODE & ~0x20u; // flush outputs
    check_all(f, &(const struct vector){"add", "f32", 0x00800000, 0x80000001, 0, 0, 2}, 1);
}

static void lanes_act_one_after_the_other(void **state)
{
    struct fixture *f = *state;
    fixture_fill(f, ADDRESS, 64);
    fixture_fill(f, DATA0, 3);
    fixture_run(f, "ds_add_rtn_u32 v8, v1, v8"); // the result replaces the data
    uint32_t sum;
    memcpy(&sum, f->group.lds + 64, 4);
    assert_int_equal(sum, 3 * f->lanes);
    for (unsigned lane = 0; lane < f->lanes; lane++)
        assert_int_equal(*fixture_v(f, DATA0, lane), 3 * lane);
}

static void misaligned_atomics_fault(void **state)
{
    struct fixture *f = *state;
    fixture_ramp(f, ADDRESS, 0, 4);
    fixture_run(f, "ds_add_u32 v1, v8");
    fixture_run_faulting(f, "ds_add_u64 v1, v[8:9]", EMU_FAULT_ALIGNMENT);
    assert_int_equal(f->fault.lane, 1);
    fixture_run_faulting(f, "ds_add_u32 v1, v8 offset:2", EMU_FAULT_ALIGNMENT);
}

static void exchanges_take_two_addresses(void **state)
{
    static const struct {
        const char *text;
        unsigned bytes;
        uint32_t first, second;
    } table[] = {
        {"ds_storexchg_2addr_rtn_b32 v[40:41], v1, v8, v10 offset0:1 offset1:3", 4, 4, 12},
        {"ds_storexchg_2addr_rtn_b64 v[40:43], v1, v[8:9], v[10:11] offset0:0 offset1:1", 8, 0, 8},
        {"ds_storexchg_2addr_stride64_rtn_b32 v[40:41], v1, v8, v10 offset0:0 offset1:4", 4, 0, 1024},
        {"ds_storexchg_2addr_stride64_rtn_b64 v[40:43], v1, v[8:9], v[10:11] offset0:2 offset1:0", 8, 1024, 0},
    };
    struct fixture *f = *state;
    set64(f, DATA0, UINT64_C(0xa1a2a3a4a5a6a7a8));
    set64(f, DATA1, UINT64_C(0xb1b2b3b4b5b6b7b8));
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const unsigned bytes = table[i].bytes;
        for (size_t at = 0; at < FIXTURE_LDS_BYTES; at++)
            f->group.lds[at] = (uint8_t)(at * 7 + at / 256);
        uint8_t before[FIXTURE_LDS_BYTES];
        memcpy(before, f->group.lds, sizeof before);
        fixture_ramp(f, ADDRESS, 0, 16);
        fixture_run(f, table[i].text);
        for (unsigned lane = 0; lane < f->lanes; lane++) {
            uint32_t returned[4];
            for (unsigned d = 0; d < 4; d++)
                returned[d] = *fixture_v(f, RESULT + d, lane);
            const uint32_t first = 16 * lane + table[i].first, second = 16 * lane + table[i].second;
            assert_memory_equal(returned, before + first, bytes);
            assert_memory_equal((uint8_t *)returned + bytes, before + second, bytes);
            assert_memory_equal(f->group.lds + first, &(uint64_t){UINT64_C(0xa1a2a3a4a5a6a7a8)}, bytes);
            assert_memory_equal(f->group.lds + second, &(uint64_t){UINT64_C(0xb1b2b3b4b5b6b7b8)}, bytes);
        }
    }
}

static void conditional_exchange_looks_at_the_top_bits(void **state)
{
    struct fixture *f = *state;
    const uint32_t before[4] = {11, 22, 33, 44};
    memcpy(f->group.lds + 64, before, sizeof before);
    fixture_set_s64(f, EMU_SGPR_EXEC, 3);
    fixture_ramp(f, ADDRESS, 60, 8);
    *fixture_v(f, DATA0, 0) = 0x80000005;
    *fixture_v(f, DATA0 + 1, 0) = 0x7;
    *fixture_v(f, DATA0, 1) = 0x7;
    *fixture_v(f, DATA0 + 1, 1) = 0x80000009;
    fixture_run(f, "ds_condxchg32_rtn_b64 v[40:41], v1, v[8:9] offset:7"); // 67 and 75 lose their low bits
    const uint32_t want[4] = {5, 22, 33, 9};
    assert_memory_equal(f->group.lds + 64, want, sizeof want);
    assert_int_equal(*fixture_v(f, RESULT, 0), 11);
    assert_int_equal(*fixture_v(f, RESULT + 1, 0), 22);
    assert_int_equal(*fixture_v(f, RESULT, 1), 33);
    assert_int_equal(*fixture_v(f, RESULT + 1, 1), 44);
}

static void counters_count_the_waves_active_lanes(void **state)
{
    struct fixture *f = *state;
    const uint64_t exec = UINT64_C(0xf0000000000000f1) & (f->lanes == 64 ? UINT64_MAX : UINT32_MAX);
    const uint32_t active = f->lanes == 64 ? 9 : 5;
    uint32_t counter = 100;
    memcpy(f->group.lds + 0x120, &counter, 4);
    f->wave.s[EMU_SGPR_M0] = 0x100;
    fixture_set_s64(f, EMU_SGPR_EXEC, exec);
    fixture_fill(f, RESULT, POISON);
    fixture_run(f, "ds_append v40 offset:32");
    memcpy(&counter, f->group.lds + 0x120, 4);
    assert_int_equal(counter, 100 + active);
    for (unsigned lane = 0; lane < f->lanes; lane++)
        assert_int_equal(*fixture_v(f, RESULT, lane), exec >> lane & 1 ? 100 : POISON);
    fixture_run(f, "ds_consume v40 offset:32");
    memcpy(&counter, f->group.lds + 0x120, 4);
    assert_int_equal(counter, 100);
    assert_int_equal(*fixture_v(f, RESULT, 0), 100 + active);
}

// ---- Permutes --------------------------------------------------------------------------------------------------

static void bpermute_pulls_from_enabled_lanes(void **state)
{
    struct fixture *f = *state;
    const uint32_t exec = 0xfffffff7; // lane 3 of each half is off
    fixture_set_s64(f, EMU_SGPR_EXEC, exec | (uint64_t)exec << 32);
    fixture_ramp(f, DATA0, 1000, 1);
    fixture_fill(f, RESULT, POISON);
    for (unsigned lane = 0; lane < f->lanes; lane++) // two low and all high bits do not count
        *fixture_v(f, ADDRESS, lane) = 4 * (31 - lane % 32) + (lane & 3) + 128 * lane;
    fixture_run(f, "ds_bpermute_b32 v40, v1, v8 offset:8");
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        const unsigned n = lane % 32, from = (31 - n + 2) % 32;
        const uint32_t want = from == 3 ? 0 : 1000 + lane / 32 * 32 + from;
        assert_int_equal(*fixture_v(f, RESULT, lane), n == 3 ? POISON : want);
    }
}

static void permute_pushes_and_the_highest_lane_wins(void **state)
{
    struct fixture *f = *state;
    fixture_ramp(f, DATA0, 1000, 1);
    fixture_fill(f, RESULT, POISON);
    for (unsigned lane = 0; lane < f->lanes; lane++)
        *fixture_v(f, ADDRESS, lane) = 4 * (lane % 32 / 2);          // pairs collide
    fixture_set_s64(f, EMU_SGPR_EXEC, UINT64_C(0xffffffdfffffffdf)); // lane 5 does not push: lane 4 reaches 2
    fixture_run(f, "ds_permute_b32 v40, v1, v8");
    for (unsigned lane = 0; lane < f->lanes; lane++) {
        const unsigned n = lane % 32, base = 1000 + lane / 32 * 32;
        const uint32_t want = n >= 16 ? 0 : n == 2 ? base + 4 : base + 2 * n + 1;
        assert_int_equal(*fixture_v(f, RESULT, lane), n == 5 ? POISON : want);
    }
}

static void swizzle_modes(void **state)
{
    static const struct {
        const char *pattern;
        uint8_t from[8]; // of lanes 0, 1, 2, 3, 4, 9, 16, 31
    } table[] = {
        {"swizzle(QUAD_PERM, 3, 2, 1, 0)", {3, 2, 1, 0, 7, 10, 19, 28}},
        {"swizzle(BITMASK_PERM, \"00p11\")", {3, 3, 3, 3, 7, 3, 3, 7}},
        {"swizzle(BROADCAST, 8, 5)", {5, 5, 5, 5, 5, 13, 21, 29}},
        {"swizzle(SWAP, 16)", {16, 17, 18, 19, 20, 25, 0, 15}},
        {"swizzle(REVERSE, 8)", {7, 6, 5, 4, 3, 14, 23, 24}},
        {"0x7c1f", {31, 30, 29, 28, 27, 22, 15, 0}}, // xor 31
        {"0xc040", {2, 3, 4, 5, 6, 11, 18, 1}},      // rotate by 2
        {"0xc440", {30, 31, 0, 1, 2, 7, 14, 29}},    // the other way
        {"0xc058", {2, 3, 4, 5, 6, 11, 18, 25}},     // within groups of 8
        {"0xe000", {0, 16, 8, 24, 4, 18, 1, 31}},    // bit reversal
        {"0xe010", {0, 8, 4, 12, 2, 9, 16, 31}},     // within halves of 32
        {"0xe01f", {0, 1, 2, 3, 4, 9, 16, 31}},
    };
    static const unsigned lanes[8] = {0, 1, 2, 3, 4, 9, 16, 31};
    struct fixture *f = *state;
    fixture_ramp(f, DATA0, 1000, 1);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char text[96];
        snprintf(text, sizeof text, "ds_swizzle_b32 v40, v8 offset:%s", table[i].pattern);
        fixture_run(f, text);
        for (unsigned half = 0; half < f->lanes / 32; half++) {
            for (unsigned n = 0; n < 8; n++) {
                const uint32_t got = *fixture_v(f, RESULT, 32 * half + lanes[n]);
                if (got != 1000 + 32 * half + table[i].from[n])
                    fail_msg("%s: lane %u takes from lane %u, expected %u", table[i].pattern, lanes[n], got - 1000,
                             table[i].from[n]);
            }
        }
    }
    fixture_set_s64(f, EMU_SGPR_EXEC, UINT64_C(0xfffffffefffffffe));
    fixture_fill(f, RESULT, POISON);
    fixture_run(f, "ds_swizzle_b32 v40, v8 offset:swizzle(SWAP, 1)");
    assert_int_equal(*fixture_v(f, RESULT, 0), POISON);
    assert_int_equal(*fixture_v(f, RESULT, 1), 0); // lane 0 is off
    assert_int_equal(*fixture_v(f, RESULT, 2), 1003);
}

static void the_rest_does_nothing_or_is_refused(void **state)
{
    static const char *const refused[] = {
        "ds_gws_init v0 gds",
        "ds_gws_sema_v gds",
        "ds_gws_sema_br v0 gds",
        "ds_gws_sema_p gds",
        "ds_gws_sema_release_all gds",
        "ds_gws_barrier v0 gds",
        "ds_ordered_count v0, v1 gds",
        "ds_add_gs_reg_rtn v[0:1], v1 gds",
        "ds_sub_gs_reg_rtn v[0:1], v1 gds",
        "ds_bvh_stack_rtn_b32 v4, v0, v1, v[8:11]",
    };
    fixture_run(*state, "ds_nop");
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        fixture_run_faulting(*state, refused[i], EMU_FAULT_UNSUPPORTED);
}

int main(void)
{
    static const struct fixture_test tests[] = {
        FIXTURE_TEST(integer_atomics_32, 32),
        FIXTURE_TEST(integer_atomics_32, 64),
        FIXTURE_TEST(integer_atomics_64, 32),
        FIXTURE_TEST(integer_atomics_64, 64),
        FIXTURE_TEST(float_atomics, 32),
        FIXTURE_TEST(lanes_act_one_after_the_other, 32),
        FIXTURE_TEST(lanes_act_one_after_the_other, 64),
        FIXTURE_TEST(misaligned_atomics_fault, 32),
        FIXTURE_TEST(exchanges_take_two_addresses, 32),
        FIXTURE_TEST(conditional_exchange_looks_at_the_top_bits, 32),
        FIXTURE_TEST(counters_count_the_waves_active_lanes, 32),
        FIXTURE_TEST(counters_count_the_waves_active_lanes, 64),
        FIXTURE_TEST(bpermute_pulls_from_enabled_lanes, 32),
        FIXTURE_TEST(bpermute_pulls_from_enabled_lanes, 64),
        FIXTURE_TEST(permute_pushes_and_the_highest_lane_wins, 32),
        FIXTURE_TEST(permute_pushes_and_the_highest_lane_wins, 64),
        FIXTURE_TEST(swizzle_modes, 32),
        FIXTURE_TEST(swizzle_modes, 64),
        FIXTURE_TEST(the_rest_does_nothing_or_is_refused, 32),
    };
    return fixture_main("lds_operations", tests, sizeof tests / sizeof *tests);
}
