/* Formatted text. Floating-point conversions are left out: they would bring soft-float code into every guest. */
#include <ctype.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <zisk.h>

/* Where text goes: a buffer of `size` bytes, or the UART through a small one that is emptied when full. */
struct sink {
  char *to;
  size_t size;
  size_t used; /* bytes in the buffer */
  size_t total;
  int uart;
};

static void put(struct sink *sink, const char *text, size_t n) {
  sink->total += n;
  while (n > 0) {
    size_t part = sink->size - sink->used < n ? sink->size - sink->used : n;
    memcpy(sink->to + sink->used, text, part);
    sink->used += part, text += part, n -= part;
    if (n == 0) return;
    if (!sink->uart) return; /* what does not fit is only counted */
    zisk_write(sink->to, sink->used);
    sink->used = 0;
  }
}

static void pad(struct sink *sink, char c, int n) {
  while (n-- > 0) put(sink, &c, 1);
}

struct spec {
  int left, zero, plus, space, alternate;
  int width, precision; /* precision < 0: none */
};

static void put_padded(struct sink *sink, const struct spec *spec, const char *prefix, int zeros, const char *text, int n) {
  int prefix_length = (int)strlen(prefix);
  int fill = spec->width - prefix_length - zeros - n;
  if (!spec->left) pad(sink, ' ', fill);
  put(sink, prefix, (size_t)prefix_length);
  pad(sink, '0', zeros);
  put(sink, text, (size_t)n);
  if (spec->left) pad(sink, ' ', fill);
}

static void put_integer(struct sink *sink, const struct spec *spec, uint64_t value, unsigned base, int upper, const char *prefix) {
  char digits[24];
  int n = 0;
  for (uint64_t rest = value; rest > 0; rest /= base)
    digits[(int)sizeof digits - ++n] = (upper ? "0123456789ABCDEF" : "0123456789abcdef")[rest % base];
  int zeros = (spec->precision < 0 ? 1 : spec->precision) - n;
  if (base == 8 && spec->alternate && zeros < 1) zeros = 1;
  if (spec->precision < 0 && spec->zero && !spec->left) {
    int fill = spec->width - (int)strlen(prefix) - n;
    if (fill > zeros) zeros = fill;
  }
  put_padded(sink, spec, prefix, zeros < 0 ? 0 : zeros, digits + sizeof digits - n, n);
}

enum size { CHAR, SHORT, INT, LONG };

static enum size parse_size(const char **at) {
  switch (**at) {
  case 'h':
    ++*at;
    if (**at != 'h') return SHORT;
    ++*at;
    return CHAR;
  case 'l':
    ++*at;
    if (**at == 'l') ++*at;
    return LONG;
  case 'z':
  case 'j':
  case 't':
    ++*at;
    return LONG;
  default:
    return INT;
  }
}

static int64_t narrow_signed(int64_t value, enum size size) {
  return size == CHAR ? (signed char)value : size == SHORT ? (short)value : size == INT ? (int)value : value;
}

static uint64_t narrow_unsigned(uint64_t value, enum size size) {
  return size == CHAR ? (unsigned char)value : size == SHORT ? (unsigned short)value : size == INT ? (unsigned)value : value;
}

static int parse_number(const char **at) {
  int value = 0;
  for (; isdigit(**at); ++*at) value = value > INT_MAX / 20 ? value : value * 10 + (**at - '0');
  return value;
}

static void format(struct sink *sink, const char *at, va_list arguments) {
  while (*at) {
    size_t plain = strcspn(at, "%");
    put(sink, at, plain);
    at += plain;
    if (!*at) return;
    at++;
    struct spec spec = {0, 0, 0, 0, 0, 0, -1};
    for (;; at++) {
      if (*at == '-') spec.left = 1;
      else if (*at == '0') spec.zero = 1;
      else if (*at == '+') spec.plus = 1;
      else if (*at == ' ') spec.space = 1;
      else if (*at == '#') spec.alternate = 1;
      else break;
    }
    if (*at == '*') {
      spec.width = va_arg(arguments, int), at++;
      if (spec.width < 0) spec.left = 1, spec.width = -spec.width;
    } else spec.width = parse_number(&at);
    if (*at == '.') {
      at++;
      if (*at == '*') spec.precision = va_arg(arguments, int), at++;
      else spec.precision = parse_number(&at);
    }
    enum size size = parse_size(&at);
    char conversion = *at++;
    switch (conversion) {
    case '%':
      put(sink, "%", 1);
      break;
    case 'c': {
      char c = (char)va_arg(arguments, int);
      put_padded(sink, &spec, "", 0, &c, 1);
      break;
    }
    case 's': {
      const char *text = va_arg(arguments, const char *);
      if (!text) text = "(null)";
      size_t n = spec.precision < 0 ? strlen(text) : strnlen(text, (size_t)spec.precision);
      put_padded(sink, &spec, "", 0, text, (int)n);
      break;
    }
    case 'd':
    case 'i': {
      int64_t value = narrow_signed(va_arg(arguments, int64_t), size);
      const char *sign = value < 0 ? "-" : spec.plus ? "+" : spec.space ? " " : "";
      put_integer(sink, &spec, value < 0 ? -(uint64_t)value : (uint64_t)value, 10, 0, sign);
      break;
    }
    case 'u':
      put_integer(sink, &spec, narrow_unsigned(va_arg(arguments, uint64_t), size), 10, 0, "");
      break;
    case 'o':
      put_integer(sink, &spec, narrow_unsigned(va_arg(arguments, uint64_t), size), 8, 0, "");
      break;
    case 'x':
    case 'X': {
      uint64_t value = narrow_unsigned(va_arg(arguments, uint64_t), size);
      const char *prefix = !spec.alternate || value == 0 ? "" : conversion == 'x' ? "0x" : "0X";
      put_integer(sink, &spec, value, 16, conversion == 'X', prefix);
      break;
    }
    case 'p':
      put_integer(sink, &spec, va_arg(arguments, uint64_t), 16, 0, "0x");
      break;
    default:
      zisk_panic("printf has no conversion %%%c", conversion ? conversion : '?');
    }
  }
}

int vsnprintf(char *to, size_t size, const char *restrict text, va_list arguments) {
  struct sink sink = {to, size > 0 ? size - 1 : 0, 0, 0, 0};
  format(&sink, text, arguments);
  if (size > 0) to[sink.used] = 0;
  return (int)sink.total;
}

int vprintf(const char *restrict text, va_list arguments) {
  char buffer[128];
  struct sink sink = {buffer, sizeof buffer, 0, 0, 1};
  format(&sink, text, arguments);
  zisk_write(buffer, sink.used);
  return (int)sink.total;
}

int vfprintf(FILE *stream, const char *restrict text, va_list arguments) {
  (void)stream;
  return vprintf(text, arguments);
}

int printf(const char *restrict text, ...) {
  va_list arguments;
  va_start(arguments, text);
  int n = vprintf(text, arguments);
  va_end(arguments);
  return n;
}

int fprintf(FILE *stream, const char *restrict text, ...) {
  (void)stream;
  va_list arguments;
  va_start(arguments, text);
  int n = vprintf(text, arguments);
  va_end(arguments);
  return n;
}

int snprintf(char *to, size_t size, const char *restrict text, ...) {
  va_list arguments;
  va_start(arguments, text);
  int n = vsnprintf(to, size, text, arguments);
  va_end(arguments);
  return n;
}

int sprintf(char *to, const char *restrict text, ...) {
  va_list arguments;
  va_start(arguments, text);
  int n = vsnprintf(to, INT_MAX, text, arguments);
  va_end(arguments);
  return n;
}

int putchar(int c) {
  char byte = (char)c;
  zisk_write(&byte, 1);
  return (unsigned char)byte;
}

int puts(const char *text) {
  zisk_print(text);
  zisk_print("\n");
  return 0;
}

int fputc(int c, FILE *stream) {
  (void)stream;
  return putchar(c);
}

int fputs(const char *text, FILE *stream) {
  (void)stream;
  zisk_print(text);
  return 0;
}

size_t fwrite(const void *bytes, size_t size, size_t count, FILE *stream) {
  (void)stream;
  zisk_write(bytes, size * count);
  return count;
}

int fflush(FILE *stream) {
  (void)stream;
  return 0;
}
