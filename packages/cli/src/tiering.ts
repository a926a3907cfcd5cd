/**
 * When the engine compiles JavaScript for speed. A command does most of its work in WebAssembly, and by default a proof
 * that takes a second spends as much processor time again on optimising functions that are soon done, anew in every
 * worker: 3.6 s of processors become 2.75 s on Node 20, 3.0 become 2.6 s on Node 22. What runs for long is optimised all
 * the same, some milliseconds later.
 *
 * Imported first, because a function gets its budget when it is first called often.
 */
import { setFlagsFromString } from 'node:v8'

/** By major version of the engine; an unknown flag would be reported to the user. From 13 on there is a tier between. */
const FLAGS: Readonly<Record<string, string>> = {
  // Bytes of bytecode that a function executes between two looks at it; 67584 by default.
  11: '--interrupt-budget=600000',
  // Calls; 3000 by default.
  12: '--invocation-count-for-turbofan=15000',
}

const flag = FLAGS[process.versions.v8.split('.', 1)[0]!]
if (flag !== undefined) setFlagsFromString(flag)
