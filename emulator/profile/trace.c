// Spans of the waves on the first WGPs, in Chrome's trace format. Kept in memory up to a number, so that a trace stays
// small enough to be looked at; what was left out is said in it.
#include <stdlib.h>

#include "internal.h"

// A wave on its SIMD.
struct track {
    struct emu_cycles_wave wave;
    // The instruction whose span is still open: it ends when its unit is free, at most with the wave's next one.
    const struct emu_inst *inst;
    emu_ticks at, until;
};

struct span {
    uint32_t track;
    uint8_t reason;              // enum emu_wait_reason of a stall
    const struct emu_inst *inst; // NULL: a stall
    emu_ticks from, to;
};

struct emu_trace {
    struct track *tracks;
    size_t track_count, track_capacity;
    struct span *spans; // EMU_TRACE_SPANS_MAX
    size_t span_count;
    bool full, failed;
    emu_ticks full_at;
};

struct emu_trace *emu_trace_create(void)
{
    struct emu_trace *trace = calloc(1, sizeof *trace);
    if (trace)
        trace->spans = calloc(EMU_TRACE_SPANS_MAX, sizeof *trace->spans);
    if (trace && !trace->spans) {
        free(trace);
        return NULL;
    }
    return trace;
}

void emu_trace_destroy(struct emu_trace *trace)
{
    if (!trace)
        return;
    free(trace->tracks);
    free(trace->spans);
    free(trace);
}

bool emu_trace_failed(const struct emu_trace *trace)
{
    return trace->failed;
}

static bool is_traced(const struct emu_cycles_wave *wave)
{
    return wave->simd < EMU_TRACE_WGPS * EMU_SIMDS_A_WGP;
}

// The newest tracks are the likely ones.
static struct track *find(struct emu_trace *trace, const struct emu_cycles_wave *wave)
{
    if (!is_traced(wave))
        return NULL;
    for (size_t i = trace->track_count; i-- > 0;)
        if (trace->tracks[i].wave.number == wave->number)
            return &trace->tracks[i];
    return NULL;
}

static void add_span(struct emu_trace *trace, const struct track *track, const struct emu_inst *inst,
                     enum emu_wait_reason reason, emu_ticks from, emu_ticks to)
{
    if (to <= from || trace->full)
        return;
    if (trace->span_count == EMU_TRACE_SPANS_MAX) {
        trace->full = true;
        trace->full_at = from;
        return;
    }
    trace->spans[trace->span_count++] = (struct span){
        .track = (uint32_t)(track - trace->tracks), .reason = (uint8_t)reason, .inst = inst, .from = from, .to = to};
}

// Ends the open span at `limit` at the latest; returns from when on the wave does nothing.
static emu_ticks close_span(struct emu_trace *trace, struct track *track, emu_ticks limit)
{
    const emu_ticks end = track->until < limit ? track->until : limit;
    if (track->inst)
        add_span(trace, track, track->inst, EMU_WAIT_UNIT, track->at, end);
    track->inst = NULL;
    return end;
}

void emu_trace_start(struct emu_trace *trace, const struct emu_cycles_wave *wave, emu_ticks at)
{
    if (!is_traced(wave) || trace->full)
        return;
    if (trace->track_count == trace->track_capacity) {
        const size_t capacity = trace->track_capacity ? trace->track_capacity * 2 : 64;
        struct track *tracks = reallocarray(trace->tracks, capacity, sizeof *tracks);
        if (!tracks) {
            trace->failed = true;
            return;
        }
        trace->tracks = tracks;
        trace->track_capacity = capacity;
    }
    trace->tracks[trace->track_count++] = (struct track){.wave = *wave, .at = at, .until = at};
}

void emu_trace_issue(struct emu_trace *trace, const struct emu_cycles_issue *issue)
{
    struct track *track = trace->full ? NULL : find(trace, &issue->wave);
    if (!track)
        return;
    const emu_ticks idle = close_span(trace, track, issue->at);
    add_span(trace, track, NULL, emu_wait_of_stall(issue->reason), idle, issue->ready);
    add_span(trace, track, NULL, EMU_WAIT_UNIT, emu_ticks_max(idle, issue->ready), issue->at);
    track->inst = issue->inst;
    track->at = issue->at;
    track->until = issue->at + emu_ticks_max(issue->busy, EMU_TICKS_A_CYCLE);
}

void emu_trace_release(struct emu_trace *trace, const struct emu_cycles_wave *wave, emu_ticks at)
{
    struct track *track = trace->full ? NULL : find(trace, wave);
    if (!track)
        return;
    const emu_ticks idle = close_span(trace, track, at);
    add_span(trace, track, NULL, EMU_WAIT_BARRIER, idle, at);
    track->at = track->until = at;
}

void emu_trace_end(struct emu_trace *trace, const struct emu_cycles_wave *wave, emu_ticks at)
{
    struct track *track = trace->full ? NULL : find(trace, wave);
    if (track)
        (void)close_span(trace, track, at + EMU_TICKS_A_CYCLE);
}

static void write_names(const struct emu_trace *trace, FILE *out)
{
    for (unsigned simd = 0; simd < EMU_TRACE_WGPS * EMU_SIMDS_A_WGP; simd++)
        fprintf(out,
                "{\"ph\": \"M\", \"name\": \"process_name\", \"pid\": %u, \"args\": {\"name\": \"WGP %u SIMD %u\"}},\n",
                simd, simd / EMU_SIMDS_A_WGP, simd % EMU_SIMDS_A_WGP);
    for (size_t i = 0; i < trace->track_count; i++) {
        const struct emu_cycles_wave *wave = &trace->tracks[i].wave;
        fprintf(out,
                "{\"ph\": \"M\", \"name\": \"thread_name\", \"pid\": %u, \"tid\": %llu, \"args\": {\"name\": "
                "\"workgroup %llu wave %u\"}},\n",
                wave->simd, (unsigned long long)wave->number, (unsigned long long)wave->workgroup, wave->index);
    }
}

static void write_span(const struct emu_trace *trace, const struct span *span, uint64_t text_address, FILE *out)
{
    const struct emu_cycles_wave *wave = &trace->tracks[span->track].wave;
    char name[160];
    if (span->inst)
        (void)emu_print(span->inst, name, sizeof name);
    else
        snprintf(name, sizeof name, "waits: %s", emu_wait_names[span->reason]);
    fprintf(
        out,
        "{\"ph\": \"X\", \"name\": \"%s\", \"cat\": \"%s\", \"pid\": %u, \"tid\": %llu, \"ts\": %.3f, \"dur\": %.3f",
        name, span->inst ? "issue" : "stall", wave->simd, (unsigned long long)wave->number, emu_cycles_of(span->from),
        emu_cycles_of(span->to) - emu_cycles_of(span->from));
    const uint64_t address = text_address + (span->inst ? span->inst->pc : 0);
    if (span->inst)
        fprintf(out, ", \"args\": {\"pc\": \"0x%llx\"}", (unsigned long long)address);
    fputc('}', out);
}

void emu_trace_summary(const struct emu_trace *trace, const struct emu_profile *profile, char *text, size_t size)
{
    char cut[96] = "";
    if (trace->full)
        snprintf(cut, sizeof cut, ", cut at cycle %.0f of %.0f", emu_cycles_of(trace->full_at),
                 profile->cycles.simulated_cycles);
    snprintf(text, size, "waves of %d of %d WGPs, %zu spans%s", (int)EMU_TRACE_WGPS, (int)EMU_WGPS, trace->span_count,
             cut);
}

void emu_trace_write(const struct emu_trace *trace, const struct emu_profile *profile, FILE *out)
{
    char summary[256];
    emu_trace_summary(trace, profile, summary, sizeof summary);
    fprintf(
        out,
        "{\"displayTimeUnit\": \"ns\", \"otherData\": {\"kernel\": \"%s\", \"times\": \"%s at %.0f MHz\", \"unit\": "
        "\"1 us stands for 1 shader cycle\", \"recorded\": \"%s\"},\n\"traceEvents\": [\n",
        profile->params->kernel->name, EMU_CYCLES_LABEL, profile->clock_mhz, summary);
    write_names(trace, out);
    for (size_t i = 0; i < trace->span_count; i++) {
        write_span(trace, &trace->spans[i], profile->params->module->object.text.address, out);
        fputs(",\n", out);
    }
    // Closes the list, whose last comma JSON does not forgive.
    fprintf(out, "{\"ph\": \"M\", \"name\": \"process_labels\", \"pid\": 0, \"args\": {\"labels\": \"%s\"}}\n]}\n",
            EMU_CYCLES_LABEL);
}

void emu_profile_write_trace(const struct emu_profile *profile, FILE *out)
{
    if (profile->trace)
        emu_trace_write(profile->trace, profile, out);
}
