import type { Example } from '../example.ts'
import { connection } from './connection.ts'
import { continuation } from './continuation.ts'
import { customCommit } from './custom-commit.ts'
import { fibonacci } from './fibonacci.ts'
import { lookup } from './lookup.ts'
import { machine } from './machine.ts'
import { permutation } from './permutation.ts'
import { product } from './product.ts'
import { publics } from './publics.ts'
import { ranges } from './ranges.ts'

/** Every example of `pil/examples`. */
export const EXAMPLES: readonly Example[] = [
  fibonacci,
  permutation,
  product,
  connection,
  lookup,
  ranges,
  machine,
  continuation,
  customCommit,
  publics,
]
