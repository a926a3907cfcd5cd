import { createHash } from 'node:crypto'

/** The eight words of a SHA-256 digest. */
export function sha256Words(bytes: Uint8Array): number[] {
  const digest = createHash('sha256').update(bytes).digest()
  return Array.from({ length: 8 }, (_, i) => digest.readUInt32BE(4 * i))
}

/** A hash applied `count` times to 32 zero bytes. */
export function hashChain(algorithm: 'sha256' | 'sha3-256', count: number): Buffer {
  let message = Buffer.alloc(32)
  for (let i = 0; i < count; i++) message = Buffer.from(createHash(algorithm).update(message).digest())
  return message
}
