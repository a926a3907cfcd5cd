import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { before, test } from 'node:test'
import { buildGuest } from '@zisk/build'
import { defaultHome, execute, loadProgram, prove, verify } from '@zisk/sdk'

const json = (text) => ({ kind: 'json', text, readFile: readFileSync })
const input = json(readFileSync('input.json', 'utf8'))

let program
before(async () => {
  const { elf } = await buildGuest({ home: defaultHome(), onDiagnostics: (text) => process.stderr.write(text) })
  program = loadProgram(new Uint8Array(readFileSync(elf)))
})

test('publishes how many numbers there are, their sum and the largest', async () => {
  const { outcome } = await execute(program, { input })
  assert.equal(outcome.kind, 'exited')
  assert.equal(outcome.exitWord, 0n)
  // The sum has 64 bits: two words, the low one first.
  assert.deepEqual([...outcome.publics.slice(0, 4)], [4, 12960, 0, 7800])
})

test('fails without numbers', async () => {
  const { outcome } = await execute(program, { input: json('[]') })
  assert.equal(outcome.exitWord, 101n)
})

test('proves and verifies', async () => {
  const { proof } = await prove(program, { input })
  const { statement } = await verify(proof, { program })
  assert.deepEqual([...statement.outputs.slice(0, 4)], [4, 12960, 0, 7800])
  // A changed proof is refused.
  proof[proof.length >> 1] ^= 1
  await assert.rejects(verify(proof, { program }))
})
