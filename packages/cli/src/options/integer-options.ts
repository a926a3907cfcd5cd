/** Parsers of numeric option values. Each names the option's unit and range in its error. */

import { CliError } from '../cli-error.ts'

function badValue(option: string, expected: string, got: string): CliError {
  return new CliError({
    code: 'BAD_OPTION_VALUE',
    message: `${option} expected ${expected}, got '${got}'`,
    where: option,
    remedy: `Give ${expected}.`,
  })
}

/** Decimal digits with optional `_` or `,` between them, or a power such as `2^20`; `undefined` for anything else. */
function parseInteger(text: string): number | undefined {
  const power = /^2\^(\d{1,2})$/.exec(text)
  if (power !== null) return 2 ** Number(power[1])
  if (!/^\d+([_,]\d+)*$/.test(text)) return undefined
  const value = Number(text.replace(/[_,]/g, ''))
  return Number.isSafeInteger(value) ? value : undefined
}

/**
 * Parser of a count within a range.
 *
 * @param option name of the option or environment variable, for the error
 */
export function countParser(option: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const value = parseInteger(text)
    if (value === undefined || value < min || value > max) {
      throw badValue(option, `an integer from ${min} to ${max}`, text)
    }
    return value
  }
}

/** Parser of a power of two within a range (both ends included). */
export function powerOfTwoParser(option: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const value = parseInteger(text)
    if (value === undefined || value < min || value > max || !Number.isInteger(Math.log2(value))) {
      throw badValue(option, `a power of two from 2^${Math.log2(min)} to 2^${Math.log2(max)}`, text)
    }
    return value
  }
}

/** Parser of one of several words. */
export function choiceParser<Choice extends string>(
  option: string,
  choices: readonly Choice[],
): (text: string) => Choice {
  return (text) => {
    const choice = choices.find((candidate) => candidate === text)
    if (choice === undefined) throw badValue(option, `one of ${choices.join(', ')}`, text)
    return choice
  }
}
