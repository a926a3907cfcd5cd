/* Memory, numbers and sorting of the guest library. */
#ifndef ZISK_STDLIB_H
#define ZISK_STDLIB_H
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
#define RAND_MAX 0x7fffffff

/* NULL when the memory of the machine (about 510 MiB) is used up. Blocks are 16-byte aligned. */
void *malloc(size_t bytes);
void *calloc(size_t count, size_t bytes);
void *realloc(void *block, size_t bytes);
void *aligned_alloc(size_t alignment, size_t bytes);
void free(void *block);

int abs(int value);
long labs(long value);
long long llabs(long long value);
int atoi(const char *text);
long atol(const char *text);
/* Out of range: the nearest value, and errno is ERANGE. */
long strtol(const char *__restrict text, char **__restrict end, int base);
long long strtoll(const char *__restrict text, char **__restrict end, int base);
unsigned long strtoul(const char *__restrict text, char **__restrict end, int base);
unsigned long long strtoull(const char *__restrict text, char **__restrict end, int base);

void qsort(void *items, size_t count, size_t size, int (*compare)(const void *, const void *));
void *bsearch(const void *key, const void *items, size_t count, size_t size, int (*compare)(const void *, const void *));

/* The same numbers in every run: a guest has no source of randomness. */
int rand(void);
void srand(unsigned seed);

__attribute__((noreturn)) void exit(int code);
__attribute__((noreturn)) void abort(void);

#ifdef __cplusplus
}
#endif
#endif
