// The files of this folder that the program carries. To add one, add its lines here.

#include "Templates.h"

#define FILE_BYTES(name) static const unsigned char name[]

FILE_BYTES(layout_page_css) = {
#embed "layout/page.css"
};

#define FILE_ENTRY(path, name) {path, name, sizeof name}

static const struct rfpgen_embedded_file files[] = {
  FILE_ENTRY("layout/page.css", layout_page_css),
  {0, 0, 0},
};

const struct rfpgen_embedded_file *rfpgen_embedded_files(void) { return files; }
