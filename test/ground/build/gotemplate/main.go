// Renders templates as External Secrets Operator does: Go's text/template with the functions of sprig 3, and YAML by
// sigs.k8s.io/yaml. Reads one request a line from standard input, writes one answer a line; texts are base64.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"text/template"
	"time"

	"github.com/Masterminds/sprig/v3"
	"sigs.k8s.io/yaml"
)

type request struct {
	// render, bench or yaml.
	Op       string            `json:"op"`
	Template []byte            `json:"template"`
	Data     map[string][]byte `json:"data"`
	// How long a bench goes on.
	Milliseconds int `json:"milliseconds"`
}

type answer struct {
	Output    []byte  `json:"output"`
	Error     string  `json:"error,omitempty"`
	PerSecond float64 `json:"perSecond,omitempty"`
}

func main() {
	if len(os.Args) > 1 {
		fmt.Println("sprig " + sprigVersion())
		return
	}
	input := bufio.NewReaderSize(os.Stdin, 1<<20)
	output := bufio.NewWriter(os.Stdout)
	for {
		line, err := input.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			encoded, _ := json.Marshal(answered(line))
			output.Write(append(encoded, '\n'))
		}
		if err == io.EOF {
			break
		}
	}
	output.Flush()
}

func sprigVersion() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "github.com/Masterminds/sprig/v3" {
			return strings.TrimPrefix(module.Version, "v")
		}
	}
	return "unknown"
}

// answered turns a panic of a function, which ends a template in any case, into an error.
func answered(line []byte) (result answer) {
	defer func() {
		if cause := recover(); cause != nil {
			result = answer{Error: fmt.Sprint("panic: ", cause)}
		}
	}()
	var asked request
	if err := json.Unmarshal(line, &asked); err != nil {
		return answer{Error: err.Error()}
	}
	switch asked.Op {
	case "yaml":
		converted, err := yaml.YAMLToJSON(asked.Template)
		return answerOf(converted, err)
	case "bench":
		return bench(asked)
	default:
		return answerOf(render(asked))
	}
}

func answerOf(output []byte, err error) answer {
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Output: output}
}

var functions = functionMap()

func functionMap() template.FuncMap {
	all := sprig.TxtFuncMap()
	for _, name := range []string{"env", "expandenv", "getHostByName"} {
		delete(all, name)
	}
	all["toYaml"] = func(value any) string {
		text, err := yaml.Marshal(value)
		if err != nil {
			return ""
		}
		return strings.TrimSuffix(string(text), "\n")
	}
	all["fromYaml"] = func(text string) map[string]any {
		values := map[string]any{}
		if err := yaml.Unmarshal([]byte(text), &values); err != nil {
			values["Error"] = err.Error()
		}
		return values
	}
	return all
}

// render parses each time, for so does External Secrets Operator.
func render(asked request) ([]byte, error) {
	data := make(map[string]string, len(asked.Data))
	for key, value := range asked.Data {
		data[key] = string(value)
	}
	parsed, err := template.New("tpl").Option("missingkey=error").Funcs(functions).Parse(string(asked.Template))
	if err != nil {
		return nil, err
	}
	var output bytes.Buffer
	err = parsed.Execute(&output, data)
	return output.Bytes(), err
}

func bench(asked request) answer {
	duration := time.Duration(asked.Milliseconds) * time.Millisecond
	start := time.Now()
	count := 0
	for time.Since(start) < duration {
		if _, err := render(asked); err != nil {
			return answer{Error: err.Error()}
		}
		count++
	}
	return answer{PerSecond: float64(count) / time.Since(start).Seconds()}
}
