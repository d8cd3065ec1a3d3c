// Picks the code object for gfx1151 out of a clang offload bundle (layout: clang's ClangOffloadBundler document: magic,
// entry count, then offset, size, id length and id an entry). Does not look inside the entries.
#include "internal.h"

#include <stdio.h>

struct entry {
    uint64_t offset, size;
    const char *id;
    size_t id_length;
};

bool co_is_bundle(const uint8_t *bytes, size_t size)
{
    return size >= CO_BUNDLE_MAGIC_BYTES && memcmp(bytes, CO_BUNDLE_MAGIC, CO_BUNDLE_MAGIC_BYTES) == 0;
}

// Reads the entry at *cursor and advances it; false when it does not fit into the bundle.
static bool next_entry(const uint8_t *bytes, size_t size, size_t *cursor, struct entry *entry)
{
    if (!co_inside(*cursor, 24, size))
        return false;
    entry->offset = co_read64(bytes + *cursor);
    entry->size = co_read64(bytes + *cursor + 8);
    const uint64_t id_length = co_read64(bytes + *cursor + 16);
    *cursor += 24;
    if (!co_inside(*cursor, id_length, size) || !co_inside(entry->offset, entry->size, size))
        return false;
    entry->id = (const char *)bytes + *cursor;
    entry->id_length = (size_t)id_length;
    *cursor += (size_t)id_length;
    return true;
}

// The processor of an id such as "hipv4-amdgcn-amd-amdhsa--gfx1151:xnack-"; NULL for host entries.
static const char *processor(const struct entry *entry, size_t *length)
{
    const char *at = memmem(entry->id, entry->id_length, "gfx", 3);
    if (!at || !memmem(entry->id, entry->id_length, "amdgcn", 6))
        return NULL;
    const size_t rest = entry->id_length - (size_t)(at - entry->id);
    const char *colon = memchr(at, ':', rest);
    *length = colon ? (size_t)(colon - at) : rest;
    return at;
}

static void append(char *list, size_t capacity, const char *text, size_t length)
{
    const size_t used = strlen(list);
    snprintf(list + used, capacity - used, "%s%.*s", used ? ", " : "", (int)(length < 32 ? length : 32), text);
}

enum w4_status co_bundle_pick(const uint8_t *bytes, size_t size, const char *name, size_t *offset, size_t *picked,
                              struct w4_error *error)
{
    if (!co_inside(CO_BUNDLE_MAGIC_BYTES, 8, size))
        return w4_fail(error, W4_PARSE, "%s: offload bundle is cut off in its header", name);
    const uint64_t count = co_read64(bytes + CO_BUNDLE_MAGIC_BYTES);
    size_t cursor = CO_BUNDLE_MAGIC_BYTES + 8;
    enum co_match best = CO_MATCH_FOREIGN;
    char found[256] = "";

    for (uint64_t i = 0; i < count; i++) {
        struct entry entry;
        if (!next_entry(bytes, size, &cursor, &entry))
            return w4_fail(error, W4_PARSE, "%s: offload bundle entry %llu of %llu lies outside the file's %zu bytes",
                           name, (unsigned long long)i, (unsigned long long)count, size);
        size_t length;
        const char *text = processor(&entry, &length);
        if (!text)
            continue;
        append(found, sizeof found, text, length);
        const struct co_target *target = co_target_by_name(text, length);
        if (!target || target->match >= best)
            continue;
        best = target->match;
        *offset = (size_t)entry.offset;
        *picked = (size_t)entry.size;
    }
    if (best == CO_MATCH_FOREIGN)
        return w4_fail(error, W4_UNSUPPORTED, "%s: the offload bundle holds code for %s, none for gfx1151: " CO_REMEDY,
                       name, *found ? found : "no AMD GPU");
    return W4_OK;
}
