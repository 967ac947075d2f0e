package sealed_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/sealedtest"
)

func BenchmarkSeal(b *testing.B) {
	note := sealed.Say("小明说他想回家，但不愿意见父亲。下周二与学校老师一起家访，先电话联系外婆。")
	goal := events.Goal{Title: note, Levels: []sealed.Text{note, note, note, note, note}}
	for name, fact := range map[string]events.Event{
		"nothing said":    events.ActivityHeld{Heads: make([]events.Heads, 3)},
		"no place for it": events.TrainingRecorded{},
		"one note":        events.NoteRecorded{Text: note},
		"amended note":    events.EntryAmended{Why: note, Now: events.Said{Entry: events.NoteRecorded{Text: note}}},
		"plan, 20 texts":  events.PlanAgreed{Aim: note, Strategy: note, Goals: []events.Goal{goal, goal, goal}},
	} {
		b.Run(name, func(b *testing.B) {
			keys, place := &sealedtest.Keys{}, sealed.Place{Stream: "case-1", Event: uuid.New()}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := sealed.Seal(b.Context(), keys, fact, place, "client-1"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	keys, place := &sealedtest.Keys{}, sealed.Place{Stream: "case-1", Event: uuid.New()}
	fact := events.NoteRecorded{Text: sealed.Say("小明说他想回家，但不愿意见父亲。下周二与学校老师一起家访，先电话联系外婆。")}
	fact, err := sealed.Seal(b.Context(), keys, fact, place, "client-1")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := fact.Text.Open(b.Context(), keys, place.Stream); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	keys, place := &sealedtest.Keys{}, sealed.Place{Stream: "case-1", Event: uuid.New()}
	fact, err := sealed.Seal(b.Context(), keys, events.NoteRecorded{Text: sealed.Say("小明说他想回家")}, place, "client-1")
	if err != nil {
		b.Fatal(err)
	}
	line, err := fact.Text.MarshalJSON()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		var text sealed.Text
		if err := text.UnmarshalJSON(line); err != nil {
			b.Fatal(err)
		}
	}
}
