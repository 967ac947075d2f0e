package outcomes

// Instrument is what a report must know of an instrument: which way is better, and the least change that means
// something to a person; 0: none is known, so do not judge.
type Instrument struct {
	Key                    string
	Direction              string // lower-is-better, higher-is-better
	MinimalImportantChange float64
}

// Instruments lists them. It repeats the data of services/measures, where the sources are named: a view does not import
// services. A test of api compares the two, so whoever adds an instrument there is sent here.
func Instruments() []Instrument {
	const lower, higher = "lower-is-better", "higher-is-better"
	return []Instrument{
		{"gad-7", lower, 4},
		{"gas", higher, 10}, // goal attainment T
		{"itaq", higher, 0},
		{"needs", higher, 1},
		{"phq-9", lower, 5},
		{"satisfaction", higher, 0},
		{"sdq", lower, 0},
		{"sdss", lower, 0},
		{"severity", lower, 2},
		{"whodas", lower, 0},
	}
}

// instrument finds one; of an instrument that is not in the list nothing is known but its key.
func instrument(key string) Instrument {
	for _, i := range Instruments() {
		if i.Key == key {
			return i
		}
	}
	return Instrument{Key: key}
}
