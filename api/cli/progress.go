package cli

import (
	"fmt"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows how far something is: a bar on a terminal, now and then a line elsewhere.
func (c *call) progress(what string) func(done, total uint64) {
	if file, ok := c.err.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		var bar *progressbar.ProgressBar
		return func(done, total uint64) {
			if bar == nil {
				bar = progressbar.NewOptions64(int64(total), progressbar.OptionSetDescription(what), progressbar.OptionSetWriter(file),
					progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(50_000_000))
			}
			bar.ChangeMax64(int64(max(total, done)))
			_ = bar.Set64(int64(done))
			if done >= total {
				_ = bar.Finish()
			}
		}
	}
	said := uint64(0)
	return func(done, total uint64) {
		if tenth := done * 10 / max(total, 1); tenth > said {
			said = tenth
			fmt.Fprintf(c.err, "%s: %d of %d (%d %%)\n", what, done, total, tenth*10)
		}
	}
}
