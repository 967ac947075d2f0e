package e2e

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/events/eventstoredb/esdbtest"
	"github.com/casestream/casestream/events/pgtest"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
)

// TestThePilotYearIsTheSameOnEveryEngine: whichever keeps the log and whichever the views, the binary loads the year,
// and reports, replays and views are the same. Positions and ciphertext differ: a position is compared as the
// stream and version that stand there, sealed words as they open.
func TestThePilotYearIsTheSameOnEveryEngine(t *testing.T) {
	first := yearOn(t, "", "")
	for _, on := range []struct {
		name       string
		log, views func() string
	}{
		{"the log in EventStoreDB", func() string { return esdbtest.Start(t).URL() }, none},
		{"the views in PostgreSQL", none, func() string { return pgtest.New(t, pgtest.Durable).Place() }},
		{
			"the log in EventStoreDB, the views in PostgreSQL",
			func() string { return esdbtest.Start(t).URL() }, func() string { return pgtest.New(t, pgtest.Durable).Place() },
		},
	} {
		t.Run(on.name, func(t *testing.T) {
			other := yearOn(t, on.log(), on.views())
			if len(first.answers) != len(other.answers) || len(first.rows) != len(other.rows) {
				t.Fatalf("%d answers and %d tables, want %d and %d", len(other.answers), len(other.rows), len(first.answers), len(first.rows))
			}
			for asked, answer := range first.answers {
				if other.answers[asked] != answer {
					t.Errorf("%s:\n%s\nwant\n%s", asked, other.answers[asked], answer)
				}
			}
			for table, rows := range first.rows {
				if difference := firstDifference(other.rows[table], rows); difference != "" {
					t.Errorf("%s: %s", table, difference)
				}
			}
		})
	}
}

func none() string { return "" }

// year is what the pilot year comes to on one pair of engines.
type year struct {
	answers map[string]string
	rows    map[string][]string // by table, in order
}

func yearOn(t *testing.T, log, views string) year {
	t.Helper()
	t.Setenv("CASESTREAM_LOG", log)
	t.Setenv("CASESTREAM_VIEWS", views)
	dir := filepath.Join(t.TempDir(), "data")
	casestream(t, "demo", "--data", dir)
	y := year{answers: make(map[string]string), rows: make(map[string][]string)}
	for _, asked := range [][]string{
		{"report", "year", "2012"},
		{"replay"},
		{"replay", "--as-of", "2012-09-30"},
		{"replay", "--as-of", "2012-09-30", "--known-at", "2012-09-30"},
		{"replay", "--as-of", "2012-12-31", "--known-at", "2012-09-30"},
	} {
		var answer struct {
			Result json.RawMessage `json:"result"`
		}
		if err := json.Unmarshal([]byte(casestream(t, append(asked, "--json", "--data", dir)...)), &answer); err != nil {
			t.Fatal(err)
		}
		y.answers[strings.Join(asked, " ")] = string(answer.Result)
	}
	a, err := app.OpenReader(t.Context(), app.Dir(dir), app.LogIn(log), app.ViewsIn(views))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	at := make(map[int64]string) // stream and version, by position
	for r, err := range a.Log.ReadAll(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		at[int64(r.Position)] = fmt.Sprintf("%s/%d", r.Stream, r.Version)
	}
	if len(at) < 20_000 {
		t.Fatalf("the year has %d facts", len(at))
	}
	for _, view := range app.Views {
		for _, table := range view.Tables() {
			y.rows[table.Name] = translated(t, a, view, table, at)
		}
	}
	return y
}

// translated are the rows of a table in words that mean the same for every log and every key.
func translated(t *testing.T, a *app.App, view projections.Projection, table projections.Table, at map[int64]string) (rows []string) {
	t.Helper()
	err := a.Views.View(t.Context(), view.Name(), func(tx *readdb.Tx) error {
		return tx.Query("SELECT * FROM "+table.Name+"@", nil, func(result *sql.Rows) error {
			names, err := result.Columns()
			if err != nil {
				return err
			}
			cells, into := make([]any, len(names)), make([]any, len(names))
			for i := range cells {
				into[i] = &cells[i]
			}
			if err := result.Scan(into...); err != nil {
				return err
			}
			row := make(map[string]string, len(names))
			for i, name := range names {
				row[name] = meaning(name, cells[i], at)
			}
			if err := openWords(t.Context(), a.Keys, table.Name, row, at); err != nil {
				return err
			}
			var line strings.Builder
			for _, name := range names {
				fmt.Fprintf(&line, "%s=%s ", name, row[name])
			}
			rows = append(rows, line.String())
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(rows)
	return rows
}

// meaning is a cell, a position as what stands there. An id is a position and a place in the fact.
func meaning(column string, cell any, at map[int64]string) string {
	n, isNumber := cell.(int64)
	switch column {
	case "position", "first", "last", "origin", "until", "superseded", "was":
		if fact, known := at[n]; known && isNumber {
			return fact
		}
	case "id":
		const places = 256
		if fact, known := at[n/places]; known && isNumber {
			return fmt.Sprintf("%s+%d", fact, n%places)
		}
	}
	if text, ok := cell.([]byte); ok {
		return string(text)
	}
	return fmt.Sprint(cell)
}

// openWords opens what is sealed in a row: the two columns in which views keep sealed words.
func openWords(ctx context.Context, keys sealed.Keys, table string, row map[string]string, at map[int64]string) (err error) {
	switch table {
	case "casefile_fact":
		row["facts"], err = sheetOpened(ctx, keys, row["stream"], row["facts"], at)
	case "caseload_name":
		row["name"], err = wordsOpened(ctx, keys, "client-"+row["client"], row["name"])
	}
	return err
}

// sheetOpened is a sheet of a case file, facts of two lines: a stamp, which begins with a position, and what was said.
func sheetOpened(ctx context.Context, keys sealed.Keys, stream, sheet string, at map[int64]string) (string, error) {
	lines := strings.SplitAfter(sheet, "\n")
	for n := 0; n+1 < len(lines); n += 2 {
		place, rest, _ := strings.Cut(lines[n], " ")
		position, err := strconv.ParseInt(place, 10, 64)
		if err != nil {
			return "", err
		}
		lines[n] = at[position] + " " + rest
		if lines[n+1], err = wordsOpened(ctx, keys, stream, lines[n+1]); err != nil {
			return "", err
		}
	}
	return strings.Join(lines, "|"), nil
}

func wordsOpened(ctx context.Context, keys sealed.Keys, stream, text string) (string, error) {
	var said any
	if err := json.Unmarshal([]byte(text), &said); err != nil {
		return "", err
	}
	plain, err := json.Marshal(opened(ctx, keys, stream, said))
	return string(plain), err
}

// opened is JSON with every envelope in it opened.
func opened(ctx context.Context, keys sealed.Keys, stream string, said any) any {
	switch said := said.(type) {
	case map[string]any:
		for name, inner := range said {
			said[name] = opened(ctx, keys, stream, inner)
		}
	case []any:
		for i, inner := range said {
			said[i] = opened(ctx, keys, stream, inner)
		}
	case string:
		var value sealed.Value[any]
		if quoted, err := json.Marshal(said); err != nil || value.UnmarshalJSON(quoted) != nil {
			return said // no envelope
		}
		words, err := value.Open(ctx, keys, stream)
		if err != nil {
			return fmt.Sprintf("sealed, and does not open: %v", err)
		}
		return map[string]any{"opened": words}
	}
	return said
}

func firstDifference(got, want []string) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return fmt.Sprintf("row %d of %d is\n%s\nwant\n%s", i+1, len(got), got[i], want[i])
		}
	}
	if len(got) != len(want) {
		return fmt.Sprintf("%d rows, want %d", len(got), len(want))
	}
	return ""
}
