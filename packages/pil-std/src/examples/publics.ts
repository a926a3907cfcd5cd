import { complete, type Example, instanceOf } from '../example.ts'

const VOTES = [1n, 0n, 1n, 1n, 0n, 1n, 1n, 0n]
const COUNT = "count === ('count) * (1 - L1) + vote"

export const publics: Example = {
  name: 'publics',
  witness: (program) => {
    let total = 0n
    const count = VOTES.map((vote) => {
      total += vote
      return total
    })
    const instances = [instanceOf(program, { air: 'Votes' }, { vote: VOTES, count })]
    return complete(program, instances, { publics: [total, 8n - total, 8n], proofValues: [8n] })
  },
  cells: {
    'Votes.vote': { reports: ['vote * (1 - vote) === 0', COUNT] },
    'Votes.count': { reports: ['bus votes', COUNT] },
  },
}
