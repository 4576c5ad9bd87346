package protocol

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// rpcServer is the service wire.Echo, over messages that need no generated code.
type rpcServer struct {
	port int
	// begun and ended count calls of methods that wait for their client.
	begun, ended atomic.Int64
}

// echo answers a message with its text; metadata x-number comes back as a
// header, who asked as a trailer.
func echo(ctx context.Context, in string) (*wrapperspb.StringValue, metadata.MD, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	switch in {
	case "fail":
		return nil, nil, status.Error(codes.FailedPrecondition, "not now")
	case "sleep":
		<-ctx.Done()
		return nil, nil, ctx.Err()
	}
	header := metadata.MD{}
	if v := md.Get("x-number"); len(v) > 0 {
		header.Set("x-number", v...)
	}
	return wrapperspb.String(in), header, nil
}

func who(ctx context.Context) metadata.MD {
	md, _ := metadata.FromIncomingContext(ctx)
	return metadata.Pairs("x-seen", strings.Join(md.Get("x-who"), ","), "x-key-seen", fmt.Sprint(len(md.Get("x-api-key"))))
}

func newRPC(t testing.TB) *rpcServer {
	l, port := listen(t)
	r := &rpcServer{port: port}
	unary := func(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
		in := &wrapperspb.StringValue{}
		if err := decode(in); err != nil {
			return nil, err
		}
		r.begun.Add(1)
		defer r.ended.Add(1)
		out, header, err := echo(ctx, in.Value)
		if err != nil {
			return nil, err
		}
		return out, errors.Join(grpc.SetHeader(ctx, header), grpc.SetTrailer(ctx, who(ctx)))
	}
	// Every message comes back at once.
	both := func(_ any, s grpc.ServerStream) error {
		r.begun.Add(1)
		defer r.ended.Add(1)
		s.SetTrailer(who(s.Context()))
		for {
			in := &wrapperspb.StringValue{}
			if err := s.RecvMsg(in); err == io.EOF {
				return nil
			} else if err != nil {
				return err
			}
			if err := s.SendMsg(in); err != nil {
				return err
			}
		}
	}
	// The messages come back as one.
	collect := func(_ any, s grpc.ServerStream) error {
		s.SetTrailer(who(s.Context()))
		var all strings.Builder
		for {
			in := &wrapperspb.StringValue{}
			if err := s.RecvMsg(in); err == io.EOF {
				return s.SendMsg(wrapperspb.String(all.String()))
			} else if err != nil {
				return err
			}
			all.WriteString(in.Value)
		}
	}
	// One message comes back, byte by byte.
	spread := func(_ any, s grpc.ServerStream) error {
		s.SetTrailer(who(s.Context()))
		in := &wrapperspb.StringValue{}
		if err := s.RecvMsg(in); err != nil {
			return err
		}
		for _, c := range in.Value {
			if err := s.SendMsg(wrapperspb.String(string(c))); err != nil {
				return err
			}
		}
		return nil
	}
	server := grpc.NewServer()
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "wire.Echo", HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{{MethodName: "Unary", Handler: unary}},
		Streams: []grpc.StreamDesc{
			{StreamName: "Both", Handler: both, ServerStreams: true, ClientStreams: true},
			{StreamName: "Collect", Handler: collect, ClientStreams: true},
			{StreamName: "Spread", Handler: spread, ServerStreams: true},
		},
	}, struct{}{})
	go server.Serve(l)
	t.Cleanup(server.Stop)
	return r
}

func dial(t *testing.T, port int, options ...grpc.DialOption) *grpc.ClientConn {
	t.Helper()
	conn, err := grpc.NewClient(fmt.Sprintf("passthrough:///127.0.0.1:%d", port),
		append(options, grpc.WithTransportCredentials(insecure.NewCredentials()))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// calling is a context with this metadata and the patience of a test.
func calling(t *testing.T, pairs ...string) context.Context {
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(stop)
	return metadata.AppendToOutgoingContext(ctx, pairs...)
}

// metadataFor is a context of a caller with a key.
func metadataFor(key string) context.Context {
	return metadata.AppendToOutgoingContext(context.Background(), "x-api-key", key)
}

var bidi = &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}

func testGRPC(t *testing.T, w *world) {
	conn := dial(t, w.ports["main"])
	t.Run("unary", func(t *testing.T) {
		for _, text := range []string{"", "hello", strings.Repeat("m", 1<<20)} {
			var header, trailer metadata.MD
			out := &wrapperspb.StringValue{}
			if err := conn.Invoke(calling(t, "x-api-key", key, "x-number", "21"), "/wire.Echo/Unary", wrapperspb.String(text), out,
				grpc.Header(&header), grpc.Trailer(&trailer)); err != nil {
				t.Fatal(err)
			}
			if out.Value != text || first(header, "x-route") != "calls" || first(header, "x-twice") != "42" {
				t.Errorf("%d bytes: %d bytes came back, header %v", len(text), len(out.Value), header)
			}
			if first(trailer, "x-seen") != "robots:r2" || first(trailer, "x-key-seen") != "0" {
				t.Errorf("trailer %v", trailer)
			}
		}
	})
	t.Run("an error of the server's", func(t *testing.T) {
		err := conn.Invoke(calling(t, "x-api-key", key), "/wire.Echo/Unary", wrapperspb.String("fail"), &wrapperspb.StringValue{})
		if s := status.Convert(err); s.Code() != codes.FailedPrecondition || s.Message() != "not now" {
			t.Errorf("%v", err)
		}
	})
	t.Run("streams", func(t *testing.T) { testStreams(t, conn) })
	t.Run("denied", func(t *testing.T) { testDeniedCalls(t, w, conn) })
	t.Run("a response rule fails", func(t *testing.T) {
		w.counting(t, "moec.wire.undecided", 0, func() {
			w.counting(t, "moec.wire.denied", 1, func() {
				err := conn.Invoke(calling(t, "x-api-key", key, "x-number", "none"), "/wire.Echo/Unary", wrapperspb.String("x"), &wrapperspb.StringValue{})
				if status.Code(err) != codes.Internal {
					t.Errorf("%v", err)
				}
			})
		})
	})
	t.Run("broken off", func(t *testing.T) { testBrokenCalls(t, w, conn) })
}

func first(md metadata.MD, name string) string {
	if v := md.Get(name); len(v) == 1 {
		return v[0]
	}
	return fmt.Sprintf("%d values", len(md.Get(name)))
}

func testStreams(t *testing.T, conn *grpc.ClientConn) {
	open := func(method string) grpc.ClientStream {
		s, err := conn.NewStream(calling(t, "x-api-key", key), bidi, "/wire.Echo/"+method)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	send := func(s grpc.ClientStream, text string) {
		if err := s.SendMsg(wrapperspb.String(text)); err != nil {
			t.Fatal(err)
		}
	}
	receive := func(s grpc.ClientStream) string {
		out := &wrapperspb.StringValue{}
		if err := s.RecvMsg(out); err != nil {
			t.Fatal(err)
		}
		return out.Value
	}
	end := func(s grpc.ClientStream) {
		if err := s.RecvMsg(&wrapperspb.StringValue{}); err != io.EOF {
			t.Errorf("the stream ended with %v", err)
		}
		if first(s.Trailer(), "x-seen") != "robots:r2" {
			t.Errorf("trailer %v", s.Trailer())
		}
	}
	// Each message is answered before the next is sent: nothing is kept back.
	s := open("Both")
	for i := range 100 {
		text := fmt.Sprint(i, strings.Repeat(".", 100*i))
		send(s, text)
		if got := receive(s); got != text {
			t.Fatalf("message %d came back as %.20q", i, got)
		}
	}
	s.CloseSend()
	end(s)

	s = open("Collect")
	for range 64 {
		send(s, strings.Repeat("c", 16<<10))
	}
	s.CloseSend()
	if got := receive(s); len(got) != 1<<20 {
		t.Errorf("%d bytes were collected", len(got))
	}
	end(s)

	s = open("Spread")
	send(s, "abc")
	s.CloseSend()
	if got := receive(s) + receive(s) + receive(s); got != "abc" {
		t.Errorf("%q was spread", got)
	}
	end(s)
}

func testDeniedCalls(t *testing.T, w *world, conn *grpc.ClientConn) {
	for _, c := range []struct {
		name, method string
		pairs        []string
		want         codes.Code
	}{
		{"400", "Unary", []string{"x-api-key", key, "x-deny", "400"}, codes.InvalidArgument},
		{"not canonical", "a//b", []string{"x-api-key", key}, codes.InvalidArgument},
		{"no key", "Unary", nil, codes.Unauthenticated},
		{"a bad key", "Unary", []string{"x-api-key", "bad"}, codes.Unauthenticated},
		{"403", "Unary", []string{"x-api-key", key, "x-deny", "403"}, codes.PermissionDenied},
		{"404", "Unary", []string{"x-api-key", key, "x-deny", "404"}, codes.Unimplemented},
		{"no route", "a/b/c", []string{"x-api-key", key}, codes.Unimplemented},
		{"no such method", "../socket", nil, codes.InvalidArgument},
		{"413", "Unary", []string{"x-api-key", key, "x-deny", "413"}, codes.ResourceExhausted},
		{"429", "Unary", []string{"x-api-key", key, "x-deny", "429"}, codes.ResourceExhausted},
		{"500", "Unary", []string{"x-api-key", key, "x-deny", "500"}, codes.Internal},
		{"503", "Unary", []string{"x-api-key", key, "x-deny", "503"}, codes.Unavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			begun := w.rpc.begun.Load()
			w.counting(t, "moec.wire.denied", 2, func() {
				err := conn.Invoke(calling(t, c.pairs...), "/wire.Echo/"+c.method, wrapperspb.String(strings.Repeat("x", 100_000)), &wrapperspb.StringValue{})
				if status.Code(err) != c.want {
					t.Errorf("unary: %v, want %v", err, c.want)
				}
				// A stream that would go on sending hears of it at once.
				s, err := conn.NewStream(calling(t, c.pairs...), bidi, "/wire.Echo/"+strings.Replace(c.method, "Unary", "Both", 1))
				if err != nil {
					t.Fatal(err)
				}
				if err = s.RecvMsg(&wrapperspb.StringValue{}); status.Code(err) != c.want {
					t.Errorf("stream: %v, want %v", err, c.want)
				}
				// Trailers only: the status came in the headers, or there are none of the rest.
				if header, _ := s.Header(); len(header.Get("grpc-status")) > 0 {
					t.Errorf("header %v", header)
				}
			})
			if n := w.rpc.begun.Load() - begun; n != 0 {
				t.Errorf("%d calls reached the server", n)
			}
		})
	}
	// GET is none of the route's methods: 405 is 12, as 404 is.
	t.Run("405", func(t *testing.T) {
		answer, _ := exchange(t, http2Client(w.ports["main"]), "GET", "/wire.Echo/Unary", nil, "content-type", "application/grpc", "x-api-key", key)
		if answer.StatusCode != 200 || answer.Header.Get("grpc-status") != "12" {
			t.Errorf("%s, %v", answer.Status, answer.Header)
		}
	})
}

func testBrokenCalls(t *testing.T, w *world, conn *grpc.ClientConn) {
	gone := func(t *testing.T, begun int64) {
		t.Helper()
		eventually(t, "the server's calls to end", func() bool { return w.rpc.begun.Load() > begun && w.rpc.ended.Load() == w.rpc.begun.Load() })
	}
	t.Run("the client cancels a call", func(t *testing.T) {
		begun := w.rpc.begun.Load()
		ctx, cancel := context.WithCancel(calling(t, "x-api-key", key))
		go func() {
			eventually(t, "the call", func() bool { return w.rpc.begun.Load() > begun })
			cancel()
		}()
		err := conn.Invoke(ctx, "/wire.Echo/Unary", wrapperspb.String("sleep"), &wrapperspb.StringValue{})
		if status.Code(err) != codes.Canceled {
			t.Errorf("%v", err)
		}
		gone(t, begun)
	})
	t.Run("the client cancels in a stream", func(t *testing.T) {
		begun := w.rpc.begun.Load()
		ctx, cancel := context.WithCancel(calling(t, "x-api-key", key))
		s, err := conn.NewStream(ctx, bidi, "/wire.Echo/Both")
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.SendMsg(wrapperspb.String("a")), s.RecvMsg(&wrapperspb.StringValue{})); err != nil {
			t.Fatal(err)
		}
		cancel()
		gone(t, begun)
	})
	w.settle(t)
}

// eventually waits for what must come soon.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Errorf("in vain: waited for %s", what)
			return
		}
	}
}
