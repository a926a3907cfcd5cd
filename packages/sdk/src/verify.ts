/** Verification alone: what starts without compiler, emulator and prover. */
export { defaultHome } from './home.ts'
export { loadVerifyingKey } from './machine/verifying-key.ts'
export type { HostOptions } from './proving/prover-session.ts'
export type { NamedProgram, VerifiedProof, VerifyOptions } from './proving/verify.ts'
export { verify } from './proving/verify.ts'
