#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#undef strlen

void *memchr(const void *bytes, int value, size_t n) {
  const uint8_t *b = bytes;
  for (; n; n--, b++)
    if (*b == (uint8_t)value) return (void *)b;
  return NULL;
}

size_t strlen(const char *text) {
  const char *end = text;
  while (*end) end++;
  return (size_t)(end - text);
}

size_t strnlen(const char *text, size_t limit) {
  size_t n = 0;
  while (n < limit && text[n]) n++;
  return n;
}

int strcmp(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return (uint8_t)*a - (uint8_t)*b;
}

int strncmp(const char *a, const char *b, size_t n) {
  while (n && *a && *a == *b) a++, b++, n--;
  return n ? (uint8_t)*a - (uint8_t)*b : 0;
}

char *strcpy(char *restrict to, const char *restrict from) {
  memcpy(to, from, strlen(from) + 1);
  return to;
}

char *strncpy(char *restrict to, const char *restrict from, size_t n) {
  size_t length = strnlen(from, n);
  memcpy(to, from, length);
  memset(to + length, 0, n - length);
  return to;
}

char *strcat(char *restrict to, const char *restrict from) {
  strcpy(to + strlen(to), from);
  return to;
}

char *strncat(char *restrict to, const char *restrict from, size_t n) {
  char *end = to + strlen(to);
  size_t length = strnlen(from, n);
  memcpy(end, from, length);
  end[length] = 0;
  return to;
}

char *strchr(const char *text, int c) {
  for (;; text++) {
    if (*text == (char)c) return (char *)text;
    if (!*text) return NULL;
  }
}

char *strrchr(const char *text, int c) {
  const char *last = NULL;
  for (;; text++) {
    if (*text == (char)c) last = text;
    if (!*text) return (char *)last;
  }
}

char *strstr(const char *text, const char *part) {
  size_t length = strlen(part);
  for (;; text++) {
    if (strncmp(text, part, length) == 0) return (char *)text;
    if (!*text) return NULL;
  }
}

size_t strspn(const char *text, const char *accepted) {
  size_t n = 0;
  while (text[n] && strchr(accepted, text[n])) n++;
  return n;
}

size_t strcspn(const char *text, const char *rejected) {
  size_t n = 0;
  while (text[n] && !strchr(rejected, text[n])) n++;
  return n;
}

char *strpbrk(const char *text, const char *accepted) {
  text += strcspn(text, accepted);
  return *text ? (char *)text : NULL;
}

char *strtok_r(char *restrict text, const char *restrict separators, char **restrict rest) {
  char *start = text ? text : *rest;
  start += strspn(start, separators);
  char *end = start + strcspn(start, separators);
  *rest = end;
  if (start == end) return NULL;
  if (*end) *end = 0, *rest = end + 1;
  return start;
}

char *strndup(const char *text, size_t n) {
  size_t length = strnlen(text, n);
  char *copy = malloc(length + 1);
  if (!copy) return NULL;
  memcpy(copy, text, length);
  copy[length] = 0;
  return copy;
}

char *strdup(const char *text) { return strndup(text, SIZE_MAX - 1); }
