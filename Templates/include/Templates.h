#ifndef RFPGEN_TEMPLATES_H
#define RFPGEN_TEMPLATES_H

#include <stddef.h>

/// A file of this folder, compiled in.
struct rfpgen_embedded_file {
  /// Its path below `Templates`.
  const char *path;
  /// Its bytes, not terminated.
  const unsigned char *bytes;
  /// How many bytes it has.
  size_t size;
};

/// The files in the order of `embedded.c`, ended by one whose path is null.
const struct rfpgen_embedded_file *rfpgen_embedded_files(void);

#endif
