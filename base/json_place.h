// Finds where in the text a JSON value stands.
#ifndef W4_BASE_JSON_PLACE_H
#define W4_BASE_JSON_PLACE_H

#include "json.h"

struct w4_json_place {
    int line, column; // from 1
};

// The place of the value, by walking the text along its path. The text has been parsed before, so it is well-formed.
struct w4_json_place w4_json_find_place(const struct w4_json_at *at);

#endif
