package limit

import (
	"time"

	"moec.dev/moec/runtime/core"
)

var start = time.Now()

// Now is the clock of a host.
func Now() int64 { return int64(time.Since(start)) }

func init() { core.Clock = Now }
