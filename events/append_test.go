package events

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
)

func TestAFactIsReadAsItWasWritten(t *testing.T) {
	client := Stream("client", uuid.New())
	meta := Meta{CommandID: uuid.New(), OccurredAt: time.Unix(1, 5), RecordedAt: time.Unix(2, 0), CommandDigest: []byte{0, 255}}
	d, err := Drafted(client, 3, meta, []Event{TargetSet{Year: 2012}, TargetSet{Year: 2013}})
	if err != nil {
		t.Fatal(err)
	}
	if d.NotBefore(meta.RecordedAt) || !d.NotBefore(time.Unix(9, 0)) {
		t.Error("a time is moved when it is before the last of its stream, and only then")
	}
	w, err := d.Written(1)
	if err != nil {
		t.Fatal(err)
	}
	r, err := w.Recorded(7, client, 5)
	if err != nil {
		t.Fatal(err)
	}
	if r.Position != 7 || r.Version != 5 || r.Event != (TargetSet{Year: 2013}) || r.Meta.EventID != ID(meta.CommandID, client, 1) ||
		!r.Meta.RecordedAt.Equal(time.Unix(9, 0)) || !r.Meta.OccurredAt.Equal(meta.OccurredAt) {
		t.Errorf("it came back as %+v", r)
	}
	for what, broken := range map[string]Written{
		"who and when": {Type: w.Type, Meta: []byte(`{"actor":"张三`), Data: w.Data},
		"what":         {Type: w.Type, Meta: w.Meta, Data: []byte(`{"year":"张三"}`)},
	} {
		if _, err := broken.Recorded(7, client, 5); !errors.Is(err, ErrDamaged) || slices.Contains([]rune(err.Error()), '张') {
			t.Errorf("%s unreadable: %v, want %v without what is inside", what, err, ErrDamaged)
		}
	}
}

func TestCategoriesAreWhatTheNamesOfFactsBeginWith(t *testing.T) {
	if got, want := Categories(), []string{"client", "case", "group", "activity", "programme", "access", "glass"}; !slices.Equal(got, want) {
		t.Errorf("the categories are %v, want %v", got, want)
	}
}
