module github.com/casestream/casestream/projections

go 1.26.0

require (
	github.com/casestream/casestream/events v0.0.0
	github.com/google/uuid v1.6.0
	modernc.org/sqlite v1.60.1
)

replace github.com/casestream/casestream/events => ../events
