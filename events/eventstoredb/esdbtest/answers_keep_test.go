package esdbtest_test

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
)

// keeping asks whether what was sent comes back.
func keeping() []topic {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	const text, binary = esdb.ContentTypeJson, esdb.ContentTypeBinary
	what := func(content esdb.ContentType, data, meta []byte) func(*asker) string {
		return func(a *asker) string {
			return a.back(a.S, esdb.EventData{EventType: "T", ContentType: content, Data: data, Metadata: meta})
		}
	}
	ofType := func(name string) func(*asker) string {
		return func(a *asker) string {
			return a.back(a.S, esdb.EventData{EventType: name, ContentType: text, Data: []byte(`{}`)})
		}
	}
	in := func(stream func(s string) string) func(*asker) string {
		return func(a *asker) string {
			return a.back(stream(a.S), esdb.EventData{EventType: "T", ContentType: text, Data: []byte(`{}`)})
		}
	}
	ending := func(end string) func(*asker) string { return in(func(s string) string { return s + end }) }
	return []topic{{"events come back", []question{
		{"JSON with metadata", what(text, []byte(`{"a":1}`), []byte(`{"b":2}`))},
		{"no data, no metadata", what(binary, nil, nil)},
		{"JSON, no data", what(text, nil, nil)},
		{"JSON that is none", what(text, every, []byte(`{}`))},
		{"256 bytes of every kind", what(binary, every, every)},
		{"metadata that is not JSON", what(text, []byte(`{}`), []byte("not json"))},
		{"binary that is JSON", what(binary, []byte(`{"a":1}`), nil)},
		{"blanks and the order of keys", what(text, []byte("{ \"b\":1,\n\"a\" : 1.0}"), nil)},
		{"type eröffnet/日本 🙂", ofType("eröffnet/日本 🙂")},
		{"type of 1,000 letters", ofType(strings.Repeat("t", 1000))},
		{"type that begins with $", ofType("$custom")},
		{"type that is empty", ofType("")},
		{"stream äöü-日本", ending("-äöü-日本")},
		{"stream 🙂", ending("-🙂")},
		{"stream a/b/c", ending("/a/b/c")},
		{"stream a.b.c", ending(".a.b.c")},
		{"stream with blanks", ending(" a b ")},
		{"stream with control characters", ending("\x01\n\t")},
		{"stream that is not UTF-8", ending("\xff\xfe")},
		{"stream of 100,000 letters", ending(strings.Repeat("s", 100_000))},
		{"stream that begins with $", in(func(s string) string { return "$" + s })},
		{"stream that is empty", in(func(string) string { return "" })},
		{"created", func(a *asker) string {
			before := time.Now()
			a.given(a.S, some(3)...)
			events, err := a.events(a.S, esdb.Start{}, esdb.Forwards, 3)
			if err != nil {
				return describe(err)
			}
			first, last := events[0].CreatedDate, events[2].CreatedDate
			if first.Before(before.Truncate(100)) || last.After(time.Now().Add(time.Second)) {
				return fmt.Sprintf("at another time: %s", first)
			}
			if first.Location() == time.UTC && first.Nanosecond()%100 == 0 && last.After(first) {
				return "in UTC, by 100 ns, another one for each event of an append"
			}
			return fmt.Sprintf("%s … %s", first, last)
		}},
	}}}
}

// back appends an event and says in what the one that is read differs.
func (a *asker) back(stream string, sent esdb.EventData) string {
	sent.EventID = uuid.New()
	if _, err := a.put(stream, esdb.Any{}, sent); err != nil {
		return describe(err)
	}
	events, err := a.events(stream, esdb.Start{}, esdb.Forwards, 1)
	if err != nil {
		return describe(err)
	}
	content := map[esdb.ContentType]string{esdb.ContentTypeJson: "application/json", esdb.ContentTypeBinary: "application/octet-stream"}
	switch e := events[0]; {
	case e.StreamID != stream:
		return "stream " + e.StreamID
	case e.EventID != sent.EventID, e.EventType != sent.EventType, e.ContentType != content[sent.ContentType]:
		return fmt.Sprintf("id %s, type %q, content %s", e.EventID, e.EventType, e.ContentType)
	case !bytes.Equal(e.Data, sent.Data), !bytes.Equal(e.UserMetadata, sent.Metadata):
		return fmt.Sprintf("data %q, metadata %q", e.Data, e.UserMetadata)
	}
	return "as sent"
}
