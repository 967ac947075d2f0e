package sealed

import "bytes"

// Without is JSON with every value that is sealed under an owner's keys put to null, and how many there were. Whose key a
// value is under stands in its envelope, so it needs no keys, and works when they are destroyed. Where there is none, the
// JSON is given back as it was.
func Without(data []byte, owner string) (rest []byte, values int) {
	marked := []byte("." + owner + "/")
	if !bytes.Contains(data, marked) {
		return data, 0
	}
	copied := 0
	for at := 0; at < len(data); at++ {
		if data[at] != '"' {
			continue
		}
		end := at + 1
		for end < len(data) && data[end] != '"' {
			if data[end] == '\\' {
				end++
			}
			end++
		}
		if end >= len(data) {
			break
		}
		if text := data[at+1 : end]; bytes.Contains(text, marked) && isEnvelope(string(text)) && bytes.HasPrefix(keyOf(text), marked[1:]) {
			rest = append(append(rest, data[copied:at]...), "null"...)
			copied = end + 1
			values++
		}
		at = end
	}
	if values == 0 {
		return data, 0
	}
	return append(rest, data[copied:]...), values
}

// keyOf is the id of the key that an envelope names.
func keyOf(envelope []byte) []byte { return bytes.SplitN(envelope, []byte{'.'}, parts)[3] }
