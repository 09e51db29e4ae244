// Reads texts, one a line, and prints for each the version that Masterminds/semver reads in it,
// or `error`.
package main

import (
	"bufio"
	"fmt"
	"os"

	"github.com/Masterminds/semver"
)

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		version, err := semver.NewVersion(lines.Text())
		if err != nil {
			fmt.Fprintln(out, "error")
			continue
		}
		fmt.Fprintln(out, version.String())
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
