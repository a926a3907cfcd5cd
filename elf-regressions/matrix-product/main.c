/* Powers of a 48 x 48 matrix over the integers modulo 2^32, by repeated product. Input: u64 products.
   Outputs: trace, sum of all elements, corner elements. */
#include "zisk.h"

#define N 48

typedef uint32_t matrix[N][N];

static matrix factor, power, product;

static void multiply(matrix result, matrix a, matrix b) {
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) {
      uint32_t sum = 0;
      for (int k = 0; k < N; k++) sum += a[i][k] * b[k][j];
      result[i][j] = sum;
    }
}

int main(void) {
  uint64_t products = zisk_next_u64(1);
  for (uint32_t i = 0; i < N; i++)
    for (uint32_t j = 0; j < N; j++) {
      /* Odd on the diagonal alone: no power becomes 0. */
      factor[i][j] = 2 * (i * 7919 + j * 104729) + (i == j);
      power[i][j] = i == j;
    }
  for (uint64_t round = 0; round < products; round++) {
    multiply(product, power, factor);
    __builtin_memcpy(power, product, sizeof power);
  }
  uint32_t trace = 0, sum = 0;
  for (int i = 0; i < N; i++) {
    trace += power[i][i];
    for (int j = 0; j < N; j++) sum += power[i][j];
  }
  zisk_set_output(0, trace);
  zisk_set_output(1, sum);
  zisk_set_output(2, power[0][0]);
  zisk_set_output(3, power[0][N - 1]);
  zisk_set_output(4, power[N - 1][0]);
  zisk_set_output(5, power[N - 1][N - 1]);
  return 0;
}
