/** The worked examples of `pil/examples`: their witness generators, and what a changed cell must be reported as. */
import { fileURLToPath } from 'node:url'
import {
  type AirInstance,
  columnNamed,
  completeWitness,
  createInstance,
  type Pilout,
  type ProgramWitness,
} from '@zisk/air'
import { compilePilOrThrow } from '@zisk/pilc'

/** Folder of PIL sources at the top of the repository. */
const PIL_FOLDER = fileURLToPath(new URL('../../../pil/', import.meta.url))

/** What may be reported for a changed cell of a column. */
export interface CellRule {
  /** Constraint labels (`pil` source text) and bus names (`bus NAME`); each failure matches one of them. */
  readonly reports: readonly (string | RegExp)[]
  /** Rows whose cell may change, with the reason. */
  readonly free?: { readonly rows: (row: number) => boolean; readonly because: string }
}

/** One example. */
export interface Example {
  /** Name of the file without `.pil`. */
  readonly name: string
  /** Makes an honest witness. */
  readonly witness: (program: Pilout) => ProgramWitness
  /** By `Air.column` or `Air.airvalue`; every column of the example has a rule. */
  readonly cells: Readonly<Record<string, CellRule>>
}

/** Compiles an example with the standard library on the include path. */
export function compileExample(name: string): Pilout {
  return compilePilOrThrow({ file: `${PIL_FOLDER}examples/${name}.pil`, include: [`${PIL_FOLDER}std`] })
}

/** Compiles a program given as text, with the standard library on the include path. */
export function compileText(text: string): Pilout {
  return compilePilOrThrow({ file: 'main.pil', sources: { 'main.pil': text }, include: [`${PIL_FOLDER}std`] })
}

/** A new instance with the given columns; the others are zero. */
export function instanceOf(
  program: Pilout,
  options: { readonly air: string; readonly rows?: number; readonly segment?: number },
  columns: Readonly<Record<string, readonly bigint[]>>,
): AirInstance {
  const instance = createInstance(program, options)
  for (const [label, values] of Object.entries(columns)) columnNamed(program, instance, label).set(values)
  return instance
}

/** Completes a witness: tables, columns that hints compute, multiplicities. */
export function complete(
  program: Pilout,
  instances: readonly AirInstance[],
  values: { readonly publics?: readonly bigint[]; readonly proofValues?: readonly bigint[] } = {},
): ProgramWitness {
  return completeWitness(program, {
    instances,
    publics: values.publics ?? [],
    proofValues: values.proofValues ?? [],
  })
}
