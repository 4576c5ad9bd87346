package limit

import "time"

var start = time.Now()

// Now is the clock that Take goes by: nanoseconds since the process started,
// on the system's monotonic clock, which setting the time of day does not move.
// It is read once a request.
func Now() int64 { return int64(time.Since(start)) }
