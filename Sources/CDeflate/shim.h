// libdeflate, as Archives uses it: raw deflate (RFC 1951), both ways, and CRC-32.
#include <libdeflate.h>
