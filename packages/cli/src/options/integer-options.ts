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

const BYTE_UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 }

/** Parser of a number of bytes: digits with an optional unit K, M, G or T, which are powers of 1024. */
export function byteCountParser(option: string, min: number): (text: string) => number {
  return (text) => {
    const match = /^(\d+(?:\.\d+)?)([KMGT]?)(?:i?B)?$/i.exec(text)
    const value = match === null ? Number.NaN : Math.floor(Number(match[1]) * BYTE_UNITS[match[2]!.toUpperCase()]!)
    if (!Number.isSafeInteger(value) || value < min) {
      throw badValue(option, `a number of bytes from ${min / 2 ** 20}M, such as 6G`, text)
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
