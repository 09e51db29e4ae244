// Reads a task as Tekton's controller would, with the features that a new installation has: fields
// it does not know and values it does not take are errors. What it takes is printed as JSON.
//
// usage: tekton FILE
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	v1 "github.com/tektoncd/pipeline/pkg/apis/pipeline/v1"
	"sigs.k8s.io/yaml"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var task v1.Task
	if err := yaml.UnmarshalStrict(text, &task); err != nil {
		return err
	}
	ctx := context.Background()
	task.SetDefaults(ctx)
	if err := task.Validate(ctx); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(task)
}
