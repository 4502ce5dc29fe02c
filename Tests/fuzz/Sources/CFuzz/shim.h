#include <stddef.h>
#include <stdint.h>

/// libFuzzer's own loop, for a program that has a `main` already.
int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*run)(const uint8_t *, size_t));
