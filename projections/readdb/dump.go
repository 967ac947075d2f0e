package readdb

import (
	"database/sql"
	"fmt"
	"io"
	"strings"
)

// Dump writes tables of a generation as text, ordered by their first n columns (the primary key), so that two
// generations that hold the same give the same bytes.
func (t *Tx) Dump(w io.Writer, table string, key int) error {
	order := make([]string, key)
	for i := range order {
		order[i] = fmt.Sprint(i + 1)
	}
	fmt.Fprintf(w, "-- %s\n", table)
	var cells, refs []any
	return t.Query("SELECT * FROM "+table+"@ ORDER BY "+strings.Join(order, ", "), nil, func(rows *sql.Rows) error {
		if cells == nil {
			columns, err := rows.Columns()
			if err != nil {
				return err
			}
			cells = make([]any, len(columns))
			for i := range cells {
				refs = append(refs, &cells[i])
			}
		}
		if err := rows.Scan(refs...); err != nil {
			return err
		}
		for _, cell := range cells {
			if bytes, ok := cell.([]byte); ok {
				cell = string(bytes)
			}
			fmt.Fprintf(w, "%v\t", cell)
		}
		_, err := fmt.Fprintln(w)
		return err
	})
}
