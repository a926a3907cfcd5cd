/**
 * The guest's system interface: precompile CSRs, fcall CSRs and fcall ids.
 *
 * Source: ZisK v0.18 `definitions/src/syscall.rs`, `ziskos/entrypoint/src/zisklib/fcalls/mod.rs`.
 */

/** First CSR number of the system interface; below it a CSR is an ordinary memory word. */
export const SYSTEM_CSR_FIRST = 0x800

/** Names of the precompiles by CSR number (`csrs <csr>, rs1`). `profile` and the DMA entries are instruction patterns. */
export const PRECOMPILE_CSRS: Readonly<Record<number, string>> = {
  2048: 'keccak',
  2049: 'arith256',
  2050: 'arith256_mod',
  2051: 'secp256k1_add',
  2052: 'secp256k1_dbl',
  2053: 'sha256',
  2054: 'bn254_curve_add',
  2055: 'bn254_curve_dbl',
  2056: 'bn254_complex_add',
  2057: 'bn254_complex_sub',
  2058: 'bn254_complex_mul',
  2059: 'arith384_mod',
  2060: 'bls12_381_curve_add',
  2061: 'bls12_381_curve_dbl',
  2062: 'bls12_381_complex_add',
  2063: 'bls12_381_complex_sub',
  2064: 'bls12_381_complex_mul',
  2065: 'add256',
  2066: 'poseidon2',
  2067: 'dma_memcpy',
  2068: 'dma_memcmp',
  2069: 'dma_inputcpy',
  2070: 'dma_xmemset',
  2071: 'secp256r1_add',
  2072: 'secp256r1_dbl',
  2073: 'blake2',
  2074: 'profile',
}

/** First of 32 CSRs that start an fcall: `csrrwi x0, 0x8C0 + (id >> 5), id & 31`. */
export const FCALL_CSR_FIRST = 0x8c0
export const FCALL_CSR_COUNT = 32

/** First of 16 CSRs that pass an fcall parameter: `csrs 0x8F0 + k, value`. */
export const FCALL_PARAM_CSR_FIRST = 0x8f0

/** Words passed by parameter CSR `0x8F0 + k`: 1 is the register itself, more is a pointer to that many words. */
export const FCALL_PARAM_WORDS: readonly number[] = [1, 2, 4, 8, 12, 16, 20, 24, 28, 32, 48, 64, 80, 96, 128, 256]

/** CSR that yields the next result word of the last fcall: `csrr rd, 0xFFE`. */
export const FCALL_GET_CSR = 0xffe

/** Names of fcall ids, for messages. */
export const FCALL_NAMES: Readonly<Record<number, string>> = {
  1: 'secp256k1_fp_inv',
  2: 'secp256k1_fn_inv',
  3: 'secp256k1_fp_sqrt',
  4: 'secp256k1_ecdsa_verify',
  5: 'secp256r1_ecdsa_verify',
  6: 'bn254_fp_inv',
  7: 'bn254_fp2_inv',
  8: 'bn254_twist_add_line_coeffs',
  9: 'bn254_twist_dbl_line_coeffs',
  10: 'bls12_381_fp_inv',
  11: 'bls12_381_fp_sqrt',
  12: 'bls12_381_fp2_inv',
  13: 'bls12_381_fp2_sqrt',
  14: 'bls12_381_twist_add_line_coeffs',
  15: 'bls12_381_twist_dbl_line_coeffs',
  16: 'bin_decomp',
  17: 'msb_pos_256',
  18: 'msb_pos_384',
  19: 'uint256_div',
  20: 'uint256_inv',
  21: 'uint256_inv_mod',
  22: 'bigint_div',
  23: 'input_ready',
}

/** Value of CSR `marchid` by which a guest knows that it runs in ZisK. */
export const MARCHID_ZISK = 0xfffeeee
export const CSR_MARCHID = 0xf12
export const CSR_MTVEC = 0x305
