#include "CArchive.h"

// The one function that libarchive's writer of tar needs of its table of all formats.
//
// Taken from there, it would bring in the writers of every format, and with them libxml2 and ICU: 30 MB in
// a program that is linked statically. An entry of a pack is always a plain file, so it is never called.
void __archive_write_entry_filetype_unsupported(
    struct archive *archive, struct archive_entry *entry, const char *format);

void __archive_write_entry_filetype_unsupported(
    struct archive *archive, struct archive_entry *entry, const char *format) {
  archive_set_error(
      archive, -1, "%s: not a kind of entry that %s holds", archive_entry_pathname(entry), format);
}
