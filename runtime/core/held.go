package core

// What a request holds, such as its place among those that may be on their way
// at once, is a handle: a number that says where it was taken.
var (
	// Release gives a handle back; 0 and one that was given back before do
	// nothing. It is set, before the first request, by what gives handles out.
	Release func(handle uint64)
	// Clock reads the clock of Frame.Clock once more, for what happens rarely.
	// The host sets it; nil means that it cannot be read.
	Clock func() int64
)

// Hold keeps a handle for as long as the stream lasts, and longer than the
// decision: a refusal or a panic that comes later does not lose it.
//
// INVARIANT: the compiler refuses what could hold more than MaxHeld.
func (r *Request) Hold(handle uint64) {
	f := r.f
	if f.NHeld >= MaxHeld {
		Release(handle)
		panic("core: a request holds too much")
	}
	f.Held[f.NHeld] = handle
	f.NHeld++
}

// Crowded notes that a limit had no room for the request's key.
func (r *Request) Crowded() { r.crowded = true }

// Clock is the monotonic clock when the hook was called.
func (r *Request) Clock() int64 { return r.f.Clock }

// RetryAfter says in an answer after how many seconds to come again.
func (r *Request) RetryAfter(seconds int64) {
	r.push(OpAdd, "retry-after", r.FormatInt(seconds))
}
