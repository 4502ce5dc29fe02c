// libarchive, as Archives uses it: reads ZIP and gzipped tar.
#include <archive.h>
#include <archive_entry.h>
