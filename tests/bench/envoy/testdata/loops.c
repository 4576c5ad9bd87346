// Goes through a loop of two instructions as often as it is told: by each byte
// that it reads, a thousand times that byte.
#include <unistd.h>

int main(void) {
  unsigned char n;
  while (read(0, &n, 1) == 1) {
    long left = 1000L * n;
    __asm__ volatile("1: dec %0\n\tjnz 1b" : "+r"(left)::"cc");
    if (write(1, "x", 1) != 1) return 1;
  }
  return 0;
}
