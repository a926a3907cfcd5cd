/**
 * The JSON documents that commands print under `--json`, as a contract: a field that is here stays and keeps its meaning
 * within a major version; further fields may come.
 */

import { z } from 'zod'

const count = z.int().min(0)
const seconds = z.number().min(0)
const hexWord = z.string().regex(/^0x[0-9a-f]+$/)
const digest = z.string().regex(/^[0-9a-f]{64}$/)
const decimal = z.string().regex(/^\d+$/)

const error = z.object({
  code: z.string().regex(/^[A-Z][A-Z0-9_]+$/),
  message: z.string(),
  where: z.string().optional(),
  remedy: z.string(),
  details: z.record(z.string(), z.unknown()),
})

/** Any command that fails before it has a result. */
const failure = z.object({ ok: z.literal(false), error })

const done = { ok: z.literal(true) }
const statement = {
  programDigest: digest,
  exitBound: z.boolean(),
  exitCode: decimal,
  outputs: z.array(hexWord).length(64),
}
/** What the checker did, and whether something was left out because the run is large. */
const checkCounts = { evaluations: count, tuples: count, failureCount: count, skipped: z.array(z.string()) }
const profileFields = {
  steps: count,
  operations: z.record(z.string(), count),
  accesses: z.array(z.object({ region: z.string(), direction: z.string(), alignment: z.string(), count })),
  functions: z.array(z.object({ name: z.string(), steps: count })),
  instructions: z.array(
    z.object({
      pc: hexWord,
      instruction: z.string(),
      count,
      /** Where the ELF says so: function, bytes into it, source file and line. */
      symbol: z.string().optional(),
      offset: count.optional(),
      file: z.string().optional(),
      line: count.optional(),
    }),
  ),
}

const documents = {
  failure,
  new: z.object({
    ...done,
    command: z.literal('new'),
    folder: z.string(),
    name: z.string(),
    template: z.string(),
    files: z.array(z.string()),
  }),
  build: z.object({
    ...done,
    command: z.literal('build'),
    elf: z.string(),
    name: z.string(),
    language: z.string(),
    toolchain: z.object({ name: z.string(), version: z.string() }),
    compiled: count.optional(),
    upToDate: z.boolean(),
    seconds,
  }),
  'toolchain install': z.object({
    ...done,
    command: z.literal('toolchain install'),
    zig: z.object({ version: z.string(), folder: z.string() }),
    already: z.boolean(),
  }),
  'toolchain show': z.object({
    ...done,
    command: z.literal('toolchain show'),
    home: z.string(),
    zig: z.object({ version: z.string(), folder: z.string() }).nullable(),
  }),
  explain: z.object({
    ...done,
    command: z.literal('explain'),
    errors: z.array(z.object({ code: z.string(), subject: z.string(), explanation: z.string() })),
  }),
  run: z.object({
    /** False when the guest failed; `error` then says how. */
    ok: z.boolean(),
    command: z.literal('run'),
    elf: z.string(),
    executor: z.string(),
    memoryMap: z.string(),
    outcome: z.string(),
    exitBound: z.boolean(),
    exitCode: decimal.optional(),
    outputs: z.array(hexWord).length(64).optional(),
    steps: count,
    seconds,
    stepsPerSecond: count.nullable(),
    uart: z.string(),
    stats: z.object(profileFields).optional(),
    error: error.optional(),
  }),
  check: z.object({
    ok: z.boolean(),
    command: z.literal('check'),
    elf: z.string(),
    steps: count,
    instances: count,
    cells: count,
    ...checkCounts,
    failures: z.array(z.unknown()),
    seconds,
  }),
  execute: z.object({
    ...done,
    command: z.literal('execute'),
    elf: z.string(),
    profile: z.string(),
    ...statement,
    steps: count,
    cells: count,
    shards: count,
    threads: count,
    instances: z.array(z.object({ air: z.string(), segment: count, rows: count, cells: count, shard: count })),
    /** What the proof will take, on this machine, and its size. */
    predicted: z.object({ seconds, memoryBytes: count, fits: z.boolean(), proofBytes: count }),
  }),
  prove: z.object({
    ...done,
    command: z.literal('prove'),
    elf: z.string(),
    output: z.string(),
    profile: z.string(),
    ...statement,
    steps: count,
    instances: count,
    cells: count,
    shards: count,
    threads: count,
    peakMemoryBytes: count,
    proofBytes: count,
    selfVerified: z.boolean(),
    seconds,
    stepsPerSecond: count,
    phases: z.array(z.object({ phase: z.string(), seconds })),
  }),
  verify: z.object({
    ...done,
    command: z.literal('verify'),
    proof: z.string(),
    verified: z.literal(true),
    /** Whether the caller named the program; if not, compare `programDigest` yourself. */
    programNamed: z.boolean(),
    ...statement,
    profile: z.string(),
    securityBits: z.number().min(0),
    proofBytes: count,
    seconds,
  }),
  setup: z.object({
    ...done,
    command: z.literal('setup'),
    setupDigest: digest,
    airs: count,
    verifyingKeyBytes: count,
    cache: z.string(),
    home: z.string(),
    elf: z.string().optional(),
    programDigest: digest.optional(),
  }),
  inspect: z.object({
    ...done,
    command: z.literal('inspect'),
    verified: z.literal(false),
    version: count,
    bytes: count,
    profile: z.string().nullable(),
    hash: z.string(),
    programDigest: z.string(),
    setupDigest: z.string(),
    publics: z.array(decimal),
    shards: z.array(
      z.object({
        instances: z.array(z.object({ air: count, name: z.string().optional(), segment: count, logRows: count })),
      }),
    ),
    sections: z.array(z.object({ name: z.string(), bytes: count })),
    /** Of this shape, round by round, where the key of the proof is known; names of AIRs as well. */
    security: z
      .object({
        bits: z.number(),
        terms: z.array(z.object({ round: z.string(), bits: z.number() })),
        regime: z.string(),
        multiplicity: z.number().optional(),
      })
      .optional(),
  }),
  rom: z.object({
    ...done,
    command: z.literal('rom'),
    digest,
    memoryMap: z.string(),
    exitBound: z.boolean(),
    entry: hexWord,
    instructions: count,
    dataBytes: count,
  }),
  trace: z.object({
    /** False when the guest failed; `error` then says how, and the rest is what was seen until then. */
    ok: z.boolean(),
    command: z.literal('trace'),
    ...z.object(profileFields).partial().shape,
    /** Without --analyze: the executed instructions. */
    steps: z.union([
      count,
      z.array(z.object({ step: count, pc: hexWord, instruction: z.string(), a: hexWord, b: hexWord, c: hexWord })),
    ]),
    error: error.optional(),
  }),
  bench: z.object({
    ...done,
    command: z.literal('bench'),
    elf: z.string(),
    memoryMap: z.string(),
    steps: count,
    results: z.array(z.object({ name: z.string(), seconds, stepsPerSecond: count })),
  }),
  info: z.object({
    ...done,
    command: z.literal('info'),
    /** Of this machine. */
    version: z.string().optional(),
    node: z.string().optional(),
    v8: z.string().optional(),
    platform: z.string().optional(),
    cores: count.optional(),
    memoryBytes: count.optional(),
    residentBytes: count.optional(),
    wasm: z.record(z.string(), z.boolean()).optional(),
    caches: z.array(z.string()).optional(),
    /** Of an ELF. */
    elf: z.string().optional(),
    entry: hexWord.optional(),
    memoryMap: z.string().optional(),
    memoryMapFrom: z.string().optional(),
    exitBound: z.boolean().optional(),
    abiVersion: count.optional(),
    symbols: count.optional(),
    instructions: count.optional(),
    dataBytes: count.optional(),
    segments: z
      .array(
        z.object({
          type: z.string(),
          offset: count,
          address: hexWord,
          fileBytes: count,
          memoryBytes: count,
          readable: z.boolean(),
          writable: z.boolean(),
          executable: z.boolean(),
        }),
      )
      .optional(),
    sections: z
      .array(
        z.object({
          name: z.string(),
          type: z.string(),
          address: hexWord,
          size: count,
          allocated: z.boolean(),
          writable: z.boolean(),
          executable: z.boolean(),
        }),
      )
      .optional(),
  }),
  'pil info': z.object({
    ...done,
    command: z.literal('pil info'),
    program: z.string(),
    airs: z.array(
      z.object({
        name: z.string(),
        airGroup: z.string(),
        rows: count,
        logHeights: z.array(count),
        stage1: count,
        customColumns: count,
        fixedColumns: count,
        stage2: count,
        intermediates: count,
        cellsPerRow: count,
        constraints: count,
        degree: count,
        /** Of what is proved: above the limit, constraints are split. */
        reducedDegree: count,
        nodes: count,
      }),
    ),
    buses: z.array(
      z.object({
        /** Decimal; null for terms with a computed id. */
        id: z.string().nullable(),
        name: z.string(),
        kind: z.string(),
        proves: z.array(z.string()),
        assumes: z.array(z.string()),
        free: z.array(z.string()),
        terms: count,
        /** Fewest and most fields of a term. */
        fields: z.tuple([count, count]),
      }),
    ),
    publics: count,
    globalConstraints: count,
  }),
  'pil compile': z.object({ ...done, command: z.literal('pil compile'), program: z.string(), airs: count }),
  'pil check': z.object({
    ok: z.boolean(),
    command: z.literal('pil check'),
    ...checkCounts,
    failures: z.array(z.unknown()),
  }),
} as const

/** Names of the documents: the command that prints one, and `failure`. */
export const DOCUMENT_NAMES: readonly string[] = Object.keys(documents)

/** Checks a document. */
export function documentSchema(name: string): z.ZodType {
  return documents[name as keyof typeof documents]
}

/** JSON Schema (draft 2020-12) of a document. */
export function jsonSchemaOf(name: string): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: name === 'failure' ? 'any command that fails' : `zisk ${name} --json`,
    ...z.toJSONSchema(documentSchema(name), { io: 'input' }),
  }
}
