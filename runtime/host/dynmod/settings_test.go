package dynmod

import (
	"strings"
	"testing"
	"time"

	"moec.dev/moec/runtime/core"
)

func TestMain(m *testing.M) {
	core.Register(
		&core.Bundle{Name: "plain"},
		&core.Bundle{Name: "tls", Attributes: []core.AttributeID{core.AttrMTLS, core.AttrServerName}},
		&core.Bundle{Name: "strange", Attributes: []core.AttributeID{19}},
		&core.Bundle{Name: "greedy", Attributes: make([]core.AttributeID, core.MaxAttributes+1)},
	)
	m.Run()
}

func TestSettings(t *testing.T) {
	for _, c := range []struct {
		bundle, text, tick string
		minor              int
		want               string // of the error
	}{
		{"plain", "", "", 38, ""},
		{"plain", "{}", "0", 38, ""},
		{"tls", "", "", 39, ""},
		{"tls", "", "", 38, "connection.requested_server_name, which Envoy offers from 1.39 on and this is 1.38"},
		{"strange", "", "", 40, "attribute number 19"},
		{"greedy", "", "", 40, "17 attributes"},
		{"absent", "", "", 40, `it has "plain", "tls", "strange", "greedy"`},
		{"plain", `{"a": {"b": [1]}}`, "", 40, `unknown member "a"`},
		{"plain", `{"root"`, "", 40, "ends too early"},
		{"plain", `{"root":}`, "", 40, "not JSON"},
		{"plain", "{}}", "", 40, "goes on after its JSON object"},
		{"plain", "\x00", "", 40, "not JSON"},
		{"plain", "", "1.5", 40, "MOEC_TICK_US"},
		{"plain", "", "99999999999", 40, "MOEC_TICK_US"},
	} {
		_, err := newSettings(c.bundle, []byte(c.text), c.minor, func(string) string { return c.tick })
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%+v: %v", c, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%+v: got %v", c, err)
		case err != nil && strings.Contains(err.Error(), "\n"):
			t.Errorf("%+v: more than a line: %q", c, err)
		}
	}
}

func TestTick(t *testing.T) {
	for text, want := range map[string]time.Duration{"": 4 * time.Millisecond, "0": 0, "250": 250 * time.Microsecond} {
		if got, err := parseTick(text); err != nil || got != want {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
}

// Each attribute that core names can be read, or a bundle would compile and
// then be refused everywhere.
func TestEveryAttributeIsKnown(t *testing.T) {
	for _, id := range []core.AttributeID{
		core.AttrProtocol, core.AttrRequestID, core.AttrSourceAddress, core.AttrSourcePort,
		core.AttrDestinationAddress, core.AttrDestinationPort, core.AttrMTLS, core.AttrServerName,
		core.AttrTLSVersion, core.AttrSubjectPeer, core.AttrDNSSANPeer, core.AttrURISANPeer,
		core.AttrSHA256Peer, core.AttrRouteName,
	} {
		if a := attributes[id]; a.name == "" || a.minor < 38 {
			t.Errorf("attribute %d is %+v", id, a)
		}
	}
}
