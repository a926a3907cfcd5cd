import { type AirInstance, columnNamed, completeWitness, entryLabel, type Pilout, type ProgramWitness } from '@zisk/air'

/** A witness that may be changed, by PIL names. */
export interface Forgery {
  instances: AirInstance[]
  publics: bigint[]
  proofValues: bigint[]
  /** Instances of an AIR, in order. */
  readonly of: (air: string) => AirInstance[]
  /** A column of the first instance of an AIR, or of another one. */
  readonly column: (air: string, label: string, instance?: number) => BigUint64Array
  readonly addToAirValue: (instance: AirInstance, label: string, by: bigint) => void
}

/**
 * Changes a copy of a witness, and recomputes table multiplicities and split limbs, as a forger would. The copy has no
 * tables while it is changed.
 */
export function forgeWitness(
  program: Pilout,
  witness: ProgramWitness,
  change: (forgery: Forgery) => void,
): ProgramWitness {
  const airOf = ({ airGroup, air }: AirInstance) => program.airGroups[airGroup]!.airs[air]!
  const forgery: Forgery = {
    instances: witness.instances
      .filter((instance) => !airOf(instance).name.startsWith('VirtualTable'))
      .map((instance) => ({
        ...instance,
        witness: instance.witness.map((column) => column?.slice()),
        custom: instance.custom.map((column) => column.slice()),
        airValues: [...instance.airValues],
      })),
    publics: [...witness.publics],
    proofValues: [...witness.proofValues],
    of: (name) => forgery.instances.filter((instance) => airOf(instance).name === name),
    column: (name, label, instance = 0) => {
      const found = forgery.of(name)[instance]
      if (found === undefined) throw new RangeError(`no instance ${instance} of ${name}`)
      return columnNamed(program, found, label)
    },
    addToAirValue: (instance, label, by) => {
      const index = airOf(instance).airValues.findIndex((entry) => entryLabel(entry) === label)
      if (index < 0) throw new RangeError(`no air value ${label}`)
      instance.airValues[index]! += by
    },
  }
  change(forgery)
  const { instances, publics, proofValues } = forgery
  return completeWitness(program, { instances, publics, proofValues })
}
