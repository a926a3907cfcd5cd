/* Walks one element too far along a list. */
#include <stddef.h>
#include <stdint.h>

struct element {
  struct element *next;
  uint64_t value;
};

static struct element second = {NULL, 2};
static struct element first = {&second, 1};

__attribute__((noinline)) static uint64_t third_value(const struct element *list) {
  for (int i = 0; i < 2; i++) list = list->next;
  uint64_t value = list->value; /* reads address 8 */
  return value * 3;
}

int main(void) { return (int)third_value(&first); }
