// Records what Go's own text/template says, with sprig and the encoders the predecessor used.
//
// Reads cases as JSON lines on stdin and writes them with their answers to stdout:
// t is the template, d the data, s the function set (go, sprig, duat, helm), o options. A line with only
// "shared" holds the data of the cases after it that have no d of their own.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"text/template"
	"time"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
	"github.com/Masterminds/sprig/v3"
	"gopkg.in/yaml.v2"
)

type options struct {
	Left       string `json:"left,omitempty"`
	Right      string `json:"right,omitempty"`
	MissingKey string `json:"missingkey,omitempty"`
}

type record struct {
	Shared   json.RawMessage `json:"shared,omitempty"`
	Name     string          `json:"n,omitempty"`
	Template string          `json:"t,omitempty"`
	Data     json.RawMessage `json:"d,omitempty"`
	Set      string          `json:"s,omitempty"`
	Options  *options        `json:"o,omitempty"`
	Out      *string         `json:"out,omitempty"`
	Bytes    string          `json:"b64,omitempty"`
	Err      string          `json:"err,omitempty"`
	Line     int             `json:"line,omitempty"`
}

// value turns decoded JSON into what a host would hand over: whole numbers are ints.
func value(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := strconv.Atoi(v.String()); err == nil {
			return n
		}
		f, _ := v.Float64()
		return f
	case []any:
		for i := range v {
			v[i] = value(v[i])
		}
		return v
	case map[string]any:
		for k := range v {
			v[k] = value(v[k])
		}
		return v
	}
	return v
}

func functions(set string, t *template.Template) template.FuncMap {
	if set == "go" {
		return template.FuncMap{}
	}
	f := sprig.TxtFuncMap()
	switch set {
	case "duat":
		f["toJson"] = func(v any) string {
			data, err := json.Marshal(v)
			if err != nil {
				return ""
			}
			return string(data)
		}
		f["toYaml"] = func(v any) string {
			data, err := yaml.Marshal(v)
			if err != nil {
				return ""
			}
			return string(data)
		}
		f["toToml"] = func(v any) string {
			b := bytes.NewBuffer(nil)
			if err := toml.NewEncoder(b).Encode(v); err != nil {
				return err.Error()
			}
			return b.String()
		}
	case "helm":
		helm(f)
		f["include"] = func(name string, data any) (string, error) {
			var b strings.Builder
			err := t.ExecuteTemplate(&b, name, data)
			return b.String(), err
		}
		f["tpl"] = func(text string, data any) (string, error) {
			c, err := t.Clone()
			if err != nil {
				return "", err
			}
			c, err = c.New(t.Name()).Parse(text)
			if err != nil {
				return "", err
			}
			var b strings.Builder
			err = c.Execute(&b, data)
			return strings.ReplaceAll(b.String(), "<no value>", ""), err
		}
		f["required"] = func(warn string, v any) (any, error) {
			if v == nil {
				return v, fmt.Errorf("%s", warn)
			}
			if s, ok := v.(string); ok && s == "" {
				return v, fmt.Errorf("%s", warn)
			}
			return v, nil
		}
		delete(f, "env")
		delete(f, "expandenv")
	}
	return f
}

var place = regexp.MustCompile(`^template: [^:]*:(\d+)`)

// shared is the data of the cases that bring none of their own.
var shared json.RawMessage

func run(r *record) {
	var data any
	raw := r.Data
	if len(raw) == 0 {
		raw = shared
	}
	if len(raw) > 0 {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if err := d.Decode(&data); err != nil {
			panic(err)
		}
		data = value(data)
	}
	t := template.New("t")
	if r.Options != nil {
		t.Delims(r.Options.Left, r.Options.Right)
		if r.Options.MissingKey != "" {
			t.Option("missingkey=" + r.Options.MissingKey)
		}
	}
	t.Funcs(functions(r.Set, t))
	var out bytes.Buffer
	_, err := t.Parse(r.Template)
	if err == nil {
		err = t.Execute(&out, data)
	}
	r.Out, r.Bytes, r.Err, r.Line = nil, "", "", 0
	if err != nil {
		r.Err = err.Error()
		if m := place.FindStringSubmatch(r.Err); m != nil {
			r.Line, _ = strconv.Atoi(m[1])
		}
		return
	}
	if s := out.String(); utf8.ValidString(s) {
		r.Out = &s
	} else {
		r.Bytes = base64.StdEncoding.EncodeToString(out.Bytes())
	}
}

func main() {
	os.Clearenv()
	os.Setenv("TZ", "UTC")
	time.Local = time.UTC
	os.Setenv("GREETING", "hello")
	os.Setenv("EMPTY", "")
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for in.Scan() {
		if len(bytes.TrimSpace(in.Bytes())) == 0 {
			continue
		}
		var r record
		if err := json.Unmarshal(in.Bytes(), &r); err != nil {
			fmt.Fprintln(os.Stderr, err, in.Text())
			os.Exit(1)
		}
		if len(r.Shared) > 0 {
			shared = r.Shared
		} else {
			run(&r)
		}
		if err := enc.Encode(&r); err != nil {
			panic(err)
		}
	}
}
