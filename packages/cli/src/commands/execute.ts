import { type PlannedAirInstance, type ProofPlan, plan } from '@zisk/sdk'
import type { Command } from 'commander'
import type { CommandContext, CommonOptions } from '../command-context.ts'
import { catchInterruption } from '../interruption.ts'
import { addCommonOptions } from '../options/common-options.ts'
import { addElfOptions, type ElfOptions, elfPath, loadProgramFromOptions } from '../options/elf-options.ts'
import { addInputOptions, type InputOptions, inputFromOptions } from '../options/input-options.ts'
import { addProofOptions, type ProofOptions, proofOptions } from '../options/proof-options.ts'
import { toJson } from '../report/json.ts'
import { renderStatement, statementToJson } from '../report/statement.ts'
import { formatBytes, formatCount, formatSeconds, formatTable } from '../report/text.ts'

type ExecuteOptions = CommonOptions & ElfOptions & InputOptions & ProofOptions

export function addExecuteCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('execute')
    .description('Run a program and plan its proof: instances, cells, time, memory and size, before anything is paid.')
    .addHelpText(
      'after',
      '\nExamples:\n  zisk execute program.elf --input args.json\n  zisk execute program.elf --profile small128 --json',
    )
  addElfOptions(command)
  addInputOptions(command)
  addProofOptions(command)
  addCommonOptions(command).action((elf: string | undefined, options: ExecuteOptions) => execute(elf, options, context))
}

async function execute(argument: string | undefined, options: ExecuteOptions, { io }: CommandContext): Promise<void> {
  const path = elfPath(argument, options)
  const program = await loadProgramFromOptions(path, options)
  const input = inputFromOptions(options, program, io)
  const { signal, release } = catchInterruption()
  const planned = await plan(program, { ...proofOptions(options, io), input, signal }).finally(release)
  if (options.json) {
    const { programDigest, statement, seconds, memoryBytes, fits, proofBytes, ...rest } = planned
    const predicted = { seconds, memoryBytes, fits, proofBytes }
    const stated = statementToJson({ programDigest, statement })
    io.stdout.write(
      toJson({ ok: true, command: 'execute', elf: path, profile: options.profile, ...stated, ...rest, predicted }),
    )
    return
  }
  io.stdout.write(render(planned, options))
}

function render(planned: ProofPlan, { profile }: ExecuteOptions): string {
  const { steps, instances, shards, cells, seconds, threads, memoryBytes, fits, proofBytes } = planned
  const rows = [...byAir(instances)].map(([air, members]) => [
    air,
    formatCount(members.length),
    formatCount(members.reduce((sum, { rows }) => sum + rows, 0)),
    formatCount(members.reduce((sum, { cells }) => sum + cells, 0)),
    members.map((member) => `2^${Math.log2(member.rows)}`).join(' '),
  ])
  const facts = [
    ['steps', formatCount(steps)],
    [
      'cells',
      `${formatCount(cells)}, ${(cells / steps).toFixed(1)} a step, in ${shards} ${shards === 1 ? 'shard' : 'shards'}`,
    ],
    ['time', `about ${formatSeconds(seconds)} on ${threads} ${threads === 1 ? 'thread' : 'threads'}`],
    ['memory', `about ${formatBytes(memoryBytes)}${fits ? '' : ', MORE THAN THERE IS: zisk prove refuses'}`],
    ['proof', `about ${formatBytes(proofBytes)}, ${profile}`],
  ]
  return [
    formatTable([['AIR', 'instances', 'rows', 'cells', 'heights'], ...rows], 'lrrrl'),
    '\n',
    renderStatement(planned),
    formatTable(facts, 'll'),
  ].join('')
}

function byAir(instances: readonly PlannedAirInstance[]): ReadonlyMap<string, readonly PlannedAirInstance[]> {
  const groups = new Map<string, PlannedAirInstance[]>()
  for (const instance of instances) groups.set(instance.air, [...(groups.get(instance.air) ?? []), instance])
  return groups
}
