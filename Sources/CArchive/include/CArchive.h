// libarchive, as Archives uses it: reads ZIP and gzipped tar, and writes tar.
#pragma once

#include <archive.h>
#include <archive_entry.h>
