package core

import (
	"time"
	"unicode/utf8"
)

// Decisions says which decisions of a bundle are recorded.
type Decisions uint8

// What is recorded.
const (
	RecordNone Decisions = iota
	RecordDenied
	RecordAll
)

// Record is given the record of a decision: one line of JSON, borrowed for the
// length of the call. It is set before the first request; nil means silence.
var Record func(line string)

// flagRecorded marks a frame whose decision is recorded; the host never sees it.
const flagRecorded uint32 = 1 << 29

// maxSubject is the length, in bytes, beyond which a subject is cut in a record.
const maxSubject = 256

// Recorded records the decision of a request by what generated code alone
// knows of it: the subject, "" for nobody. It comes behind Done.
func (r *Request) Recorded(subject string) {
	if b := r.f.bundle(); b != nil {
		record(r.f, b, subject)
		r.f.Flags |= flagRecorded
	}
}

// Refused records a refusal of the host's own, which no bundle has decided.
func Refused(f *Frame) {
	if b := f.bundle(); b != nil {
		record(f, b, "")
	}
}

// record writes the line. A credential is never in it.
func record(f *Frame, b *Bundle, subject string) {
	denied := f.Verdict == VerdictReply && f.Status >= 400
	if Record == nil || b.Decisions == RecordNone || b.Decisions == RecordDenied && !denied || f.ArenaLen > ArenaSize {
		return
	}
	s := Scratch{f: f}
	o := s.Build()
	defer o.Drop()
	var at [len("2006-01-02T15:04:05.000Z")]byte
	o.String(`{"time":"`)
	o.Bytes(time.Unix(0, f.Now).UTC().AppendFormat(at[:0], "2006-01-02T15:04:05.000Z"))
	o.String(`","bundle":"`)
	o.String(b.Name)
	o.String(`","digest":"`)
	o.String(b.Digest)
	if f.Label.N > 0 {
		o.String(`","route":"`)
		o.String(f.Label.view())
	}
	if rule := f.Details.view(); f.Verdict == VerdictReply && len(rule) > len("moe.") {
		o.String(`","rule":"`)
		o.String(rule[len("moe."):])
	}
	switch {
	case denied:
		o.String(`","outcome":"denied"`)
	case f.Verdict == VerdictReply:
		o.String(`","outcome":"answered"`)
	default:
		o.String(`","outcome":"forwarded"`)
	}
	if f.Verdict == VerdictReply {
		o.String(`,"status":`)
		for d := uint32(100); d > 0; d /= 10 {
			o.Byte('0' + byte(f.Status/d%10))
		}
	}
	if b.shadows(&o, f, `,"shadow":["`, `","`) {
		o.String(`"]`)
	}
	if subject != "" {
		o.String(`,"subject":"`)
		escape(&o, subject)
		o.Byte('"')
	}
	o.Byte('}')
	if line := o.Text(); line != "" {
		Record(line)
	}
}

// escape writes a text as it stands in a JSON string.
func escape(o *Builder, s string) {
	const hex = "0123456789abcdef"
	cut := len(s) > maxSubject
	for n := 0; n < len(s) && n < maxSubject; {
		c, size := utf8.DecodeRuneInString(s[n:])
		switch {
		case c == '"' || c == '\\':
			o.Byte('\\')
			o.Byte(byte(c))
		case c < ' ' || c >= 0x7f && c < 0xa0:
			o.String(`\u00`)
			o.Byte(hex[c>>4])
			o.Byte(hex[c&15])
		case c == utf8.RuneError:
			o.Byte('?')
		default:
			o.String(s[n : n+size])
		}
		n += size
	}
	if cut {
		o.String("...")
	}
}
