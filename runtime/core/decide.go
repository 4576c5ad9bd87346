package core

import "sync/atomic"

// Report is told about every request that could not be decided: the bundle,
// the rule at work ("" if not known) and what happened. It is set before the
// first request and called outside the hot path only; nil means silence.
var Report func(bundle, rule, what string)

var faults atomic.Uint64

// Faults is the number of requests and answers that could not be decided since
// the library was loaded.
func Faults() uint64 { return faults.Load() }

// Decide runs the frame's bundle inside the fence. It always leaves a verdict:
// what the bundle does not decide is denied with 500, counted and reported.
func Decide(f *Frame) {
	b := f.bundle()
	defer func() {
		if p := recover(); p != nil {
			fault(f, b, describe(p))
		}
		if b != nil {
			f.Outcome = b.outcome(f)
		}
		if b != nil && b.Decisions != RecordNone {
			if f.Flags&flagRecorded == 0 && (f.Phase == PhaseRequest || f.Verdict == VerdictReply) {
				record(f, b, "")
			}
			f.Flags &^= flagRecorded
		}
	}()
	run(f, b)
}

func run(f *Frame, b *Bundle) {
	if b == nil {
		fault(f, nil, "no bundle has this number")
		return
	}
	if f.Phase == PhaseTrailers {
		trailers(f, b)
		return
	}
	decide := b.Request
	if f.Phase != PhaseRequest {
		decide = b.Response
		if f.Phase == PhaseBody {
			decide = b.TooLarge
		}
		f.Flags = 0
		if f.Route >= 0 && f.Route&routeGRPC != 0 {
			f.Route &^= routeGRPC
			f.Flags = flagGRPC
		}
	}
	if decide == nil {
		fault(f, b, "the bundle has nothing for this phase")
		return
	}
	decide(f)
	if f.Flags&FlagFault != 0 {
		// The bundle has denied it itself, by its own name; an arena that ran
		// over is the usual reason and is of no use to the host.
		f.ArenaLen = min(f.ArenaLen, ArenaSize)
		if f.Flags&flagReported == 0 {
			count(b, "", "it does not fit the frame")
		}
	}
	f.Flags &^= flagReported
	if why := unsound(f); why != "" {
		fault(f, b, why)
	}
	f.Flags &^= flagGRPC
}

// unsound says what is wrong with a decision, or "".
func unsound(f *Frame) string {
	switch {
	case f.ArenaLen > ArenaSize:
		return "its strings do not fit the arena"
	case f.NActions > MaxActions:
		return "it has too many header changes"
	case f.Verdict == VerdictContinue:
		return ""
	case f.Verdict != VerdictReply:
		return "no rule decided"
	case f.Status < 200 || f.Status > 599:
		return "its status is not one of an answer"
	}
	for i := uint32(0); i < f.NActions; i++ {
		if f.Actions[i].Op != OpAdd {
			return "its answer takes headers away"
		}
	}
	return ""
}

// fault denies a request in the fence's own name.
func fault(f *Frame, b *Bundle, what string) {
	s := Scratch{f: f}
	f.ArenaLen, f.Shadows, f.First = 0, Ref{}, Ref{}
	grpc := f.Phase == PhaseRequest && f.grpc() || f.Phase != PhaseRequest && f.Flags&flagGRPC != 0
	details := "moe.undecided"
	if b != nil && len(b.Name) < ArenaSize/2 {
		details = s.Concat3("moe.", b.Name, ".undecided")
	}
	s.answer(&Spec{}, grpc, details, 500, "", false, true)
	f.Flags = FlagFault
	count(b, "", what)
}

func count(b *Bundle, rule, what string) {
	faults.Add(1)
	if Report == nil {
		return
	}
	name := ""
	if b != nil {
		name = b.Name
	}
	Report(name, rule, what)
}

// Fence is deferred by generated code. A panic below it becomes Undecided, and
// the report names the rule that was being decided, which Decide cannot know.
func (r *Request) Fence() {
	p := recover()
	if p == nil {
		return
	}
	f := r.f
	if f == nil || f.bundle() == nil {
		panic(p) // not opened yet: Decide's own fence is next
	}
	b := f.bundle()
	rule := ""
	if int(r.At) < len(b.Rules) {
		rule = b.Rules[r.At]
	}
	f.ArenaLen, f.Shadows, f.First = 0, Ref{}, Ref{}
	r.Undecided()
	f.Flags |= flagReported
	count(b, rule, describe(p))
}

// flagReported marks a frame whose fault Fence has told of; the host never
// sees it.
const flagReported uint32 = 1 << 30

// grpc reports whether the frame's request is a gRPC call.
func (f *Frame) grpc() bool {
	if f.NHeaders > MaxHeaders || f.Headers == nil {
		return false
	}
	for i := uintptr(0); i < f.NHeaders; i++ {
		if h := f.header(i); named(h.Key.String(), "content-type") {
			return grpcType(h.Value.String())
		}
	}
	return false
}

// describe is the text of a panic.
func describe(p any) string {
	switch v := p.(type) {
	case error:
		return "panic: " + v.Error()
	case string:
		return "panic: " + v
	}
	return "panic"
}
