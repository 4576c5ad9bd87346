package main

import (
	"fmt"
	"strings"
)

// doesTheSame asks a chain for everything that front/front.moe says, so that
// nobody is cheaper by doing less.
func (x *process) doesTheSame(bool) error {
	c, err := dial(x.port)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	key := clients()[7].key
	for _, probe := range []struct {
		key, agent, status string
		seen, unseen       []string
	}{
		{key, "bench/1.0", "200", []string{"x-user: client-07", "accept-language: en"}, []string{"x-api-key", "x-internal-trace", "x-moe-cluster"}},
		{key + "8", "bench/1.0", "401", nil, nil},
		{key, "BadBot/1.0", "403", nil, nil},
	} {
		head, body, err := c.send(request(probe.key, probe.agent, echo+": 1\r\n"))
		if err != nil {
			return err
		}
		if !strings.HasPrefix(head, "HTTP/1.1 "+probe.status+" ") {
			return fmt.Errorf("key %q from %q: answered %q, want %s", probe.key, probe.agent, head, probe.status)
		}
		if !strings.Contains(head, "\r\ncache-control: no-store\r\n") {
			return fmt.Errorf("key %q from %q: no cache-control in %q", probe.key, probe.agent, head)
		}
		for _, line := range probe.seen {
			if !strings.Contains(body, "\r\n"+line+"\r\n") {
				return fmt.Errorf("the upstream did not see %q: %q", line, body)
			}
		}
		for _, name := range probe.unseen {
			if strings.Contains(body, "\r\n"+name+":") {
				return fmt.Errorf("the upstream saw %s: %q", name, body)
			}
		}
	}
	return nil
}
