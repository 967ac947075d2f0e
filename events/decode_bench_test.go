package events_test

import (
	"strings"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/sealedtest"
	"github.com/google/uuid"
)

func BenchmarkDecode(b *testing.B) {
	keys, place := &sealedtest.Keys{}, sealed.Place{Stream: "case-1", Event: uuid.New()}
	words := sealed.Say(strings.Repeat("今日家访，祖母在家，孩子情绪比上周平稳，愿意谈起学校的事。", 7))
	for name, fact := range map[string]events.Event{
		"note":         events.NoteRecorded{Kind: "process", Text: words},
		"intervention": events.InterventionRecorded{Kind: "home_visit", Mode: "in_person", Note: words, Present: []events.Present{{Who: "family", Name: sealed.Say("祖母"), Served: true}}},
		"none":         events.ActivityHeld{Heads: make([]events.Heads, 3)},
	} {
		fact, err := sealed.Seal(b.Context(), keys, fact, place, "client-1")
		if err != nil {
			b.Fatal(err)
		}
		data, schema, err := events.Encode(fact)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := events.Decode(fact.Type(), schema, data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
