// Objects: a search tree, and shapes behind one interface in a list.
import { commitU64, readU32 } from '@zisk/guest/assembly'

class Node {
  left: Node | null = null
  right: Node | null = null
  constructor(
    readonly key: u32,
    public count: u32,
  ) {}
}

class Tree {
  root: Node | null = null
  size: i32 = 0

  add(key: u32): void {
    let node = this.root
    if (!node) {
      this.root = new Node(key, 1)
      this.size++
      return
    }
    while (true) {
      if (key == node.key) {
        node.count++
        return
      }
      const next = key < node.key ? node.left : node.right
      if (!next) break
      node = next
    }
    if (key < node.key) node.left = new Node(key, 1)
    else node.right = new Node(key, 1)
    this.size++
  }
}

function fold(node: Node | null, hash: u64): u64 {
  if (!node) return hash
  return fold(node.right, fold(node.left, hash) * 31 + (<u64>node.key << 8) + node.count)
}

abstract class Shape {
  abstract area(): u64
}
class Square extends Shape {
  constructor(readonly side: u64) {
    super()
  }
  area(): u64 {
    return this.side * this.side
  }
}
class Box extends Shape {
  constructor(
    readonly width: u64,
    readonly height: u64,
  ) {
    super()
  }
  area(): u64 {
    return this.width * this.height
  }
}

export function main(): i32 {
  const n = readU32()
  const tree = new Tree()
  const shapes = new Array<Shape>()
  let state: u32 = 1
  for (let i: u32 = 0; i < n; i++) {
    state = state * 1664525 + 1013904223
    tree.add((state >> 8) % n)
    if (state >> 31) shapes.push(new Square(state & 0xffff))
    else shapes.push(new Box(state & 0xff, i))
  }
  let hash = fold(tree.root, tree.size)
  for (let i = 0; i < shapes.length; i++) hash = hash * 31 + shapes[i].area()
  commitU64(hash)
  return 0
}
