module github.com/casestream/casestream/services

go 1.26.0

require (
	github.com/casestream/casestream/events v0.0.0
	github.com/google/uuid v1.6.0
	pgregory.net/rapid v1.3.0
)

require github.com/google/go-cmp v0.7.0

require github.com/go-json-experiment/json v1.27.2 // indirect

replace github.com/casestream/casestream/events => ../events
