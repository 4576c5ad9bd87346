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
)

type question struct {
	Bundle     string            `json:"bundle"`
	Response   bool              `json:"response"`
	Headers    [][2]string       `json:"headers"`
	Attributes map[uint32]string `json:"attributes"`
	Numbers    map[uint32]uint64 `json:"numbers"`
	Now        int64             `json:"now"`
	Route      int32             `json:"route"`
	Tables     map[string]string `json:"tables,omitempty"`
	Choose     string            `json:"choose,omitempty"`
}

type answer struct {
	Verdict uint32   `json:"verdict"`
	Status  int      `json:"status"`
	Flags   uint32   `json:"flags"`
	Route   int32    `json:"route"`
	Body    string   `json:"body"`
	Details string   `json:"details"`
	Label   string   `json:"label"`
	Actions []action `json:"actions"`
	After   []action `json:"after"`
	Before  []action `json:"before"`
	Shadows []string `json:"shadows"`
	Outcome string   `json:"outcome"`
	Error   string   `json:"error"`
}

// Process is an executor over a compiled program.
type Process struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *json.Decoder
	stderr bytes.Buffer
}

var _ scenario.Executor = (*Process)(nil)

// Start runs a program that build.Executable made.
func Start(path string) (*Process, error) {
	p := &Process{cmd: exec.Command(path)}
	p.cmd.Env = []string{}
	p.cmd.Stderr = &p.stderr
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = json.NewDecoder(out)
	return p, p.cmd.Start()
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
	return a, nil
}

// Send decides one request.
func (p *Process) Send(bundle string, r scenario.Request) (scenario.Outcome, error) {
	request := headerList{{":method", r.Method}, {":scheme", r.Scheme}, {":authority", r.Authority}, {":path", r.Path}}
	for _, h := range r.Headers {
		request = append(request, [2]string{h.Name, h.Value})
	}
	q := question{Bundle: bundle, Headers: request, Now: r.Now.UnixNano(), Route: -1, Tables: r.Tables, Choose: r.Choose,
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
	if err := a.counted(a.Label); err != nil {
		return scenario.Outcome{}, err
	}
	request = request.apply(a.Actions)
	out := scenario.Outcome{Forward: true, Shadows: a.Shadows, By: a.Label, Cluster: request.get("x-moe-cluster"), Request: request.headers()}
	response := headerList{{":status", strconv.Itoa(r.Upstream.Status)}}
	for _, h := range r.Upstream.Headers {
		response = append(response, [2]string{h.Name, h.Value})
	}
	response = response.apply(a.Before).apply(a.After)
	if a.Flags&flagResponse != 0 {
		q := question{Bundle: bundle, Response: true, Headers: response, Now: r.Now.UnixNano(), Route: a.Route, Tables: r.Tables}
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
