/**
 * Which address checks a unit needs. A check looks at the base register of an access: it must lie in the *safe zone*
 * (see `safe-zone.ts`). Nearby accesses by the same register, by a copy of it or by a register a few bytes away then
 * need none. Code that records words also checks that an access is aligned, unless that is known.
 */

import { OP, type RomInstruction, SOURCE, STORE } from '@zisk/core'
import type { GuestMemory } from '../guest-memory.ts'
import {
  ANY_ALIGNMENT,
  alignedBy,
  alignmentOfConstant,
  alignmentOfResult,
  joinAlignments,
  residueOf,
} from './alignment.ts'
import type { FlowStructure } from './flow-structure.ts'
import { isIndirect, isPlainWrite } from './instruction-kind.ts'
import { KnownValues } from './known-values.ts'
import { ZONE_MARGIN } from './safe-zone.ts'
import type { UnitGraph } from './unit-graph.ts'

/** How an access is checked, and what is known of it. */
export interface AddressCheck {
  /**
   * - `constant`: the address is known and good.
   * - `proven`: an earlier check covers it.
   * - `zone`: the base register must lie in the safe zone.
   * - `everywhere`: the address is compared with everything that the guest may touch.
   */
  readonly region: 'constant' | 'proven' | 'zone' | 'everywhere'
  /** For `constant`. */
  readonly address: number
  /** Whether the code must check that the address is a multiple of the width. */
  readonly checksAlignment: boolean
  /** Whether, after the check, the access lies in one word; only known where words are recorded. */
  readonly isInOneWord: boolean
}

/** What the analysis takes as given. */
export interface AddressContext {
  readonly memory: GuestMemory
  /** Whether the access at this pc has been seen to fail its check. */
  readonly goesEverywhere: (pc: number) => boolean
  /** Whether the code records the words that it reads. */
  readonly recordsWords: boolean
}

/** Offset that an indirect access adds to operand a. */
export function accessOffset(inst: RomInstruction): number {
  return inst.bSrc === SOURCE.IND ? inst.bLow : inst.storeOffset
}

/** Room for the widest access. */
const MAX_WIDTH = 8
/** Distance of a register that no check covers. */
const UNKNOWN = 0xffff

/** What is known at one place, per register. */
interface Facts {
  /** Largest distance in bytes between the value and the safe zone, or {@link UNKNOWN}. */
  readonly distance: Uint16Array
  readonly alignment: Uint8Array
}

function noFacts(): Facts {
  return { distance: new Uint16Array(32).fill(UNKNOWN), alignment: new Uint8Array(32).fill(ANY_ALIGNMENT) }
}

/** The check of every indirect access, by block and instruction; `undefined` elsewhere. */
export function analyseAddresses(
  graph: UnitGraph,
  flow: FlowStructure,
  context: AddressContext,
): readonly (readonly (AddressCheck | undefined)[])[] {
  const fixed = graph.blocks.map(({ instructions }) => fixedChecks(instructions, context))
  const checks: (AddressCheck | undefined)[][] = fixed.map((block) => [...block])
  const before = flow.isRouted.map((isRouted, block) => (isRouted || block === flow.order[0] ? noFacts() : undefined))
  for (let changed = true; changed; ) {
    changed = false
    for (const at of flow.order) {
      const block = graph.blocks[at]!
      const { distance, alignment } = before[at]!
      const facts = { distance: distance.slice(), alignment: alignment.slice() }
      for (const [i, inst] of block.instructions.entries()) {
        checks[at]![i] = stepFacts(facts, inst, fixed[at]![i], context.recordsWords)
      }
      const after = block.terminator.kind === 'call' ? noFacts() : facts
      for (const target of flow.successors[at]!) if (target >= 0 && join(before, target, after)) changed = true
    }
  }
  return checks
}

/** Checks that do not depend on other checks. */
function fixedChecks(
  instructions: readonly RomInstruction[],
  { memory, goesEverywhere }: AddressContext,
): (AddressCheck | undefined)[] {
  const values = new KnownValues()
  return instructions.map((inst) => {
    const known = isIndirect(inst) ? values.address(inst, accessOffset(inst)) : undefined
    values.step(inst)
    if (!isIndirect(inst)) return undefined
    if (known !== undefined && known < 1n << 32n && isPlainAccess(inst, Number(known), memory)) {
      const address = Number(known)
      const isInOneWord = (address % 8) + inst.indWidth <= 8
      return { region: 'constant', address, checksAlignment: false, isInOneWord }
    }
    const isFar = Math.abs(accessOffset(inst)) > ZONE_MARGIN - MAX_WIDTH
    if (!isFar && inst.aSrc === SOURCE.REG && !goesEverywhere(inst.pc)) return undefined
    const isInOneWord = inst.indWidth === 1
    return { region: 'everywhere', address: 0, checksAlignment: false, isInOneWord }
  })
}

function isPlainAccess(inst: RomInstruction, address: number, memory: GuestMemory): boolean {
  return inst.bSrc === SOURCE.IND
    ? memory.isReadable(address, inst.indWidth)
    : isPlainWrite(address, inst.indWidth, memory)
}

/** Decides the check of one instruction and brings the facts behind it. */
function stepFacts(
  facts: Facts,
  inst: RomInstruction,
  fixed: AddressCheck | undefined,
  recordsWords: boolean,
): AddressCheck | undefined {
  const check = isIndirect(inst) && fixed === undefined ? checkBase(facts, inst, recordsWords) : fixed
  if (inst.store === STORE.REG) {
    const alignment = inst.storePc
      ? alignmentOfConstant(inst.pc + inst.jmpOffset2)
      : alignmentOfResult(inst, facts.alignment)
    facts.distance[inst.storeOffset] = distanceOfResult(facts.distance, inst)
    facts.alignment[inst.storeOffset] = alignment
  }
  return check
}

function checkBase({ distance, alignment }: Facts, inst: RomInstruction, recordsWords: boolean): AddressCheck {
  const base = inst.aLow
  const offset = accessOffset(inst)
  const width = inst.indWidth
  const isProven = distance[base]! + Math.abs(offset) + MAX_WIDTH <= ZONE_MARGIN
  const residue = recordsWords ? residueOf(alignment[base]!, offset, width) : undefined
  const checksAlignment = recordsWords && residue === undefined
  if (!isProven) distance[base] = 0
  if (checksAlignment) alignment[base] = alignedBy(alignment[base]!, offset, width)
  return {
    region: isProven ? 'proven' : 'zone',
    address: 0,
    checksAlignment,
    isInOneWord: recordsWords && (checksAlignment || residue === 0),
  }
}

function distanceOfResult(distance: Uint16Array, inst: RomInstruction): number {
  if (inst.storePc) return UNKNOWN
  if (inst.op === OP.COPYB && inst.bSrc === SOURCE.REG) return distance[inst.bLow]!
  if (inst.op !== OP.ADD) return UNKNOWN
  const [register, low, high] =
    inst.aSrc === SOURCE.REG && inst.bSrc === SOURCE.IMM
      ? [inst.aLow, inst.bLow, inst.bHigh]
      : inst.aSrc === SOURCE.IMM && inst.bSrc === SOURCE.REG
        ? [inst.bLow, inst.aLow, inst.aHigh]
        : [0, 0, 1]
  const amount = low | 0
  if (amount >> 31 !== (high | 0)) return UNKNOWN
  const sum = distance[register]! + Math.abs(amount)
  return sum <= ZONE_MARGIN ? sum : UNKNOWN
}

/**
 * Joins facts into those before a block and returns whether less is known than before. A distance that grows when a
 * block is reached again would grow for ever in a loop: it becomes unknown.
 */
function join(before: (Facts | undefined)[], target: number, facts: Facts): boolean {
  const known = before[target]
  if (known === undefined) {
    before[target] = { distance: facts.distance.slice(), alignment: facts.alignment.slice() }
    return true
  }
  let changed = false
  for (let register = 0; register < 32; register++) {
    const alignment = joinAlignments(known.alignment[register]!, facts.alignment[register]!)
    if (alignment !== known.alignment[register]) {
      known.alignment[register] = alignment
      changed = true
    }
    if (facts.distance[register]! <= known.distance[register]!) continue
    known.distance[register] = UNKNOWN
    changed = true
  }
  return changed
}
