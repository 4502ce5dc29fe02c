// What Linux's C library has and Swift's module of it leaves out.
#pragma once

#include <fcntl.h>
#include <linux/openat2.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Where bytes stand first among others; nothing where they don't.
void *memmem(const void *bytes, size_t count, const void *sought, size_t sought_count);

/// Waits until all that was written to a file system is on the disk; -1 with `errno` where that fails.
int syncfs(int descriptor);

/// Opens a folder to find files below it, for which it need not be readable; -1 with `errno`.
static inline int open_folder(const char *path) {
  return open(path, __O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/// Opens what is at a path below an open folder, which no part of the path and no link on the way may leave;
/// -1 with `errno`: `EXDEV` where one would, `ENOSYS` where the system is older than Linux 5.6.
static inline int open_beneath(int folder, const char *path, int flags) {
  struct open_how how = {
      .flags = (unsigned long long)flags,
      .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
  };
  return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
}
