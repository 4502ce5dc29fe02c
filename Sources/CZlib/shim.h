// zlib, as Archives uses it: where a deflated stream's blocks are, and joined checksums.
#include <zlib.h>
