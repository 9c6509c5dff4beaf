// Prints the five-draw ensemble as JSON, for xcsc: go run ensemble.go URL DRAWS | xcsc - -o ensemble.xplan
package main

import (
	"encoding/json"
	"os"
	"strconv"
)

type object = map[string]any
type list = []any

func value(name string) object          { return object{"value": name} }
func result(name, typed string) list    { return list{object{"name": name, "type": typed}} }
func op(name string, more object) object { more["op"] = name; return more }

// An ensemble: `draws` answers to one question, all at once, and the one that occurs most often.
func ensemble(url string, draws int) object {
	body := list{}
	answers := list{}
	for i := 0; i < draws; i++ {
		name := "draw" + strconv.Itoa(i)
		body = append(body, op("model.chat", object{
			"symbol": "gpt", "operands": list{value("question")}, "results": result(name, "str"),
			"attributes": object{"temperature": 0.9},
		}))
		answers = append(answers, value(name))
	}
	body = append(body,
		op("list.pack", object{"operands": answers, "results": result("answers", "list<str>")}),
		op("vote.majority", object{"operands": list{value("answers")}, "results": result("winner", "str")}),
		op("return", object{"operands": list{value("winner")}}))
	return object{"xir": 1, "program": list{
		object{"declare": "model", "name": "gpt", "attributes": object{"url": url, "model": "small"}},
		object{
			"function": "main", "parameters": list{object{"name": "question", "type": "str"}},
			"results": list{"str"}, "body": body,
		},
	}}
}

func main() {
	if len(os.Args) != 3 {
		os.Stderr.WriteString("usage: ensemble URL DRAWS\n")
		os.Exit(2)
	}
	draws, err := strconv.Atoi(os.Args[2])
	if err != nil || draws < 1 {
		os.Stderr.WriteString("ensemble: DRAWS is a number from 1\n")
		os.Exit(2)
	}
	_ = json.NewEncoder(os.Stdout).Encode(ensemble(os.Args[1], draws))
}
