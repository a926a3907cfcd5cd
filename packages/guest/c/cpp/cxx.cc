// What a freestanding C++ compiler expects of its library: new and delete, and the hooks of static objects.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <zisk.h>

namespace std {
enum class align_val_t : size_t {};
}

static void *checked(void *block, size_t bytes) {
  if (block == nullptr) zisk_panic("out of memory: new of %zu bytes", bytes);
  return block;
}

void *operator new(size_t bytes) { return checked(malloc(bytes), bytes); }
void *operator new[](size_t bytes) { return checked(malloc(bytes), bytes); }
void *operator new(size_t bytes, std::align_val_t alignment) { return checked(aligned_alloc(size_t(alignment), bytes), bytes); }
void *operator new[](size_t bytes, std::align_val_t alignment) { return checked(aligned_alloc(size_t(alignment), bytes), bytes); }
void operator delete(void *block) noexcept { free(block); }
void operator delete[](void *block) noexcept { free(block); }
void operator delete(void *block, size_t) noexcept { free(block); }
void operator delete[](void *block, size_t) noexcept { free(block); }
void operator delete(void *block, std::align_val_t) noexcept { free(block); }
void operator delete[](void *block, std::align_val_t) noexcept { free(block); }
void operator delete(void *block, size_t, std::align_val_t) noexcept { free(block); }
void operator delete[](void *block, size_t, std::align_val_t) noexcept { free(block); }

extern "C" {
void *__dso_handle = nullptr;

void __cxa_pure_virtual() { zisk_panic("a pure virtual function was called"); }

// Destructors of static objects do not run: the machine is gone when the program ends.
int __cxa_atexit(void (*)(void *), void *, void *) { return 0; }

// There is one thread.
int __cxa_guard_acquire(uint64_t *guard) { return *reinterpret_cast<uint8_t *>(guard) == 0; }
void __cxa_guard_release(uint64_t *guard) { *reinterpret_cast<uint8_t *>(guard) = 1; }
void __cxa_guard_abort(uint64_t *) {}
}
