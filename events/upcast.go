package events

// Upcast makes the next shape of an old one: pure, on the JSON as it was written, and only here. Sealed values pass
// through unopened; their envelopes remember the field they were first written in, so a field may be renamed.
// upcast_test.go has a worked example.
type Upcast func(data []byte) ([]byte, error)

// today brings data of an older shape up to the one that is written now.
func (s shape) today(schema int, data []byte) ([]byte, error) {
	for n := schema; n < s.schema; n++ {
		var err error
		if data, err = s.upcast[n-1](data); err != nil {
			return nil, err
		}
	}
	return data, nil
}
