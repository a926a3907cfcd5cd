/** BLAKE3 with transcripts that a test changes. */
import { type Hasher, hasherNamed, type Transcript } from '@zisk/verifier'

/** A hasher whose transcripts go through `wrap`, which gets a plain copy of each. */
export function withTranscripts(wrap: (transcript: Transcript, domain: string) => Transcript): Hasher {
  const blake3 = hasherNamed('blake3')!
  return {
    ...blake3,
    createTranscript: (domain) => {
      const inner = blake3.createTranscript(domain)
      const plain: Transcript = {
        absorbBytes: (bytes) => inner.absorbBytes(bytes),
        absorbDigest: (digest) => inner.absorbDigest(digest),
        absorbFelts: (felts) => inner.absorbFelts(felts),
        absorbExts: (exts) => inner.absorbExts(exts),
        squeezeExt: () => inner.squeezeExt(),
        squeezePositions: (count, bits) => inner.squeezePositions(count, bits),
        squeezeDigest: () => inner.squeezeDigest(),
        checkWork: (nonce, bits) => inner.checkWork(nonce, bits),
        workTemplate: () => inner.workTemplate(),
      }
      return wrap(plain, domain)
    },
  }
}
