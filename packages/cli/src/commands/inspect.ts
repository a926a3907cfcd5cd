import { defaultHome, loadVerifyingKey } from '@zisk/sdk/verify'
import {
  inspectProof,
  type PreparedKey,
  type ProofInspection,
  prepareVerifyingKey,
  VerificationError,
} from '@zisk/verifier'
import type { Command } from 'commander'
import type { CommandContext, CommonOptions } from '../command-context.ts'
import { readUserFile } from '../files/read-file.ts'
import { addCommonOptions } from '../options/common-options.ts'
import { toJson } from '../report/json.ts'
import { formatCount, formatShare, formatTable } from '../report/text.ts'

interface InspectOptions extends CommonOptions {
  readonly key?: string
}

export function addInspectCommand(program: Command, { io }: CommandContext): void {
  const command = program
    .command('inspect')
    .description('Show what a proof consists of, without verifying it.')
    .argument('<proof>', 'proof file')
    .option('--key <file>', 'verifying key of another machine: names its AIRs and computes the security of this shape')
    .addHelpText('after', '\nExamples:\n  zisk inspect proof.bin\n  zisk inspect proof.bin --key setup.vkey --json')
  addCommonOptions(command).action(async (file: string, options: InspectOptions) => {
    const proof = readUserFile(file, 'proof')
    const inspection =
      options.key === undefined
        ? await inspectByMachine(proof, defaultHome(io.env))
        : inspectProof(proof, readKey(options.key))
    io.stdout.write(
      options.json ? toJson({ ok: true, command: 'inspect', verified: false, ...inspection }) : render(inspection),
    )
  })
}

/** With the key of the machine, if the proof says that it is one of it and has the shape of one. */
async function inspectByMachine(proof: Uint8Array, home: string): Promise<ProofInspection> {
  const inspection = inspectProof(proof)
  const key = await loadVerifyingKey({ home })
  if (Buffer.from(key.digest).toString('hex') !== inspection.setupDigest) return inspection
  try {
    return inspectProof(proof, key)
  } catch (error) {
    if (error instanceof VerificationError) return inspection
    throw error
  }
}

const readKey = (file: string): PreparedKey => prepareVerifyingKey(readUserFile(file, 'verifying key'))

function render(inspection: ProofInspection): string {
  const { bytes, profile, hash, version, security, sections, shards } = inspection
  const facts = [
    ['proof', `version ${version}, ${formatCount(bytes)} bytes, NOT VERIFIED`],
    ['profile', `${profile ?? 'unknown'}, ${hash}`],
    ['program digest', inspection.programDigest],
    ['setup digest', inspection.setupDigest],
    ['publics', inspection.publics.length === 0 ? 'none' : inspection.publics.join(' ')],
  ]
  const instances = shards.flatMap((shard, index) =>
    shard.instances.map(({ air, name, segment, logRows }) => [
      '',
      `shard ${index}`,
      name ?? `AIR ${air}`,
      `segment ${segment}`,
      `2^${logRows} rows`,
    ]),
  )
  const parts = sections.map((section) => [
    '',
    section.name,
    formatCount(section.bytes),
    formatShare(section.bytes, bytes),
  ])
  const terms = security?.terms.map(({ round, bits }) => ['', round, bits.toFixed(1)]) ?? []
  return [
    formatTable(facts, 'll'),
    '\nInstances\n',
    formatTable(instances, 'lllll'),
    '\nBytes\n',
    formatTable(parts, 'llrr'),
    security === undefined ? '' : `\nSecurity: ${security.bits.toFixed(1)} bits, ${security.regime} regime; by round\n`,
    formatTable(terms, 'llr'),
  ].join('')
}
