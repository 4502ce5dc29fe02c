// libcmark, and an arena for its trees.
//
// A tree of libcmark's is a few hundred thousand small allocations that live and die together. Its
// allocator interface has no place for a context, so the arena in use is named by a thread-local
// variable for as long as a parser is fed, and by nothing afterwards: a finished tree is only read.

#ifndef RFPGEN_CCMARK_SHIM_H
#define RFPGEN_CCMARK_SHIM_H

#include <cmark.h>
#include <stdlib.h>
#include <string.h>

/// A piece of memory that an arena owns; its bytes follow.
struct rfpgen_arena_block {
  struct rfpgen_arena_block *next;
  size_t capacity;
  size_t used;
};

/// All memory of one tree.
struct rfpgen_arena {
  /// The blocks, the one in use first.
  struct rfpgen_arena_block *blocks;
  /// How many bytes a block has at least.
  size_t block_size;
};

/// The arena that this thread's parser takes its memory from.
static inline struct rfpgen_arena **rfpgen_arena_current(void) {
  static _Thread_local struct rfpgen_arena *current;
  return &current;
}

static inline unsigned char *rfpgen_arena_bytes(struct rfpgen_arena_block *block) {
  return (unsigned char *)(block + 1);
}

/// Memory of at least one byte, preceded by its size.
static inline void *rfpgen_arena_take(size_t size) {
  struct rfpgen_arena *arena = *rfpgen_arena_current();
  size = (size + 7) & ~(size_t)7;
  struct rfpgen_arena_block *block = arena->blocks;
  if (!block || block->capacity - block->used < size + sizeof(size_t)) {
    size_t capacity = size + sizeof(size_t);
    if (capacity < arena->block_size) capacity = arena->block_size;
    block = malloc(sizeof *block + capacity);
    if (!block) abort();
    block->next = arena->blocks;
    block->capacity = capacity;
    block->used = 0;
    arena->blocks = block;
  }
  unsigned char *place = rfpgen_arena_bytes(block) + block->used;
  block->used += size + sizeof(size_t);
  memcpy(place, &size, sizeof size);
  return place + sizeof size;
}

static inline void *rfpgen_arena_calloc(size_t count, size_t size) {
  size_t total;
  if (__builtin_mul_overflow(count, size, &total) || total > ((size_t)-1) / 4) abort();
  void *memory = rfpgen_arena_take(total);
  return memset(memory, 0, total);
}

static inline size_t rfpgen_arena_size(void *memory) {
  size_t size;
  memcpy(&size, (unsigned char *)memory - sizeof size, sizeof size);
  return size;
}

static inline int rfpgen_arena_is_last(struct rfpgen_arena_block *block, void *memory) {
  return (unsigned char *)memory + rfpgen_arena_size(memory)
    == rfpgen_arena_bytes(block) + block->used;
}

static inline void *rfpgen_arena_realloc(void *memory, size_t size) {
  if (size > ((size_t)-1) / 4) abort();
  if (!memory) return rfpgen_arena_take(size);
  size_t old = rfpgen_arena_size(memory);
  if (size <= old) return memory;
  struct rfpgen_arena_block *block = (*rfpgen_arena_current())->blocks;
  size_t rounded = (size + 7) & ~(size_t)7;
  if (rfpgen_arena_is_last(block, memory) && block->capacity - block->used >= rounded - old) {
    block->used += rounded - old;
    memcpy((unsigned char *)memory - sizeof rounded, &rounded, sizeof rounded);
    return memory;
  }
  return memcpy(rfpgen_arena_take(size), memory, old);
}

static inline void rfpgen_arena_release(void *memory) {
  if (!memory) return;
  struct rfpgen_arena_block *block = (*rfpgen_arena_current())->blocks;
  if (rfpgen_arena_is_last(block, memory)) {
    block->used -= rfpgen_arena_size(memory) + sizeof(size_t);
  }
}

static inline cmark_mem *rfpgen_arena_allocator(void) {
  static cmark_mem allocator = {
    rfpgen_arena_calloc, rfpgen_arena_realloc, rfpgen_arena_release,
  };
  return &allocator;
}

/// Makes an arena the one that this thread's parser takes its memory from; returns the one before.
static inline struct rfpgen_arena *rfpgen_arena_enter(struct rfpgen_arena *arena) {
  struct rfpgen_arena *previous = *rfpgen_arena_current();
  *rfpgen_arena_current() = arena;
  return previous;
}

/// A parser whose tree lives in the arena that was entered.
static inline cmark_parser *rfpgen_arena_parser(int options) {
  return cmark_parser_new_with_mem(options, rfpgen_arena_allocator());
}

/// Forgets everything in an arena, keeping `keep` of its blocks for the next tree.
static inline void rfpgen_arena_reset(struct rfpgen_arena *arena, int keep) {
  struct rfpgen_arena_block *kept = NULL;
  while (arena->blocks) {
    struct rfpgen_arena_block *block = arena->blocks;
    arena->blocks = block->next;
    if (keep && !kept && block->capacity == arena->block_size) {
      kept = block;
      kept->used = 0;
      kept->next = NULL;
    } else {
      free(block);
    }
  }
  arena->blocks = kept;
}

#endif
