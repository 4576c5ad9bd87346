package contest

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"
)

// Main is the whole of the generated program: it writes a Result a line, as
// JSON; rows whose sides differ are told of and make it fail.
func Main(rows []*Row) {
	var p Plan
	only := flag.String("row", "", "the only row")
	flag.IntVar(&p.Rounds, "rounds", 0, "rounds; without one, results are only compared")
	flag.DurationVar(&p.Round, "round", 20*time.Millisecond, "how long a side runs in a round")
	flag.Parse()
	out, failed := json.NewEncoder(os.Stdout), false
	for _, r := range rows {
		if *only != "" && r.Name != *only {
			continue
		}
		res, err := p.Contest(r)
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", r.Name, err)
			failed = true
			continue
		}
		if err := out.Encode(res); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	if failed {
		os.Exit(1)
	}
}
