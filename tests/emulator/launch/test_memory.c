// Device memory: guard zones, exact ends, stale addresses, permissions of parts.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../../emulator/memory.h"

static uint64_t address(const void *pointer)
{
    return (uint64_t)(uintptr_t)pointer;
}

static void an_allocation_ends_exactly_where_asked(void **state)
{
    (void)state;
    struct emu_memory *memory = emu_memory_create(1 << 20);
    struct emu_range range;
    uint8_t *block = emu_memory_alloc(memory, 1000, EMU_RANGE_BUFFER);
    assert_non_null(block);
    assert_int_equal(address(block) % 65536, 0);
    assert_int_equal(block[0] | block[999], 0);
    assert_true(emu_memory_find(memory, address(block) + 999, &range));
    assert_int_equal(range.end - range.begin, 1000);
    assert_false(emu_memory_find(memory, address(block) + 1000, &range));
    assert_false(emu_memory_find(memory, address(block) - 1, &range));
    char text[160];
    emu_memory_describe(memory, address(block) + 1004, text, sizeof text);
    assert_non_null(strstr(text, "4 bytes behind the end of the 1000-byte buffer"));
    emu_memory_destroy(memory);
}

static void freed_addresses_stay_invalid(void **state)
{
    (void)state;
    struct emu_memory *memory = emu_memory_create(1 << 20);
    struct emu_range range;
    void *first = emu_memory_alloc(memory, 4096, EMU_RANGE_BUFFER);
    assert_true(emu_memory_free(memory, first));
    assert_false(emu_memory_free(memory, first));
    void *second = emu_memory_alloc(memory, 4096, EMU_RANGE_BUFFER);
    assert_ptr_not_equal(first, second);
    assert_false(emu_memory_find(memory, address(first), &range));
    char text[160];
    emu_memory_describe(memory, address(first) + 8, text, sizeof text);
    assert_non_null(strstr(text, "freed"));
    emu_memory_destroy(memory);
}

static void the_capacity_is_a_limit(void **state)
{
    (void)state;
    struct emu_memory *memory = emu_memory_create(8192);
    void *block = emu_memory_alloc(memory, 8000, EMU_RANGE_BUFFER);
    assert_non_null(block);
    assert_null(emu_memory_alloc(memory, 193, EMU_RANGE_BUFFER));
    assert_null(emu_memory_alloc(memory, UINT64_MAX, EMU_RANGE_BUFFER));
    assert_null(emu_memory_alloc(memory, 0, EMU_RANGE_BUFFER));
    assert_int_equal(emu_memory_used(memory), 8000);
    assert_true(emu_memory_free(memory, block));
    assert_non_null(emu_memory_alloc(memory, 8192, EMU_RANGE_BUFFER));
    emu_memory_destroy(memory);
}

static void a_table_held_by_a_launch_does_not_change(void **state)
{
    (void)state;
    struct emu_memory *memory = emu_memory_create(1 << 20);
    void *block = emu_memory_alloc(memory, 64, EMU_RANGE_BUFFER);
    const struct emu_ranges *held = emu_memory_acquire(memory);
    void *later = emu_memory_alloc(memory, 64, EMU_RANGE_BUFFER);
    assert_non_null(emu_ranges_find(held, address(block)));
    assert_null(emu_ranges_find(held, address(later)));
    emu_memory_release(memory, held);
    emu_memory_destroy(memory);
}

static void parts_have_their_own_permissions(void **state)
{
    (void)state;
    struct emu_memory *memory = emu_memory_create(1 << 20);
    const uint64_t block = address(emu_memory_alloc(memory, 12288, EMU_RANGE_IMAGE));
    const struct emu_range parts[] = {{.begin = block, .end = block + 4096, .writable = false},
                                      {.begin = block + 8192, .end = block + 12288, .writable = true}};
    struct emu_range range;
    assert_true(emu_memory_split(memory, (void *)(uintptr_t)block, parts, 2));
    assert_true(emu_memory_find(memory, block, &range));
    assert_false(range.writable);
    assert_false(emu_memory_find(memory, block + 5000, &range));
    assert_true(emu_memory_find(memory, block + 9000, &range));
    assert_true(range.writable);
    assert_true(emu_memory_free(memory, (void *)(uintptr_t)block));
    assert_false(emu_memory_find(memory, block + 9000, &range));
    emu_memory_destroy(memory);
}

static void host_memory_can_be_registered_once(void **state)
{
    (void)state;
    struct emu_memory *memory = emu_memory_create(1 << 20);
    static uint8_t host[100];
    struct emu_range range;
    assert_true(emu_memory_register(memory, host, sizeof host));
    assert_false(emu_memory_register(memory, host + 50, 10));
    assert_true(emu_memory_find(memory, address(host) + 99, &range));
    assert_false(emu_memory_free(memory, host));
    assert_true(emu_memory_unregister(memory, host));
    assert_false(emu_memory_find(memory, address(host), &range));
    emu_memory_destroy(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_allocation_ends_exactly_where_asked),
        cmocka_unit_test(freed_addresses_stay_invalid),
        cmocka_unit_test(the_capacity_is_a_limit),
        cmocka_unit_test(a_table_held_by_a_launch_does_not_change),
        cmocka_unit_test(parts_have_their_own_permissions),
        cmocka_unit_test(host_memory_can_be_registered_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
