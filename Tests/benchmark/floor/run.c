// run PROGRAM WORD...: runs a program with its output thrown away unless -o FILE comes first, and
// prints status, seconds of wall time, seconds of processor time and the peak memory in bytes.
//
// The kernel counts what a child had before it became another program towards the child's peak, so
// a large parent would spoil the figure; this one is small.
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static double seconds(struct timeval t) { return t.tv_sec + t.tv_usec / 1e6; }

int main(int count, char **words) {
  const char *output = "/dev/null";
  int first = 1;
  if (count > 3 && !strcmp(words[1], "-o")) {
    output = words[2];
    first = 3;
  }
  if (first >= count) return 2;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  extern char **environ;
  pid_t child;
  double begin = now();
  int error = posix_spawnp(&child, words[first], &actions, NULL, words + first, environ);
  if (error) {
    fprintf(stderr, "run: %s: %s\n", words[first], strerror(error));
    return 2;
  }
  int status;
  struct rusage usage;
  wait4(child, &status, 0, &usage);
  double wall = now() - begin;
  printf("%d %.9f %.6f %ld\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
         wall, seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss * 1024L);
  return 0;
}
