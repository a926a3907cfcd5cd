/** Every guest of this folder. */

import type { Case } from './case.ts'
import { assemblyCases } from './cases-assembly.ts'
import { faultCases } from './cases-faults.ts'
import { programCases } from './cases-programs.ts'
import { rustCases } from './cases-rust.ts'

export const cases: readonly Case[] = [...assemblyCases, ...faultCases, ...programCases, ...rustCases]
