// Package process runs compiled bundles in a program of their own and plays
// Envoy's part towards them: it hands over what a host would, and carries out
// what comes back. Tests use it beside the interpreter.
//
// It knows the frame's protocol (runtime/host/pipe) and nothing of how a
// decision is made.
package process

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"moec.dev/moec/compiler/scenario"
)

// The frame's vocabulary; see runtime/core.
const (
	verdictContinue = 1
	verdictReply    = 2
	flagResponse    = 1
	flagSettled     = 16
)

type question struct {
	Bundle     string            `json:"bundle"`
	Response   bool              `json:"response"`
	Headers    [][2]string       `json:"headers"`
	Attributes map[uint32]string `json:"attributes"`
	Numbers    map[uint32]uint64 `json:"numbers"`
	Now        int64             `json:"now"`
	Route      int32             `json:"route"`
	Body       bool              `json:"body,omitempty"`
	Shared     [2]uint64         `json:"shared"`
	First      []byte            `json:"first,omitempty"`
	Kept       []byte            `json:"kept,omitempty"`
	Tables     map[string]string `json:"tables,omitempty"`
	Choose     string            `json:"choose,omitempty"`
	Clock      int64             `json:"clock"`
	Hold       bool              `json:"hold,omitempty"`
	Release    bool              `json:"release,omitempty"`
}

type answer struct {
	Verdict uint32    `json:"verdict"`
	Status  int       `json:"status"`
	Flags   uint32    `json:"flags"`
	Route   int32     `json:"route"`
	Body    string    `json:"body"`
	Details string    `json:"details"`
	Label   string    `json:"label"`
	Actions []action  `json:"actions"`
	After   []action  `json:"after"`
	Kept    []byte    `json:"kept"`
	First   []byte    `json:"first"`
	MaxBody uint64    `json:"max_body"`
	Before  []action  `json:"before"`
	Shared  [2]uint64 `json:"shared"`
	Shadows []string  `json:"shadows"`
	Counts  bool      `json:"counts"`
	Outcome string    `json:"outcome"`
	Error   string    `json:"error"`
}

// Process is an executor over a compiled program.
type Process struct {
	path   string
	counts bool // the program remembers what limits have counted
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *json.Decoder
	stderr bytes.Buffer
}

var (
	_ scenario.Executor = (*Process)(nil)
	_ scenario.Stateful = (*Process)(nil)
)

// Start runs a program that build.Executable made.
func Start(path string) (*Process, error) {
	p := &Process{path: path}
	return p, p.start()
}

func (p *Process) start() error {
	p.counts = false
	p.cmd = exec.Command(p.path)
	p.cmd.Env = []string{}
	p.cmd.Stderr = &p.stderr
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	p.out = json.NewDecoder(out)
	return p.cmd.Start()
}

// Begin starts the program again if it has counted anything: what limits count
// lasts as long as their process.
func (p *Process) Begin() error {
	if !p.counts {
		return nil
	}
	if err := p.Close(); err != nil {
		return fmt.Errorf("compiled code: %w %s", err, p.stderr.String())
	}
	return p.start()
}

// Release ends the requests that were sent with Hold.
func (p *Process) Release() error {
	_, err := p.ask(question{Release: true})
	return err
}

// Name is what reports call the executor.
func (p *Process) Name() string { return "compiled code" }

// Chooses says that requests go where Request.Choose says.
func (p *Process) Chooses() {}

// Close ends the program.
func (p *Process) Close() error {
	p.in.Close()
	return p.cmd.Wait()
}

func (p *Process) ask(q question) (*answer, error) {
	err := json.NewEncoder(p.in).Encode(q)
	a := &answer{}
	if err == nil {
		err = p.out.Decode(a)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("compiled code: %w %s", err, p.stderr.String())
	case a.Error != "":
		return nil, fmt.Errorf("compiled code: %s", a.Error)
	}
	p.counts = p.counts || a.Counts
	return a, nil
}

// Send decides one request.
func (p *Process) Send(bundle string, r scenario.Request) (scenario.Outcome, error) {
	request := headerList{{":method", r.Method}, {":scheme", r.Scheme}, {":authority", r.Authority}, {":path", r.Path}}
	for _, h := range r.Headers {
		request = append(request, [2]string{h.Name, h.Value})
	}
	q := question{Bundle: bundle, Headers: request, Now: r.Now.UnixNano(), Route: -1, Tables: r.Tables, Choose: r.Choose, Clock: int64(r.Clock), Hold: r.Hold,
		Attributes: map[uint32]string{10: "HTTP/1.1", 24: r.Source}, Numbers: map[uint32]uint64{}}
	if i := strings.LastIndexByte(r.Source, ':'); i >= 0 {
		if n, err := strconv.ParseUint(r.Source[i+1:], 10, 16); err == nil {
			q.Numbers[25] = n
		}
	}
	a, err := p.ask(q)
	if err != nil {
		return scenario.Outcome{}, err
	}
	if a.Shadows == nil {
		a.Shadows = []string{}
	}
	slices.Sort(a.Shadows)
	if a.Verdict == verdictReply {
		return reply(r, a), a.counted(strings.TrimPrefix(a.Details, "moe."))
	}
	if a.Verdict != verdictContinue {
		return scenario.Outcome{}, fmt.Errorf("compiled code: verdict %d", a.Verdict)
	}
	if a.MaxBody > 0 && uint64(len(r.Body)) >= a.MaxBody {
		b, err := p.ask(question{Bundle: bundle, Body: true, Headers: request, Now: r.Now.UnixNano(), Route: a.Route, Tables: r.Tables, Kept: a.Kept, Shared: a.Shared, First: a.First})
		if err != nil {
			return scenario.Outcome{}, err
		}
		b.Shadows = a.Shadows
		return reply(r, b), nil
	}
	if err := a.counted(a.Label); err != nil {
		return scenario.Outcome{}, err
	}
	request = request.apply(a.Actions)
	out := scenario.Outcome{Forward: true, Shadows: a.Shadows, By: a.Label, Cluster: request.get("x-moe-cluster"), Request: request.headers()}
	if r.Hold {
		return out, nil
	}
	response := headerList{{":status", strconv.Itoa(r.Upstream.Status)}}
	for _, h := range r.Upstream.Headers {
		response = append(response, [2]string{h.Name, h.Value})
	}
	first, err := settled(a.First)
	if err != nil {
		return scenario.Outcome{}, err
	}
	response = response.apply(a.Before).apply(first).apply(a.After)
	if a.Flags&flagSettled != 0 {
		actions, err := settled(a.Kept)
		if err != nil {
			return scenario.Outcome{}, err
		}
		response = response.apply(actions)
	}
	if a.Flags&flagResponse != 0 {
		q := question{Bundle: bundle, Response: true, Headers: response, Now: r.Now.UnixNano(), Route: a.Route, Tables: r.Tables, Kept: a.Kept}
		b, err := p.ask(q)
		if err != nil {
			return scenario.Outcome{}, err
		}
		if b.Verdict == verdictReply {
			b.Shadows = a.Shadows
			return reply(r, b), b.counted(strings.TrimPrefix(b.Details, "moe."))
		}
		response = response.apply(b.Actions)
	}
	out.Response = scenario.Response{Status: r.Upstream.Status, Body: r.Upstream.Body}
	if r.Method == "HEAD" {
		out.Response.Body = ""
	}
	for _, h := range response.headers() {
		if h.Name != ":status" {
			out.Response.Headers = append(out.Response.Headers, h)
		}
	}
	return out, nil
}

// counted tells when a host would count a decision under another name than it
// has.
func (a *answer) counted(name string) error {
	if a.Outcome != name {
		return fmt.Errorf("compiled code: %s is counted as %q", name, a.Outcome)
	}
	return nil
}

// reply is an answer of the bundle's own, as the host sends it.
func reply(r scenario.Request, a *answer) scenario.Outcome {
	var headers headerList
	headers = headers.apply(a.Actions)
	return scenario.Outcome{
		By: strings.TrimPrefix(a.Details, "moe."), Status: a.Status, Shadows: a.Shadows,
		Response: scenario.HostReply(r, a.Status, headers.headers(), a.Body),
	}
}
