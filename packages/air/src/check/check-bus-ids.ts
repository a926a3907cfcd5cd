/** Checks that every computed bus id is one of those that the call lists. */
import { type BusScope, visitTuples } from './check-buses.ts'
import { type FailureSink, originOf } from './check-constraints.ts'
import type { BusIdFailure } from './report.ts'

/** Reports each tuple of a scope whose id lies outside its list; tuples that count zero times do not matter. */
export function checkBusIds(scope: BusScope, failures: FailureSink<BusIdFailure>): void {
  const { program, kernelOf } = scope
  const instances = scope.instances.filter((instance) => kernelOf(instance).terms.some(({ ids }) => ids !== undefined))
  const computed = (instance: (typeof instances)[number]) => {
    const kernel = kernelOf(instance)
    return { ...kernel, terms: kernel.terms.filter(({ ids }) => ids !== undefined) }
  }
  visitTuples({ ...scope, instances, kernelOf: computed }, ({ term, instance, row, words, count }) => {
    const { ids } = term
    if (ids === undefined) return
    const id = count === 0 ? 0n : (BigInt(words[1]!) << 32n) + BigInt(words[0]!)
    if (ids.has(id)) return
    failures.add(() => ({
      kind: 'id',
      label: `id of ${term.name}`,
      bus: term.name,
      side: term.side,
      instance: instance === undefined ? 'global' : instance.label,
      row,
      id,
      allowed: [...ids],
      ...originOf(program, term),
    }))
  })
}
