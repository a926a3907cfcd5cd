/** What the checker is given: the filled columns and values of one run. */
import { P } from '@zisk/field'
import { AirError } from '../errors.ts'
import { materializeFixed } from '../model/fixed-column.ts'
import { type Air, entryLabel, type Pilout } from '../model/pilout.ts'

/** What is known of an instance before its columns are computed. */
export interface InstancePlan {
  /** Position in `Pilout.airGroups`. */
  readonly airGroup: number
  /** Position in the group's `airs`. */
  readonly air: number
  /** Which segment of a continued AIR this is; 0 otherwise. */
  readonly segment: number
  readonly rows: number
}

/** One instance of an AIR. All values are canonical field elements. */
export interface AirInstance extends InstancePlan {
  /** By witness column; one value per row. Entries of stage 2 and later are ignored and may be absent. */
  readonly witness: readonly (BigUint64Array | undefined)[]
  /** By custom column. */
  readonly custom: readonly BigUint64Array[]
  /** By air value; entries of stage 2 and later are ignored. Filled in place where a hint says how. */
  readonly airValues: bigint[]
}

/** All instances of one run with its public and proof-wide values. */
export interface ProgramWitness {
  readonly instances: readonly AirInstance[]
  readonly publics: readonly bigint[]
  readonly proofValues: readonly bigint[]
}

/** An instance together with its AIR and the contents of its fixed columns. */
export interface BoundInstance extends AirInstance {
  /** Position in {@link ProgramWitness.instances}. */
  readonly position: number
  readonly definition: Air
  readonly fixed: readonly BigUint64Array[]
  /** `Group.Air#segment`. */
  readonly label: string
}

/** Position of an AIR by its name, which is unique over the groups in every program of ours. */
export function findAir(program: Pilout, name: string): { readonly airGroup: number; readonly air: number } {
  for (const [airGroup, group] of program.airGroups.entries()) {
    const air = group.airs.findIndex((candidate) => candidate.name === name)
    if (air >= 0) return { airGroup, air }
  }
  const known = program.airGroups.flatMap((group) => group.airs.map((air) => air.name))
  throw shapeError(`no AIR is named ${name}; the program has ${known.join(', ')}`)
}

/** What {@link createInstance} makes. */
export interface InstanceOptions {
  readonly air: string
  /** The height of the AIR when absent. */
  readonly rows?: number
  readonly segment?: number
  /** Memory for the witness columns of stage 1, in order; whatever is in it goes. Their own when absent. */
  readonly columns?: readonly BigUint64Array[] | undefined
}

/** A new instance whose columns and values are all zero. */
export function createInstance(
  program: Pilout,
  options: InstanceOptions,
): AirInstance & { readonly witness: readonly BigUint64Array[] } {
  const position = findAir(program, options.air)
  const air = program.airGroups[position.airGroup]!.airs[position.air]!
  const rows = options.rows ?? air.rows
  const given = options.columns?.values()
  const column = (): BigUint64Array => given?.next().value?.fill(0n) ?? sharedColumn(rows)
  return {
    ...position,
    segment: options.segment ?? 0,
    rows,
    witness: air.witness.map(({ stage }) => (stage >= 2 ? sharedColumn(0) : column())),
    custom: air.customColumns.map(() => sharedColumn(rows)),
    airValues: air.airValues.map(() => 0n),
  }
}

/** A column of zeros in memory that worker threads see too. */
function sharedColumn(rows: number): BigUint64Array {
  return new BigUint64Array(new SharedArrayBuffer(8 * rows))
}

/** The column called `label` (PIL spelling, `a[0]`) among the witness and custom columns of an instance. */
export function columnNamed(program: Pilout, instance: AirInstance, label: string): BigUint64Array {
  const air = program.airGroups[instance.airGroup]!.airs[instance.air]!
  const witness = instance.witness[air.witness.findIndex((column) => entryLabel(column) === label)]
  const custom = instance.custom[air.customColumns.findIndex((column) => entryLabel(column) === label)]
  const column = witness ?? custom
  if (column === undefined) throw shapeError(`AIR ${air.name} has no witness or custom column ${label}`)
  return column
}

/**
 * Checks that a witness has the shape of the program, canonical values included, and materialises the fixed columns.
 *
 * @throws AirError WITNESS_SHAPE_INVALID, HEIGHT_NOT_ALLOWED or FIXED_COLUMN_UNAVAILABLE.
 */
export function bindWitness(program: Pilout, witness: ProgramWitness): readonly BoundInstance[] {
  const definitions = bindPlan(program, witness)
  const fixedOf = new Map<string, readonly BigUint64Array[]>()
  return witness.instances.map((instance, position) => {
    const { definition, label } = definitions[position]!
    expectInstance(definition, instance)
    const key = `${instance.airGroup}:${instance.air}:${instance.rows}`
    let fixed = fixedOf.get(key)
    if (fixed === undefined) {
      const { name } = definition
      fixed = definition.fixed.map((c) => materializeFixed(c.content, instance.rows, `${name}.${entryLabel(c)}`))
      fixedOf.set(key, fixed)
    }
    return { ...instance, position, definition, fixed, label }
  })
}

/**
 * Checks everything that is known of a witness before its columns, and finds the AIR and label of each instance.
 *
 * @throws AirError WITNESS_SHAPE_INVALID or HEIGHT_NOT_ALLOWED.
 */
export function bindPlan(
  program: Pilout,
  plan: Pick<ProgramWitness, 'publics' | 'proofValues'> & { readonly instances: readonly InstancePlan[] },
): readonly Pick<BoundInstance, 'definition' | 'label'>[] {
  expectValues(plan.publics, program.publics.length, 'publics')
  expectValues(plan.proofValues, program.proofValues.length, 'proof values')
  checkSegments(program, plan.instances)
  return plan.instances.map(({ airGroup, air, segment, rows }, position) => {
    const definition = program.airGroups[airGroup]?.airs[air]
    if (definition === undefined) throw shapeError(`instance ${position} names AIR ${air} of group ${airGroup}`)
    const label = `${definition.name}#${segment}`
    if (!definition.logHeights.includes(Math.log2(rows)))
      throw new AirError({
        code: 'HEIGHT_NOT_ALLOWED',
        message: `${label} has ${rows} rows, allowed are 2^${definition.logHeights.join(', 2^')}`,
      })
    return { definition, label }
  })
}

/** Checks that columns and air values have the shape of the AIR and are canonical. @throws AirError WITNESS_SHAPE_INVALID. */
export function expectInstance(air: Air, instance: AirInstance): void {
  expectInstanceShape(air, instance)
  for (const { column, label } of columnsOf(air, instance)) expectCanonical(column!, label)
}

/** Checks all that {@link expectInstance} does but the values in columns. @throws AirError WITNESS_SHAPE_INVALID. */
export function expectInstanceShape(air: Air, instance: AirInstance): void {
  const { airValues, rows, segment } = instance
  expectValues(airValues, air.airValues.length, `air values of ${air.name}#${segment}`)
  for (const { column, label } of columnsOf(air, instance))
    if (column?.length !== rows)
      throw shapeError(`column ${label}: expected ${rows} values, got ${column?.length ?? 0}`)
}

/** The columns that an instance must have. */
function columnsOf(
  air: Air,
  { witness, custom, segment }: AirInstance,
): readonly { readonly column: BigUint64Array | undefined; readonly label: string }[] {
  const labelled = (
    entry: Air['witness'][number] | Air['customColumns'][number],
    column: BigUint64Array | undefined,
  ) => ({
    column,
    label: `${air.name}#${segment}.${entryLabel(entry)}`,
  })
  return [
    ...air.witness.flatMap((entry, i) => (entry.stage < 2 ? [labelled(entry, witness[i])] : [])),
    ...air.customColumns.map((entry, i) => labelled(entry, custom[i])),
  ]
}

/** The segments of an AIR are 0, 1, ..., each once: no verifier accepts anything else. */
function checkSegments(program: Pilout, instances: readonly InstancePlan[]): void {
  const segments = new Map<Air | undefined, number[]>()
  for (const { airGroup, air, segment } of instances) {
    const definition = program.airGroups[airGroup]?.airs[air]
    segments.set(definition, [...(segments.get(definition) ?? []), segment])
  }
  for (const [definition, list] of segments) {
    list.sort((x, y) => x - y)
    if (list.some((segment, i) => segment !== i))
      throw shapeError(
        `the instances of ${definition?.name ?? 'an AIR'} are segments ${list.join(', ')} instead of 0, 1, ...`,
      )
  }
}

function expectValues(values: readonly bigint[], count: number, what: string): void {
  if (values.length !== count) throw shapeError(`expected ${count} ${what}, got ${values.length}`)
  for (const [i, value] of values.entries())
    if (value < 0n || value >= P) throw shapeError(`${what}: entry ${i} is ${value}, not a canonical field element`)
}

function expectCanonical(column: BigUint64Array, label: string): void {
  const words = new Uint32Array(column.buffer, column.byteOffset, column.length * 2)
  for (let r = 0; r < column.length; r++) {
    if (words[2 * r + 1] === 0xffff_ffff && words[2 * r] !== 0)
      throw shapeError(`column ${label}, row ${r}: ${column[r]} is not a canonical field element`)
  }
}

function shapeError(message: string): AirError {
  return new AirError({ code: 'WITNESS_SHAPE_INVALID', message })
}
