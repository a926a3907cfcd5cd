/* What a translated program imports: the guest library under the names of its module, and what AssemblyScript's own
   library asks for. Addresses are those of the WebAssembly memory. */
#include <stdio.h>

static zisk_record host_record;

/* Takes the next record and says how long it is; copy_record brings it to memory. */
static inline u32 host_next_record(void) {
  host_record = zisk_read();
  if (host_record.length > INT32_MAX) zisk_panic("input record expected below 2 GiB, got %zu bytes", host_record.length);
  return (u32)host_record.length;
}
static inline void host_copy_record(u32 to) {
  memcpy(memory_at(to, host_record.length), host_record.data, host_record.length);
}
static inline void host_commit(u32 from, u32 length) { zisk_commit(memory_at(from, length), length); }
static inline void host_write(u32 from, u32 length) { zisk_write(memory_at(from, length), length); }
static inline void host_exit(u32 code) { zisk_exit((int)code); }

/* Prints a string of AssemblyScript, UTF-16 with its length in bytes before it, as UTF-8. */
static void host_print_string(u32 string) {
  if (string == 0) return zisk_print("null");
  u32 bytes = *(u32_at *)memory_at(string - 4, 4);
  const u8 *text = memory_at(string, bytes);
  for (u32 i = 0; i + 1 < bytes; i += 2) {
    u32 c = text[i] | (u32)text[i + 1] << 8;
    if ((c & 0xfc00) == 0xd800 && i + 3 < bytes && (text[i + 3] & 0xfc) == 0xdc) {
      c = 0x10000 + ((c & 0x3ff) << 10) + ((text[i + 3] & 3) << 8 | text[i + 2]);
      i += 2;
    } else if ((c & 0xf800) == 0xd800) {
      c = 0xfffd; /* half a pair */
    }
    char out[4];
    int n = 0;
    if (c < 0x80) {
      out[n++] = (char)c;
    } else {
      if (c < 0x800) {
        out[n++] = (char)(0xc0 | c >> 6);
      } else {
        if (c < 0x10000) {
          out[n++] = (char)(0xe0 | c >> 12);
        } else {
          out[n++] = (char)(0xf0 | c >> 18);
          out[n++] = (char)(0x80 | (c >> 12 & 0x3f));
        }
        out[n++] = (char)(0x80 | (c >> 6 & 0x3f));
      }
      out[n++] = (char)(0x80 | (c & 0x3f));
    }
    zisk_write(out, (size_t)n);
  }
}

static void host_console_log(u32 string) {
  host_print_string(string);
  zisk_print("\n");
}

/* Of `abort`, `assert` and `throw`: the message, and where. */
__attribute__((noreturn, cold)) static void host_abort(u32 message, u32 file, u32 line, u32 column) {
  zisk_print("panic: ");
  if (message == 0) zisk_print("abort");
  else host_print_string(message);
  if (file != 0) {
    zisk_print(" at ");
    host_print_string(file);
    printf(":%u:%u", line, column);
  }
  zisk_print("\n");
  zisk_exit(101);
}
