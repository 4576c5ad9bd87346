package envoy

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"moec.dev/moec/compiler/scenario"
)

// The frames of HTTP/2 that the client below knows (RFC 9113 section 6).
const (
	frameData     = 0
	frameHeaders  = 1
	frameReset    = 3
	frameSettings = 4
	frameGoAway   = 7

	flagEndStream  = 1
	flagEndHeaders = 4
	flagAck        = 1
)

// errReset is a stream or connection that Envoy has ended without an answer.
var errReset = errors.New("reset")

// sendHTTP2 sends one request with exactly these fields, pseudo-headers among
// them, and returns the status of the answer. Libraries would put them right.
func sendHTTP2(port int, fields []scenario.Header, body string) (int, error) {
	conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", port), 5*time.Second)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return 0, err
	}
	var out, block bytes.Buffer
	out.WriteString("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
	writeFrame(&out, frameSettings, 0, 0, nil)
	for _, f := range fields {
		block.WriteByte(0) // a literal that is not indexed, with a name of its own
		writeText(&block, f.Name)
		writeText(&block, f.Value)
	}
	flags := byte(flagEndHeaders)
	if body == "" {
		flags |= flagEndStream
	}
	writeFrame(&out, frameHeaders, flags, 1, block.Bytes())
	if body != "" {
		writeFrame(&out, frameData, flagEndStream, 1, []byte(body))
	}
	if _, err := conn.Write(out.Bytes()); err != nil {
		return 0, errReset
	}
	for {
		kind, flags, payload, err := readFrame(conn)
		switch {
		case err != nil:
			var timeout net.Error
			if errors.As(err, &timeout) && timeout.Timeout() {
				return 0, err
			}
			return 0, errReset
		case kind == frameHeaders:
			return statusField(payload)
		case kind == frameReset, kind == frameGoAway:
			return 0, errReset
		case kind == frameSettings && flags&flagAck == 0:
			var ack bytes.Buffer
			writeFrame(&ack, frameSettings, flagAck, 0, nil)
			if _, err := conn.Write(ack.Bytes()); err != nil {
				return 0, errReset
			}
		}
	}
}

func writeFrame(out *bytes.Buffer, kind, flags byte, stream uint32, payload []byte) {
	var head [9]byte
	binary.BigEndian.PutUint32(head[:4], uint32(len(payload))<<8|uint32(kind))
	head[4] = flags
	binary.BigEndian.PutUint32(head[5:], stream)
	out.Write(head[:])
	out.Write(payload)
}

func readFrame(in io.Reader) (kind, flags byte, payload []byte, err error) {
	var head [9]byte
	if _, err = io.ReadFull(in, head[:]); err != nil {
		return 0, 0, nil, err
	}
	payload = make([]byte, binary.BigEndian.Uint32(head[:4])>>8)
	_, err = io.ReadFull(in, payload)
	return head[3], head[4], payload, err
}

// writeText writes a string as HPACK has it (RFC 7541 section 5.2), uncompressed.
func writeText(out *bytes.Buffer, s string) {
	if n := len(s); n < 127 {
		out.WriteByte(byte(n))
	} else {
		out.WriteByte(127)
		for n -= 127; n >= 128; n >>= 7 {
			out.WriteByte(byte(n) | 128)
		}
		out.WriteByte(byte(n))
	}
	out.WriteString(s)
}

// statusField reads :status, which stands first: by its place in HPACK's static
// table, or as a literal of three digits.
func statusField(block []byte) (int, error) {
	for len(block) > 0 && block[0]&0xe0 == 0x20 { // the table's size
		n := 1
		if block[0] == 0x3f {
			for n < len(block) && block[n]&0x80 != 0 {
				n++
			}
			n++
		}
		block = block[min(n, len(block)):]
	}
	if len(block) == 0 {
		return 0, errors.New("an answer without headers")
	}
	known := map[byte]int{0x88: 200, 0x89: 204, 0x8a: 206, 0x8b: 304, 0x8c: 400, 0x8d: 404, 0x8e: 500}
	if status, ok := known[block[0]]; ok {
		return status, nil
	}
	if len(block) < 2 || block[0] != 0x48 && block[0] != 0x08 && block[0] != 0x18 {
		return 0, fmt.Errorf("an answer that begins with % x", block[:min(8, len(block))])
	}
	text, huffman := block[2:], block[1]&0x80 != 0
	text = text[:min(int(block[1]&0x7f), len(text))]
	status := 0
	if !huffman {
		_, err := fmt.Sscanf(string(text), "%d", &status)
		return status, err
	}
	// Digits alone: 0 to 2 have five bits, the others six (RFC 7541 appendix B).
	bits, n := uint64(0), 0
	for _, b := range text {
		bits, n = bits<<8|uint64(b), n+8
	}
	for n >= 5 && status < 100 {
		if five := bits >> (n - 5) & 31; five <= 2 {
			status, n = status*10+int(five), n-5
			continue
		}
		six := 0
		if n >= 6 {
			six = int(bits >> (n - 6) & 63)
		}
		if six < 25 || six > 31 {
			return 0, fmt.Errorf("no status in % x", block)
		}
		status, n = status*10+six-22, n-6
	}
	return status, nil
}
