module github.com/casestream/casestream/api

go 1.26.0

require (
	github.com/casestream/casestream/events v0.0.0
	github.com/casestream/casestream/projections v0.0.0
	github.com/casestream/casestream/services v0.0.0
	github.com/alecthomas/kong v1.17.0
	github.com/danielgtaylor/huma/v2 v2.37.2
	github.com/google/uuid v1.6.0
	github.com/labstack/echo/v4 v4.16.0
	github.com/nats-io/nats-server/v2 v2.15.2
	github.com/nats-io/nats.go v1.55.0
)

replace github.com/casestream/casestream/events => ../events

replace github.com/casestream/casestream/projections => ../projections

replace github.com/casestream/casestream/services => ../services
