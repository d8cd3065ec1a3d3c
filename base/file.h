// Files: whole reads, atomic writes, and the folders the program is installed in.
#ifndef W4_BASE_FILE_H
#define W4_BASE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

// Reads a whole file into a fresh buffer with a NUL behind the last byte; the caller frees *data. Files above
// `limit_bytes` are refused.
enum w4_status w4_file_read(const char *path, size_t limit_bytes, char **data, size_t *size, struct w4_error *error);

// Writes a file so that readers see the old or the new content and never a part: a temporary file in the same folder,
// write, fsync, rename. On any failure (full disk included) the old file is untouched and the temporary one removed.
enum w4_status w4_file_write_atomic(const char *path, const void *data, size_t size, struct w4_error *error);

// Creates the folder and its parents; an existing folder is fine.
enum w4_status w4_folder_create(const char *path, struct w4_error *error);

// XXH3 (128 bit) of the bytes as 32 hexadecimal digits and a NUL.
void w4_hash_hex(const void *data, size_t size, char hex[33]);

#endif
