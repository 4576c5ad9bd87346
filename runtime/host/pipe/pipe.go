// Package pipe is the host that decides requests read from standard input: one
// JSON document a line, a frame each way. It serves tests of a bundle, which
// drive the very code that a library holds, without cgo and without Envoy.
//
// It decides nothing and applies nothing; what Envoy would do with a decision
// is its client's business.
package pipe

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"unsafe"

	"moec.dev/moec/runtime/core"
)

// Question is one hook: what a host would put into a frame.
type Question struct {
	Bundle     string            `json:"bundle"`
	Response   bool              `json:"response"` // the phase
	Headers    [][2]string       `json:"headers"`
	Attributes map[uint32]string `json:"attributes"` // by host number; text attributes
	Numbers    map[uint32]uint64 `json:"numbers"`    // by host number; the others
	Now        int64             `json:"now"`
	Clock      int64             `json:"clock"`
	Route      int32             `json:"route"`
	Body       bool              `json:"body"`   // the phase: the body is too large
	Kept       []byte            `json:"kept"`   // of the answer to the request
	Shared     [2]uint64         `json:"shared"` // of that answer
	First      []byte            `json:"first"`  // of that answer
	// Tables stand in place of the bundle's own for this question: JSON by name.
	Tables map[string]string `json:"tables"`
	// Choose is the cluster that chance takes in a split that has it; in others,
	// and when it is "", chance takes the first.
	Choose string `json:"choose"`
	// Hold keeps the request on its way if it is forwarded, until a question with
	// Release comes, which asks for nothing else.
	Hold    bool `json:"hold"`
	Release bool `json:"release"`
}

// Answer is the decided frame.
type Answer struct {
	Verdict uint32   `json:"verdict"`
	Status  uint32   `json:"status"`
	Flags   uint32   `json:"flags"`
	Route   int32    `json:"route"`
	Body    string   `json:"body"`
	Details string   `json:"details"`
	Label   string   `json:"label"`
	Actions []Action `json:"actions"`
	After   []Action `json:"after"`
	Kept    []byte   `json:"kept"`
	Before  []Action `json:"before"`
	// Shared is where Before lies: static data, of which Question.Shared reminds.
	Shared  [2]uint64 `json:"shared"`
	First   []byte    `json:"first"`
	MaxBody uint64    `json:"max_body"`
	// Counts says that the bundle has limits: what they count lasts as long as
	// the program.
	Counts bool `json:"counts"`
	// Shadows are the rules in shadow that would have changed the outcome.
	Shadows []string `json:"shadows"`
	// Outcome is the full name of what decided, as the host counts it.
	Outcome string `json:"outcome"`
	// Error is set when the question made no sense.
	Error string `json:"error,omitempty"`
}

// Action is one header change.
type Action struct {
	Op    uint32 `json:"op"`
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Serve answers questions until standard input ends.
func Serve() {
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(in io.Reader, out io.Writer) error {
	dec, w := json.NewDecoder(bufio.NewReader(in)), bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	for {
		var q Question
		if err := dec.Decode(&q); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := enc.Encode(answer(&q)); err != nil {
			return err
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
}

func answer(q *Question) *Answer {
	if q.Release {
		letGo(held)
		held, latest = nil, 0
		return &Answer{}
	}
	i, b := core.Find(q.Bundle)
	if b == nil {
		return &Answer{Error: "no bundle " + q.Bundle}
	}
	if err := b.Ready(); err != nil {
		return &Answer{Error: err.Error()}
	}
	if err := place(b, q.Tables); err != nil {
		return &Answer{Error: err.Error()}
	}
	arena := make([]byte, core.ArenaSize)
	f := &core.Frame{Bundle: uint32(i), Now: q.Now, Clock: q.Clock, Route: q.Route, Arena: unsafe.SliceData(arena)}
	switch {
	case q.Response:
		f.Phase = core.PhaseResponse
	case q.Body: // the request of the question before is answered after all
		f.Phase = core.PhaseBody
		letGo(held[len(held)-latest:])
		held = held[:len(held)-latest]
	}
	earlier, first := string(q.Kept), string(q.First)
	f.Kept = core.Ref{P: uintptr(unsafe.Pointer(unsafe.StringData(earlier))), N: uintptr(len(earlier))}
	f.First = core.Ref{P: uintptr(unsafe.Pointer(unsafe.StringData(first))), N: uintptr(len(first))}
	defer func() { runtime.KeepAlive(earlier); runtime.KeepAlive(first) }()
	f.Before = core.Ref{P: uintptr(q.Shared[0]), N: uintptr(q.Shared[1])}
	var fields []core.Field
	for _, h := range q.Headers {
		fields = append(fields, core.Field{Key: borrow(h[0]), Value: borrow(h[1])})
	}
	f.Headers, f.NHeaders = unsafe.SliceData(fields), uintptr(len(fields))
	for k, id := range b.Attributes {
		if id.Kind() == core.KindText {
			if v, ok := q.Attributes[uint32(id)]; ok {
				f.Attributes[k] = core.Attribute{Text: borrow(v), Known: 1}
			}
		} else if v, ok := q.Numbers[uint32(id)]; ok {
			f.Attributes[k] = core.Attribute{Int: v, Known: 1}
		}
	}
	core.Chance = func(names []string) int { return max(0, slices.Index(names, q.Choose)) }
	core.Decide(f)
	latest = 0
	if handles := f.Held[:min(f.NHeld, core.MaxHeld)]; q.Hold && f.Verdict == core.VerdictContinue {
		held, latest = append(held, handles...), len(handles)
	} else {
		letGo(handles)
	}
	a := &Answer{Counts: b.NeedsClock, Verdict: uint32(f.Verdict), Status: f.Status, Flags: f.Flags, Route: f.Route,
		Body: view(f.Body), Details: view(f.Details), Label: view(f.Label), Kept: []byte(view(f.Kept)), First: []byte(view(f.First)), MaxBody: f.MaxBody}
	for _, act := range f.Actions[:min(f.NActions, core.MaxActions)] {
		a.Actions = append(a.Actions, Action{Op: uint32(act.Op), Key: view(act.Key), Value: view(act.Value)})
	}
	a.After, a.Before = kept(f.After), kept(f.Before)
	a.Shared = [2]uint64{uint64(f.Before.P), uint64(f.Before.N)}
	for _, rule := range b.Shadows {
		if f.Shadowed(rule) {
			a.Shadows = append(a.Shadows, b.Rules[rule])
		}
	}
	a.Outcome, _ = b.Outcome(int(f.Outcome))
	keep = arena
	return a
}

// held is what requests that are kept on their way hold, latest how much of it
// is that of the last question.
var (
	held   []uint64
	latest int
)

func letGo(handles []uint64) {
	for _, h := range handles {
		core.Release(h)
	}
}

// kept are the changes that a frame leaves with the host.
func kept(r core.Ref) []Action {
	if r.N == 0 {
		return nil
	}
	var out []Action
	for _, act := range unsafe.Slice(*(**core.Action)(unsafe.Pointer(&r.P)), r.N) {
		out = append(out, Action{Op: uint32(act.Op), Key: view(act.Key), Value: view(act.Value)})
	}
	return out
}

// keep holds the arena, to which the frame refers by number only.
var keep []byte

func borrow(s string) core.Bytes {
	return core.Bytes{P: unsafe.Pointer(unsafe.StringData(s)), N: uintptr(len(s))}
}

// view copies what a reference points to.
func view(r core.Ref) string {
	if r.N == 0 {
		return ""
	}
	p := *(**byte)(unsafe.Pointer(&r.P))
	return string(unsafe.Slice(p, r.N))
}
