/**
 * The part of RAM in which compiled code needs no exact addresses to know that an access is fine. Only a byte store may be
 * one to the UART, which prints.
 */

import { ADDRESS } from '@zisk/core'
import type { GuestMemory } from '../guest-memory.ts'

/** Bytes between the safe zone and the ends of plain memory. */
export const ZONE_MARGIN = 8192

/** Start and size of RAM above all code, without a margin at both ends; multiples of 8. */
export function safeZone(memory: GuestMemory): { readonly start: number; readonly size: number } {
  const { ram } = memory.map
  const firstPlain = Math.max(ram.start, ...memory.codeInRam.map((range) => range.start + range.size))
  const start = (Math.ceil(firstPlain / 8) + 1) * 8 + ZONE_MARGIN
  return { start, size: Math.max(0, ram.start + ram.size - ZONE_MARGIN - start) }
}

/** Whether an access near the safe zone may be one to the UART. */
export function zoneHasUart(memory: GuestMemory): boolean {
  return safeZone(memory).start - ZONE_MARGIN <= ADDRESS.uart
}
