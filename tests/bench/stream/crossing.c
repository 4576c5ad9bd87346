// Times single calls of the yardstick library.
//
//   crossing LIBRARY COUNT KEY
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct { const char* key; size_t length; unsigned char sum[32]; } yard;

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int by_size(const void* a, const void* b) {
  uint64_t x = *(const uint64_t*)a, y = *(const uint64_t*)b;
  return x < y ? -1 : x > y;
}

// The median over batches of calls: a single one is too short for the clock.
static double median(void (*call)(yard*), yard* y, size_t batches) {
  enum { BATCH = 1000 };
  uint64_t* v = malloc(batches * sizeof *v);
  if (!v) exit(1);
  for (size_t i = 0; i < batches; i++) {
    uint64_t t = now();
    for (int k = 0; k < BATCH; k++) call(y);
    v[i] = now() - t;
  }
  qsort(v, batches, sizeof *v, by_size);
  double m = (double)v[batches / 2] / BATCH;
  free(v);
  return m;
}

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  void* module = dlopen(argv[1], RTLD_LAZY);
  if (!module) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  void (*cross)(yard*) = (void (*)(yard*))dlsym(module, "moeCross");
  void (*digest)(yard*) = (void (*)(yard*))dlsym(module, "moeDigest");
  if (!cross || !digest) return 1;
  size_t n = strtoull(argv[2], NULL, 10) / 1000 + 1;
  yard y = {.key = argv[3], .length = strlen(argv[3])};
  median(cross, &y, n / 10 + 1);
  printf("cross %.1f\n", median(cross, &y, n));
  printf("digest %.1f\n", median(digest, &y, n));
  return 0;
}
