/** Bytes of a base64 text, in Node and in browsers. */
export function decodeBase64(text: string): Uint8Array {
  // Node's own way takes a twentieth of the time; browsers have none before 2025.
  const { Buffer } = globalThis as { Buffer?: { from: (text: string, encoding: 'base64') => Uint8Array } }
  if (Buffer !== undefined) return new Uint8Array(Buffer.from(text, 'base64'))
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
