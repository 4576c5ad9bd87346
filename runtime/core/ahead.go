package core

import "unsafe"

// aheadHead stands before the name and the value of a change that the host
// makes later: struct moe_settled in runtime/host/dynmod, held equal by a test.
type aheadHead struct{ op, key, value uint32 }

const aheadHeadSize = int(unsafe.Sizeof(aheadHead{}))

// OpenAhead begins the response rules of a request that goes on before there is
// an answer, where none of them reads one. Done hands their changes to the host,
// which makes them without another call.
func (p *Response) OpenAhead(r *Request) {
	p.f, p.spec = r.f, r.spec
	p.ahead, p.grpc = r, r.grpc
	p.out = r.Room(KeptSize)[:0]
}

// settle adds a change to those that the host will make; details is the rule.
func (p *Response) settle(op Op, details, name, value string) {
	if p.failed {
		return
	}
	if cap(p.out)-len(p.out) < aheadHeadSize+len(name)+len(value) {
		if details == "" {
			details = p.spec.Details.Undecided
		}
		p.Fail(details)
		p.f.Flags |= FlagFault
		return
	}
	n := len(p.out)
	p.out = p.out[:n+aheadHeadSize+len(name)+len(value)]
	putAhead(p.out[n:], op, name, value)
}

// settled hands the changes over.
func (p *Response) settled() {
	if len(p.out) > 0 {
		p.f.Kept = ref(text(p.out))
		p.f.Flags |= FlagSettled
	}
}

// Settled makes, on our own answer to a request that had gone on, the changes
// that were settled when it was decided.
func (p *Response) Settled() {
	in := p.f.Kept.view()
	for len(in) > 0 && !p.failed {
		op, name, value, rest, ok := takeAhead(in)
		if !ok {
			p.undecided()
			return
		}
		name, in = p.Copy(name), rest
		switch op {
		case OpSetIfAbsent:
			p.SetHeaderIfAbsent("", name, value)
		case OpSet:
			p.SetHeader("", name, value)
		case OpAdd:
			p.AddHeader("", name, value)
		default:
			p.RemoveHeader(name)
		}
	}
}
