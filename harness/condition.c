// The condition language: a recursive-descent parser to postfix code, and its evaluation with checked arithmetic.
#include "condition.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { OPS_MAX = 128, DEPTH_MAX = 32 };

enum op_kind {
    OP_NUMBER,
    OP_M,
    OP_N,
    OP_K,
    OP_G,
    OP_ADD,
    OP_SUB,
    OP_MUL,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_EQ,
    OP_AND,
    OP_OR
};

struct op {
    enum op_kind kind;
    int column;
    int64_t number;
};

struct w4_condition {
    size_t count;
    struct op ops[OPS_MAX];
};

enum type { TYPE_NUMBER, TYPE_TRUTH };

// Operators by level, loosest first. At one level a longer spelling stands before its prefix.
enum { LEVEL_OR, LEVEL_AND, LEVEL_COMPARE, LEVEL_SUM, LEVEL_PRODUCT, LEVEL_PRIMARY };
static const struct {
    int level;
    const char *text;
    enum op_kind kind;
    enum type operands, result;
} operators[] = {
    {LEVEL_OR, "or", OP_OR, TYPE_TRUTH, TYPE_TRUTH},       {LEVEL_AND, "and", OP_AND, TYPE_TRUTH, TYPE_TRUTH},
    {LEVEL_COMPARE, "<=", OP_LE, TYPE_NUMBER, TYPE_TRUTH}, {LEVEL_COMPARE, ">=", OP_GE, TYPE_NUMBER, TYPE_TRUTH},
    {LEVEL_COMPARE, "==", OP_EQ, TYPE_NUMBER, TYPE_TRUTH}, {LEVEL_COMPARE, "<", OP_LT, TYPE_NUMBER, TYPE_TRUTH},
    {LEVEL_COMPARE, ">", OP_GT, TYPE_NUMBER, TYPE_TRUTH},  {LEVEL_SUM, "+", OP_ADD, TYPE_NUMBER, TYPE_NUMBER},
    {LEVEL_SUM, "-", OP_SUB, TYPE_NUMBER, TYPE_NUMBER},    {LEVEL_PRODUCT, "*", OP_MUL, TYPE_NUMBER, TYPE_NUMBER},
};
enum { OPERATOR_COUNT = sizeof(operators) / sizeof(operators[0]) };

struct parser {
    const char *text;
    size_t at;
    int depth; // of parentheses
    w4_condition *condition;
    struct w4_error *error;
};

static void skip_spaces(struct parser *parser)
{
    while (parser->text[parser->at] == ' ') {
        parser->at++;
    }
}

static enum w4_status fail_at(const struct parser *parser, size_t at, const char *what)
{
    return w4_fail(parser->error, W4_PARSE, "column %zu of \"%.120s\": %s", at + 1, parser->text, what);
}

static enum w4_status emit(struct parser *parser, enum op_kind kind, size_t at, int64_t number)
{
    w4_condition *condition = parser->condition;
    if (condition->count == OPS_MAX) {
        return fail_at(parser, at, "the condition is too long");
    }
    condition->ops[condition->count++] = (struct op){kind, (int)at + 1, number};
    return W4_OK;
}

// Returns the operator of this level at the current place and steps over it, or OPERATOR_COUNT.
static size_t accept_operator(struct parser *parser, int level)
{
    skip_spaces(parser);
    const char *rest = parser->text + parser->at;
    for (size_t i = 0; i < OPERATOR_COUNT; i++) {
        const size_t length = strlen(operators[i].text);
        const bool is_word = isalpha((unsigned char)operators[i].text[0]) != 0;
        if (operators[i].level != level || strncmp(rest, operators[i].text, length) != 0 ||
            (is_word && isalnum((unsigned char)rest[length]))) {
            continue;
        }
        parser->at += length;
        return i;
    }
    return OPERATOR_COUNT;
}

static enum w4_status parse_level(struct parser *parser, int level, enum type *type);

static enum w4_status parse_number(struct parser *parser)
{
    const size_t begin = parser->at;
    int64_t number = 0;
    for (; isdigit((unsigned char)parser->text[parser->at]); parser->at++) {
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, parser->text[parser->at] - '0', &number)) {
            return fail_at(parser, begin, "the number does not fit 64 bits");
        }
    }
    return emit(parser, OP_NUMBER, begin, number);
}

static enum w4_status parse_parentheses(struct parser *parser, enum type *type)
{
    const size_t begin = parser->at++;
    if (++parser->depth > DEPTH_MAX) {
        return fail_at(parser, begin, "too many nested parentheses");
    }
    const enum w4_status status = parse_level(parser, LEVEL_OR, type);
    if (status) {
        return status;
    }
    skip_spaces(parser);
    if (parser->text[parser->at] != ')') {
        return fail_at(parser, parser->at, "\")\" expected");
    }
    parser->at++;
    parser->depth--;
    return W4_OK;
}

static enum w4_status parse_primary(struct parser *parser, enum type *type)
{
    static const struct {
        char name;
        enum op_kind kind;
    } variables[] = {{'M', OP_M}, {'N', OP_N}, {'K', OP_K}, {'G', OP_G}};
    skip_spaces(parser);
    const unsigned char first = (unsigned char)parser->text[parser->at];
    if (first == '(') {
        return parse_parentheses(parser, type);
    }
    *type = TYPE_NUMBER;
    if (isdigit(first)) {
        return parse_number(parser);
    }
    const bool one_letter = !first || !isalnum((unsigned char)parser->text[parser->at + 1]);
    for (size_t i = 0; one_letter && i < sizeof(variables) / sizeof(variables[0]); i++) {
        if (first == (unsigned char)variables[i].name) {
            return emit(parser, variables[i].kind, parser->at++, 0);
        }
    }
    return fail_at(parser, parser->at, "M, N, K, G, an integer or \"(\" expected");
}

// One level: operands of the next level joined by this level's operators, from the left.
static enum w4_status parse_level(struct parser *parser, int level, enum type *type)
{
    if (level == LEVEL_PRIMARY) {
        return parse_primary(parser, type);
    }
    skip_spaces(parser);
    size_t left_at = parser->at;
    enum w4_status status = parse_level(parser, level + 1, type);
    while (!status) {
        skip_spaces(parser);
        const size_t operator_at = parser->at;
        const size_t i = accept_operator(parser, level);
        if (i == OPERATOR_COUNT) {
            break;
        }
        enum type right;
        skip_spaces(parser);
        const size_t right_at = parser->at;
        status = parse_level(parser, level + 1, &right);
        if (!status && (*type != operators[i].operands || right != operators[i].operands)) {
            status = fail_at(parser, *type != operators[i].operands ? left_at : right_at,
                             operators[i].operands == TYPE_TRUTH ? "a comparison expected, this is a number"
                                                                 : "a number expected, this is a comparison");
        }
        if (!status) {
            status = emit(parser, operators[i].kind, operator_at, 0);
        }
        *type = operators[i].result;
    }
    return status;
}

enum w4_status w4_condition_parse(const char *text, w4_condition **condition, struct w4_error *error)
{
    *condition = calloc(1, sizeof(**condition));
    if (!*condition) {
        return w4_fail(error, W4_MEMORY, "no memory for a condition");
    }
    struct parser parser = {.text = text, .condition = *condition, .error = error};
    enum type type = TYPE_NUMBER;
    enum w4_status status = parse_level(&parser, LEVEL_OR, &type);
    skip_spaces(&parser);
    if (!status && parser.text[parser.at]) {
        status = fail_at(&parser, parser.at, "\"and\", \"or\", a comparison or the end expected");
    }
    if (!status && type != TYPE_TRUTH) {
        status = fail_at(&parser, 0, "a comparison expected, this is a number");
    }
    if (status) {
        w4_condition_destroy(*condition);
        *condition = NULL;
    }
    return status;
}

void w4_condition_destroy(w4_condition *condition)
{
    free(condition);
}

// Returns false when the result does not fit.
static bool apply(enum op_kind kind, int64_t left, int64_t right, int64_t *result)
{
    switch (kind) {
    case OP_ADD: return !__builtin_add_overflow(left, right, result);
    case OP_SUB: return !__builtin_sub_overflow(left, right, result);
    case OP_MUL: return !__builtin_mul_overflow(left, right, result);
    case OP_LT: *result = left < right; return true;
    case OP_LE: *result = left <= right; return true;
    case OP_GT: *result = left > right; return true;
    case OP_GE: *result = left >= right; return true;
    case OP_EQ: *result = left == right; return true;
    case OP_AND: *result = left && right; return true;
    case OP_OR: *result = left || right; return true;
    default: return false;
    }
}

enum w4_status w4_condition_holds(const w4_condition *condition, const struct w4_shape *shape, bool *holds,
                                  struct w4_error *error)
{
    const int64_t variables[] = {[OP_M] = shape->m, [OP_N] = shape->n, [OP_K] = shape->k, [OP_G] = shape->group_size};
    int64_t stack[OPS_MAX];
    size_t depth = 0;
    for (size_t i = 0; i < condition->count; i++) {
        const struct op *op = &condition->ops[i];
        if (op->kind <= OP_G) {
            stack[depth++] = op->kind == OP_NUMBER ? op->number : variables[op->kind];
            continue;
        }
        depth--; // the parser emits two operands before each operator
        if (!apply(op->kind, stack[depth - 1], stack[depth], &stack[depth - 1])) {
            return w4_fail(error, W4_RANGE,
                           "column %d of the condition overflows 64 bits for M = %" PRId64 ", N = %" PRId64
                           ", K = %" PRId64,
                           op->column, shape->m, shape->n, shape->k);
        }
    }
    *holds = stack[0] != 0;
    return W4_OK;
}
