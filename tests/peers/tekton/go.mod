module tekton

go 1.24

require github.com/tektoncd/pipeline v1.0.0
