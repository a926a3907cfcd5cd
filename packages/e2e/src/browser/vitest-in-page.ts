/**
 * What test files import from `vitest`, for a page: the same matchers, and as much of the runner as our tests use. Tests
 * are collected while the files load; {@link runTests} runs them one after the other.
 */
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect'

/** Outcome of one test. */
export interface TestOutcome {
  readonly name: string
  /** Absent when the test passed. */
  readonly error?: string
}

type Body = (...args: never[]) => unknown
interface Declare {
  (name: string, body: Body): void
  readonly each: (rows: readonly unknown[]) => (name: string, body: Body) => void
}

interface Suite {
  readonly path: string
  readonly before: (() => unknown)[]
  readonly steps: (() => Promise<void>)[]
}

const outcomes: TestOutcome[] = []
const root: Suite = { path: '', before: [], steps: [] }
let current = root

/** A group of tests. */
export const describe: Declare = withEach((name, body) => {
  const outer = current
  const suite: Suite = { path: `${outer.path}${name} > `, before: [], steps: [] }
  outer.steps.push(() => runSuite(suite))
  current = suite
  body()
  current = outer
})

/** One test. */
export const test: Declare = withEach((name, body) => {
  const path = current.path + name
  current.steps.push(async () => {
    try {
      await body()
      outcomes.push({ name: path })
    } catch (error) {
      outcomes.push({ name: path, error: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) })
    }
  })
})

/** Runs before the tests of the suite. */
export function beforeAll(hook: () => unknown): void {
  current.before.push(hook)
}

/** The matchers of vitest. */
export const expect: Chai.ExpectStatic = createExpect()

/** Runs everything that was collected. */
export async function runTests(): Promise<readonly TestOutcome[]> {
  await runSuite(root)
  return outcomes
}

async function runSuite(suite: Suite): Promise<void> {
  for (const hook of suite.before) await hook()
  for (const step of suite.steps) await step()
}

function withEach(declare: (name: string, body: () => unknown) => void): Declare {
  const each = (rows: readonly unknown[]) => (name: string, body: Body) => {
    for (const [i, row] of rows.entries()) {
      const args = (Array.isArray(row) ? row : [row]) as never[]
      declare(`${name} #${i}`, () => body(...args))
    }
  }
  return Object.assign((name: string, body: Body) => declare(name, body as () => unknown), { each })
}

function createExpect(): Chai.ExpectStatic {
  chai.use(JestExtend)
  chai.use(JestChaiExpect)
  chai.use(JestAsymmetricMatchers)
  const made = ((value: unknown, message?: string) => chai.expect(value, message)) as Chai.ExpectStatic
  Object.assign(made, chai.expect)
  Object.assign(made, (globalThis as Record<symbol, unknown>)[ASYMMETRIC_MATCHERS_OBJECT])
  Object.defineProperty(globalThis, GLOBAL_EXPECT, { value: made, configurable: true })
  setState(
    {
      assertionCalls: 0,
      isExpectingAssertions: false,
      isExpectingAssertionsError: null,
      expectedAssertionsNumber: null,
    },
    made as never,
  )
  return made
}
