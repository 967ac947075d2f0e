# Casestream. `make help` lists what there is.
SHELL    := /bin/bash
MODULES  := events services projections api
VERSION  := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
BIN      := bin/casestream
DATA     ?= casestream-data
LISTEN   ?= 127.0.0.1:8080
MATRIX   := $(CURDIR)/bin/matrix.txt
CELLS    := $(CURDIR)/bin/matrix-all.txt
GOFUMPT  := go run mvdan.cc/gofumpt@v0.12.0
LINT     := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.14.0

.PHONY: help run demo build test check race matrix arrows mutants kill restarts bench fuzz lint tidy clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

run: build ## load the pilot year on the first start, then serve it on $(LISTEN)
	$(BIN) demo --data $(DATA)
	$(BIN) serve --data $(DATA) --listen $(LISTEN)

demo: build ## load the pilot year into $(DATA), and stop
	$(BIN) demo --data $(DATA)

build: ## bin/casestream, one static binary
	CGO_ENABLED=0 go build -trimpath -ldflags "-X main.version=$(VERSION)" -o $(BIN) ./api/cmd/casestream

test: ## every test, the short form of the long ones; at the end, what could not be tested here
	@mkdir -p $(dir $(MATRIX))
	CASESTREAM_MATRIX_SAYS=$(MATRIX) go test -timeout 30m $(addsuffix /...,$(addprefix ./,$(MODULES)))
	@[ -e $(MATRIX) ] || CASESTREAM_MATRIX_SAYS=$(MATRIX) go test -count=1 ./api/rest -run 'TestTheMatrix$$' # from the cache it says nothing
	@cat $(MATRIX)
	@go run ./events/untested

check: lint arrows race matrix mutants ## all that must hold before a change lands

race: ## the tests under the race detector; the kill test runs a binary of its own, so a few kills will do
	KILLS=$${KILLS:-10} go test -race -timeout 30m $(addsuffix /...,$(addprefix ./,$(MODULES)))

matrix: ## who may see and do what: every cell, with every two relations at once
	@mkdir -p $(dir $(CELLS))
	CASESTREAM_MATRIX=all CASESTREAM_MATRIX_SAYS=$(CELLS) go test $(if $(wildcard $(CELLS)),,-count=1) -timeout 30m ./api/rest -run 'TestTheMatrix$$'
	@cat $(CELLS)

arrows: ## each module builds by itself: a wrong-way import fails here
	@for m in $(MODULES); do echo "GOWORK=off $$m"; (cd $$m && GOWORK=off go build ./... && GOWORK=off go vet ./...) || exit 1; done

mutants: ## what the suite must catch: an early acknowledgement, a forgotten command id
	.ci/mutants

kill: ## KILLS=3000 make kill: the kill test, longer
	KILLS=$${KILLS:-3000} go test ./api/e2e -run TestKilled -count=1 -timeout 6h -v

restarts: ## RESTARTS=100 make restarts: PostgreSQL is stopped and started under the views, longer
	RESTARTS=$${RESTARTS:-20} go test ./projections -run TestViewsSurviveRestarts -count=1 -timeout 2h -v

bench: build ## speed, each figure beside its bound of the same run; the other engines beside the embedded ones
	go test ./api/bench -run '^$$' -bench Engines -benchtime 1x
	$(BIN) bench --long

fuzz: ## every fuzz target for a while: FUZZTIME=60s make fuzz
	@for m in $(MODULES); do for p in $$(cd $$m && grep -rl '^func Fuzz' --include='*_test.go' . | xargs -r -n1 dirname | sort -u); do \
		for f in $$(grep -hoE '^func Fuzz[A-Za-z0-9_]+' $$m/$$p/*_test.go | sed 's/func //'); do \
			(cd $$m && go test $$p -run '^$$' -fuzz "^$$f$$" -fuzztime $${FUZZTIME:-60s}) || exit 1; done; done; done

lint: ## gofumpt and golangci-lint
	@unformatted=$$($(GOFUMPT) -l $(MODULES)) && { [ -z "$$unformatted" ] || { echo "$$unformatted"; exit 1; }; }
	$(LINT) run $(addsuffix /...,$(addprefix ./,$(MODULES)))

tidy: ## go mod tidy in every module
	@for m in $(MODULES); do (cd $$m && go mod tidy) || exit 1; done

clean: ## remove what was built; data stays
	rm -rf bin
