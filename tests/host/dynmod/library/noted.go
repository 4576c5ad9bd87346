package main

import (
	"strings"
	"unsafe"

	"moec.dev/moec/runtime/core"
)

// noted is a bundle whose decisions are counted by name, and recorded.
var noted = &core.Bundle{
	Name: "noted", Digest: strings.Repeat("0123456789abcdef", 4), Request: note, Response: noteResponse,
	Decisions: core.RecordAll, NeedsNow: true,
	Outcomes: []string{"moe.noted.canonical", "moe.noted.undecided", "moe.noted.items.no", "moe.noted.items.set"},
	Passes:   []string{"noted.items"},
	Rules:    []string{"noted", "noted.items.no", "noted.items.new", "noted.items.newer"},
	Shadows:  []int{2, 3},
}

// bothShadows has the bits of the two rules in shadow.
var bothShadows = [1]byte{1<<2 | 1<<3}

func note(f *core.Frame) {
	switch header(f, "x-do") {
	case "no":
		reply(f, 403, "", "moe.noted.items.no")
		return
	case "strange":
		reply(f, 403, "", "moe.noted.items.strange")
		return
	case "nameless":
		act(f, core.OpSet, "", "b")
	case "panic":
		panic("on purpose")
	case "shadow":
		f.Flags |= core.FlagShadow
		f.Shadows = core.Ref{P: uintptr(unsafe.Pointer(&bothShadows)), N: 1}
	case "response":
		f.Flags |= core.FlagResponse
	}
	f.Label, f.Verdict = ref("noted.items"), core.VerdictContinue
}

func noteResponse(f *core.Frame) { reply(f, 500, "", "moe.noted.items.set") }
