package behaviour

import (
	"slices"
	"strings"

	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/tests/host/dynmod"
)

// plainHost tells outcomes of the C test host in the words of the others: by
// the rule's name without the mark that Envoy's logs want, and without
// content-length, which belongs to the connection.
type plainHost struct{ *dynmod.Host }

func (h plainHost) Send(bundle string, r scenario.Request) (scenario.Outcome, error) {
	o, err := h.Host.Send(bundle, r)
	if !o.Forward { // what goes on is told by its route, without mark and digest
		o.By, _, _ = strings.Cut(strings.TrimPrefix(o.By, "moe."), "@")
	}
	o.Response.Headers = slices.DeleteFunc(o.Response.Headers, func(x scenario.Header) bool { return x.Name == "content-length" })
	if r.Method == "HEAD" {
		o.Response.Body = ""
	}
	return o, err
}
