package forget

import (
	"errors"
	"strconv"
	"testing"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/readdb"
)

// While views are folded anew and hold words still, no fact is added: they come to the one that there is.
func TestARebuildThatHoldsWordsIsNotToldAgainAndAgain(t *testing.T) {
	w := openWard(t, 1, "")
	client := w.going[0]
	w.within(func(a *app.App) {
		beside := foldedBeside(t, a)
		begun := func() (n int) {
			for r, err := range a.Log.Read(t.Context(), events.Stream("client", client), 1) {
				if err != nil {
					t.Fatal(err)
				}
				if _, is := r.Event.(events.ForgettingBegun); is {
					n++
				}
			}
			return n
		}
		for range 3 {
			if done, err := Resume(t.Context(), a); done != 0 || !errors.Is(err, ErrLeft) {
				t.Fatal(done, err)
			}
		}
		if n := begun(); n != 1 {
			t.Errorf("it says %d times that it begins", n)
		}
		if err := a.Views.Update(t.Context(), func(tx *readdb.Tx) error { return tx.Discard(beside) }); err != nil {
			t.Fatal(err)
		}
		if done, err := Resume(t.Context(), a); done != 1 || err != nil {
			t.Fatal(done, err)
		}
		w.isForgotten(a, client)
	})
}

// foldedBeside is a generation of the case files as they are, that nobody reads: as a rebuild would have it.
func foldedBeside(t *testing.T, a *app.App) (beside int64) {
	t.Helper()
	generations, err := a.Views.Generations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range generations {
		if g.Projection != "casefile" {
			continue
		}
		err = a.Views.Update(t.Context(), func(tx *readdb.Tx) (err error) {
			if beside, err = tx.NewGeneration(g.Projection, g.Version, g.Log); err != nil {
				return err
			}
			return tx.Exec(`CREATE TABLE casefile_fact@ AS SELECT * FROM casefile_fact_` + strconv.FormatInt(g.ID, 10))
		})
	}
	if err != nil || beside == 0 {
		t.Fatal(beside, err)
	}
	return beside
}
