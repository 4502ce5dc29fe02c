// html COUNT FILE: parses Markdown and renders it as HTML with bare libcmark, COUNT times in one
// process, and prints the seconds of processor time that each took.
#include <cmark.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double processor_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int count, char **words) {
  if (count != 3) return 2;
  FILE *file = fopen(words[2], "rb");
  if (!file) {
    perror(words[2]);
    return 2;
  }
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  char *text = malloc(size);
  if (!text || fread(text, 1, size, file) != (size_t)size) return 2;
  fclose(file);
  for (int i = atoi(words[1]); i > 0; i--) {
    double begin = processor_seconds();
    char *html = cmark_markdown_to_html(text, size, CMARK_OPT_DEFAULT);
    printf("%.9f\n", processor_seconds() - begin);
    free(html);
  }
  free(text);
  return 0;
}
