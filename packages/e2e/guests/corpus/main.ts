// Runs in Node as JavaScript and as a guest, and prints the same: what TypeScript and AssemblyScript have in common.
import { arrays } from './arrays'
import { classes } from './classes'
import { maps } from './maps'
import { numbers } from './numbers'
import { strings } from './strings'

export function main(): i32 {
  maps()
  strings()
  arrays()
  numbers()
  classes()
  return 0
}
