// The profile as text: what the launch did, hot loops with their instructions, then the rest of the code.
#include "internal.h"

#include <string.h>

#include "../source_line.h"

enum { LOOPS_MAX = 8, REASONS_MAX = 2, HOTTEST_MAX = 10 };

struct writer {
    const struct emu_profile *profile;
    const struct emu_source *source;
    FILE *out;
    char last_line[256]; // source line of the row before
};

static double share_of(const struct writer *writer, emu_ticks time)
{
    const emu_ticks all = writer->profile->wave_time;
    return all ? 100.0 * (double)time / (double)all : 0;
}

static uint64_t address_of(const struct writer *writer, uint32_t pc)
{
    return writer->profile->params->module->object.text.address + pc;
}

// "  3.2 memory, 1.0 fetch": the largest waits, cycles an execution.
static void describe_waits(const struct emu_profile_row *row, char *text, size_t size)
{
    bool told[EMU_WAIT_COUNT] = {false};
    size_t used = 0;
    text[0] = '\0';
    for (int n = 0; n < REASONS_MAX; n++) {
        unsigned most = EMU_WAIT_COUNT;
        for (unsigned i = 0; i < EMU_WAIT_COUNT; i++)
            if (!told[i] && row->wait[i] > 0 && (most == EMU_WAIT_COUNT || row->wait[i] > row->wait[most]))
                most = i;
        if (most == EMU_WAIT_COUNT)
            return;
        told[most] = true;
        const double each = emu_cycles_of(row->wait[most]) / (double)row->executions;
        if (each < 0.05)
            return;
        const int written =
            snprintf(text + used, size - used, "%s%.1f %s", used ? ", " : "", each, emu_wait_names[most]);
        used += written > 0 && (size_t)written < size - used ? (size_t)written : 0;
    }
}

// What its accesses cost against the best that they could.
static void describe_accesses(const struct emu_profile_row *row, char *text, size_t size)
{
    text[0] = '\0';
    if (row->lds_accesses && row->lds_replays)
        snprintf(text, size, "conflicts x%.2f (+%.1f passes)",
                 (double)(row->lds_passes + row->lds_replays) / (double)row->lds_passes,
                 (double)row->lds_replays / (double)row->lds_accesses);
    else if (row->lds_accesses)
        snprintf(text, size, "no conflict");
    else if (row->memory_accesses)
        snprintf(text, size, "%.1f lines (least %.1f)", (double)row->lines / (double)row->memory_accesses,
                 (double)row->lines_least / (double)row->memory_accesses);
}

// The file without its folders.
static void write_source(struct writer *writer, uint64_t address)
{
    char line[256];
    emu_source_find(writer->source, address, line, sizeof line);
    if (!*line || strcmp(line, writer->last_line) == 0)
        return;
    strcpy(writer->last_line, line);
    const char *name = strrchr(line, '/');
    fprintf(writer->out, "  ; %s", name ? name + 1 : line);
}

static void write_row(struct writer *writer, const struct emu_profile_row *row)
{
    char instruction[160], waits[96], accesses[64];
    const double executions = (double)row->executions;
    emu_ticks wait = 0;
    for (unsigned i = 0; i < EMU_WAIT_COUNT; i++)
        wait += row->wait[i];
    (void)emu_print(row->inst, instruction, sizeof instruction);
    describe_waits(row, waits, sizeof waits);
    describe_accesses(row, accesses, sizeof accesses);
    fprintf(writer->out, "  %6llx %12llu %6.2f %8.1f %8.1f  %-30s %-28s %s",
            (unsigned long long)address_of(writer, row->inst->pc), (unsigned long long)row->executions,
            share_of(writer, emu_profile_row_time(row)), emu_cycles_of(row->busy) / executions,
            emu_cycles_of(wait) / executions, waits, accesses, instruction);
    write_source(writer, address_of(writer, row->inst->pc));
    fputc('\n', writer->out);
}

static void write_titles(const struct writer *writer)
{
    fprintf(writer->out, "  %6s %12s %6s %8s %8s  %-30s %-28s %s\n", "pc", "executions", "time %", "issue", "stall",
            "by reason", "accesses", "instruction  ; source");
}

// Rows between two addresses whose innermost loop is `loop`; inner loops are told of by a line.
static void write_rows(struct writer *writer, uint32_t first_pc, uint32_t last_pc, size_t loop)
{
    const struct emu_profile *profile = writer->profile;
    size_t inside = profile->loop_count;
    writer->last_line[0] = '\0';
    for (size_t i = emu_profile_row_at(profile, first_pc);
         i < profile->row_count && profile->rows[i].inst->pc <= last_pc; i++) {
        const size_t innermost = emu_profile_loop_of(profile, profile->rows[i].inst->pc);
        if (innermost == loop) {
            write_row(writer, &profile->rows[i]);
        } else if (innermost != inside) {
            fprintf(writer->out, "  %6s (loop %zu)\n", "...", innermost + 1);
        }
        inside = innermost;
    }
}

// The rows with most of the waves' time, the first one first.
static void write_hottest(struct writer *writer)
{
    const struct emu_profile *profile = writer->profile;
    size_t hottest[HOTTEST_MAX];
    size_t count = 0;
    for (size_t i = 0; i < profile->row_count; i++) {
        const emu_ticks time = emu_profile_row_time(&profile->rows[i]);
        size_t at = count;
        while (at > 0 && emu_profile_row_time(&profile->rows[hottest[at - 1]]) < time)
            at--;
        if (at == HOTTEST_MAX)
            continue;
        count += count < HOTTEST_MAX;
        memmove(&hottest[at + 1], &hottest[at], (count - at - 1) * sizeof *hottest);
        hottest[at] = i;
    }
    fprintf(writer->out, "\nhottest instructions\n");
    write_titles(writer);
    for (size_t i = 0; i < count; i++) {
        writer->last_line[0] = '\0';
        write_row(writer, &profile->rows[hottest[i]]);
    }
}

static void write_loop(struct writer *writer, size_t index)
{
    const struct emu_profile *profile = writer->profile;
    const struct emu_profile_loop *loop = &profile->loops[index];
    const double iterations = (double)loop->iterations;
    fprintf(writer->out,
            "\nloop %zu: 0x%llx..0x%llx, %.1f iterations a wave, %.1f %% of wave time (%.1f %% without inner loops), "
            "%.1f wave cycles an iteration\n",
            index + 1, (unsigned long long)address_of(writer, loop->first_pc),
            (unsigned long long)address_of(writer, loop->last_pc),
            profile->wave_count ? iterations / (double)profile->wave_count : 0, share_of(writer, loop->time),
            share_of(writer, loop->own_time), emu_cycles_of(loop->time) / iterations);
    write_titles(writer);
    write_rows(writer, loop->first_pc, loop->last_pc, index);
}

static void write_head(const struct writer *writer)
{
    const struct emu_profile *profile = writer->profile;
    FILE *out = writer->out;
    fprintf(out, "kernel %s: %.0f cycles, %.4g ms %s at %.0f MHz\n", profile->params->kernel->name,
            profile->cycles.cycles, profile->milliseconds, EMU_CYCLES_LABEL, profile->clock_mhz);
    fprintf(out, "%llu workgroups, %llu simulated with %llu waves; %.1f waves a SIMD (limit: %s)\n",
            (unsigned long long)profile->workgroups, (unsigned long long)profile->workgroups_simulated,
            (unsigned long long)profile->wave_count, profile->waves_a_simd, profile->limiter);
    fputs("SIMD time:", out);
    for (unsigned i = 0; i < EMU_STALL_COUNT; i++)
        fprintf(out, "%s %s %.1f %%", i ? "," : "", emu_stall_names[i], 100 * profile->cycles.share[i]);
    fputs("\nbytes out of:", out);
    for (unsigned i = 0; i < EMU_LEVEL_COUNT; i++)
        fprintf(out, "%s %s %.4g MB", i ? "," : "", emu_level_names[i], profile->cycles.bytes[i] * 1e-6);
    emu_ticks sums[EMU_WAIT_COUNT] = {0};
    emu_ticks own = 0;
    for (size_t i = 0; i < profile->row_count; i++) {
        own += profile->rows[i].own;
        for (unsigned k = 0; k < EMU_WAIT_COUNT; k++)
            sums[k] += profile->rows[i].wait[k];
    }
    fprintf(out, "\nwave time: own %.1f %%", share_of(writer, own));
    for (unsigned k = 0; k < EMU_WAIT_COUNT; k++)
        fprintf(out, ", %s %.1f %%", emu_wait_names[k], share_of(writer, sums[k]));
    if (profile->trace) {
        char summary[256];
        emu_trace_summary(profile->trace, profile, summary, sizeof summary);
        fprintf(out, "\ntrace: %s", summary);
    }
    fputs("\ntime %: share of wave time; issue: cycles of its unit, stall: cycles that a wave waits, an execution\n",
          out);
}

void emu_profile_write_text(const struct emu_profile *profile, FILE *out)
{
    const struct co_object *object = &profile->params->module->object;
    struct emu_source *source = emu_source_open(object->bytes, object->size);
    struct writer writer = {.profile = profile, .source = source, .out = out};
    write_head(&writer);
    write_hottest(&writer);
    const size_t shown = profile->loop_count < LOOPS_MAX ? profile->loop_count : LOOPS_MAX;
    for (size_t i = 0; i < shown; i++)
        write_loop(&writer, i);
    if (shown < profile->loop_count)
        fprintf(out, "\n%zu further loops: see the JSON form\n", profile->loop_count - shown);
    fputs("\noutside loops\n", out);
    write_titles(&writer);
    write_rows(&writer, 0, UINT32_MAX, profile->loop_count);
    emu_source_close(source);
}
