/** Errors of proving and of proofs. The ones that begin with PROOF_ come from the verifier. */
export const PROOF_ERRORS: Readonly<Record<string, string>> = {
  MEMORY_STEP_GAP:
    'Two accesses of a memory word are more than 2^30 steps apart, which no row can say. Let the program touch the word in between, or split the run.',
  MEMORY_UNDEFINED_WORD:
    'The run read a word of memory that nothing defined. A defect of zisk; please report it with the program.',
  OPERATION_WITHOUT_MACHINE:
    'The run used an operation that no state machine proves yet. `zisk run --stats` shows which operations a program uses.',
  PACKAGE_DAMAGED: 'The keys that belong to the installed package are missing or damaged. Install it again.',
  PLAN_INVALID: 'The plan of instances does not cover the run. A defect of zisk; please report it.',
  PROGRAM_KEY_INVALID: 'The key that names a program is malformed. Make it again with `zisk setup ELF`.',
  PROOF_CONSTRAINTS_FAILED:
    'The proof is invalid: what it says about the run does not satisfy the rules of the machine. Do not trust it.',
  PROOF_FOLDING_INVALID: 'The proof is invalid: a folding step does not fit to the one before. Do not trust it.',
  PROOF_GLOBAL_CONSTRAINT_FAILED:
    'The proof is invalid: its parts do not add up, so some part of the run is missing or made up. Do not trust it.',
  PROOF_INSTANCES_INVALID: 'The proof is invalid: its tables are not those of one complete run.',
  PROOF_NOT_CANONICAL:
    'The proof holds a number in a form that no honest prover writes. It is refused, so that a proof has one form only.',
  PROOF_NOT_RECOGNISED: 'The file is no proof. Name the file that `zisk prove --output` wrote.',
  PROOF_OPENING_INVALID:
    'The proof is invalid: a value does not belong to the commitment. The file is damaged or forged.',
  PROOF_PARAMETERS_REFUSED:
    'The proof was made with a profile that the caller does not accept; the test profile is insecure and needs --allow-insecure.',
  PROOF_PARAMETERS_UNKNOWN:
    'The proof names a profile that this version does not know. Profiles come from the verifier, never from a proof.',
  PROOF_PROGRAM_MISMATCH:
    'The proof is about another program than the one that you named. Rebuild the ELF from the sources that you trust, with the tools that its digest was made with; never take the digest from whoever made the proof.',
  PROOF_PUBLICS_MISMATCH: 'The proof is about other outputs than those that you named.',
  PROOF_RUN_FAILED:
    'The proof is valid, but what it proves is a run that failed: its exit code is not 0. --allow-failure accepts it.',
  PROOF_SECURITY_TOO_LOW:
    'The tables of the proof are so large that its security would be below what the profile promises.',
  PROOF_SETUP_MISMATCH:
    'The proof was made for other rules of the machine: by another version. Prove again, or verify with that version.',
  PROOF_SHAPE_INVALID: 'The proof is invalid: a list in it is longer or shorter than its parameters demand.',
  PROOF_TRAILING_BYTES: 'The file goes on behind the end of the proof.',
  PROOF_TRUNCATED: 'The file ends before the proof does: it was cut off.',
  PROOF_VERSION_UNSUPPORTED:
    'The proof was made by a version with another format. Prove again, or verify with that version.',
  PROOF_WORK_MISSING: 'The proof is invalid: it does not show the work that its profile demands.',
  PROVER_CANCELLED: 'Proving was cancelled by the caller.',
  PROVER_DENOMINATOR_ZERO:
    'A denominator was zero by chance, about once in 2^120 proofs. Prove again with another --shard-cells.',
  PROVER_INPUT_INVALID: 'What was to be proven is not one complete run.',
  PROVER_MEMORY_EXHAUSTED:
    'The proof does not fit into memory. Close other programs, or prove in smaller shards as the message says.',
  RUN_NOT_EXITED: 'The run did not end through the exit call, so there is nothing to prove.',
  SETUP_UNSUPPORTED: 'The PIL program uses something that the proof system does not have.',
  VERIFYING_KEY_INVALID: 'A verifying key is malformed: the installed package is damaged, or the file is none.',
  WITNESS_FAILED:
    'A state machine could not fill its table for this run. A defect of zisk; please report it with the program.',
  WORK_FOLDER_NOT_WRITABLE:
    'The folder that --work-dir names cannot be made or written, or its disk is full. What is finished stays: the same command goes on from it.',
}
