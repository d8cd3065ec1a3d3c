// libFuzzer target: any bytes as a code object or bundle; what parses is also loaded.
#include <stdlib.h>

#include "../../codeobject/codeobject.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct co_object object;
    struct w4_error error = {0};
    if (co_object_parse(data, size, "fuzz", &object, &error) != W4_OK)
        return 0;
    if (object.load_size < (1u << 24)) {
        uint8_t *image = calloc(1, object.load_size);
        if (image)
            (void)co_object_load(&object, image, 0x10000, &error);
        free(image);
    }
    co_object_fini(&object);
    return 0;
}
