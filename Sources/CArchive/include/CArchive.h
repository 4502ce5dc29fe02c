// libarchive, as Archives uses it: writes and reads ZIP and gzipped tar.
#pragma once

#include <archive.h>
#include <archive_entry.h>
