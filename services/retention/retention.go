// Package retention says how long a case is kept after it was closed, and how long a person may change their mind
// before they are forgotten. Both are data: rules.json is the default, and an agency's own file takes its place.
//
// The years of the default are assumed, not the law's: an agency has them confirmed by its lawyer.
package retention

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/categories"
)

// Rules are how long what is kept.
type Rules struct {
	Version        int     `json:"version"`
	CoolingOffDays int     `json:"cooling_off_days"` // between approval and the work itself
	Classes        []Class `json:"classes"`
}

// Class is what is kept equally long.
type Class struct {
	Key        string   `json:"key"`
	Zh         string   `json:"zh"`
	En         string   `json:"en"`
	Years      int      `json:"years"` // after the day of the last closure
	Categories []string `json:"categories"`
}

//go:embed rules.json
var builtIn []byte

// Default are the rules that are built in.
var Default = func() Rules {
	rules, err := Parse(builtIn)
	if err != nil {
		panic(err)
	}
	return rules
}()

const mostYears, mostDays = 100, 365

// Parse reads rules, and refuses those that leave a category out, name one twice or name one that there is not; and those
// that leave a time out: nobody is forgotten sooner because a line is missing.
func Parse(data []byte) (Rules, error) {
	rules, err := read(data)
	if err != nil {
		return rules, fmt.Errorf("reading the retention rules: %w", err)
	}
	if rules.Version < 1 || rules.CoolingOffDays < 0 || rules.CoolingOffDays > mostDays {
		return rules, fmt.Errorf("retention rules have a version from 1 on and a cooling-off of 0 to %d days", mostDays)
	}
	seen := make(map[string]string)
	for _, class := range rules.Classes {
		if class.Key == "" || class.Zh == "" || class.En == "" || class.Years < 0 || class.Years > mostYears {
			return rules, fmt.Errorf("the retention class %q needs a key, names in zh and en, and 0 to %d years", class.Key, mostYears)
		}
		for _, category := range class.Categories {
			if _, known := categories.Find(category); !known {
				return rules, fmt.Errorf("the retention class %s names the category %q, which there is not", class.Key, category)
			}
			if other := seen[category]; other != "" {
				return rules, fmt.Errorf("the category %s is in the retention classes %s and %s", category, other, class.Key)
			}
			seen[category] = class.Key
		}
	}
	for _, category := range categories.All() {
		if seen[category.Key] == "" {
			return rules, fmt.Errorf("no retention class names the category %s", category.Key)
		}
	}
	return rules, nil
}

// read reads rules in which every time is said.
func read(data []byte) (rules Rules, err error) {
	var said struct {
		Rules
		CoolingOffDays *int `json:"cooling_off_days"`
		Classes        []struct {
			Class
			Years *int `json:"years"`
		} `json:"classes"`
	}
	strict := json.NewDecoder(bytes.NewReader(data))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&said); err != nil {
		return rules, err
	}
	if _, err := strict.Token(); !errors.Is(err, io.EOF) {
		return rules, errors.New("there is something behind them")
	}
	if said.CoolingOffDays == nil {
		return rules, errors.New("they do not say cooling_off_days")
	}
	rules = Rules{Version: said.Version, CoolingOffDays: *said.CoolingOffDays}
	for _, class := range said.Classes {
		if class.Years == nil {
			return rules, fmt.Errorf("the class %q does not say years", class.Key)
		}
		class.Class.Years = *class.Years
		rules.Classes = append(rules.Classes, class.Class)
	}
	return rules, nil
}

// Until is the last day on which a case of a category must be kept, by the day it was closed. ok is false where there is
// no such category or day.
func (r Rules) Until(category, closed string) (day string, ok bool) {
	on, err := time.ParseInLocation(time.DateOnly, closed, events.Zone)
	if err != nil {
		return "", false
	}
	for _, class := range r.Classes {
		for _, key := range class.Categories {
			if key == category {
				return on.AddDate(class.Years, 0, 0).Format(time.DateOnly), true
			}
		}
	}
	return "", false
}

// CoolingOff is when the work begins on what is approved at a time: at the midnight after so many days, or at once where
// there are none.
func (r Rules) CoolingOff(approved time.Time) time.Time {
	if r.CoolingOffDays == 0 {
		return approved
	}
	y, m, d := approved.In(events.Zone).Date()
	return time.Date(y, m, d+r.CoolingOffDays+1, 0, 0, 0, 0, events.Zone)
}
