// The profile as JSON: everything that the text says, unrounded.
#include "internal.h"

#include "../source_line.h"

static json_t *waits_to_json(const struct emu_profile_row *row)
{
    json_t *object = json_object();
    for (unsigned i = 0; i < EMU_WAIT_COUNT; i++)
        if (row->wait[i])
            (void)json_object_set_new(object, emu_wait_names[i], json_real(emu_cycles_of(row->wait[i])));
    return object;
}

static void add_accesses(json_t *object, const struct emu_profile_row *row)
{
    if (row->lds_accesses) {
        (void)json_object_set_new(object, "lds_passes", json_integer((json_int_t)row->lds_passes));
        (void)json_object_set_new(object, "lds_replays", json_integer((json_int_t)row->lds_replays));
    }
    if (!row->memory_accesses)
        return;
    (void)json_object_set_new(object, "lines", json_integer((json_int_t)row->lines));
    (void)json_object_set_new(object, "lines_least", json_integer((json_int_t)row->lines_least));
    json_t *bytes = json_object();
    for (unsigned level = 0; level < EMU_LEVEL_COUNT; level++)
        (void)json_object_set_new(bytes, emu_level_names[level], json_integer((json_int_t)row->bytes[level]));
    (void)json_object_set_new(object, "bytes", bytes);
}

static json_t *row_to_json(const struct emu_profile *profile, const struct emu_profile_row *row,
                           const struct emu_source *source)
{
    const uint64_t address = profile->params->module->object.text.address + row->inst->pc;
    char text[160], line[256];
    (void)emu_print(row->inst, text, sizeof text);
    emu_source_find(source, address, line, sizeof line);
    const double share = profile->wave_time ? (double)emu_profile_row_time(row) / (double)profile->wave_time : 0;
    json_t *object =
        json_pack("{s:I, s:s, s:I, s:f, s:f, s:f, s:o}", "pc", (json_int_t)address, "text", text, "executions",
                  (json_int_t)row->executions, "time_share", share, "issue_cycles", emu_cycles_of(row->busy),
                  "own_cycles", emu_cycles_of(row->own), "stall_cycles", waits_to_json(row));
    if (!object)
        return NULL;
    if (*line)
        (void)json_object_set_new(object, "source", json_string(line));
    add_accesses(object, row);
    return object;
}

static json_t *loop_to_json(const struct emu_profile *profile, const struct emu_profile_loop *loop)
{
    const uint64_t text_address = profile->params->module->object.text.address;
    const uint64_t first = text_address + loop->first_pc;
    const uint64_t last = text_address + loop->last_pc;
    const double all = profile->wave_time ? (double)profile->wave_time : 1;
    return json_pack("{s:I, s:I, s:I, s:f, s:f, s:f}", "first_pc", (json_int_t)first, "last_pc", (json_int_t)last,
                     "iterations", (json_int_t)loop->iterations, "time_share", (double)loop->time / all,
                     "own_time_share", (double)loop->own_time / all, "wave_cycles_an_iteration",
                     emu_cycles_of(loop->time) / (double)loop->iterations);
}

static json_t *loops_to_json(const struct emu_profile *profile)
{
    json_t *loops = json_array();
    for (size_t i = 0; i < profile->loop_count; i++)
        (void)json_array_append_new(loops, loop_to_json(profile, &profile->loops[i]));
    return loops;
}

static json_t *by_name(const char *const *names, const double *values, unsigned count)
{
    json_t *object = json_object();
    for (unsigned i = 0; i < count; i++)
        (void)json_object_set_new(object, names[i], json_real(values[i]));
    return object;
}

json_t *emu_profile_to_json(const struct emu_profile *profile)
{
    const struct co_object *object = &profile->params->module->object;
    struct emu_source *source = emu_source_open(object->bytes, object->size);
    json_t *rows = json_array();
    bool failed = !rows;
    for (size_t i = 0; i < profile->row_count && !failed; i++)
        failed = json_array_append_new(rows, row_to_json(profile, &profile->rows[i], source)) != 0;
    emu_source_close(source);
    json_t *root =
        json_pack("{s:s, s:s, s:f, s:f, s:f, s:I, s:I, s:I, s:f, s:f, s:s, s:o, s:o, s:o, s:o}", "kernel",
                  profile->params->kernel->name, "times", EMU_CYCLES_LABEL, "cycles", profile->cycles.cycles,
                  "clock_mhz", profile->clock_mhz, "milliseconds", profile->milliseconds, "workgroups",
                  (json_int_t)profile->workgroups, "workgroups_simulated", (json_int_t)profile->workgroups_simulated,
                  "waves_simulated", (json_int_t)profile->wave_count, "wave_cycles", emu_cycles_of(profile->wave_time),
                  "occupancy_waves_per_simd", profile->waves_a_simd, "limiter", profile->limiter, "time_shares",
                  by_name(emu_stall_names, profile->cycles.share, EMU_STALL_COUNT), "bytes",
                  by_name(emu_level_names, profile->cycles.bytes, EMU_LEVEL_COUNT), "loops", loops_to_json(profile),
                  "instructions", rows);
    if (failed && root) {
        json_decref(root);
        root = NULL;
    }
    return root;
}
