// scan FILE...: takes every event of YAML files from libyaml and does nothing with them.
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

static void scan(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) {
    perror(path);
    exit(2);
  }
  yaml_parser_t parser;
  yaml_parser_initialize(&parser);
  yaml_parser_set_input_file(&parser, file);
  for (int more = 1; more;) {
    yaml_event_t event;
    if (!yaml_parser_parse(&parser, &event)) {
      fprintf(stderr, "%s:%zu: %s\n", path, parser.problem_mark.line + 1, parser.problem);
      exit(2);
    }
    more = event.type != YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
  fclose(file);
}

int main(int count, char **words) {
  for (int i = 1; i < count; i++) scan(words[i]);
  return 0;
}
