package main

import (
	"encoding/binary"
	"strconv"
	"strings"

	"moec.dev/moec/runtime/core"
)

// keeper leaves something for the answer, by the header x-do, and bounds bodies by
// the header x-most.
func keeper(f *core.Frame) {
	n := calls.Add(1)
	f.Verdict, f.Route = core.VerdictContinue, 3
	if most, err := strconv.Atoi(header(f, "x-most")); err == nil {
		f.MaxBody = uint64(most) + 1
	}
	first := func(text string) { f.First = ref(build(f, text)) }
	switch header(f, "x-first") {
	case "announce":
		first(change(core.OpAdd, "x-up", "first") + change(core.OpAdd, "x-told", header(f, "x-text")))
	case "full":
		first(change(core.OpAdd, "x-told", strings.Repeat("x", core.AnnounceSize-12-len("x-told"))))
	case "too-much":
		first(change(core.OpAdd, "x-told", strings.Repeat("x", core.AnnounceSize+1-12-len("x-told"))))
	case "garbage":
		first("abc")
	}
	keep := func(text string) { f.Kept = ref(build(f, text)) }
	switch header(f, "x-do") {
	case "calls":
		reply(f, 200, build(f, strconv.FormatInt(n, 10)), "keeper.calls")
	case "keep":
		keep(header(f, "x-text"))
		f.Flags |= core.FlagResponse
	case "full":
		keep(strings.Repeat("x", core.KeptSize))
		f.Flags |= core.FlagResponse
	case "too-much":
		keep(strings.Repeat("x", core.KeptSize+1))
	case "settle":
		keep(change(core.OpRemove, "server", "") + change(core.OpSet, "x-set", header(f, "x-text")) +
			change(core.OpSetIfAbsent, "x-up", "mine") + change(core.OpSetIfAbsent, "x-absent", "mine") +
			change(core.OpAdd, "x-up", "added") + change(core.OpSet, "x-gone", ""))
		f.Flags |= core.FlagSettled
	case "settle-garbage":
		keep("abc")
		f.Flags |= core.FlagSettled
	case "settle-beyond":
		text := change(core.OpSet, "x-set", "long value")
		keep(text[:len(text)-1])
		f.Flags |= core.FlagSettled
	case "settle-op":
		keep(change(9, "x-set", "a"))
		f.Flags |= core.FlagSettled
	}
}

// change is a header change as core hands it to the host.
func change(op core.Op, name, value string) string {
	b := binary.NativeEndian.AppendUint32(nil, uint32(op))
	b = binary.NativeEndian.AppendUint32(b, uint32(len(name)))
	b = binary.NativeEndian.AppendUint32(b, uint32(len(value)))
	return string(b) + name + value
}

func keeperResponse(f *core.Frame) {
	calls.Add(1)
	kept := view(f.Kept)
	act(f, core.OpSet, "x-kept", build(f, strconv.Itoa(len(kept))+" "+kept[:min(20, len(kept))]))
	f.Verdict = core.VerdictContinue
}

func keeperTooLarge(f *core.Frame) {
	calls.Add(1)
	act(f, core.OpAdd, "x-route", build(f, strconv.Itoa(int(f.Route))))
	act(f, core.OpAdd, "x-kept", build(f, view(f.Kept)))
	if told := view(f.First); told != "" {
		act(f, core.OpAdd, "x-first", build(f, strconv.Itoa(len(told))))
	}
	reply(f, 413, "too large\n", "keeper.body")
}
