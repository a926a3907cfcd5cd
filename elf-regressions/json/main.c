/* Parses a JSON document into a tree, counts what is in it and prints it again in canonical form with printf.
   Input: record 0 the document, record 1 u64 repetitions of parsing. Outputs: nodes by kind (null, boolean, number, string,
   array, object), greatest depth, sum of the numbers, bytes of all strings. Numbers are integers. */
#include "zisk.h"
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { NUL, BOOLEAN, NUMBER, STRING, ARRAY, OBJECT, KINDS };

struct node {
  enum kind kind;
  struct node *next;        /* the next element or member */
  struct node *child;       /* the first element or member */
  const char *key;          /* of a member, with key_length */
  const char *text;         /* of a string, with length */
  uint32_t key_length, length;
  int64_t number;
};

static const char *at, *end;
static char *arena, *arena_end, *arena_start;

static int uart_put(char c, FILE *file) {
  (void)file;
  zisk_putc(c);
  return (unsigned char)c;
}
static FILE uart = FDEV_SETUP_STREAM(uart_put, NULL, NULL, _FDEV_SETUP_WRITE);
FILE *const stdout = &uart;

__attribute__((noreturn)) static void fail(const char *what) {
  printf("json: %s at byte %ld of the rest\n", what, (long)(end - at));
  zisk_panic("bad document");
}

static struct node *new_node(enum kind kind) {
  if (arena_end - arena < (long)sizeof(struct node)) fail("document too large");
  struct node *n = (struct node *)arena;
  arena += sizeof *n;
  memset(n, 0, sizeof *n);
  n->kind = kind;
  return n;
}

static void blank(void) {
  while (at < end && strchr(" \t\r\n", *at)) at++;
}

static void word(const char *text) {
  size_t n = strlen(text);
  if ((size_t)(end - at) < n || memcmp(at, text, n)) fail("unknown word");
  at += n;
}

/* Copies a string, with its escapes resolved, to the end of the arena. */
static uint32_t string(const char **text) {
  at++;
  char *out = arena_end;
  const char *start = at;
  while (at < end && *at != '"') at += *at == '\\' ? 2 : 1;
  if (at >= end) fail("open string");
  out -= at - start;
  if (out < arena) fail("document too large");
  arena_end = out;
  *text = out;
  for (const char *from = start; from < at; from++) {
    char c = *from;
    if (c == '\\') {
      static const char names[] = "ntrbf", values[] = "\n\t\r\b\f";
      c = *++from;
      const char *found = strchr(names, c);
      if (found) c = values[found - names];
    }
    *out++ = c;
  }
  at++;
  return (uint32_t)(out - *text);
}

static struct node *value(unsigned depth, uint64_t *greatest);

static struct node *container(enum kind kind, char close, unsigned depth, uint64_t *greatest) {
  struct node *n = new_node(kind), **tail = &n->child;
  at++;
  for (blank(); at < end && *at != close;) {
    const char *key = NULL;
    uint32_t key_length = 0;
    if (kind == OBJECT) {
      if (*at != '"') fail("key expected");
      key_length = string(&key);
      blank();
      if (at >= end || *at++ != ':') fail("colon expected");
    }
    *tail = value(depth + 1, greatest);
    (*tail)->key = key, (*tail)->key_length = key_length;
    tail = &(*tail)->next;
    blank();
    if (at < end && *at == ',') {
      at++;
      blank();
    } else if (at >= end || *at != close) fail("comma expected");
  }
  if (at >= end) fail("open bracket");
  at++;
  return n;
}

static struct node *value(unsigned depth, uint64_t *greatest) {
  if (depth > *greatest) *greatest = depth;
  if (depth > 200) fail("too deep");
  blank();
  if (at >= end) fail("value expected");
  struct node *n;
  switch (*at) {
    case '{': return container(OBJECT, '}', depth, greatest);
    case '[': return container(ARRAY, ']', depth, greatest);
    case '"':
      n = new_node(STRING);
      n->length = string(&n->text);
      return n;
    case 't':
      word("true");
      n = new_node(BOOLEAN);
      n->number = 1;
      return n;
    case 'f': word("false"); return new_node(BOOLEAN);
    case 'n': word("null"); return new_node(NUL);
    default:
      if (*at != '-' && (*at < '0' || *at > '9')) fail("value expected");
      n = new_node(NUMBER);
      char *after;
      n->number = strtoll(at, &after, 10);
      at = after;
      return n;
  }
}

static void print_string(const char *text, uint32_t length) {
  putchar('"');
  for (uint32_t i = 0; i < length; i++) {
    if (text[i] == '"' || text[i] == '\\') printf("\\%c", text[i]);
    else if (text[i] == '\n') printf("\\n");
    else if (text[i] == '\t') printf("\\t");
    else putchar(text[i]);
  }
  putchar('"');
}

static void print(const struct node *n) {
  if (n->key) {
    print_string(n->key, n->key_length);
    putchar(':');
  }
  switch (n->kind) {
    case NUL: printf("null"); return;
    case BOOLEAN: printf("%s", n->number ? "true" : "false"); return;
    case NUMBER: printf("%lld", (long long)n->number); return;
    case STRING: print_string(n->text, n->length); return;
    default:
      putchar(n->kind == ARRAY ? '[' : '{');
      for (const struct node *child = n->child; child; child = child->next) {
        print(child);
        if (child->next) putchar(',');
      }
      putchar(n->kind == ARRAY ? ']' : '}');
  }
}

static void count(const struct node *n, uint64_t kinds[KINDS], int64_t *sum, uint64_t *bytes) {
  kinds[n->kind]++;
  *bytes += n->length + n->key_length;
  if (n->kind == NUMBER) *sum += n->number;
  for (const struct node *child = n->child; child; child = child->next) count(child, kinds, sum, bytes);
}

int main(void) {
  static const char example[] = "{\"name\":\"zisk\",\"parts\":[1,2,3],\"ok\":true}";
  zisk_record document = zisk_next_record();
  uint64_t repetitions = document.length ? zisk_next_u64(1) : 1;
  const char *text = document.length ? (const char *)document.data : example;
  size_t length = document.length ? document.length : sizeof example - 1;
  size_t arena_bytes = 100 * length + 4096;
  arena_start = malloc(arena_bytes);
  if (!arena_start) zisk_panic("out of memory");
  struct node *root = NULL;
  uint64_t kinds[KINDS] = {0}, depth = 0, bytes = 0;
  int64_t sum = 0;
  for (uint64_t i = 0; i < repetitions; i++) {
    arena = arena_start, arena_end = arena_start + arena_bytes;
    at = text, end = text + length;
    root = value(1, &depth);
    blank();
    if (at != end) fail("text after the value");
    count(root, kinds, &sum, &bytes);
  }
  print(root);
  printf("\nnodes: %llu null, %llu boolean, %5llu|%-5llu|%05llu|%llx, depth %lld, sum %+lld\n", (unsigned long long)kinds[NUL],
         (unsigned long long)kinds[BOOLEAN], (unsigned long long)kinds[NUMBER], (unsigned long long)kinds[STRING],
         (unsigned long long)kinds[ARRAY], (unsigned long long)kinds[OBJECT], (long long)depth, (long long)sum);
  for (unsigned kind = 0; kind < KINDS; kind++) zisk_set_output(kind, (uint32_t)kinds[kind]);
  zisk_set_output_u64(6, depth);
  zisk_set_output_u64(8, (uint64_t)sum);
  zisk_set_output_u64(10, bytes);
  free(arena_start);
  return 0;
}
