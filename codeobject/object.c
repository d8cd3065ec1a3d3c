// Parses a code object: decides whether gfx1151 can load the ELF file, and collects its segments, symbols, relocations,
// metadata and kernel descriptors. Everything that later stages index with is range-checked here.
#include "internal.h"

#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>

// Not in every libelf's <elf.h>. Sources: AMDGPUUsage, "ELF Code Object".
enum {
    OSABI_AMDGPU_HSA = 64,
    ABI_V4 = 2,
    ABI_V6 = 4,
    FLAG_MACHINE = 0x0ff,
    NOTE_METADATA = 32,
    R_ABS32_LO = 1,
    R_ABS32_HI = 2,
    R_ABS64 = 3,
    R_REL32 = 4,
    R_REL64 = 5,
    R_ABS32 = 6,
    R_RELATIVE64 = 13
};

struct parser {
    const char *name;
    struct co_object *object;
    struct w4_error *error;
    Elf *elf;
    const uint8_t *symbols; // the table that relocations index (.dynsym); NULL when absent
    size_t symbol_count;
    const char *strings;
    size_t strings_size;
};

// Prefixes the file name.
#define FAIL(parser, status, ...) w4_fail((parser)->error, status, "%s: " __VA_ARGS__)

static enum w4_status out_of_memory(const struct parser *parser)
{
    return w4_fail(parser->error, W4_MEMORY, "%s: out of memory", parser->name);
}

// Refusals name what was found, what is wanted and how to get it.
static enum w4_status check_machine(const struct parser *parser, const Elf64_Ehdr *header)
{
    const uint32_t machine = header->e_flags & FLAG_MACHINE;
    const struct co_target *target = co_target_by_machine(machine);
    if (!target)
        return w4_fail(parser->error, W4_UNSUPPORTED,
                       "%s: code for an AMD GPU with machine number 0x%03x, wanted gfx1151 (0x04a): " CO_REMEDY,
                       parser->name, machine);
    if (target->match == CO_MATCH_FOREIGN)
        return w4_fail(parser->error, W4_UNSUPPORTED, "%s: code for %s, wanted gfx1151: " CO_REMEDY, parser->name,
                       target->name);
    parser->object->match = target->match;
    return W4_OK;
}

static enum w4_status check_header(const struct parser *parser)
{
    const struct co_object *object = parser->object;
    const char *name = parser->name;
    Elf64_Ehdr header;

    if (object->size < EI_NIDENT || memcmp(object->bytes, ELFMAG, SELFMAG) != 0)
        return w4_fail(parser->error, W4_PARSE, "%s: not an ELF file nor an offload bundle (%zu bytes): " CO_REMEDY,
                       name, object->size);
    if (object->bytes[EI_CLASS] != ELFCLASS64 || object->bytes[EI_DATA] != ELFDATA2LSB)
        return w4_fail(parser->error, W4_UNSUPPORTED, "%s: not a 64-bit little-endian ELF file: " CO_REMEDY, name);
    if (object->size < sizeof header)
        return w4_fail(parser->error, W4_PARSE, "%s: cut off in its ELF header (%zu bytes)", name, object->size);
    memcpy(&header, object->bytes, sizeof header);
    if (header.e_machine != 224)
        return w4_fail(parser->error, W4_UNSUPPORTED, "%s: ELF file for machine %u, wanted AMDGPU (224): " CO_REMEDY,
                       name, header.e_machine);
    if (header.e_ident[EI_OSABI] != OSABI_AMDGPU_HSA)
        return w4_fail(parser->error, W4_UNSUPPORTED, "%s: OS ABI %u, wanted AMDGPU HSA (64): " CO_REMEDY, name,
                       header.e_ident[EI_OSABI]);
    const unsigned abi = header.e_ident[EI_ABIVERSION];
    if (abi < ABI_V4 || abi > ABI_V6)
        return w4_fail(parser->error, W4_UNSUPPORTED,
                       "%s: code object version %u (ABI version %u), wanted 4, 5 or 6: "
                       "compile with -mcode-object-version=5",
                       name, abi + 2, abi);
    if (header.e_type != ET_DYN)
        return w4_fail(parser->error, W4_UNSUPPORTED,
                       "%s: ELF type %u is not a linked code object (shared object, 3): link it with ld.lld -shared",
                       name, header.e_type);
    parser->object->version = abi + 2;
    return check_machine(parser, &header);
}

// PT_LOAD segments. Addresses are bounded, so that sums below cannot overflow.
static enum w4_status read_segments(struct parser *parser)
{
    struct co_object *object = parser->object;
    size_t count;
    if (elf_getphdrnum(parser->elf, &count) != 0 || count == 0)
        return FAIL(parser, W4_PARSE, "no program headers: %s", parser->name, elf_errmsg(-1));
    object->segments = calloc(count, sizeof *object->segments);
    if (!object->segments)
        return out_of_memory(parser);
    for (size_t i = 0; i < count; i++) {
        GElf_Phdr header;
        if (!gelf_getphdr(parser->elf, (int)i, &header))
            return FAIL(parser, W4_PARSE, "program header %zu: %s", parser->name, i, elf_errmsg(-1));
        if (header.p_type != PT_LOAD)
            continue;
        if (!co_inside(header.p_offset, header.p_filesz, object->size) || header.p_filesz > header.p_memsz)
            return FAIL(parser, W4_PARSE, "segment %zu lies outside the file's %zu bytes: the file is cut off",
                        parser->name, i, object->size);
        if (!co_inside(header.p_vaddr, header.p_memsz, CO_LIMIT_BYTES))
            return FAIL(parser, W4_RANGE, "segment %zu (address 0x%llx, %llu bytes) exceeds the 2 GiB limit",
                        parser->name, i, (unsigned long long)header.p_vaddr, (unsigned long long)header.p_memsz);
        object->segments[object->segment_count++] = (struct co_segment){
            .offset = header.p_offset,
            .file_bytes = header.p_filesz,
            .address = header.p_vaddr,
            .memory_bytes = header.p_memsz,
            .writable = (header.p_flags & PF_W) != 0,
            .executable = (header.p_flags & PF_X) != 0,
        };
        if (header.p_vaddr + header.p_memsz > object->load_size)
            object->load_size = header.p_vaddr + header.p_memsz;
    }
    return object->load_size ? W4_OK : FAIL(parser, W4_PARSE, "no loadable segments", parser->name);
}

// The file's bytes of a section; NULL for no-bits sections. False when it lies outside the file.
static bool section_bytes(const struct parser *parser, const GElf_Shdr *header, const uint8_t **bytes)
{
    *bytes = NULL;
    if (header->sh_type == SHT_NOBITS)
        return true;
    if (!co_inside(header->sh_offset, header->sh_size, parser->object->size))
        return false;
    *bytes = parser->object->bytes + header->sh_offset;
    return true;
}

// .text must be what an executable segment loads, since code is decoded from the section.
static enum w4_status take_text(const struct parser *parser, const GElf_Shdr *header, const uint8_t *bytes)
{
    struct co_object *object = parser->object;
    for (size_t i = 0; bytes && i < object->segment_count; i++) {
        const struct co_segment *segment = &object->segments[i];
        if (!segment->executable || header->sh_addr < segment->address ||
            !co_inside(header->sh_addr - segment->address, header->sh_size, segment->file_bytes))
            continue;
        if (segment->offset + (header->sh_addr - segment->address) != header->sh_offset || header->sh_addr % 4 != 0)
            break;
        object->text = (struct co_section){header->sh_addr, header->sh_size, bytes};
        return W4_OK;
    }
    return FAIL(parser, W4_PARSE, ".text (address 0x%llx, %llu bytes) is not part of an executable segment",
                parser->name, (unsigned long long)header->sh_addr, (unsigned long long)header->sh_size);
}

// A NUL-terminated string of a string table; NULL when it is not one.
static const char *string_at(const char *strings, size_t size, uint64_t offset)
{
    if (offset >= size || !memchr(strings + offset, 0, size - (size_t)offset))
        return NULL;
    return strings + offset;
}

// A symbol table section's entries and strings.
static enum w4_status open_symbols(const struct parser *parser, const GElf_Shdr *header, const uint8_t **entries,
                                   size_t *count, const char **strings, size_t *strings_size)
{
    GElf_Shdr string_header;
    Elf_Scn *section = elf_getscn(parser->elf, header->sh_link);
    const uint8_t *bytes;
    if (!section || !gelf_getshdr(section, &string_header) || !section_bytes(parser, &string_header, &bytes) ||
        !bytes || !section_bytes(parser, header, entries) || !*entries)
        return FAIL(parser, W4_PARSE, "a symbol table or its strings lie outside the file", parser->name);
    *count = (size_t)(header->sh_size / sizeof(Elf64_Sym));
    *strings = (const char *)bytes;
    *strings_size = (size_t)string_header.sh_size;
    return W4_OK;
}

// Adds the defined functions and objects of a table to the object's symbols.
static enum w4_status collect_symbols(const struct parser *parser, const GElf_Shdr *header)
{
    struct co_object *object = parser->object;
    const uint8_t *entries;
    const char *strings;
    size_t count, strings_size;
    enum w4_status status = open_symbols(parser, header, &entries, &count, &strings, &strings_size);
    if (status != W4_OK)
        return status;
    object->symbols = calloc(count ? count : 1, sizeof *object->symbols);
    if (!object->symbols)
        return out_of_memory(parser);
    for (size_t i = 0; i < count; i++) {
        Elf64_Sym symbol;
        memcpy(&symbol, entries + i * sizeof symbol, sizeof symbol);
        const unsigned type = ELF64_ST_TYPE(symbol.st_info);
        if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx == SHN_ABS || (type != STT_FUNC && type != STT_OBJECT))
            continue;
        const char *text = string_at(strings, strings_size, symbol.st_name);
        if (!text)
            return FAIL(parser, W4_PARSE, "symbol %zu has no valid name", parser->name, i);
        if (!co_inside(symbol.st_value, symbol.st_size, object->load_size))
            return FAIL(parser, W4_PARSE, "symbol %s lies outside the loaded segments", parser->name, text);
        char *copy = strdup(text);
        if (!copy)
            return out_of_memory(parser);
        object->symbols[object->symbol_count++] =
            (struct co_symbol){copy, symbol.st_value, symbol.st_size, type == STT_FUNC};
    }
    return W4_OK;
}

// The AMDGPU metadata inside a note section.
static enum w4_status read_notes(const struct parser *parser, const uint8_t *bytes, uint64_t size, bool *found)
{
    for (uint64_t at = 0; co_inside(at, 12, size);) {
        const uint64_t name_bytes = co_read32(bytes + at);
        const uint64_t payload_bytes = co_read32(bytes + at + 4);
        const uint32_t type = co_read32(bytes + at + 8);
        const uint64_t payload = at + 12 + ((name_bytes + 3) & ~UINT64_C(3));
        if (!co_inside(payload, payload_bytes, size))
            return FAIL(parser, W4_PARSE, "note section: an entry lies outside the section", parser->name);
        if (type == NOTE_METADATA && name_bytes == 7 && memcmp(bytes + at + 12, "AMDGPU", 7) == 0 && !*found) {
            *found = true;
            return co_metadata_parse(bytes + payload, (size_t)payload_bytes, parser->name, parser->object,
                                     parser->error);
        }
        at = payload + ((payload_bytes + 3) & ~UINT64_C(3));
    }
    return W4_OK;
}

// Value and absoluteness of the symbol that a relocation names.
static enum w4_status resolve(const struct parser *parser, uint32_t index, struct co_relocation *relocation)
{
    Elf64_Sym symbol;
    if (index >= parser->symbol_count)
        return FAIL(parser, W4_PARSE, "a relocation names symbol %u of %zu", parser->name, index, parser->symbol_count);
    memcpy(&symbol, parser->symbols + index * sizeof symbol, sizeof symbol);
    relocation->absolute = symbol.st_shndx == SHN_ABS || symbol.st_shndx == SHN_UNDEF;
    relocation->value = symbol.st_value;
    if (index == 0 || symbol.st_shndx != SHN_UNDEF || ELF64_ST_BIND(symbol.st_info) == STB_WEAK)
        return W4_OK;
    const char *text = string_at(parser->strings, parser->strings_size, symbol.st_name);
    return FAIL(parser, W4_UNSUPPORTED, "undefined symbol %s: link the code object with its definition", parser->name,
                text ? text : "(no name)");
}

static enum w4_status add_relocation(const struct parser *parser, const Elf64_Rela *entry)
{
    static const struct {
        uint8_t bytes, high, place;
    } shapes[] = {
        [R_ABS32_LO] = {4, 0, 0}, [R_ABS32_HI] = {4, 1, 0}, [R_ABS64] = {8, 0, 0},      [R_REL32] = {4, 0, 1},
        [R_REL64] = {8, 0, 1},    [R_ABS32] = {4, 0, 0},    [R_RELATIVE64] = {8, 0, 0},
    };
    struct co_object *object = parser->object;
    const uint32_t type = (uint32_t)ELF64_R_TYPE(entry->r_info);
    struct co_relocation *relocation = &object->relocations[object->relocation_count];

    if (type == 0)
        return W4_OK;
    if (type >= sizeof shapes / sizeof *shapes || !shapes[type].bytes)
        return FAIL(parser, W4_UNSUPPORTED, "relocation type %u is not one that a loader applies (AMDGPUUsage)",
                    parser->name, type);
    if (!co_inside(entry->r_offset, shapes[type].bytes, object->load_size))
        return FAIL(parser, W4_PARSE, "a relocation at 0x%llx lies outside the loaded segments", parser->name,
                    (unsigned long long)entry->r_offset);
    *relocation = (struct co_relocation){.address = entry->r_offset,
                                         .bytes = shapes[type].bytes,
                                         .high = shapes[type].high,
                                         .place = shapes[type].place};
    if (type != R_RELATIVE64) {
        enum w4_status status = resolve(parser, (uint32_t)ELF64_R_SYM(entry->r_info), relocation);
        if (status != W4_OK)
            return status;
    }
    relocation->value += (uint64_t)entry->r_addend;
    object->relocation_count++;
    return W4_OK;
}

static enum w4_status read_relocations(const struct parser *parser, const GElf_Shdr *header)
{
    struct co_object *object = parser->object;
    const uint8_t *bytes;
    if (!section_bytes(parser, header, &bytes) || !bytes)
        return FAIL(parser, W4_PARSE, "a relocation section lies outside the file", parser->name);
    const size_t count = (size_t)(header->sh_size / sizeof(Elf64_Rela));
    const size_t total = object->relocation_count + count;
    struct co_relocation *grown = realloc(object->relocations, (total ? total : 1) * sizeof *grown);
    if (!grown)
        return out_of_memory(parser);
    object->relocations = grown;
    for (size_t i = 0; i < count; i++) {
        Elf64_Rela entry;
        memcpy(&entry, bytes + i * sizeof entry, sizeof entry);
        enum w4_status status = add_relocation(parser, &entry);
        if (status != W4_OK)
            return status;
    }
    return W4_OK;
}

// Finds sections by type and name in one pass; relocations come after it, since they need .dynsym.
struct sections {
    GElf_Shdr text, symtab, dynsym;
    bool has_text, has_symtab, has_dynsym, has_notes;
};

static enum w4_status scan_sections(const struct parser *parser, struct sections *found)
{
    size_t names;
    if (elf_getshdrstrndx(parser->elf, &names) != 0)
        return FAIL(parser, W4_PARSE, "no section names: %s", parser->name, elf_errmsg(-1));
    for (Elf_Scn *section = elf_nextscn(parser->elf, NULL); section; section = elf_nextscn(parser->elf, section)) {
        GElf_Shdr header;
        const uint8_t *bytes;
        if (!gelf_getshdr(section, &header))
            return FAIL(parser, W4_PARSE, "section header: %s", parser->name, elf_errmsg(-1));
        if (!section_bytes(parser, &header, &bytes))
            return FAIL(parser, W4_PARSE, "section %zu lies outside the file's %zu bytes: the file is cut off",
                        parser->name, elf_ndxscn(section), parser->object->size);
        const char *name = elf_strptr(parser->elf, names, header.sh_name);
        enum w4_status status = W4_OK;
        if (header.sh_type == SHT_SYMTAB) {
            found->symtab = header;
            found->has_symtab = true;
        } else if (header.sh_type == SHT_DYNSYM) {
            found->dynsym = header;
            found->has_dynsym = true;
        } else if (header.sh_type == SHT_NOTE) {
            status = read_notes(parser, bytes, header.sh_size, &found->has_notes);
        } else if (name && strcmp(name, ".text") == 0 && !found->has_text) {
            found->has_text = true;
            status = take_text(parser, &header, bytes);
        }
        if (status != W4_OK)
            return status;
    }
    return W4_OK;
}

static enum w4_status read_all_relocations(struct parser *parser, const struct sections *found)
{
    if (found->has_dynsym) {
        enum w4_status status = open_symbols(parser, &found->dynsym, &parser->symbols, &parser->symbol_count,
                                             &parser->strings, &parser->strings_size);
        if (status != W4_OK)
            return status;
    }
    for (Elf_Scn *section = elf_nextscn(parser->elf, NULL); section; section = elf_nextscn(parser->elf, section)) {
        GElf_Shdr header;
        // Only allocated ones are the loader's; others belong to tools.
        if (!gelf_getshdr(section, &header) || header.sh_type != SHT_RELA || !(header.sh_flags & SHF_ALLOC))
            continue;
        enum w4_status status = read_relocations(parser, &header);
        if (status != W4_OK)
            return status;
    }
    return W4_OK;
}

static enum w4_status parse_elf(struct parser *parser)
{
    struct sections found = {0};
    enum w4_status status = check_header(parser);
    if (status != W4_OK)
        return status;
    if (elf_version(EV_CURRENT) == EV_NONE)
        return FAIL(parser, W4_INTERNAL, "libelf is too old: %s", parser->name, elf_errmsg(-1));
    parser->elf = elf_memory((char *)parser->object->bytes, parser->object->size);
    if (!parser->elf)
        return FAIL(parser, W4_PARSE, "not readable as ELF: %s", parser->name, elf_errmsg(-1));

    status = read_segments(parser);
    if (status == W4_OK)
        status = scan_sections(parser, &found);
    if (status == W4_OK && !found.has_notes)
        status = FAIL(parser, W4_PARSE, "no AMDGPU metadata note: " CO_REMEDY, parser->name);
    if (status == W4_OK && !found.has_symtab && !found.has_dynsym)
        status = FAIL(parser, W4_PARSE, "no symbol table: do not strip the code object", parser->name);
    if (status == W4_OK)
        status = collect_symbols(parser, found.has_symtab ? &found.symtab : &found.dynsym);
    if (status == W4_OK)
        status = read_all_relocations(parser, &found);
    if (status == W4_OK)
        status = co_descriptors_read(parser->name, parser->object, parser->error);
    elf_end(parser->elf);
    return status;
}

// Picks the code object out of a bundle, or takes the bytes as one.
static enum w4_status take_bytes(const uint8_t *bytes, size_t size, const char *name, struct co_object *object,
                                 struct w4_error *error)
{
    size_t offset = 0;
    size_t picked = size;
    if (co_is_bundle(bytes, size)) {
        const enum w4_status status = co_bundle_pick(bytes, size, name, &offset, &picked, error);
        if (status != W4_OK)
            return status;
    }
    object->bytes = malloc(picked ? picked : 1);
    if (!object->bytes)
        return w4_fail(error, W4_MEMORY, "%s: out of memory", name);
    memcpy(object->bytes, bytes + offset, picked);
    object->size = picked;
    return W4_OK;
}

enum w4_status co_object_parse(const void *bytes, size_t size, const char *name, struct co_object *object,
                               struct w4_error *error)
{
    memset(object, 0, sizeof *object);
    uint8_t *unpacked = NULL;
    const uint8_t *from = bytes;
    enum w4_status status = W4_OK;
    if (co_is_compressed(bytes, size)) {
        status = co_compressed_unpack(bytes, size, name, &unpacked, &size, error);
        from = unpacked;
    }
    if (status == W4_OK)
        status = take_bytes(from, size, name, object, error);
    free(unpacked);
    if (status != W4_OK)
        return status;

    struct parser parser = {.name = name, .object = object, .error = error};
    status = parse_elf(&parser);
    if (status != W4_OK)
        co_object_fini(object);
    return status;
}

void co_object_fini(struct co_object *object)
{
    for (size_t i = 0; i < object->kernel_count; i++) {
        free(object->kernels[i].name);
        free(object->kernels[i].symbol);
        free(object->kernels[i].args);
    }
    for (size_t i = 0; i < object->symbol_count; i++)
        free(object->symbols[i].name);
    free(object->kernels);
    free(object->symbols);
    free(object->segments);
    free(object->relocations);
    free(object->target);
    free(object->bytes);
    memset(object, 0, sizeof *object);
}

const struct co_kernel *co_object_find_kernel(const struct co_object *object, const char *name)
{
    for (size_t i = 0; i < object->kernel_count; i++)
        if (strcmp(object->kernels[i].name, name) == 0)
            return &object->kernels[i];
    return NULL;
}

const struct co_symbol *co_object_find_symbol(const struct co_object *object, const char *name)
{
    for (size_t i = 0; i < object->symbol_count; i++)
        if (strcmp(object->symbols[i].name, name) == 0)
            return &object->symbols[i];
    return NULL;
}
