package harness

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"moec.dev/moec/compiler/scenario"
)

// Executor decides requests by sending them through a real Envoy. It is a
// scenario.Executor whose outcomes differ from the others' in what only a
// whole Envoy does: they lack the rule's status for gRPC callers, and
// forwarded requests may have headers that Envoy adds.
type Executor struct {
	envoy    *Envoy
	upstream *Upstream
	ports    map[string]int
	entries  *entryReader
	lastID   int
	clock    time.Duration // of the last request: how much of a test's time has passed
	// HostRefusals counts the requests that Envoy answered with 400 before the
	// filter was asked. To the client that is the canonical check's answer, so
	// the outcome says it; which of the two spoke is known here only.
	HostRefusals int
}

// Unsupported is a request that a real Envoy cannot be sent this way.
type Unsupported struct{ Why string }

func (u *Unsupported) Error() string { return "not possible on a real Envoy here: " + u.Why }

// NewExecutor starts an Envoy with one listener for each bundle of a library.
func NewExecutor(version, library string, bundles, clusters []string) (*Executor, error) {
	var listeners []Listener
	for _, name := range bundles {
		listeners = append(listeners, Listener{Name: name, Filters: []Filter{{Library: library, Bundle: name}}})
	}
	return NewChains(version, listeners, clusters)
}

// NewChains starts an Envoy with these listeners; their names stand for the
// bundle in Send.
func NewChains(version string, listeners []Listener, clusters []string) (*Executor, error) {
	upstream, err := NewUpstream()
	if err != nil {
		return nil, err
	}
	x := &Executor{upstream: upstream, lastID: 20000}
	x.envoy, err = StartEnvoy(version, Bootstrap(listeners, clusters, upstream.Port()))
	if err != nil {
		upstream.Close()
		return nil, err
	}
	if x.ports, err = x.envoy.Ports(); err == nil {
		x.entries, err = newEntryReader(x.envoy.AccessLog())
	}
	if err != nil {
		return nil, errors.Join(err, x.Close())
	}
	return x, nil
}

var _ scenario.Stateful = (*Executor)(nil)

// Name implements scenario.Executor.
func (x *Executor) Name() string { return "envoy " + x.envoy.Version }

// Envoy is the process behind the executor.
func (x *Executor) Envoy() *Envoy { return x.envoy }

// Port is where the listener of a bundle is.
func (x *Executor) Port(bundle string) int { return x.ports[bundle] }

// Upstream is the upstream of all clusters.
func (x *Executor) Upstream() *Upstream { return x.upstream }

// Close stops Envoy and the upstream; a stop that is not clean is an error.
func (x *Executor) Close() error {
	err := x.envoy.Stop()
	if x.entries != nil {
		err = errors.Join(err, x.entries.close())
	}
	return errors.Join(err, x.upstream.Close())
}

// Begin implements scenario.Stateful. What limits have counted is Envoy's for as
// long as it runs: whoever plays several tests gives each bundles of its own.
func (x *Executor) Begin() error {
	x.clock = 0
	return nil
}

// Release implements scenario.Stateful.
func (x *Executor) Release() error { return &Unsupported{"requests are not held"} }

// Send implements scenario.Executor. The request's wall clock is not obeyed:
// Envoy has its own. What passes of the monotonic one is waited for.
func (x *Executor) Send(bundle string, r scenario.Request) (scenario.Outcome, error) {
	port, ok := x.ports[bundle]
	if !ok {
		return scenario.Outcome{}, fmt.Errorf("%s has no listener for %s", x.Name(), bundle)
	}
	if r.Scheme != "" && r.Scheme != "http" {
		return scenario.Outcome{}, &Unsupported{"the listener has no TLS, so the scheme is http, not " + r.Scheme}
	}
	if r.Hold {
		return scenario.Outcome{}, x.Release()
	}
	time.Sleep(r.Clock - x.clock)
	x.clock = r.Clock
	x.lastID++
	x.upstream.Expect(r.Upstream)
	answer, err := Send(port, x.lastID, r)
	if err != nil {
		return scenario.Outcome{}, fmt.Errorf("%s: %w\n%s", x.Name(), err, x.envoy.Log())
	}
	entry, err := x.entries.wait(x.lastID)
	if err != nil {
		return scenario.Outcome{}, err
	}
	seen, err := x.upstream.Seen()
	if err != nil {
		return scenario.Outcome{}, err
	}
	return x.outcome(bundle, r, answer, entry, seen)
}

func (x *Executor) outcome(bundle string, r scenario.Request, answer scenario.Response, entry Entry, seen []Received) (scenario.Outcome, error) {
	out := scenario.Outcome{Response: answer}
	out.Response.Headers = withoutHosts(answer.Headers)
	if len(seen) > 1 {
		return out, fmt.Errorf("%s: the upstream saw one request %d times", x.Name(), len(seen))
	}
	if len(seen) == 1 {
		out.Cluster = entry.Cluster
		out.Request = forwarded(seen[0], r)
	}
	by, ours := strings.CutPrefix(entry.Details, "moe.")
	by, _, _ = strings.Cut(by, "@") // the digest
	switch {
	case ours:
		out.By = by
		if !scenario.IsGRPC(r.Headers) {
			out.Status = answer.Status
		}
	case len(seen) == 1:
		out.Forward = true
		out.By = entry.Route
	case answer.Status == http.StatusBadRequest:
		x.HostRefusals++
		out.By, out.Status = bundle+".canonical", answer.Status
	default:
		return out, fmt.Errorf("%s answered %d itself: %s\n%s", x.Name(), answer.Status, entry.Details, x.envoy.Log())
	}
	return out, nil
}

// forwarded is what the upstream received, in the words of HTTP/2, without
// what Envoy adds on its own behalf unless the client had sent it.
func forwarded(seen Received, sent scenario.Request) []scenario.Header {
	method, rest, _ := strings.Cut(seen.Line, " ")
	path, _, _ := strings.Cut(rest, " ")
	authority := strings.Join(values(seen.Headers, "host"), ",")
	all := []scenario.Header{
		{Name: ":method", Value: method},
		{Name: ":scheme", Value: "http"},
		{Name: ":authority", Value: authority},
		{Name: ":path", Value: path},
	}
	for _, h := range seen.Headers {
		added := slices.Contains(addedToRequests, h.Name) && len(values(sent.Headers, h.Name)) == 0
		if h.Name != "host" && !added {
			all = append(all, h)
		}
	}
	return all
}

var (
	addedToRequests = []string{
		"content-length", "transfer-encoding", "x-forwarded-proto", "x-envoy-external-address", "x-envoy-internal",
	}
	addedToResponses = []string{"connection", "content-length", "date", "transfer-encoding"}
)

func withoutHosts(headers []scenario.Header) []scenario.Header {
	return slices.DeleteFunc(slices.Clone(headers), func(h scenario.Header) bool {
		return slices.Contains(addedToResponses, h.Name)
	})
}
