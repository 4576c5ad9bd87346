package core

import (
	"net/http"
	"strings"
	"testing"
)

func TestReplies(t *testing.T) {
	k := get("/")
	r := open(t, k)
	r.Reply("moe.shop.a.deny", 403, "", false)
	k.wantReply(t, 403, "moe.shop.a.deny", "forbidden\n")
	k.wantActions(t, "add content-type=text/plain")

	r.Reply("d", 404, "", false)
	k.wantReply(t, 404, "d", `{"no":1}`)
	k.wantActions(t, "add content-type=application/json")

	r.Reply("d", 404, "own", false)
	k.wantReply(t, 404, "d", "own")
	k.wantActions(t, "add content-type=text/plain")

	r.Reply("d", 200, "", true)
	k.wantReply(t, 200, "d", "")
	k.wantActions(t)

	r.ReplyExact("d", 403, "", false)
	k.wantReply(t, 403, "d", "")
	r.ReplyExact("d", 200, "{}", true)
	k.wantActions(t, "add content-type=application/json")

	r.Unmatched()
	k.wantReply(t, 404, "moe.shop.unmatched", `{"no":1}`)
	r.MethodNotAllowed("GET, HEAD")
	k.wantReply(t, 405, "moe.shop.method", "method not allowed\n")
	k.wantActions(t, "add content-type=text/plain", "add allow=GET, HEAD")
	r.Reply("d", 401, "", false)
	r.Challenge(`ApiKey realm="shop"`)
	r.Challenge("Basic")
	k.wantActions(t, "add content-type=text/plain", `add www-authenticate=ApiKey realm="shop"`, "add www-authenticate=Basic")
}

func TestReasonsAreTheRegisteredOnes(t *testing.T) {
	for status := 400; status < 600; status++ {
		want := strings.ToLower(http.StatusText(status))
		if want != "" {
			want += "\n"
		}
		if got := reason(uint32(status)); got != want {
			t.Errorf("%d: %q, want %q", status, got, want)
		}
	}
}

func TestGRPCCallersGetAStatus(t *testing.T) {
	for contentType, grpc := range map[string]bool{
		"application/grpc": true, "application/grpc+proto": true, "application/grpc;x": false, "application/grpc-web": false, "application/json": false, "": false,
	} {
		k := get("/", "content-type", contentType)
		open(t, k).Reply("d", 403, "", false)
		if grpc {
			k.wantActions(t, "add grpc-status=7")
		} else {
			k.wantActions(t, "add content-type=text/plain")
		}
	}
	for status, want := range map[uint32]string{200: "0", 302: "2", 400: "3", 401: "16", 403: "7", 404: "12", 405: "12", 409: "3", 413: "8", 429: "8", 500: "13", 502: "14", 503: "14"} {
		if got := grpcStatus(status); got != want {
			t.Errorf("%d is %s, want %s", status, got, want)
		}
	}
}
