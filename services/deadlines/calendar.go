package deadlines

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"
)

// Calendar knows which days are worked and which lie in a school term. The zero Calendar knows neither: weekends are off, and every
// date is taken as in term. A Calendar does not change; With… gives a new one, so many goroutines may share it.
type Calendar struct {
	years map[int]year
	terms []Term // by date, never overlapping
}

// year holds the exceptions of one year's notice, by ISO date. What is in neither set follows the week.
type year struct{ off, worked map[string]bool }

var (
	//go:embed data/holidays-cn.json
	holidaysCN []byte
	//go:embed data/terms-wuhan.json
	termsWuhan []byte

	china = mustBuild()
)

func mustBuild() Calendar {
	cal, err := Calendar{}.WithHolidays(holidaysCN)
	if err == nil {
		cal, err = cal.WithTerms(termsWuhan)
	}
	if err != nil {
		panic(err)
	}
	return cal
}

// China is the calendar that is built in: the State Council's notices for 2012, 2013 and 2024 to 2026 (国务院办公厅关于节假日安排的通知)
// and the terms of Wuhan's schools, which are assumed until the published ones are put in.
func China() Calendar { return china }

// WithHolidays gives a calendar that also knows the years in the document; a year already known is replaced as a whole.
// The document has the form of data/holidays-cn.json: {"years": {"2027": {"off": ["2027-01-01", …], "worked": […]}}}.
// A date outside its year, twice, or both off and worked is refused, and the calendar stays as it was.
func (c Calendar) WithHolidays(document []byte) (Calendar, error) {
	var file struct {
		Note  string `json:"note"`
		Years map[string]struct {
			Off    []string `json:"off"`
			Worked []string `json:"worked"`
		} `json:"years"`
	}
	if err := decode(document, &file); err != nil {
		return c, fmt.Errorf("deadlines: reading the holiday calendar: %w", err)
	}
	if len(file.Years) == 0 {
		return c, errors.New("deadlines: reading the holiday calendar: it names no year")
	}
	years := maps.Clone(c.years)
	if years == nil {
		years = map[int]year{}
	}
	for name, lists := range file.Years {
		first, err := time.Parse("2006", name)
		if err != nil {
			return c, errors.New("deadlines: reading the holiday calendar: a year must have four digits")
		}
		y := year{off: map[string]bool{}, worked: map[string]bool{}}
		if err := errors.Join(y.add(y.off, lists.Off, first.Year()), y.add(y.worked, lists.Worked, first.Year())); err != nil {
			return c, fmt.Errorf("deadlines: reading the holidays of %d: %w", first.Year(), err)
		}
		years[first.Year()] = y
	}
	return Calendar{years: years, terms: c.terms}, nil
}

func (y year) add(set map[string]bool, dates []string, number int) error {
	for _, date := range dates {
		day, err := time.Parse(time.DateOnly, date)
		if err != nil || day.Year() != number {
			return errors.New("every date must be YYYY-MM-DD and lie in that year")
		}
		if y.off[date] || y.worked[date] {
			return fmt.Errorf("%s is there twice", day.Format(time.DateOnly))
		}
		set[date] = true
	}
	return nil
}

// Working says whether the day of t is worked, and whether that is known from its year's notice or only from the week.
func (c Calendar) Working(t time.Time) (working, known bool) {
	day := t.In(Zone)
	y, known := c.years[day.Year()]
	date := day.Format(time.DateOnly)
	if y.off[date] || y.worked[date] {
		return y.worked[date], known
	}
	weekday := day.Weekday()
	return weekday != time.Saturday && weekday != time.Sunday, known
}

// Years lists the years whose notice is known, in order.
func (c Calendar) Years() []int { return slices.Sorted(maps.Keys(c.years)) }

// decode reads one JSON document strictly. Errors of the parser are not passed on: they quote what was uploaded.
func decode(document []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(document))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("not the JSON expected, near byte %d", d.InputOffset())
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("more than one JSON document")
	}
	return nil
}
