#include <stdlib.h>
#include <zisk.h>

struct node {
  struct node *left, *right;
  uint32_t key, count;
};
struct tree {
  struct node *root;
  uint32_t size;
};

static void add(struct tree *tree, uint32_t key) {
  struct node **at = &tree->root;
  while (*at) {
    if (key == (*at)->key) {
      (*at)->count++;
      return;
    }
    at = key < (*at)->key ? &(*at)->left : &(*at)->right;
  }
  *at = malloc(sizeof **at);
  **at = (struct node){NULL, NULL, key, 1};
  tree->size++;
}

static uint64_t fold(const struct node *node, uint64_t hash) {
  if (!node) return hash;
  return fold(node->right, fold(node->left, hash) * 31 + ((uint64_t)node->key << 8) + node->count);
}

struct shape {
  uint64_t (*area)(const struct shape *);
  uint64_t a, b;
};
static uint64_t square_area(const struct shape *shape) { return shape->a * shape->a; }
static uint64_t box_area(const struct shape *shape) { return shape->a * shape->b; }

int main(void) {
  uint32_t n = zisk_read_u32(), state = 1, n_shapes = 0, capacity = 0;
  struct tree tree = {NULL, 0};
  struct shape **shapes = NULL;
  for (uint32_t i = 0; i < n; i++) {
    state = state * 1664525 + 1013904223;
    add(&tree, (state >> 8) % n);
    struct shape *shape = malloc(sizeof *shape);
    if (state >> 31) *shape = (struct shape){square_area, state & 0xffff, 0};
    else *shape = (struct shape){box_area, state & 0xff, i};
    if (n_shapes == capacity) shapes = realloc(shapes, (capacity = capacity ? 2 * capacity : 8) * sizeof *shapes);
    shapes[n_shapes++] = shape;
  }
  uint64_t hash = fold(tree.root, tree.size);
  for (uint32_t i = 0; i < n_shapes; i++) hash = hash * 31 + shapes[i]->area(shapes[i]);
  zisk_commit_u64(hash);
  return 0;
}
