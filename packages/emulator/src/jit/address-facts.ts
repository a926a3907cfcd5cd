/**
 * Which address checks a unit needs. A check looks at the base register of an access: it must lie in the *safe zone*,
 * RAM without its system area, without code, and without a margin at both ends. Nearby accesses by the same register, by
 * a copy of it or by a register a few bytes away then need none.
 */

import { ADDRESS, OP, type RomInstruction, SOURCE, STORE } from '@zisk/core'
import type { GuestMemory } from '../guest-memory.ts'
import type { FlowStructure } from './flow-structure.ts'
import { isIndirect, isPlainWrite } from './instruction-kind.ts'
import { KnownValues } from './known-values.ts'
import type { UnitGraph } from './unit-graph.ts'

/**
 * How an access is checked.
 * - `constant`: the address is known and good.
 * - `proven`: an earlier check covers it.
 * - `zone`: the base register must lie in the safe zone.
 * - `everywhere`: the address is compared with everything that the guest may touch.
 */
export type AddressCheck =
  | { readonly kind: 'constant'; readonly address: number }
  | { readonly kind: 'proven' | 'zone' | 'everywhere' }

/** Bytes between the safe zone and the ends of what is safe. */
const MARGIN = 8192
/** Room for the widest access. */
const MAX_WIDTH = 8

/** First address and size of the safe zone: RAM above the system area and above all code, without margins. */
export function safeZone(memory: GuestMemory): { readonly start: number; readonly size: number } {
  const { ram } = memory.map
  const firstPlain = Math.max(ADDRESS.output, ...memory.codeInRam.map((range) => range.start + range.size))
  const start = firstPlain + MARGIN
  return { start, size: Math.max(0, ram.start + ram.size - MARGIN - start) }
}

/** What the analysis takes as given. */
export interface AddressContext {
  readonly memory: GuestMemory
  /** Whether the access at this pc has been seen to go outside the safe zone. */
  readonly goesEverywhere: (pc: number) => boolean
}

/** Offset that an indirect access adds to operand a. */
export function accessOffset(inst: RomInstruction): number {
  return inst.bSrc === SOURCE.IND ? inst.bLow : inst.storeOffset
}

/** No check covers the register. */
const UNKNOWN = 0xffff

/**
 * Per register the largest distance in bytes between its value and the safe zone, or {@link UNKNOWN}. Joining takes the
 * larger one.
 */
type Facts = Uint16Array

/** The check of every indirect access, by block and instruction; `undefined` elsewhere. */
export function analyseAddresses(
  graph: UnitGraph,
  flow: FlowStructure,
  context: AddressContext,
): readonly (readonly (AddressCheck | undefined)[])[] {
  const fixed = graph.blocks.map(({ instructions }) => fixedChecks(instructions, context))
  const checks: (AddressCheck | undefined)[][] = fixed.map((block) => [...block])
  const before: (Facts | undefined)[] = graph.blocks.map(() => undefined)
  before[flow.order[0]!] = new Uint16Array(32).fill(UNKNOWN)
  for (let changed = true; changed; ) {
    changed = false
    for (const at of flow.order) {
      const block = graph.blocks[at]!
      const facts = before[at]!.slice()
      for (const [i, inst] of block.instructions.entries()) checks[at]![i] = stepFacts(facts, inst, fixed[at]![i])
      const isCall = block.terminator.kind === 'call'
      for (const target of flow.successors[at]!) {
        if (target < 0) continue
        if (join(before, target, isCall ? undefined : facts)) changed = true
      }
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
    const address = isIndirect(inst) ? values.address(inst, accessOffset(inst)) : undefined
    values.step(inst)
    if (!isIndirect(inst)) return undefined
    if (address !== undefined && address < 1n << 32n && isPlainAccess(inst, Number(address), memory)) {
      return { kind: 'constant', address: Number(address) }
    }
    const isFar = Math.abs(accessOffset(inst)) > MARGIN - MAX_WIDTH
    return isFar || inst.aSrc !== SOURCE.REG || goesEverywhere(inst.pc) ? { kind: 'everywhere' } : undefined
  })
}

function isPlainAccess(inst: RomInstruction, address: number, memory: GuestMemory): boolean {
  return inst.bSrc === SOURCE.IND
    ? memory.isReadable(address, inst.indWidth)
    : isPlainWrite(address, inst.indWidth, memory)
}

/** Decides the check of one instruction and brings the facts behind it. */
function stepFacts(facts: Facts, inst: RomInstruction, fixed: AddressCheck | undefined): AddressCheck | undefined {
  let check = fixed
  if (isIndirect(inst) && fixed === undefined) {
    const isProven = facts[inst.aLow]! + Math.abs(accessOffset(inst)) + MAX_WIDTH <= MARGIN
    check = { kind: isProven ? 'proven' : 'zone' }
    if (!isProven) facts[inst.aLow] = 0
  }
  if (inst.store === STORE.REG) facts[inst.storeOffset] = distanceOfResult(facts, inst)
  return check
}

function distanceOfResult(facts: Facts, inst: RomInstruction): number {
  if (inst.storePc) return UNKNOWN
  if (inst.op === OP.COPYB && inst.bSrc === SOURCE.REG) return facts[inst.bLow]!
  if (inst.op !== OP.ADD) return UNKNOWN
  const [register, low, high] =
    inst.aSrc === SOURCE.REG && inst.bSrc === SOURCE.IMM
      ? [inst.aLow, inst.bLow, inst.bHigh]
      : inst.aSrc === SOURCE.IMM && inst.bSrc === SOURCE.REG
        ? [inst.bLow, inst.aLow, inst.aHigh]
        : [0, 0, 1]
  const amount = low | 0
  if (amount >> 31 !== (high | 0)) return UNKNOWN
  const distance = facts[register]! + Math.abs(amount)
  return distance <= MARGIN ? distance : UNKNOWN
}

/**
 * Joins facts into those before a block; `undefined` is no facts at all. A distance that grows when a block is reached
 * again would grow for ever in a loop: it becomes unknown.
 */
function join(before: (Facts | undefined)[], target: number, facts: Facts | undefined): boolean {
  const known = before[target]
  if (known === undefined) {
    before[target] = facts?.slice() ?? new Uint16Array(32).fill(UNKNOWN)
    return true
  }
  let changed = false
  for (let register = 0; register < 32; register++) {
    if ((facts?.[register] ?? UNKNOWN) <= known[register]!) continue
    known[register] = UNKNOWN
    changed = true
  }
  return changed
}
