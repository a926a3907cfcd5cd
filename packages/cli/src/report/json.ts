/** A JSON document for stdout; integers beyond 2^53 - 1 are strings of decimal digits. */
export function toJson(document: object): string {
  return `${JSON.stringify(document, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2)}\n`
}
