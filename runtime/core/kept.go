package core

import (
	"math"
	"time"
	"unsafe"
)

// MaxKept is how many values of a request the response rules of one route can
// read. The compiler refuses more.
const MaxKept = 32

// KeptSize is how many bytes of a request outlive its hook, for the response
// rules. The host has that much room beside every stream (MOE_CAPTURE_SIZE in
// runtime/host/dynmod, held equal by a test).
const KeptSize = 4 << 10

// Kept are the values of a request that its response rules read, by their
// number: worked out when the request is decided, and read on our own answer at
// once or on the upstream's in its hook.
type Kept struct {
	n      int
	values [MaxKept]keptValue
}

// keptValue is one value: a text, or a number in word, whose meaning its reader
// knows. failed is the failure that the reader gets instead, if not 0.
type keptValue struct {
	text   string
	word   uint64
	failed uint32
	nanos  uint32
}

func (k *Kept) slot(i int) *keptValue {
	k.n = max(k.n, i+1)
	return &k.values[i]
}

// KeepText, and the others of that name, keep the i-th value.
func (k *Kept) KeepText(i int, v string) { k.slot(i).text = v }

// KeepBool keeps a bool.
func (k *Kept) KeepBool(i int, v bool) {
	if k.slot(i); v {
		k.values[i].word = 1
	}
}

// KeepInt keeps an int.
func (k *Kept) KeepInt(i int, v int64) { k.slot(i).word = uint64(v) }

// KeepUint keeps a uint.
func (k *Kept) KeepUint(i int, v uint64) { k.slot(i).word = v }

// KeepDouble keeps a double.
func (k *Kept) KeepDouble(i int, v float64) { k.slot(i).word = math.Float64bits(v) }

// KeepDuration keeps a duration.
func (k *Kept) KeepDuration(i int, v time.Duration) { k.slot(i).word = uint64(v) }

// KeepTime keeps a time.
func (k *Kept) KeepTime(i int, v time.Time) {
	s := k.slot(i)
	s.word, s.nanos = uint64(v.Unix()), uint32(v.Nanosecond())
}

// KeepFailure keeps a failure in place of a value.
func (k *Kept) KeepFailure(i int, code uint32) { k.slot(i).failed = code }

// Text, and the others, are the values again.
func (k *Kept) Text(i int) string { return k.values[i].text }

// Bool is a bool.
func (k *Kept) Bool(i int) bool { return k.values[i].word != 0 }

// Int is an int.
func (k *Kept) Int(i int) int64 { return int64(k.values[i].word) }

// Uint is a uint.
func (k *Kept) Uint(i int) uint64 { return k.values[i].word }

// Double is a double.
func (k *Kept) Double(i int) float64 { return math.Float64frombits(k.values[i].word) }

// Duration is a duration.
func (k *Kept) Duration(i int) time.Duration { return time.Duration(k.values[i].word) }

// Time is a time.
func (k *Kept) Time(i int) time.Time {
	return time.Unix(int64(k.values[i].word), int64(k.values[i].nanos)).UTC()
}

// Failure is the failure that was kept in place of a value; 0 for none.
func (k *Kept) Failure(i int) uint32 { return k.values[i].failed }

// keptHead is the fixed part of a value as it is handed to the host.
type keptHead struct {
	word                 uint64
	failed, nanos, bytes uint32
	_                    uint32
}

const keptHeadSize = int(unsafe.Sizeof(keptHead{}))

// Keep hands the values to the host, which gives them back in the response hook.
// Where they are too many bytes the request is refused, by the rule that reads
// the first that does not fit; rules are constants. False after a refusal.
func (r *Request) Keep(k *Kept, rules []string) bool {
	size := 0
	for i := 0; i < k.n; i++ {
		if size += keptHeadSize + len(k.values[i].text); size > KeptSize {
			r.tooMuch(rules[i])
			return false
		}
	}
	out := r.Room(size)
	if out == nil {
		r.tooMuch(rules[0])
		return false
	}
	at := 0
	for i := 0; i < k.n; i++ {
		v := &k.values[i]
		head := keptHead{word: v.word, failed: v.failed, nanos: v.nanos, bytes: uint32(len(v.text))}
		at += copy(out[at:], unsafe.Slice((*byte)(unsafe.Pointer(&head)), keptHeadSize))
		at += copy(out[at:], v.text)
	}
	r.f.Kept = ref(text(out))
	return true
}

// tooMuch refuses a request of which a response rule needs more than can be
// kept. No response rule applies to that answer.
func (r *Request) tooMuch(details string) {
	r.Reply(details, 500, "", false)
	r.f.Flags |= FlagFault
	r.final = true
}

// Restore reads the values from the frame of a later hook of the stream. False:
// they are not what Keep has handed over.
func (k *Kept) Restore(f *Frame) bool {
	in := f.Kept.view()
	for k.n = 0; len(in) > 0; k.n++ {
		var head keptHead
		if k.n == MaxKept || len(in) < keptHeadSize {
			return false
		}
		copy(unsafe.Slice((*byte)(unsafe.Pointer(&head)), keptHeadSize), in)
		if in = in[keptHeadSize:]; uint64(head.bytes) > uint64(len(in)) {
			return false
		}
		k.values[k.n] = keptValue{text: in[:head.bytes], word: head.word, failed: head.failed, nanos: head.nanos}
		in = in[head.bytes:]
	}
	return true
}
