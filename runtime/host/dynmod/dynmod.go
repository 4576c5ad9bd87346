// Package dynmod makes the library an HTTP filter for Envoy's dynamic modules:
// C functions with the names that Envoy looks up gather a request into a
// frame, call Go once, and carry out what it decided. It is linked by being
// imported and offers nothing to Go code.
//
// It knows Envoy and core's frame. It must not know what a policy is made of,
// nor how one is compiled. This file is the only place where Go and C meet; what
// is checked in Go alone is in settings.go.
package dynmod

// The frame's layout lies outside this folder, where the build cache does not
// look for changes; a test demands that this line follows them:
// frame.h sha256 e9b7d39e75115a062ecd716a1a8280d92edc29023c67693a1d298cf3a0230444

/*
#cgo CFLAGS: -std=gnu11 -O2 -Wall -Wextra -Werror -fvisibility=hidden
#cgo LDFLAGS: -lpthread
#include <stdlib.h>
#include "shim.h"
*/
import "C"

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"unsafe"

	"moec.dev/moec/runtime/core"
	"moec.dev/moec/runtime/obs"
)

func init() {
	obs.SetSink(log)
	core.Clock = func() int64 { return int64(C.moe_clock()) }
}

// log writes one line to Envoy's log. It is a call into C: nothing that a
// request does by rule may use it.
func log(level obs.Level, line string) {
	if line == "" {
		return
	}
	C.moe_log(C.uint32_t(level), (*C.char)(unsafe.Pointer(unsafe.StringData(line))), C.size_t(len(line)))
}

//export moeDecide
func moeDecide(f *C.moe_frame) { core.Decide((*core.Frame)(unsafe.Pointer(f))) }

// moeRefused records what the shim has refused by itself.
//
//export moeRefused
func moeRefused(f *C.moe_frame) {
	defer fence("a record of a refusal")
	core.Refused((*core.Frame)(unsafe.Pointer(f)))
}

// fence is deferred by the entries that decide nothing, beside moeDecide, which
// has core's: a panic must not end Envoy.
func fence(what string) {
	if p := recover(); p != nil {
		obs.Log(obs.Error, fmt.Sprintf("moec: %s is left out: panic: %v", what, p))
	}
}

//export moeTick
func moeTick() { runtime.Gosched() }

// moeLetGo gives back what a stream held. The handles are the stream's record's.
//
//export moeLetGo
func moeLetGo(handles *C.uint64_t, n C.uint32_t) {
	defer fence("the end of what a stream held")
	for _, h := range unsafe.Slice((*uint64)(unsafe.Pointer(handles)), int(n)) {
		core.Release(h)
	}
}

// static refers to a constant of the generated code, which no collector moves.
func static(s string) C.moe_ref {
	return C.moe_ref{ptr: C.uintptr_t(uintptr(unsafe.Pointer(unsafe.StringData(s)))), len: C.size_t(len(s))}
}

// moeOutcome gives an outcome's name, in full and as the bundle has it.
//
//export moeOutcome
func moeOutcome(handle, number C.uint32_t, full, own *C.moe_ref) {
	i, _ := core.Unhandle(uint32(handle))
	b := core.Bundles()[i]
	name, _ := b.Outcome(int(number))
	*full, *own = static(name), static(strings.TrimPrefix(name, b.Name+"."))
}

// moeShadow gives the i-th rule in shadow: its number, its name in full and as
// the bundle has it.
//
//export moeShadow
func moeShadow(handle, i C.uint32_t, rule *C.uint32_t, full, own *C.moe_ref) {
	n, _ := core.Unhandle(uint32(handle))
	b := core.Bundles()[n]
	number := b.Shadows[i]
	*rule, *full, *own = C.uint32_t(number), static(b.Rules[number]), static(b.ShadowName(number))
}

// newTally is a number that C can read; freeTally gives it back.
func newTally() *uint64   { return (*uint64)(C.calloc(1, 8)) }
func freeTally(n *uint64) { C.free(unsafe.Pointer(n)) }

// moeRelease ends what moeConfigure has begun for a configuration.
//
//export moeRelease
func moeRelease(bundle C.uint32_t) {
	defer fence("the end of a configuration")
	release(core.Unhandle(uint32(bundle)))
}

// processors is set once in a process: one processor a worker, so that no
// worker waits for another's, one for Envoy's main thread, one for the
// collector and whatever runs beside them.
var processors sync.Once

// moeConfigure fills the Go part of a configuration, or says in the log why it
// is refused. It starts nothing but the watching of files, and not that while a
// configuration is validated.
//
//export moeConfigure
func moeConfigure(name *C.char, nameLen C.size_t, text *C.char, textLen C.size_t, envoyMinor C.uint32_t, config *C.moe_config) (ok C.bool) {
	bundle := string(unsafe.Slice((*byte)(unsafe.Pointer(name)), int(nameLen)))
	refuse := func(reason any) {
		obs.Log(obs.Error, fmt.Sprintf("moec: bundle %q refused: %v", bundle, reason))
	}
	defer func() {
		if r := recover(); r != nil {
			refuse(r)
			ok = false
		}
	}()
	filterConfig := unsafe.Slice((*byte)(unsafe.Pointer(text)), int(textLen))
	s, err := newSettings(bundle, filterConfig, int(envoyMinor), os.Getenv)
	if err != nil {
		refuse(err)
		return false
	}
	if err := s.bundle.Ready(); err != nil {
		refuse(err)
		return false
	}
	arguments, _ := os.ReadFile("/proc/self/cmdline") // without it the files are watched
	instance, err := open(s, validates(arguments))
	if err != nil {
		refuse(err)
		return false
	}
	config.bundle = C.uint32_t(core.Handle(s.number, instance))
	if s.bundle.NeedsNow {
		config.needs_now = 1
	}
	if s.bundle.NeedsClock {
		config.needs_clock = 1
	}
	if s.bundle.Keeps {
		config.keeps = 1
	}
	config.records = C.uint32_t(s.bundle.Decisions)
	config.name, config.digest = static(s.bundle.Name), static(s.bundle.Digest)
	config.noutcomes = C.uint32_t(len(s.bundle.Outcomes) + len(s.bundle.Passes))
	config.nshadows = C.uint32_t(len(s.bundle.Shadows))
	config.canonical = C.uint32_t(s.bundle.OutcomeNamed(s.bundle.Name + ".canonical"))
	config.undecided_outcome = C.uint32_t(s.bundle.OutcomeNamed(s.bundle.Name + ".undecided"))
	config.refusals = (*C.uint64_t)(unsafe.Pointer(refusals(s.number, instance)))
	config.tick = C.uint64_t(s.tick.Nanoseconds())
	config.nwants = C.uint32_t(len(s.bundle.Attributes))
	for i, id := range s.bundle.Attributes {
		config.wants[i] = C.moe_want{id: C.uint32_t(id), kind: C.uint32_t(id.Kind())}
	}
	processors.Do(func() {
		runtime.GOMAXPROCS(int(C.envoy_dynamic_module_callback_get_concurrency()) + 2)
	})
	return true
}
