import { type Example, instanceOf } from '../example.ts'

const DEALT = [5n, 2n, 8n, 3n, 6n, 4n]
const OPENING = 1n
const SPARE = 7n
const suitOf = (rank: bigint): bigint => (rank === OPENING ? 7n : rank === SPARE ? 9n : (rank * rank) % 4n)
const STEPS = "(1 - L1') * is_held' * (rank' - rank - 1) === 0"

export const product: Example = {
  name: 'product',
  witness: (program) => {
    const held = [OPENING, SPARE, ...DEALT].sort((x, y) => Number(x - y))
    const dealer = instanceOf(
      program,
      { air: 'Dealer' },
      // The last two cards are not dealt.
      { rank: [...DEALT, 11n, 12n], suit: [...DEALT.map(suitOf), 1n, 2n], is_dealt: DEALT.map(() => 1n) },
    )
    dealer.airValues[0] = SPARE
    const hand = { rank: held, suit: held.map(suitOf), is_held: held.map(() => 1n) }
    return { instances: [dealer, instanceOf(program, { air: 'Hand' }, hand)], publics: [OPENING], proofValues: [] }
  },
  cells: {
    'Dealer.rank': {
      reports: ['bus cards'],
      free: { rows: (row) => row >= DEALT.length, because: 'cards that are not dealt send nothing' },
    },
    'Dealer.suit': {
      reports: ['bus cards'],
      free: { rows: (row) => row >= DEALT.length, because: 'cards that are not dealt send nothing' },
    },
    'Dealer.is_dealt': { reports: ['bus cards', 'sel * (1 - sel) === 0'] },
    'Dealer.spare': { reports: ['bus cards'] },
    'Hand.rank': {
      reports: ['bus cards', STEPS],
      free: { rows: (row) => row >= DEALT.length + 2, because: 'rows that hold no card take nothing' },
    },
    'Hand.suit': {
      reports: ['bus cards'],
      free: { rows: (row) => row >= DEALT.length + 2, because: 'rows that hold no card take nothing' },
    },
    'Hand.is_held': {
      reports: ['bus cards', 'sel * (1 - sel) === 0', "(1 - L1') * is_held' * (1 - is_held) === 0", STEPS],
    },
  },
}
