// Package main is a library of bundles written by hand for the test host: each
// makes the shim do one thing that a compiled policy makes it do rarely or
// never. It knows the frame and nothing of policies.
package main

import (
	"strconv"
	"strings"
	"sync/atomic"
	"unsafe"

	"moec.dev/moec/runtime/core"
	_ "moec.dev/moec/runtime/host/dynmod"
)

func main() {}

func init() {
	core.Register(
		&core.Bundle{Name: "gate", Request: gate},
		&core.Bundle{Name: "answers", Request: answers, Response: answersResponse},
		&core.Bundle{
			Name: "facts", Request: facts, NeedsNow: true,
			Attributes: []core.AttributeID{core.AttrSourceAddress, core.AttrSourcePort, core.AttrMTLS, core.AttrSubjectPeer},
		},
		&core.Bundle{Name: "sni", Request: gate, Attributes: []core.AttributeID{core.AttrServerName}},
		&core.Bundle{Name: "hoard", Request: hoard},
		&core.Bundle{Name: "mirror", Request: mirror},
		noted,
		&core.Bundle{Name: "keeper", Request: keeper, Response: keeperResponse, TooLarge: keeperTooLarge, Keeps: true},
		&core.Bundle{Name: "forgets", Request: keeper, Response: keeperResponse},
	)
}

// mirror answers with the headers as the filter sees them, one a line.
func mirror(f *core.Frame) {
	var b strings.Builder
	for _, field := range unsafe.Slice(f.Headers, f.NHeaders) {
		b.WriteString(field.Key.String() + ": " + field.Value.String() + "\n")
	}
	reply(f, 200, build(f, b.String()), "mirror")
}

// hoard keeps a view of lent memory and reads it in the next request, which no
// decision may do.
func hoard(f *core.Frame) {
	act(f, core.OpSet, "x-kept", build(f, kept))
	kept = header(f, ":path")
	f.Verdict = core.VerdictContinue
}

var kept string

// calls counts the crossings, so that a test can tell that a hook made none.
var calls atomic.Int64

// gate lets a request with the right key through and does otherwise what the
// header x-do says.
func gate(f *core.Frame) {
	n := calls.Add(1)
	switch header(f, "x-do") {
	case "unset":
		return
	case "verdict":
		f.Verdict = 77
		return
	case "op":
		f.Verdict = core.VerdictContinue
		act(f, 9, "x-a", "b")
		return
	case "many":
		f.Verdict, f.NActions = core.VerdictContinue, core.MaxActions+1
		return
	case "status":
		f.Verdict, f.Status = core.VerdictReply, 99
		return
	case "set-in-reply":
		f.Verdict, f.Status = core.VerdictReply, 403
		act(f, core.OpSet, "x-a", "b")
		return
	case "nameless":
		f.Verdict = core.VerdictContinue
		act(f, core.OpSet, "", "b")
		return
	case "panic":
		panic("gate was told to")
	case "fault":
		f.Flags |= core.FlagFault
		reply(f, 500, "internal error\n", "gate.fault")
		return
	case "redirect":
		act(f, core.OpAdd, "location", "/elsewhere")
		reply(f, 308, "", "gate.moved")
		return
	case "empty":
		f.Verdict = core.VerdictContinue
		act(f, core.OpSet, "x-gone", "")
		act(f, core.OpAdd, "x-none", "")
		return
	}
	if header(f, "x-api-key") != "letmein" {
		act(f, core.OpAdd, "www-authenticate", "ApiKey")
		act(f, core.OpAdd, "x-calls", build(f, strconv.FormatInt(n, 10)))
		reply(f, 401, "no key\n", "gate.items.auth")
		return
	}
	act(f, core.OpRemove, "x-api-key", "")
	act(f, core.OpSet, "x-user", "alice")
	act(f, core.OpAdd, "x-trace", build(f, "path="+header(f, ":path")))
	act(f, core.OpAdd, "x-trace", build(f, "n="+strconv.Itoa(int(f.NHeaders))))
	act(f, core.OpSet, "x-calls", build(f, strconv.FormatInt(n, 10)))
	if header(f, "x-do") == "reroute" {
		act(f, core.OpSet, "x-moe-cluster", "other")
		f.Flags |= core.FlagReroute
	}
	if header(f, "x-do") == "shadow" {
		f.Flags |= core.FlagShadow
	}
	f.Label = ref("gate.items")
	f.Verdict = core.VerdictContinue
}

// answers asks for the response hook unless the request is told not to.
func answers(f *core.Frame) {
	calls.Add(1)
	f.Verdict, f.Route = core.VerdictContinue, 7
	if header(f, "x-do") != "silent" {
		f.Flags |= core.FlagResponse
	}
	if header(f, "x-do") == "deny" {
		reply(f, 403, "", "answers.deny")
	}
}

func answersResponse(f *core.Frame) {
	n := calls.Add(1)
	switch header(f, "x-fail") {
	case "reply":
		f.Flags |= core.FlagFault
		reply(f, 500, "internal error\n", "answers.rule")
		return
	case "unset":
		return
	case "panic":
		panic("answers was told to")
	}
	act(f, core.OpRemove, "server", "")
	act(f, core.OpSet, "x-route", build(f, strconv.Itoa(int(f.Route))))
	act(f, core.OpSet, "x-status", build(f, header(f, ":status")))
	act(f, core.OpSet, "x-calls", build(f, strconv.FormatInt(n, 10)))
	f.Verdict = core.VerdictContinue
}

// facts shows what the host read.
func facts(f *core.Frame) {
	calls.Add(1)
	show := func(name string, i int, value string) {
		if f.Attributes[i].Known == 0 {
			value = "unknown"
		}
		act(f, core.OpSet, name, build(f, value))
	}
	show("x-source", 0, f.Attributes[0].Text.String())
	show("x-port", 1, strconv.FormatUint(f.Attributes[1].Int, 10))
	show("x-mtls", 2, strconv.FormatUint(f.Attributes[2].Int, 10))
	show("x-subject", 3, f.Attributes[3].Text.String())
	act(f, core.OpSet, "x-now", build(f, strconv.FormatInt(f.Now, 10)))
	f.Verdict = core.VerdictContinue
}

func header(f *core.Frame, name string) string {
	for _, field := range unsafe.Slice(f.Headers, f.NHeaders) {
		if field.Key.String() == name {
			return field.Value.String()
		}
	}
	return ""
}

func ref(s string) core.Ref {
	return core.Ref{P: uintptr(unsafe.Pointer(unsafe.StringData(s))), N: uintptr(len(s))}
}

// build copies a string into the frame's arena.
func build(f *core.Frame, s string) string {
	arena := unsafe.Slice(f.Arena, core.ArenaSize)
	at := arena[f.ArenaLen:]
	n := copy(at, strings.Clone(s))
	f.ArenaLen += uint32(n)
	return unsafe.String(unsafe.SliceData(at), n)
}

func act(f *core.Frame, op core.Op, key, value string) {
	f.Actions[f.NActions] = core.Action{Op: op, Key: ref(key), Value: ref(value)}
	f.NActions++
}

func reply(f *core.Frame, status uint32, body, details string) {
	f.Verdict, f.Status, f.Body, f.Details = core.VerdictReply, status, ref(body), ref(details)
}

// view reads what the host has given back.
func view(r core.Ref) string {
	if r.N == 0 {
		return ""
	}
	return unsafe.String(*(**byte)(unsafe.Pointer(&r.P)), int(r.N))
}
