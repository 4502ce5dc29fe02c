// What Linux's C library has and Swift's module of it leaves out.
#pragma once

/// Waits until all that was written to a file system is on the disk; -1 with `errno` where that fails.
int syncfs(int descriptor);
