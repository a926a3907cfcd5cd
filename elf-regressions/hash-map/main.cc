// A hash map with open addressing under a mix of insertions, look-ups and removals.
// Input: u64 operations. Outputs: sum of the values found, number of hits, entries left, sum of the values left.
#include "xorshift.h"
#include "zisk.h"

namespace {

constexpr uint64_t mix(uint64_t key) {
  key = (key ^ (key >> 33)) * UINT64_C(0xff51afd7ed558ccd);
  return key ^ (key >> 33);
}

// Keys and values in one flat table whose size is a power of two; removal shifts the entries behind it back.
template <typename Key, typename Value, unsigned kLogSlots>
class HashMap {
 public:
  static constexpr uint64_t kSlots = uint64_t(1) << kLogSlots;

  Value* find(const Key& key) {
    for (uint64_t at = home(key);; at = next(at)) {
      if (!slots_[at].used) return nullptr;
      if (slots_[at].key == key) return &slots_[at].value;
    }
  }

  void insert(const Key& key, const Value& value) {
    uint64_t at = home(key);
    while (slots_[at].used && !(slots_[at].key == key)) at = next(at);
    if (!slots_[at].used) size_++;
    slots_[at] = {key, value, true};
  }

  bool remove(const Key& key) {
    uint64_t at = home(key);
    while (slots_[at].used && !(slots_[at].key == key)) at = next(at);
    if (!slots_[at].used) return false;
    for (uint64_t probe = next(at); slots_[probe].used; probe = next(probe)) {
      // An entry may fill the hole only when its home does not lie behind the hole.
      if (((probe - home(slots_[probe].key)) & (kSlots - 1)) < ((probe - at) & (kSlots - 1))) continue;
      slots_[at] = slots_[probe];
      at = probe;
    }
    slots_[at].used = false;
    size_--;
    return true;
  }

  uint64_t size() const { return size_; }

  template <typename Visit>
  void each(Visit visit) const {
    for (const Slot& slot : slots_)
      if (slot.used) visit(slot.key, slot.value);
  }

 private:
  struct Slot {
    Key key;
    Value value;
    bool used;
  };

  static uint64_t home(const Key& key) { return mix(key) & (kSlots - 1); }
  static uint64_t next(uint64_t at) { return (at + 1) & (kSlots - 1); }

  Slot slots_[kSlots];
  uint64_t size_ = 0;
};

// A global with a constructor, which runs before main.
struct Seed {
  uint64_t state;
  Seed() : state(xorshift_twice(88172645463325252)) {}
  static uint64_t xorshift_twice(uint64_t from) {
    xorshift(&from);
    return xorshift(&from);
  }
};

Seed seed;
HashMap<uint64_t, uint64_t, 15> map;

}  // namespace

int main() {
  uint64_t operations = zisk_next_u64(1000);
  uint64_t found = 0, hits = 0;
  for (uint64_t i = 0; i < operations; i++) {
    uint64_t random = xorshift(&seed.state);
    uint64_t key = (random >> 8) % 20000;
    switch (random & 3) {
      case 0:
      case 1:
        map.insert(key, i);
        break;
      case 2:
        if (uint64_t* value = map.find(key)) found += *value, hits++;
        break;
      case 3:
        hits += map.remove(key);
    }
  }
  uint64_t left = 0;
  map.each([&](uint64_t key, uint64_t value) { left += key ^ value; });
  zisk_set_output_u64(0, found);
  zisk_set_output_u64(2, hits);
  zisk_set_output_u64(4, map.size());
  zisk_set_output_u64(6, left);
  return 0;
}
