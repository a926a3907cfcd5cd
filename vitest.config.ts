import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Workers started by the code under test run TypeScript from source as well,
// so the forked test process carries the loader and the source condition.
const execArgv = ['--import', 'tsx', '--conditions=zisk-source']
const shared = { pool: 'forks' as const, execArgv, environment: 'node' as const }
const resolve = { conditions: ['zisk-source'] }
const ssr = { resolve: { conditions: ['zisk-source', 'node', 'import', 'module', 'default'] } }

export default defineConfig({
  test: {
    // One more than by default: the process that hands files out has little to do, and of two cores half would idle.
    maxWorkers: availableParallelism(),
    projects: [
      {
        resolve,
        ssr,
        test: {
          ...shared,
          name: 'unit',
          // Files share a process and its modules, which have no state of their own: loading them again was a fifth of the time.
          isolate: false,
          include: ['packages/**/src/**/*.test.ts'],
          exclude: ['packages/e2e/**', '**/node_modules/**', '**/dist/**'],
          testTimeout: 60_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          ...shared,
          name: 'e2e',
          include: ['packages/e2e/src/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
