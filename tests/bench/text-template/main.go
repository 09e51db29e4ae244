// The least that renders a template with values in Go: what stencil's Go templates are measured against.
//
// usage: text-template TEMPLATE VALUES.json [TIMES]
package main

import (
	"bytes"
	"encoding/json"
	"log"
	"os"
	"strconv"
	"text/template"

	"github.com/Masterminds/sprig/v3"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func main() {
	text := string(must(os.ReadFile(os.Args[1])))
	var values any
	if err := json.Unmarshal(must(os.ReadFile(os.Args[2])), &values); err != nil {
		log.Fatal(err)
	}
	times := 1
	if len(os.Args) > 3 {
		times = must(strconv.Atoi(os.Args[3]))
	}
	var output bytes.Buffer
	functions := sprig.TxtFuncMap()
	for range times {
		output.Reset()
		parsed := must(template.New("template").Funcs(functions).Parse(text))
		if err := parsed.Execute(&output, values); err != nil {
			log.Fatal(err)
		}
	}
	must(os.Stdout.Write(output.Bytes()))
}
