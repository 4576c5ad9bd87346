package wire

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"unsafe"

	"moec.dev/moec/runtime/core"
	"moec.dev/moec/runtime/eval"
)

// Call evaluates the expression of a name in a frame. ok is false when there
// is no such expression.
type Call func(f *core.Frame, s *core.Spec, name string, args []eval.Value) (v eval.Value, err eval.Err, ok bool)

// Serve answers the questions on standard input, a JSON document each, until
// it ends.
func Serve(call Call) {
	if err := serve(os.Stdin, os.Stdout, call); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(in io.Reader, out io.Writer, call Call) error {
	dec, w := json.NewDecoder(bufio.NewReader(in)), bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	h := newHost()
	for {
		var q Question
		if err := dec.Decode(&q); err == io.EOF {
			return w.Flush()
		} else if err != nil {
			return err
		}
		if err := enc.Encode(h.answer(call, &q)); err != nil {
			return err
		}
		// What was answered is not lost when a later expression ends the program.
		if err := w.Flush(); err != nil {
			return err
		}
	}
}

// host plays the part of a host with one request, which no expression reads.
type host struct {
	arena  []byte
	fields []core.Field
	spec   *core.Spec
}

func newHost() *host {
	h := &host{arena: make([]byte, core.ArenaSize), spec: (&core.Spec{Bundle: "expressions"}).Prepare()}
	for _, f := range [][2]string{{":method", "GET"}, {":scheme", "https"}, {":authority", "localhost"}, {":path", "/"}} {
		h.fields = append(h.fields, core.Field{Key: borrow(f[0]), Value: borrow(f[1])})
	}
	return h
}

func borrow(s string) core.Bytes {
	return core.Bytes{P: unsafe.Pointer(unsafe.StringData(s)), N: uintptr(len(s))}
}

func (h *host) answer(call Call, q *Question) (a Answer) {
	var args []eval.Value
	for _, v := range q.Args {
		b, err := Box(v)
		if err != nil {
			return Answer{Unasked: err.Error()}
		}
		args = append(args, b)
	}
	f := &core.Frame{Arena: unsafe.SliceData(h.arena), Headers: unsafe.SliceData(h.fields), NHeaders: uintptr(len(h.fields)), Route: -1}
	defer func() {
		if p := recover(); p != nil {
			a = Answer{Panic: fmt.Sprintf("%v at %s", p, place(string(debug.Stack())))}
		}
	}()
	v, fail, ok := call(f, h.spec, q.Name, args)
	switch {
	case !ok:
		return Answer{Unasked: "there is no expression " + q.Name}
	case f.ArenaLen > core.ArenaSize:
		return Answer{Error: "the frame's memory is full"}
	case fail != eval.None:
		return Answer{Error: fail.String()}
	}
	out := Unbox(v) // copies what lies in the arena
	return Answer{Value: &out}
}

// place is where the code that panicked stands: the first two calls below the
// panic itself.
func place(stack string) string {
	_, stack, _ = strings.Cut(stack, "panic(")
	lines := strings.Split(stack, "\n")
	var out []string
	for _, l := range lines[min(2, len(lines)):] {
		if l = strings.TrimSpace(l); strings.Contains(l, ".go:") {
			out = append(out, l)
		}
		if len(out) == 2 {
			break
		}
	}
	return strings.Join(out, ", called at ")
}
