import { ZiskError, type ZiskErrorJson } from '@zisk/core'
import { renderRegisters } from './render-registers.ts'

/**
 * JSON form of anything thrown, always with a remedy; what is not a {@link ZiskError} is a bug of the toolchain and says
 * so.
 */
export function errorToJson(error: unknown): ZiskErrorJson & { readonly remedy: string } {
  if (error instanceof ZiskError) {
    const { code, message, where, remedy, details } = error.toJSON()
    const advice = remedy ?? `\`zisk explain ${code}\` says what it means and what to do.`
    return { code, message, ...(where === undefined ? {} : { where }), remedy: advice, details }
  }
  return {
    code: 'INTERNAL',
    message: error instanceof Error ? error.message : String(error),
    remedy: 'This is a defect of zisk: please report it with the output of --debug.',
    details: {},
  }
}

/**
 * Text form of anything thrown, for a terminal: message, place, details, remedy; the stack only under `--debug`.
 */
export function renderError(error: unknown, debug: boolean): string {
  const { code, message, where, remedy, details } = errorToJson(error)
  const lines = [`error[${code}]: ${message}`]
  if (where !== undefined) lines.push(`  at: ${where}`)
  for (const [key, value] of Object.entries(details)) {
    // What a compiler said was passed on while it ran.
    if (key === 'output') continue
    if (key === 'registers' && Array.isArray(value))
      lines.push(`  registers:\n${renderRegisters(value.map(String)).trimEnd()}`)
    else lines.push(`  ${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
  }
  // Who pressed Ctrl-C knows what happened.
  if (code !== 'INTERRUPTED') lines.push(`  help: ${remedy}`)
  if (debug && error instanceof Error && error.stack !== undefined) lines.push(error.stack)
  return `${lines.join('\n')}\n`
}
