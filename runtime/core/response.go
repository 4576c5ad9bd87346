package core

import (
	"time"
	"unsafe"
)

// Response is the view for response rules, which run on the upstream's answer
// in the response hook, and on our own answer while that is still in the
// request's frame. Like Request, it must be zero before it is opened.
type Response struct {
	Scratch
	spec    *Spec
	headers []Field // the upstream's
	code    int64
	// own says that the answer is ours: its headers are the first base actions,
	// and those behind them are what the rules make of them.
	own    bool
	base   uint32
	grpc   bool
	failed bool
	// ahead is the request whose answer is not there yet, or nil; out are the
	// changes so far.
	ahead *Request
	out   []byte
}

// Open reads the upstream's answer from the frame of the response hook.
func (p *Response) Open(f *Frame, s *Spec) bool {
	p.f, p.spec = f, s
	p.grpc = f.Flags&flagGRPC != 0
	f.Flags &= flagGRPC // for the fence
	if f.NHeaders > MaxHeaders {
		p.undecided()
		return false
	}
	p.headers = unsafe.Slice(f.Headers, f.NHeaders)
	for i := range p.headers {
		if p.headers[i].Key.String() == ":status" {
			p.code = statusCode(p.headers[i].Value.String())
			break
		}
	}
	if p.code == 0 {
		p.undecided()
		return false
	}
	return true
}

// OpenReply reads the answer that r has just put into its frame.
func (p *Response) OpenReply(r *Request) {
	f := r.f
	p.f, p.spec = f, r.spec
	p.own, p.grpc = true, r.grpc
	p.code = int64(f.Status)
	if f.Verdict != VerdictReply || f.NActions > MaxActions/2 {
		p.undecided()
		return
	}
	p.base = f.NActions
	copy(f.Actions[p.base:2*p.base], f.Actions[:p.base])
	f.NActions = 2 * p.base
}

// statusCode reads three digits; 0 for anything else.
func statusCode(s string) int64 {
	if len(s) != 3 {
		return 0
	}
	n := int64(0)
	for i := 0; i < 3; i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0
		}
		n = n*10 + int64(s[i]-'0')
	}
	return n
}

// Code is the answer's status, for a gRPC caller too that of the rule.
func (p *Response) Code() int64 { return p.code }

// Now is the wall clock when the hook was called, in UTC.
func (p *Response) Now() time.Time { return time.Unix(0, p.f.Now).UTC() }

// size and at walk the headers as they were before the rules.
func (p *Response) size() int {
	if p.own {
		return int(p.base)
	}
	return len(p.headers)
}

func (p *Response) at(i int) (key, value string) {
	if p.own {
		return p.f.Actions[i].Key.view(), p.f.Actions[i].Value.view()
	}
	return p.headers[i].Key.String(), p.headers[i].Value.String()
}

// Header is a header's value before the rules, values joined with a comma, ""
// when absent. Names are in lower case; pseudo-headers are not found.
func (p *Response) Header(name string) string {
	value, _ := p.HeaderNamed(name)
	return value
}

// HasHeader reports whether the answer had a header before the rules.
func (p *Response) HasHeader(name string) bool {
	if name == "" || name[0] == ':' {
		return false
	}
	for i, n := 0, p.size(); i < n; i++ {
		if key, _ := p.at(i); named(key, name) {
			return true
		}
	}
	return false
}

// HeaderNamed is Header, and whether it is there.
func (p *Response) HeaderNamed(name string) (string, bool) {
	if name == "" || name[0] == ':' {
		return "", false
	}
	found, size, first := 0, 0, ""
	for i, n := 0, p.size(); i < n; i++ {
		if key, value := p.at(i); named(key, name) {
			if found == 0 {
				first = value
			}
			found++
			size += len(value) + 1
		}
	}
	if found < 2 {
		return first, found == 1
	}
	out := p.Room(size - 1)
	if out == nil {
		return "", true
	}
	done, more := 0, false
	for i, n := 0, p.size(); i < n; i++ {
		if key, value := p.at(i); named(key, name) {
			if more {
				out[done] = ','
				done++
			}
			done += copy(out[done:], value)
			more = true
		}
	}
	return text(out[:done]), true
}

// RemoveHeader removes a response header; the name is a constant in lower case.
func (p *Response) RemoveHeader(name string) {
	switch {
	case p.failed:
	case p.ahead != nil:
		p.settle(OpRemove, "", name, "")
	case p.own:
		p.drop(func(key string) bool { return named(key, name) })
	case p.carries(name):
		p.push(OpRemove, name, "")
	}
}

// RemoveHeaderPrefix removes the response headers whose name starts with a
// prefix.
func (p *Response) RemoveHeaderPrefix(prefix string) {
	switch {
	case p.failed:
	case p.own:
		p.drop(func(key string) bool { return startsWith(key, prefix) })
	default:
		for i := range p.headers {
			if key := p.headers[i].Key.String(); key != "" && key[0] != ':' && startsWith(key, prefix) {
				p.push(OpRemove, p.Copy(key), "")
			}
		}
	}
}

// drop takes headers off our own answer.
func (p *Response) drop(picked func(key string) bool) {
	f := p.f
	if f.NActions > MaxActions {
		return
	}
	to := p.base
	for i := p.base; i < f.NActions; i++ {
		if !picked(f.Actions[i].Key.view()) {
			f.Actions[to] = f.Actions[i]
			to++
		}
	}
	f.NActions = to
}

// SetHeader sets a response header; an empty value removes it. It returns
// false when the value cannot stand in a header: the answer is 500 by details
// then.
func (p *Response) SetHeader(details, name, value string) bool {
	value = trimmed(value)
	if !p.accepts(details, value) {
		return false
	}
	if p.own || value == "" {
		p.RemoveHeader(name)
	}
	p.write(OpSet, details, name, value)
	return !p.failed
}

// SetHeaderIfAbsent is SetHeader for a header that the answer, as the rules
// before left it, has not got.
func (p *Response) SetHeaderIfAbsent(details, name, value string) bool {
	value = trimmed(value)
	if !p.accepts(details, value) {
		return false
	}
	if p.ahead != nil {
		p.write(OpSetIfAbsent, details, name, value)
	} else if !p.carries(name) {
		p.write(OpSet, details, name, value)
	}
	return !p.failed
}

// AddHeader adds a value to a response header; an empty one adds nothing.
func (p *Response) AddHeader(details, name, value string) bool {
	value = trimmed(value)
	if !p.accepts(details, value) {
		return false
	}
	p.write(OpAdd, details, name, value)
	return !p.failed
}

func (p *Response) accepts(details, value string) bool {
	if !p.failed && !writable(value) {
		p.Fail(details)
	}
	return !p.failed
}

// write adds an action; on an answer of our own there is only adding.
func (p *Response) write(op Op, details, name, value string) {
	if value == "" {
		return
	}
	if p.ahead != nil {
		p.settle(op, details, name, value)
		return
	}
	if p.own {
		op = OpAdd
	}
	p.push(op, name, p.kept(value))
}

// carries reports whether the answer has a header after the rules so far.
func (p *Response) carries(name string) bool {
	if p.own {
		for i := p.base; i < min(p.f.NActions, MaxActions); i++ {
			if named(p.f.Actions[i].Key.view(), name) {
				return true
			}
		}
		return false
	}
	if op, touched := p.lastAction(name); touched {
		return op != OpRemove
	}
	return p.HasHeader(name)
}

// Fail replaces the answer by 500 under the name of the rule that failed. What
// other rules do afterwards has no effect.
func (p *Response) Fail(details string) {
	p.answer(p.spec, p.grpc, details, 500, "", false, true)
	p.failed = true
	if p.ahead != nil {
		p.ahead.final = true
	}
}

func (p *Response) undecided() {
	p.Fail(p.spec.Details.Undecided)
	p.f.Flags |= FlagFault
}

// Done ends the rules: in the hook the answer goes on with what they changed,
// an answer of our own gets its new headers.
func (p *Response) Done() {
	f := p.f
	switch {
	case p.failed:
	case f.NActions > MaxActions || f.ArenaLen > ArenaSize:
		p.undecided()
	case p.ahead != nil:
		p.settled()
	case p.own:
		n := copy(f.Actions[:], f.Actions[p.base:f.NActions])
		f.NActions = uint32(n)
	default:
		f.Verdict = VerdictContinue
	}
}
