package dynmod

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"moec.dev/moec/runtime/core"
)

// defaultTick is how often a worker yields to Go's scheduler; Go's monitor
// gives up on a thread after 10 ms.
const defaultTick = 4 * time.Millisecond

// settings is what a filter's configuration comes to.
type settings struct {
	number int
	bundle *core.Bundle
	tick   time.Duration // 0: never
	places places
}

// newSettings checks everything that Envoy's configuration and the environment
// say about one filter. The error is one line without the bundle's name.
func newSettings(name string, filterConfig []byte, envoyMinor int, getenv func(string) string) (settings, error) {
	number, bundle := core.Find(name)
	if bundle == nil {
		return settings{}, fmt.Errorf("this library has no such bundle, it has %s; set filter_name to one of them", bundleNames())
	}
	where, err := readFilterConfig(filterConfig)
	if err != nil {
		return settings{}, err
	}
	if err := where.fit(bundle.Files); err != nil {
		return settings{}, err
	}
	if n := len(bundle.Attributes); n > core.MaxAttributes {
		return settings{}, fmt.Errorf("it reads %d attributes and this library can pass %d", n, core.MaxAttributes)
	}
	for _, id := range bundle.Attributes {
		a, known := attributes[id]
		if !known {
			return settings{}, fmt.Errorf("it reads attribute number %d, which Envoy's dynamic modules do not offer", id)
		}
		if envoyMinor < a.minor {
			return settings{}, fmt.Errorf("it reads %s, which Envoy offers from 1.%d on and this is 1.%d", a.name, a.minor, envoyMinor)
		}
	}
	tick, err := parseTick(getenv("MOEC_TICK_US"))
	return settings{number: number, bundle: bundle, tick: tick, places: where}, err
}

func bundleNames() string {
	all := core.Bundles()
	if len(all) == 0 {
		return "none"
	}
	names := make([]string, len(all))
	for i, b := range all {
		names[i] = strconv.Quote(b.Name)
	}
	return strings.Join(names, ", ")
}

// attributes are the ones that HTTP filters can read, with the minor release
// of Envoy that first serves them.
var attributes = map[core.AttributeID]struct {
	name  string
	minor int
}{
	core.AttrProtocol:           {"request.protocol", 38},
	core.AttrRequestID:          {"request.id", 38},
	core.AttrSourceAddress:      {"source.address", 38},
	core.AttrSourcePort:         {"source.port", 38},
	core.AttrDestinationAddress: {"destination.address", 38},
	core.AttrDestinationPort:    {"destination.port", 38},
	core.AttrMTLS:               {"connection.mtls", 38},
	core.AttrServerName:         {"connection.requested_server_name", 39},
	core.AttrTLSVersion:         {"connection.tls_version", 38},
	core.AttrSubjectPeer:        {"connection.subject_peer_certificate", 38},
	core.AttrDNSSANPeer:         {"connection.dns_san_peer_certificate", 38},
	core.AttrURISANPeer:         {"connection.uri_san_peer_certificate", 38},
	core.AttrSHA256Peer:         {"connection.sha256_peer_certificate_digest", 38},
	core.AttrRouteName:          {"xds.route_name", 38},
}

// readFilterConfig accepts no text and a JSON object with root and files. What
// it does not understand it refuses: a member that is quietly ignored would be a
// setting that its author believes in.
func readFilterConfig(text []byte) (places, error) {
	var p places
	if len(bytes.TrimSpace(text)) == 0 {
		return p, nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	first, err := d.Token()
	if err != nil {
		return p, badJSON(d, err)
	}
	if first != json.Delim('{') {
		return p, errors.New("filter_config is not a JSON object; leave it out, or write {}")
	}
	seen := map[any]bool{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return p, badJSON(d, err)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return p, badJSON(d, err)
		}
		if seen[key] {
			return p, fmt.Errorf("filter_config has the member %q twice", key)
		}
		seen[key] = true
		switch key {
		case "root":
			if json.Unmarshal(value, &p.root) != nil || !filepath.IsAbs(p.root) {
				return p, fmt.Errorf("filter_config member %q is not the absolute path of a directory", key)
			}
		case "files":
			if p.files, err = readFiles(value); err != nil {
				return p, err
			}
		default:
			return p, fmt.Errorf("filter_config has an unknown member %q; leave it out", key)
		}
	}
	if _, err := d.Token(); err != nil {
		return p, badJSON(d, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return p, fmt.Errorf("filter_config goes on after its JSON object, at byte %d", d.InputOffset())
	}
	return p, nil
}

// readFiles reads the member files: absolute paths by names as policies have
// them.
func readFiles(text []byte) (map[string]string, error) {
	wrong := errors.New("filter_config member \"files\" is not an object of absolute paths by the names of files")
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, wrong
	}
	out := map[string]string{}
	for d.More() {
		key, err := d.Token()
		name, _ := key.(string)
		var at string
		if err != nil || d.Decode(&at) != nil || !filepath.IsAbs(at) {
			return nil, wrong
		}
		if _, twice := out[name]; twice {
			return nil, fmt.Errorf("filter_config places the file %q twice", name)
		}
		out[name] = at
	}
	return out, nil
}

func badJSON(d *json.Decoder, err error) error {
	at := d.InputOffset()
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = syntax.Offset
	}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = errors.New("it ends too early")
	}
	return fmt.Errorf("filter_config is not JSON: %v, at byte %d", err, at)
}

func parseTick(text string) (time.Duration, error) {
	if text == "" {
		return defaultTick, nil
	}
	us, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("environment variable MOEC_TICK_US is %q; it must be a whole number of microseconds, 0 for never", text)
	}
	return time.Duration(us) * time.Microsecond, nil
}
