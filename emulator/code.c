// Decodes functions by a linear sweep over their symbol's range, links each instruction to its body and its branch
// target, and finds instructions by address. Which words mean what is decode.c's business.
#include "code.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "exec/control.h"
#include "launch.h"

// A decoded range. `inst` holds the instructions in order, then one that stands for running off the end; VOPD's Y
// halves lie in `dual`.
struct range {
    struct range *next;
    struct emu_inst *inst, *dual;
    size_t count; // of instructions, without the one at the end
    bool linked;  // branch targets are set
};

struct emu_code {
    const struct co_object *object;
    const uint8_t *text; // in the loaded image
    uint64_t address;    // device address of .text
    uint32_t word_count;
    bool wave64;
    const struct emu_bodies *bodies;
    pthread_mutex_t lock; // of decoding
    struct range *ranges;
    _Atomic(const struct emu_inst *) *at; // a word of .text -> the instruction that starts there
};

static void free_range(struct range *range)
{
    if (!range)
        return;
    free(range->inst);
    free(range->dual);
    free(range);
}

struct emu_code *emu_code_create(const struct co_object *object, const uint8_t *image, uint64_t base, bool wave64,
                                 const struct emu_bodies *bodies)
{
    struct emu_code *code = calloc(1, sizeof *code);
    if (!code)
        return NULL;
    code->object = object;
    code->text = image + object->text.address;
    code->address = base + object->text.address;
    code->word_count = (uint32_t)(object->text.size / 4);
    code->wave64 = wave64;
    code->bodies = bodies;
    code->at = calloc(code->word_count + 1u, sizeof *code->at);
    if (!code->at || pthread_mutex_init(&code->lock, NULL) != 0) {
        free(code->at);
        free(code);
        return NULL;
    }
    return code;
}

void emu_code_destroy(struct emu_code *code)
{
    if (!code)
        return;
    while (code->ranges) {
        struct range *next = code->ranges->next;
        free_range(code->ranges);
        code->ranges = next;
    }
    pthread_mutex_destroy(&code->lock);
    free(code->at);
    free(code);
}

// ---- Stand-ins for instructions that cannot run ----------------------------------------------------------------

static void exec_illegal(struct emu_wave *wave, const struct emu_inst *inst)
{
    emu_fault_raise(wave, inst, EMU_FAULT_ILLEGAL_INSTRUCTION, -1, 0,
                    "0x%08x is no instruction of gfx1151; is the code object damaged, or did the wave jump into data?",
                    inst->raw[0]);
}

static void exec_bad_operand(struct emu_wave *wave, const struct emu_inst *inst)
{
    emu_fault_raise(wave, inst, EMU_FAULT_ILLEGAL_INSTRUCTION, -1, 0, "0x%08x has a reserved operand encoding",
                    inst->raw[0]);
}

static void exec_no_body(struct emu_wave *wave, const struct emu_inst *inst)
{
    emu_fault_raise(wave, inst, EMU_FAULT_UNSUPPORTED, -1, 0, "%s (0x%08x) is not implemented by this emulator",
                    emu_opcodes[inst->op].name, inst->raw[0]);
}

static void exec_end_of_range(struct emu_wave *wave, const struct emu_inst *inst)
{
    const uint64_t address = emu_code_address(wave, inst);
    const struct emu_inst *next = emu_code_at(wave, address);
    if (next && next != inst) {
        wave->ip = next;
        return;
    }
    emu_fault_raise(wave, inst, EMU_FAULT_ILLEGAL_INSTRUCTION, -1, address, "the wave ran past the end of .text");
}

// ---- Linking ----------------------------------------------------------------------------------------------------

static bool has_bad_operand(const struct emu_inst *inst)
{
    bool bad = inst->dst.kind == EMU_K_BAD || inst->sdst.kind == EMU_K_BAD;
    for (size_t i = 0; i < sizeof inst->src / sizeof *inst->src; i++)
        bad |= inst->src[i].kind == EMU_K_BAD;
    return bad;
}

// Encodings whose bodies see 32 lanes: in wave64 they run once a half.
static bool is_vector(uint8_t encoding)
{
    switch (encoding) {
    case EMU_E_VOP1:
    case EMU_E_VOP2:
    case EMU_E_VOPC:
    case EMU_E_VOP3:
    case EMU_E_VOP3SD:
    case EMU_E_VOP3P:
    case EMU_E_DS:
    case EMU_E_FLAT:
    case EMU_E_GLOBAL:
    case EMU_E_SCRATCH:
    case EMU_E_MUBUF: return true;
    default: return false;
    }
}

static void link_body(const struct emu_code *code, struct emu_inst *inst, struct emu_inst *dual)
{
    const struct emu_bodies *bodies = code->bodies;
    if (inst->op == EMU_OP_INVALID) {
        inst->exec = exec_illegal;
        return;
    }
    if (has_bad_operand(inst) || (inst->encoding == EMU_E_VOPD && has_bad_operand(dual))) {
        inst->exec = exec_bad_operand;
        return;
    }
    inst->body = bodies->body[inst->op];
    inst->exec = inst->body ? inst->body : exec_no_body;
    if (inst->encoding == EMU_E_VOPD) {
        dual->body = dual->exec = bodies->body[dual->op];
        inst->dual = dual;
        inst->exec = inst->body && dual->body && bodies->dual ? bodies->dual : exec_no_body;
        return;
    }
    if (code->wave64 && inst->body && is_vector(inst->encoding) && !(emu_opcodes[inst->op].flags & EMU_F_WAVE_OP))
        inst->exec = bodies->both_halves;
}

static bool branches_by_immediate(const struct emu_inst *inst)
{
    return inst->class == EMU_C_BRANCH && (inst->encoding == EMU_E_SOPP || inst->encoding == EMU_E_SOPK);
}

// Decodes words [begin, end) into a new range. NULL when memory is short.
static struct range *sweep(const struct emu_code *code, uint32_t begin, uint32_t end)
{
    const uint32_t *text = (const void *)code->text; // .text starts at a multiple of 4, checked by the loader
    const size_t words = end - begin;
    struct range *range = calloc(1, sizeof *range);
    if (!range)
        return NULL;
    range->inst = calloc(words + 1, sizeof *range->inst);
    range->dual = calloc(words / 2 + 1, sizeof *range->dual); // a VOPD instruction takes at least two words
    if (!range->inst || !range->dual) {
        free_range(range);
        return NULL;
    }
    size_t duals = 0;
    for (uint32_t at = begin; at < end; range->count++) {
        struct emu_inst *inst = &range->inst[range->count];
        struct emu_inst *dual = &range->dual[duals];
        const int length = emu_decode(text + at, end - at, at * 4, code->wave64, inst, dual);
        link_body(code, inst, dual);
        if (inst->dual)
            duals++;
        at += length > 0 ? (uint32_t)length : 1;
    }
    range->inst[range->count] =
        (struct emu_inst){.exec = exec_end_of_range, .class = EMU_C_HINT, .words = 1, .pc = end * 4};
    // Nothing points into the array yet; most functions need half of it.
    struct emu_inst *shrunk = realloc(range->inst, (range->count + 1) * sizeof *shrunk);
    if (shrunk)
        range->inst = shrunk;
    return range;
}

// ---- Functions --------------------------------------------------------------------------------------------------

// The words [*begin, *end) to decode for `word`: the function symbol that holds it, else from `word` to the next one.
static void function_around(const struct emu_code *code, uint32_t word, uint32_t *begin, uint32_t *end)
{
    const uint64_t text = code->object->text.address;
    const uint64_t address = text + (uint64_t)word * 4;
    uint64_t first = address, limit = text + (uint64_t)code->word_count * 4;
    for (size_t i = 0; i < code->object->symbol_count; i++) {
        const struct co_symbol *symbol = &code->object->symbols[i];
        if (!symbol->function || symbol->address < text || symbol->address % 4 != 0)
            continue;
        if (symbol->address <= address && address - symbol->address < symbol->size) {
            first = symbol->address;
            limit = symbol->address + symbol->size < limit ? symbol->address + symbol->size : limit;
        } else if (symbol->address > address && symbol->address < limit) {
            limit = symbol->address;
        }
    }
    *begin = (uint32_t)((first - text) / 4);
    *end = (uint32_t)((limit - text + 3) / 4);
    if (*end > code->word_count)
        *end = code->word_count;
}

static const struct emu_inst *published(const struct emu_code *code, uint32_t word)
{
    return atomic_load_explicit(&code->at[word], memory_order_acquire);
}

static const struct emu_inst *find_in_range(const struct range *range, uint32_t pc)
{
    size_t low = 0, high = range->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (range->inst[middle].pc == pc)
            return &range->inst[middle];
        if (range->inst[middle].pc < pc)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

// Among published instructions and the ranges that this call has decoded.
static const struct emu_inst *find_known(const struct emu_code *code, const struct range *fresh, uint32_t word)
{
    const struct emu_inst *inst = published(code, word);
    for (; !inst && fresh; fresh = fresh->next)
        inst = find_in_range(fresh, word * 4);
    return inst;
}

// Decodes what is needed for an instruction to start at `word`. A sweep from the function's start may step over it
// (data between instructions); then another one starts at the word itself.
static const struct emu_inst *decode_at(const struct emu_code *code, struct range **fresh, uint32_t word)
{
    uint32_t begin, end;
    function_around(code, word, &begin, &end);
    for (int attempt = 0; attempt < 2; attempt++, begin = word) {
        const struct emu_inst *known = find_known(code, *fresh, word);
        if (known)
            return known;
        if (attempt == 0 && find_known(code, *fresh, begin))
            continue;
        struct range *range = sweep(code, begin, end);
        if (!range)
            return NULL;
        range->next = *fresh;
        *fresh = range;
    }
    return find_known(code, *fresh, word);
}

static void link_targets(const struct emu_code *code, struct range **fresh, struct range *range)
{
    for (size_t i = 0; i < range->count; i++) {
        struct emu_inst *inst = &range->inst[i];
        const int64_t target = (int64_t)inst->pc / 4 + 1 + inst->imm;
        if (branches_by_immediate(inst) && target >= 0 && target < code->word_count)
            inst->target = decode_at(code, fresh, (uint32_t)target);
    }
    range->linked = true;
}

// Branches may lead to functions that are not decoded yet: go on until nothing new turns up.
static void link_all(const struct emu_code *code, struct range **fresh)
{
    for (struct range *range = *fresh; range;) {
        if (range->linked) {
            range = range->next;
            continue;
        }
        link_targets(code, fresh, range);
        range = *fresh;
    }
}

// Other threads see an instruction only now that it is complete.
static void publish(struct emu_code *code, struct range *fresh)
{
    while (fresh) {
        struct range *next = fresh->next;
        for (size_t i = 0; i < fresh->count; i++) {
            const uint32_t word = fresh->inst[i].pc / 4;
            if (!published(code, word))
                atomic_store_explicit(&code->at[word], &fresh->inst[i], memory_order_release);
        }
        fresh->next = code->ranges;
        code->ranges = fresh;
        fresh = next;
    }
}

const struct emu_inst *emu_code_find(struct emu_code *code, uint64_t address)
{
    if (address < code->address || address % 4 != 0 || (address - code->address) / 4 >= code->word_count)
        return NULL;
    const uint32_t word = (uint32_t)((address - code->address) / 4);
    const struct emu_inst *found = published(code, word);
    if (found)
        return found;

    struct range *fresh = NULL;
    pthread_mutex_lock(&code->lock);
    (void)decode_at(code, &fresh, word);
    link_all(code, &fresh);
    publish(code, fresh);
    pthread_mutex_unlock(&code->lock);
    return published(code, word);
}

uint64_t emu_code_address_of(const struct emu_code *code, const struct emu_inst *inst)
{
    return code->address + inst->pc;
}

const char *emu_code_function(const struct emu_code *code, uint32_t pc, uint32_t *offset)
{
    const uint64_t address = code->object->text.address + pc;
    for (size_t i = 0; i < code->object->symbol_count; i++) {
        const struct co_symbol *symbol = &code->object->symbols[i];
        if (!symbol->function || address < symbol->address || address - symbol->address >= symbol->size)
            continue;
        *offset = (uint32_t)(address - symbol->address);
        return symbol->name;
    }
    return NULL;
}

const struct emu_inst *emu_code_at(const struct emu_wave *wave, uint64_t address)
{
    return emu_code_find(wave->group->launch->code, address);
}

uint64_t emu_code_address(const struct emu_wave *wave, const struct emu_inst *next)
{
    return emu_code_address_of(wave->group->launch->code, next);
}
