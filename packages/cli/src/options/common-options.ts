import type { Command } from 'commander'

/** Adds `--json` and `--debug`. */
export function addCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print exactly one JSON document on stdout')
    .option('--debug', 'print stack traces of failures')
}
