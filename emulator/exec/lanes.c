// The uncommon paths of lanes.h and float16.h: broadcast, modifiers and DPP on sources, 64-bit pairs, and what MODE,
// omod and clamp do to results. Kept out of line so that the common path of a body stays small.
#include "lanes.h"

#include "float16.h"

const uint32_t *emu_words_slow(const struct emu_wave *wave, const struct emu_inst *inst,
                               const struct emu_operand *operand, uint32_t *buffer)
{
    if (operand->kind != EMU_K_VGPR) {
        emu_fill(buffer, (uint32_t)emu_scalar_source(wave, operand));
        return buffer;
    }
    const uint32_t *words = emu_vgpr(wave, operand->reg);
    if (!emu_source_is_permuted(inst, operand))
        return words;
    emu_dpp_apply(wave, inst, words, buffer);
    return buffer;
}

const uint32_t *emu_source32_slow(const struct emu_wave *wave, const struct emu_inst *inst,
                                  const struct emu_operand *operand, uint32_t *buffer)
{
    const uint32_t *words = emu_words_slow(wave, inst, operand, buffer);
    if (!operand->neg && !operand->abs)
        return words;
    uint32_t keep = operand->abs ? 0x7fffffffu : ~0u;
    uint32_t flip = operand->neg ? 0x80000000u : 0;
    EMU_EACH_LANE(lane)
    buffer[lane] = (words[lane] & keep) ^ flip;
    return buffer;
}

// The half that a 16-bit operand names. Constants are already 16 bits wide.
static unsigned half_shift(const struct emu_operand *operand)
{
    return operand->hi && operand->kind != EMU_K_CONST ? 16 : 0;
}

void emu_source16(const struct emu_wave *wave, const struct emu_inst *inst, const struct emu_operand *operand,
                  uint32_t *buffer)
{
    const uint32_t *words = emu_words_slow(wave, inst, operand, buffer);
    unsigned shift = half_shift(operand);
    uint32_t keep = operand->abs ? 0x7fffu : 0xffffu;
    uint32_t flip = operand->neg ? 0x8000u : 0;
    EMU_EACH_LANE(lane)
    buffer[lane] = (words[lane] >> shift & keep) ^ flip;
}

void emu_source64(const struct emu_wave *wave, const struct emu_inst *inst, const struct emu_operand *operand,
                  uint64_t *buffer)
{
    (void)inst; // no 64-bit operation takes DPP
    uint64_t keep = operand->abs ? UINT64_MAX >> 1 : UINT64_MAX;
    uint64_t flip = operand->neg ? UINT64_C(1) << 63 : 0;
    if (operand->kind == EMU_K_VGPR) {
        const uint32_t *low = emu_vgpr(wave, operand->reg);
        const uint32_t *high = emu_vgpr(wave, (operand->reg + 1u) & 255);
        EMU_EACH_LANE(lane)
        buffer[lane] = ((low[lane] | (uint64_t)high[lane] << 32) & keep) ^ flip;
        return;
    }
    uint64_t value = (emu_scalar_source(wave, operand) & keep) ^ flip;
    EMU_EACH_LANE(lane)
    buffer[lane] = value;
}

void emu_write64(struct emu_wave *wave, const struct emu_operand *dst, const uint64_t *words, uint32_t lanes)
{
    uint32_t half[EMU_LANES] EMU_ALIGNED;
    EMU_EACH_LANE(lane)
    half[lane] = (uint32_t)words[lane];
    emu_blend32(emu_vgpr(wave, dst->reg), half, lanes);
    EMU_EACH_LANE(lane)
    half[lane] = (uint32_t)(words[lane] >> 32);
    emu_blend32(emu_vgpr(wave, (dst->reg + 1u) & 255), half, lanes);
}

static void flush_f32(const uint32_t *words, uint32_t *out)
{
    EMU_EACH_LANE(lane)
    out[lane] = (words[lane] & 0x7f800000u) == 0 ? words[lane] & 0x80000000u : words[lane];
}

static void flush_f16(uint32_t *words)
{
    EMU_EACH_LANE(lane)
    words[lane] = (words[lane] & 0x7c00u) == 0 ? words[lane] & 0x8000u : words[lane];
}

static void flush_f64(uint64_t *words)
{
    EMU_EACH_LANE(lane)
    words[lane] = (words[lane] & UINT64_C(0x7ff0000000000000)) == 0 ? words[lane] & UINT64_C(1) << 63 : words[lane];
}

const uint32_t *emu_flush32(const struct emu_wave *wave, const uint32_t *words, uint32_t *buffer)
{
    if (!emu_flushes_input(wave, EMU_MODE_DENORM32_SHIFT))
        return words;
    flush_f32(words, buffer);
    return buffer;
}

void emu_flush64(const struct emu_wave *wave, uint64_t *words)
{
    if (emu_flushes_input(wave, EMU_MODE_DENORM64_SHIFT))
        flush_f64(words);
}

// omod 1, 2, 3 means * 2, * 4, / 2. It is ignored in IEEE mode and where output denormals are kept; where it acts,
// denormals and -0 become +0 (RDNA 3 ISA, "Output modifiers").
static float output_scale(const struct emu_wave *wave, const struct emu_inst *inst, unsigned denorm_shift)
{
    static const float scale[4] = {1.0f, 2.0f, 4.0f, 0.5f};
    if (wave->mode & EMU_MODE_IEEE || !emu_flushes_output(wave, denorm_shift))
        return 1.0f;
    return scale[inst->omod & 3];
}

void emu_finish_f32(const struct emu_wave *wave, const struct emu_inst *inst, uint32_t *words)
{
    float *values = (float *)words;
    float scale = output_scale(wave, inst, EMU_MODE_DENORM32_SHIFT);
    if (scale != 1.0f) {
        EMU_EACH_LANE(lane)
        values[lane] = values[lane] * scale + 0.0f;
    }
    if (emu_flushes_output(wave, EMU_MODE_DENORM32_SHIFT))
        flush_f32(words, words);
    if (!inst->clamp)
        return;
    uint32_t nan_keep = wave->mode & EMU_MODE_DX10_CLAMP ? 0 : ~0u;
    EMU_EACH_LANE(lane)
    {
        uint32_t bits = words[lane];
        uint32_t clamped = (int32_t)bits <= 0 ? 0 : bits > 0x3f800000u ? 0x3f800000u : bits;
        words[lane] = (bits & 0x7fffffffu) > 0x7f800000u ? bits & nan_keep : clamped;
    }
}

void emu_finish_f16(const struct emu_wave *wave, const struct emu_inst *inst, uint32_t *words)
{
    if (output_scale(wave, inst, EMU_MODE_DENORM64_SHIFT) != 1.0f) {
        float scale = output_scale(wave, inst, EMU_MODE_DENORM64_SHIFT);
        float values[EMU_LANES] EMU_ALIGNED;
        emu_f16_to_f32_lanes(words, 0, values);
        EMU_EACH_LANE(lane)
        values[lane] = values[lane] * scale + 0.0f;
        emu_f32_to_f16_lanes(values, words);
        if (wave->mode & EMU_MODE_FP16_OVFL)
            emu_f16_limit_overflow(values, words);
    }
    if (emu_flushes_output(wave, EMU_MODE_DENORM64_SHIFT))
        flush_f16(words);
    if (!inst->clamp)
        return;
    uint32_t nan_keep = wave->mode & EMU_MODE_DX10_CLAMP ? 0 : ~0u;
    EMU_EACH_LANE(lane)
    {
        uint32_t bits = words[lane] & 0xffffu;
        uint32_t clamped = bits & 0x8000u ? 0 : bits > 0x3c00u ? 0x3c00u : bits;
        words[lane] = (bits & 0x7fffu) > 0x7c00u ? bits & nan_keep : clamped;
    }
}

void emu_finish_f64(const struct emu_wave *wave, const struct emu_inst *inst, uint64_t *words)
{
    double *values = (double *)words;
    double scale = (double)output_scale(wave, inst, EMU_MODE_DENORM64_SHIFT);
    if (scale != 1.0) {
        EMU_EACH_LANE(lane)
        values[lane] = values[lane] * scale + 0.0;
    }
    if (emu_flushes_output(wave, EMU_MODE_DENORM64_SHIFT))
        flush_f64(words);
    if (!inst->clamp)
        return;
    const uint64_t one = UINT64_C(0x3ff0000000000000), infinity = UINT64_C(0x7ff0000000000000);
    uint64_t nan_keep = wave->mode & EMU_MODE_DX10_CLAMP ? 0 : UINT64_MAX;
    EMU_EACH_LANE(lane)
    {
        uint64_t bits = words[lane];
        uint64_t clamped = (int64_t)bits <= 0 ? 0 : bits > one ? one : bits;
        words[lane] = (bits & (UINT64_MAX >> 1)) > infinity ? bits & nan_keep : clamped;
    }
}

void emu_source_f16(const struct emu_wave *wave, const struct emu_inst *inst, const struct emu_operand *operand,
                    float *buffer)
{
    uint32_t *bits = (uint32_t *)buffer;
    const uint32_t *words = emu_words_slow(wave, inst, operand, bits);
    emu_f16_to_f32_lanes(words, half_shift(operand), buffer);
    if (EMU_UNLIKELY(emu_flushes_input(wave, EMU_MODE_DENORM64_SHIFT))) {
        EMU_EACH_LANE(lane)
        bits[lane] = (bits[lane] & 0x7fffffffu) < 0x38800000u ? bits[lane] & 0x80000000u : bits[lane];
    }
    if (!operand->neg && !operand->abs)
        return;
    uint32_t keep = operand->abs ? 0x7fffffffu : ~0u;
    uint32_t flip = operand->neg ? 0x80000000u : 0;
    EMU_EACH_LANE(lane)
    bits[lane] = (bits[lane] & keep) ^ flip;
}

void emu_result_f16(struct emu_wave *wave, const struct emu_inst *inst, const float *values)
{
    uint32_t words[EMU_LANES] EMU_ALIGNED;
    emu_f32_to_f16_lanes(values, words);
    if (EMU_UNLIKELY(wave->mode & EMU_MODE_FP16_OVFL))
        emu_f16_limit_overflow(values, words);
    if (EMU_UNLIKELY(!emu_mode_is_plain64(wave) || inst->clamp || inst->omod))
        emu_finish_f16(wave, inst, words);
    emu_write16(wave, &inst->dst, words, emu_lanes(wave, inst));
}
