package harness

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"
)

// logFormat is the access log of a test's Envoy. The port that the client said
// it connected to, in its PROXY line, tells requests apart.
var logFormat = object{
	"id":      "%DOWNSTREAM_LOCAL_PORT%",
	"details": "%RESPONSE_CODE_DETAILS%",
	"route":   "%CUSTOM_FLAGS%",
	"cluster": "%UPSTREAM_CLUSTER%",
	"moe":     "%DYNAMIC_METADATA(moe)%",
}

// Entry is a line of the access log; "-" and absent values are empty.
type Entry struct {
	Details string // which rule answered: moe.<full name>
	Route   string // which route forwarded
	Cluster string
}

// entryReader follows an access log.
type entryReader struct {
	file *os.File
	in   *bufio.Reader
	part []byte
	seen map[int]Entry
}

func newEntryReader(path string) (*entryReader, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return &entryReader{file: file, in: bufio.NewReader(file), seen: map[int]Entry{}}, nil
}

func (r *entryReader) close() error { return r.file.Close() }

// wait returns the entry of a request, which Envoy writes when its stream ends.
func (r *entryReader) wait(id int) (Entry, error) {
	deadline := time.Now().Add(10 * time.Second)
	for {
		if e, ok := r.seen[id]; ok {
			delete(r.seen, id)
			return e, nil
		}
		line, err := r.in.ReadBytes('\n')
		r.part = append(r.part, line...)
		if err == io.EOF {
			if time.Now().After(deadline) {
				return Entry{}, fmt.Errorf("request %d is not in Envoy's access log", id)
			}
			time.Sleep(time.Millisecond)
			continue
		}
		if err != nil {
			return Entry{}, err
		}
		if err := r.take(); err != nil {
			return Entry{}, err
		}
	}
}

func (r *entryReader) take() error {
	var fields map[string]any
	decoder := json.NewDecoder(bytes.NewReader(r.part))
	decoder.UseNumber()
	if err := decoder.Decode(&fields); err != nil {
		return fmt.Errorf("access log line %q: %w", r.part, err)
	}
	r.part = r.part[:0]
	text := func(name string) string {
		if fields[name] == nil || fields[name] == "-" {
			return ""
		}
		return fmt.Sprint(fields[name])
	}
	id, err := strconv.Atoi(text("id"))
	if err != nil {
		return fmt.Errorf("access log: id %q", text("id"))
	}
	r.seen[id] = Entry{Details: text("details"), Route: text("route"), Cluster: text("cluster")}
	return nil
}
