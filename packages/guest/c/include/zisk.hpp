// The calls of zisk.h as C++: one name for every type that is a plain block of memory.
#ifndef ZISK_HPP
#define ZISK_HPP

#include "zisk.h"

namespace zisk {

// One input record, iterable.
struct record {
  const uint8_t *data;
  size_t length;
  const uint8_t *begin() const { return data; }
  const uint8_t *end() const { return data + length; }
};

inline record read() {
  zisk_record next = zisk_read();
  return {next.data, next.length};
}

// Takes the next record as a T; panics unless it has exactly its size.
template <typename T> T read_as() {
  static_assert(__is_trivially_copyable(T), "an input record is plain memory");
  T value;
  zisk_read_into(&value, sizeof value);
  return value;
}

// Appends the bytes of a value to the public output.
template <typename T> void commit(const T &value) {
  static_assert(__is_trivially_copyable(T), "the public output is plain memory");
  zisk_commit(&value, sizeof value);
}

inline void commit(const void *bytes, size_t length) { zisk_commit(bytes, length); }
inline void set_output(unsigned id, uint32_t value) { zisk_set_output(id, value); }
inline void print(const char *text) { zisk_print(text); }
[[noreturn]] inline void exit(int code) { zisk_exit(code); }

} // namespace zisk
#endif
