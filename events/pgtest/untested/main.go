// Command untested says, at the end of make test, what could not be tested on this machine, and why.
package main

import (
	"fmt"

	"github.com/casestream/casestream/events/pgtest"
)

func main() {
	if why := pgtest.Absent(); why != "" {
		fmt.Println(why)
	}
}
