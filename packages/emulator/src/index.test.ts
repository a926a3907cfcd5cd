import { expect, test } from 'vitest'
import * as emulator from './index.ts'

test('the public surface changes only on purpose', () => {
  expect(Object.keys(emulator).sort()).toMatchInlineSnapshot(`
    [
      "ACCESS_COUNTERS",
      "ALIGNMENTS",
      "ChunkBuffers",
      "ChunkCounter",
      "CountPool",
      "DEFAULT_CHUNK_SIZE",
      "DEFAULT_MAX_INPUT_BYTES",
      "DEFAULT_MAX_STEPS",
      "DIRECTIONS",
      "Emulator",
      "EmulatorError",
      "EmulatorFault",
      "GuestMemory",
      "HOST_LAYOUT",
      "InputError",
      "Interpreter",
      "MAX_CHUNK_SIZE",
      "MIN_CHUNK_SIZE",
      "MachineState",
      "REGIONS",
      "ReadRecorder",
      "TraceError",
      "Uart",
      "accessCounter",
      "addChunkCounts",
      "addRunCounts",
      "countChunk",
      "countChunks",
      "createExecutor",
      "createRunCounts",
      "decodeRom",
      "frameInput",
      "isChunkSize",
      "replayChunk",
      "riscvPcOf",
      "runMachine",
    ]
  `)
})
