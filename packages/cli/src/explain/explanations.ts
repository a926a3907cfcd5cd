import { GUEST_ERRORS } from './guest-errors.ts'
import { PIL_ERRORS } from './pil-errors.ts'
import { PROGRAM_ERRORS } from './program-errors.ts'
import { PROOF_ERRORS } from './proof-errors.ts'
import { TOOL_ERRORS } from './tool-errors.ts'

/** What every error code means and what to do about it, by subject. A test finds every code of the sources here. */
export const EXPLANATIONS: readonly { readonly subject: string; readonly codes: Readonly<Record<string, string>> }[] = [
  { subject: 'commands, files, building', codes: TOOL_ERRORS },
  { subject: 'running a guest', codes: GUEST_ERRORS },
  { subject: 'programs', codes: PROGRAM_ERRORS },
  { subject: 'proofs', codes: PROOF_ERRORS },
  { subject: 'PIL', codes: PIL_ERRORS },
]
