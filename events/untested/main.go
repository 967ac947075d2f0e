// Command untested says, at the end of make test, what could not be tested on this machine, and why.
package main

import (
	"fmt"

	"github.com/casestream/casestream/events/internal/smalldisk"
	"github.com/casestream/casestream/events/pgtest"
)

func main() {
	for _, why := range []string{pgtest.Absent(), smalldisk.Absent()} {
		if why != "" {
			fmt.Println(why)
		}
	}
}
