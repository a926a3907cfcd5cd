/* Text output of the guest library. Every stream is the UART. */
#ifndef ZISK_STDIO_H
#define ZISK_STDIO_H
#include <stdarg.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EOF (-1)

typedef struct zisk_file FILE;
#define stdout ((FILE *)1)
#define stderr ((FILE *)2)

/* Conversions d i u o x X c s p %, with flags, width, precision and the sizes hh h l ll z j t. Others panic. */
__attribute__((format(printf, 1, 2))) int printf(const char *__restrict format, ...);
__attribute__((format(printf, 2, 3))) int fprintf(FILE *stream, const char *__restrict format, ...);
__attribute__((format(printf, 2, 3))) int sprintf(char *to, const char *__restrict format, ...);
__attribute__((format(printf, 3, 4))) int snprintf(char *to, size_t size, const char *__restrict format, ...);
int vprintf(const char *__restrict format, va_list arguments);
int vfprintf(FILE *stream, const char *__restrict format, va_list arguments);
int vsnprintf(char *to, size_t size, const char *__restrict format, va_list arguments);

int putchar(int c);
int puts(const char *text);
int fputc(int c, FILE *stream);
int fputs(const char *text, FILE *stream);
size_t fwrite(const void *bytes, size_t size, size_t count, FILE *stream);
int fflush(FILE *stream);

#ifdef __cplusplus
}
#endif
#endif
