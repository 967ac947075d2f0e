package projections

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
)

// Personal is a projection that copies sealed values. It drops those of a person when it comes to the fact that they are
// being forgotten, so that a view that is folded anew comes out as the one that was purged.
type Personal interface {
	Projection
	// Sealed names, by table, the column that holds JSON with sealed values.
	Sealed() map[string]string
}

// Forgets names the client whose words a fact ends, if it does.
func Forgets(fact events.Recorded) (client uuid.UUID, ok bool) {
	switch fact.Event.(type) {
	case events.ForgettingBegun, events.ClientForgotten: // the second for what was recorded between the two
		_, client, ok = events.SplitStream(fact.Stream)
	}
	return client, ok
}

// Purge takes the values of an owner out of a column of JSON, in the rows that a condition finds; key tells them apart.
func Purge(tx *readdb.Tx, table, key, column, owner, where string, args ...any) error {
	type row struct {
		id   int64
		text string
	}
	var changed []row
	err := tx.Query(`SELECT `+key+`, `+column+` FROM `+table+`@ WHERE `+where, args, func(rows *sql.Rows) error {
		var r row
		var text []byte
		if err := rows.Scan(&r.id, &text); err != nil {
			return err
		}
		if rest, values := sealed.Without(text, owner); values > 0 {
			r.text = string(rest)
			changed = append(changed, r)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("looking for what is to be purged in %s: %w", table, err)
	}
	n := len(args)
	change := fmt.Sprintf(`UPDATE %s@ SET %s = $%d WHERE %s AND %s = $%d`, table, column, n+1, where, key, n+2)
	for _, r := range changed {
		if err := tx.Exec(change, append(slices.Clone(args), r.text, r.id)...); err != nil {
			return fmt.Errorf("purging %s: %w", table, err)
		}
	}
	return nil
}

// PersonalTables lists the tables that hold sealed values, of every generation that there is.
func PersonalTables(ctx context.Context, db *readdb.DB, all ...Projection) (tables []string, err error) {
	err = eachPersonal(ctx, db, all, func(g readdb.Generation, table, _ string) error {
		tables = append(tables, table+"_"+strconv.FormatInt(g.ID, 10))
		return nil
	})
	return tables, err
}

// Left counts the rows that hold a sealed value of an owner: of the generations that are read, and of those beside them,
// which are being made or removed. None: nothing of them is in the views.
func Left(ctx context.Context, db *readdb.DB, owner string, all ...Projection) (read, beside int, err error) {
	err = eachPersonal(ctx, db, all, func(g readdb.Generation, table, column string) error {
		n, err := g.Count(ctx, db, `SELECT count(*) FROM `+table+`@ WHERE `+column+` LIKE $1`, "%."+owner+"/%")
		if g.Serving {
			read += n
		} else {
			beside += n
		}
		return err
	})
	return read, beside, err
}

func eachPersonal(ctx context.Context, db *readdb.DB, all []Projection, each func(g readdb.Generation, table, column string) error) error {
	generations, err := db.Generations(ctx)
	if err != nil {
		return err
	}
	for _, projection := range all {
		personal, ok := projection.(Personal)
		if !ok {
			continue
		}
		for _, g := range generations {
			if g.Projection != projection.Name() {
				continue
			}
			for table, column := range personal.Sealed() {
				if err := each(g, table, column); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
