module github.com/casestream/casestream/api

go 1.26.0

require (
	github.com/alecthomas/kong v1.17.0
	github.com/casestream/casestream/events v0.0.0
	github.com/casestream/casestream/projections v0.0.0
	github.com/casestream/casestream/services v0.0.0
	github.com/danielgtaylor/huma/v2 v2.37.2
	github.com/google/uuid v1.6.0
	github.com/labstack/echo/v4 v4.16.0
	github.com/nats-io/nats-server/v2 v2.15.2
	github.com/nats-io/nats.go v1.55.0
)

require (
	github.com/go-json-experiment/json v1.27.2 // indirect
	github.com/mitchellh/colorstring v0.0.0-20190213212951-d06e56a500db // indirect
	github.com/rivo/uniseg v0.4.7 // indirect
	github.com/schollz/progressbar/v3 v3.19.1 // indirect
	golang.org/x/sync v0.23.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/term v0.47.0 // indirect
)

replace github.com/casestream/casestream/events => ../events

replace github.com/casestream/casestream/projections => ../projections

replace github.com/casestream/casestream/services => ../services
