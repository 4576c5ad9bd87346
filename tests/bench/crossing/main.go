// Package main is the yardstick of the benchmark: a library that does nothing
// but cross from C into Go, and one that also takes a SHA-256 there. It knows
// nothing of bundles.
package main

/*
#cgo CFLAGS: -O2
#include <stdint.h>
#include <stddef.h>
typedef struct { const char* key; size_t length; unsigned char sum[32]; } moe_yard;
*/
import "C"

import (
	"crypto/sha256"
	"unsafe"
)

func main() {}

//export moeCross
func moeCross(y *C.moe_yard) { y.sum[0]++ }

//export moeDigest
func moeDigest(y *C.moe_yard) {
	sum := sha256.Sum256(unsafe.Slice((*byte)(unsafe.Pointer(y.key)), int(y.length)))
	*(*[32]byte)(unsafe.Pointer(&y.sum)) = sum
}
