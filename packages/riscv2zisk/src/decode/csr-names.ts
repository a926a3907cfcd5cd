/**
 * Names of control and status registers.
 *
 * Source: RISC-V privileged ISA, "CSR Listing"; ZisK's system interface.
 */

import { PRECOMPILE_CSRS } from '@zisk/core'

const NAMES: Readonly<Record<number, string>> = {
  1: 'fflags',
  2: 'frm',
  3: 'fcsr',
  768: 'mstatus',
  769: 'misa',
  770: 'medeleg',
  771: 'mideleg',
  772: 'mie',
  773: 'mtvec',
  774: 'mcounteren',
  832: 'mscratch',
  833: 'mepc',
  834: 'mcause',
  835: 'mtval',
  836: 'mip',
  2816: 'mcycle',
  2818: 'minstret',
  3072: 'cycle',
  3073: 'time',
  3074: 'instret',
  3857: 'mvendorid',
  3858: 'marchid',
  3859: 'mimpid',
  3860: 'mhartid',
  3861: 'mconfigptr',
}

/** Name of a CSR; precompile CSRs are named `zisk.` and the precompile; others are `0x` and the number. */
export function csrName(csr: number): string {
  const precompile = PRECOMPILE_CSRS[csr]
  if (precompile !== undefined) return `zisk.${precompile}`
  return NAMES[csr] ?? `0x${csr.toString(16)}`
}
