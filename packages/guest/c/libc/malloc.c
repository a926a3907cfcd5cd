/* Free lists by size class over memory that only grows: few steps per call, no search, no coalescing. Classes are
   multiples of 16 bytes up to 1 KiB, then four per power of two, so that at most a quarter of a block is wasted. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

extern char _kernel_heap_bottom[], _kernel_heap_top[];

/* In front of every block, 16 bytes like the alignment. */
struct header {
  size_t capacity; /* bytes of the block */
  struct header *next;
};

#define SMALL 64  /* classes of 16-byte multiples */
#define CLASSES (SMALL + 4 * 20)

static struct header *free_blocks[CLASSES];
static uintptr_t top;

/* Rounds a size up to that of its class, and gives the class. */
static unsigned size_class(size_t *bytes) {
  size_t n = (*bytes + 15) & ~(size_t)15;
  if (n == 0) n = 16;
  if (n <= 16 * SMALL) {
    *bytes = n;
    return (unsigned)(n / 16 - 1);
  }
  unsigned shift = 61 - (unsigned)__builtin_clzll(n - 1); /* a quarter of the power of two below n */
  size_t quarter = (size_t)1 << shift;
  n = (n + quarter - 1) & ~(quarter - 1);
  *bytes = n;
  return SMALL + 4 * (shift - 8) + (unsigned)(((n - 1) >> shift) - 4);
}

/* Fresh memory, which reads 0, or NULL. */
static struct header *grow(size_t bytes) {
  if (top == 0) top = ((uintptr_t)_kernel_heap_bottom + 15) & ~(uintptr_t)15;
  size_t room = (uintptr_t)_kernel_heap_top - top;
  if (room < sizeof(struct header) || bytes > room - sizeof(struct header)) return NULL;
  struct header *block = (struct header *)top;
  block->capacity = bytes;
  top += sizeof(struct header) + bytes;
  return block;
}

static struct header *allocate(size_t bytes, int *fresh) {
  *fresh = 0;
  if (bytes > (size_t)(_kernel_heap_top - _kernel_heap_bottom)) return NULL;
  unsigned class = size_class(&bytes);
  struct header *block = free_blocks[class];
  if (block) {
    free_blocks[class] = block->next;
    return block;
  }
  *fresh = 1;
  return grow(bytes);
}

void *malloc(size_t bytes) {
  int fresh;
  struct header *block = allocate(bytes, &fresh);
  return block ? block + 1 : NULL;
}

void *calloc(size_t count, size_t bytes) {
  size_t total;
  int fresh;
  if (__builtin_mul_overflow(count, bytes, &total)) return NULL;
  struct header *block = allocate(total, &fresh);
  if (!block) return NULL;
  if (!fresh) memset(block + 1, 0, total);
  return block + 1;
}

void free(void *memory) {
  if (!memory) return;
  struct header *block = (struct header *)memory - 1;
  size_t bytes = block->capacity;
  unsigned class = size_class(&bytes);
  block->next = free_blocks[class];
  free_blocks[class] = block;
}

void *realloc(void *memory, size_t bytes) {
  if (!memory) return malloc(bytes);
  struct header *block = (struct header *)memory - 1;
  if (bytes <= block->capacity) return memory;
  void *larger = malloc(bytes);
  if (!larger) return NULL;
  memcpy(larger, memory, block->capacity);
  free(memory);
  return larger;
}

/* Above 16 bytes, a block is laid out in a larger one that is never given back whole: the header that free() sees
   describes the aligned part. */
void *aligned_alloc(size_t alignment, size_t bytes) {
  if (alignment == 0 || (alignment & (alignment - 1)) != 0) return NULL;
  if (alignment <= 16) return malloc(bytes);
  if (alignment > SIZE_MAX / 2 || bytes > SIZE_MAX / 2 - alignment) return NULL;
  if (bytes > (size_t)(_kernel_heap_top - _kernel_heap_bottom)) return NULL;
  size_class(&bytes); /* as free() will round */
  char *outer = malloc(bytes + alignment);
  if (!outer) return NULL;
  uintptr_t start = ((uintptr_t)outer + alignment - 1) & ~(uintptr_t)(alignment - 1);
  if (start == (uintptr_t)outer) return outer;
  struct header *block = (struct header *)start - 1;
  block->capacity = bytes;
  return (void *)start;
}
