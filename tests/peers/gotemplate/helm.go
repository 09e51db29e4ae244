package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"text/template"
	"time"

	"github.com/BurntSushi/toml"
	"sigs.k8s.io/yaml"
)

// document reads a map as Helm's templates do: an error stands under "Error".
func document(read func([]byte, any) error) func(string) map[string]any {
	return func(text string) map[string]any {
		m := map[string]any{}
		if err := read([]byte(text), &m); err != nil {
			m["Error"] = err.Error()
		}
		return m
	}
}

// documents reads a list as Helm's templates do: an error is its only item.
func documents(read func([]byte, any) error) func(string) []any {
	return func(text string) []any {
		l := []any{}
		if err := read([]byte(text), &l); err != nil {
			l = []any{err.Error()}
		}
		return l
	}
}

func fromYaml(data []byte, v any) error { return yaml.Unmarshal(data, v) }

// span is what Helm 4 takes for a duration: one of Go, a text of one, or seconds.
func span(v any) (time.Duration, error) {
	seconds := func(s float64) (time.Duration, error) {
		if math.IsNaN(s) || math.IsInf(s, 0) || math.Abs(s) > math.MaxInt64/1e9 {
			return 0, fmt.Errorf("out of range: %v", s)
		}
		return time.Duration(s * 1e9), nil
	}
	whole := func(s int64) (time.Duration, error) {
		if s > math.MaxInt64/int64(time.Second) || s < math.MinInt64/int64(time.Second) {
			return 0, fmt.Errorf("out of range: %d", s)
		}
		return time.Duration(s) * time.Second, nil
	}
	switch x := v.(type) {
	case nil:
		return 0, fmt.Errorf("no duration")
	case time.Duration:
		return x, nil
	case string:
		text := strings.TrimSpace(x)
		if d, err := time.ParseDuration(text); err == nil && text != "" {
			return d, nil
		}
		s, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return 0, err
		}
		return seconds(s)
	}
	switch r := reflect.ValueOf(v); {
	case r.CanInt():
		return whole(r.Int())
	case r.CanUint() && r.Uint() <= math.MaxInt64:
		return whole(int64(r.Uint()))
	case r.CanFloat():
		return seconds(r.Float())
	}
	return 0, fmt.Errorf("no duration: %T", v)
}

// helm adds what Helm 4 has besides sprig and its calls of templates.
func helm(f template.FuncMap) {
	encoded := func(write func(any) ([]byte, error), trim bool) (func(any) string, func(any) (string, error)) {
		must := func(v any) (string, error) {
			data, err := write(v)
			if trim {
				data = bytes.TrimSuffix(data, []byte("\n"))
			}
			return string(data), err
		}
		return func(v any) string {
			text, err := must(v)
			if err != nil {
				return ""
			}
			return text
		}, must
	}
	f["toYaml"], f["mustToYaml"] = encoded(func(v any) ([]byte, error) { return yaml.Marshal(v) }, true)
	f["toJson"], f["mustToJson"] = encoded(json.Marshal, false)
	_, f["mustToToml"] = encoded(func(v any) ([]byte, error) {
		var b bytes.Buffer
		err := toml.NewEncoder(&b).Encode(v)
		return b.Bytes(), err
	}, false)
	f["toToml"] = func(v any) string {
		var b bytes.Buffer
		if err := toml.NewEncoder(&b).Encode(v); err != nil {
			return err.Error()
		}
		return b.String()
	}
	f["fromYaml"], f["fromYamlArray"] = document(fromYaml), documents(fromYaml)
	f["fromJson"], f["fromJsonArray"] = document(json.Unmarshal), documents(json.Unmarshal)
	f["fromToml"] = document(toml.Unmarshal)
	f["mustToDuration"] = span
	number := func(part func(time.Duration) float64) func(any) float64 {
		return func(v any) float64 {
			d, err := span(v)
			if err != nil {
				return 0
			}
			return part(d)
		}
	}
	f["durationSeconds"] = number(time.Duration.Seconds)
	f["durationMinutes"] = number(time.Duration.Minutes)
	f["durationHours"] = number(time.Duration.Hours)
	f["durationDays"] = number(func(d time.Duration) float64 { return d.Hours() / 24 })
	f["durationWeeks"] = number(func(d time.Duration) float64 { return d.Hours() / 24 / 7 })
	count := func(part func(time.Duration) int64) func(any) int64 {
		return func(v any) int64 {
			d, err := span(v)
			if err != nil {
				return 0
			}
			return part(d)
		}
	}
	f["durationMilliseconds"] = count(time.Duration.Milliseconds)
	f["durationMicroseconds"] = count(time.Duration.Microseconds)
	f["durationNanoseconds"] = count(time.Duration.Nanoseconds)
	fitted := func(fit func(time.Duration, time.Duration) time.Duration) func(any, any) time.Duration {
		return func(v, unit any) time.Duration {
			d, err := span(v)
			if err != nil {
				return 0
			}
			m, err := span(unit)
			if err != nil {
				return d
			}
			return fit(d, m)
		}
	}
	f["durationRoundTo"] = fitted(time.Duration.Round)
	f["durationTruncateTo"] = fitted(time.Duration.Truncate)
}
