package harness

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"
)

// LogLine returns the fields of a line of the access log that a bootstrap of
// moec config writes, counted from 0. It waits for the line: Envoy writes it
// after the answer.
func (e *Envoy) LogLine(n int) (map[string]any, error) {
	deadline := time.Now().Add(10 * time.Second)
	for {
		text, err := os.ReadFile(e.AccessLog())
		if err != nil {
			return nil, err
		}
		lines := strings.SplitAfter(string(text), "\n")
		if n < len(lines) && strings.HasSuffix(lines[n], "\n") {
			var fields map[string]any
			if err := json.Unmarshal([]byte(lines[n]), &fields); err != nil {
				return nil, fmt.Errorf("access log line %q: %w", lines[n], err)
			}
			return fields, nil
		}
		if time.Now().After(deadline) {
			return nil, fmt.Errorf("line %d did not come into the access log\n%s", n, e.Log())
		}
		time.Sleep(2 * time.Millisecond)
	}
}
