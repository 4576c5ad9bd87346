# make demo and make test do all their own set-up; see scripts/setup.

.POSIX:
.PHONY: all build demo test bench bench-limits bench-envoy bench-expressions check clean setup envoys

ENVOYS = 1.38.3 1.39.3 1.40.0

all: build

setup:
	@scripts/setup

# The three Envoys that tests/envoy runs; fetched before the tests, so that no
# test's time goes into a download.
envoys: setup
	@for v in $(ENVOYS); do scripts/fetch-envoy $$v >/dev/null || exit 1; done

build: setup
	go build -o bin/moec ./cmd/moec

# Compiles policies/shop, puts it into a real Envoy, sends requests and prints
# what became of them; fails if one differs from what the policy promises.
demo: build
	go run ./demo -moec bin/moec

# Everything, but for the benchmark. The race detector is left out: no test
# shares memory between goroutines in a way that it could judge across cgo.
# Results are not taken from Go's cache (-count=1): some tests build moec and
# libraries by running commands, whose sources the cache does not see.
test: envoys check build
	go test -count=1 -timeout 25m ./...

# A request with a key, from its first hook to its last.
bench: build
	bin/moec compile tests/bench/testdata/orders -o bin/orders.so
	go run ./tests/bench -library bin/orders.so -bundle orders -key demo-key-of-robot-7 \
		-url http://shop.example.com/orders/7 -header "x-api-key: demo-key-of-robot-7"

# What limits cost a request.
bench-limits: build
	bin/moec compile tests/bench/testdata/limited -o bin/limited.so
	go run ./tests/bench -limits -rounds 7 -library bin/limited.so -bundle limited -key demo-key-of-robot-7

# A request through a real Envoy with a bundle, with the native filters that do
# the same, and with neither: processor time and instructions. Takes four
# minutes.
bench-envoy: build
	go run ./tests/bench/envoy

# The expressions of tests/speed, compiled against cel-go; writes the table and
# the picture of docs/expressions-speed.md.
bench-expressions: setup
	go run ./tests/speed -docs docs

check: setup
	@bad=$$(gofmt -l .); if [ -n "$$bad" ]; then echo "not gofmt-clean:"; echo "$$bad"; exit 1; fi
	go vet ./...

clean:
	rm -rf bin
