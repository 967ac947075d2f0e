package esdbtest_test

import (
	"regexp"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
)

// filtering asks one question after the other: the counts depend on what was written so far.
var filtering = func() []topic {
	var f filtered
	by := func(what esdb.SubscriptionFilter) func(*asker) string {
		return func(a *asker) string { return f.behind(a, esdb.SubscribeToAllOptions{Filter: f.fill(&what)}).counts() }
	}
	window := func(size, interval int) func(*asker) string {
		return func(a *asker) string {
			return f.behind(a, esdb.SubscribeToAllOptions{
				Filter: f.fill(&esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{"S"}}), MaxSearchWindow: size, CheckpointInterval: interval,
			}).counts()
		}
	}
	return []topic{
		{"follow $all with a filter, behind ten rounds of 5 events in S and 100 in T", []question{
			{"S by prefix", func(a *asker) string {
				f.begin(a)
				f.told = f.behind(a, esdb.SubscribeToAllOptions{Filter: f.fill(&esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{"S"}})})
				return f.told.counts()
			}},
			{"in which order", func(*asker) string {
				runs := strings.Split(f.told.runs(0), ", ")
				return strings.Join(runs[:min(6, len(runs))], ", ")
			}},
			{"then 200 in T and one in S", func(a *asker) string {
				f.more(a)
				return f.told.until(anEvent).runs(f.told.from)
			}},
		}},
		{"follow $all with a filter, behind those 1050 and these 201", []question{
			{"S by two prefixes", by(esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{"S", "nope"}})},
			{"S by expression", by(esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Regex: "^S$"})},
			{"type Alpha by prefix, 3 of 5", by(esdb.SubscriptionFilter{Type: esdb.EventFilterType, Prefixes: []string{"Alpha."}})},
			{"type Beta by expression, 2 of 5", by(esdb.SubscriptionFilter{Type: esdb.EventFilterType, Regex: `^Beta\.`})},
			{"nothing at all", func(a *asker) string {
				f.told = f.behind(a, esdb.SubscribeToAllOptions{Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{"nothing"}}})
				return f.told.counts()
			}},
			{"then 200 in T and one in S", func(a *asker) string {
				f.more(a)
				left := 6
				return f.told.until(func(string) bool { left--; return left == 0 }).runs(f.told.from)
			}},
			{"window 32, interval 4", window(32, 4)},
			{"window 500, interval 1", window(500, 1)},
		}},
	}
}()

type filtered struct {
	s, t string
	from esdb.Position // of the last event that was there before
	told *told
}

// begin writes the first part.
func (f *filtered) begin(a *asker) {
	f.s, f.t = "s"+uuid.NewString(), "t"+uuid.NewString()
	before := a.given("before", some(1)...)
	f.from = esdb.Position{Commit: before.CommitPosition, Prepare: before.PreparePosition}
	for range 10 {
		for i := range 5 {
			event := some(1)[0]
			event.EventType = []string{"Alpha.", "Beta."}[i%2] + f.s
			a.given(f.s, event)
		}
		a.given(f.t, some(100)...)
	}
}

func (f *filtered) more(a *asker) {
	for range 200 {
		a.given(f.t, some(1)...)
	}
	a.given(f.s, some(1)...)
}

// fill puts the stream's name in the place of S.
func (f *filtered) fill(what *esdb.SubscriptionFilter) *esdb.SubscriptionFilter {
	filled := *what
	filled.Regex = strings.ReplaceAll(what.Regex, "S", regexp.QuoteMeta(f.s))
	filled.Prefixes = nil
	for _, prefix := range what.Prefixes {
		filled.Prefixes = append(filled.Prefixes, strings.ReplaceAll(prefix, "S", f.s))
	}
	return &filled
}

// behind is what a subscription says up to the present.
func (f *filtered) behind(a *asker, options esdb.SubscribeToAllOptions) *told {
	a.Helper()
	options.From = f.from
	s, err := a.client.SubscribeToAll(a.patience(), options)
	if err != nil {
		a.Fatal(err)
	}
	return (&told{subscription: s}).until(caughtUp)
}
