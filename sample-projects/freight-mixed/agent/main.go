package main

import (
	"io/ioutil"
	"log"
	"net/http"
	"os"
)

func main() {
	out, err := os.OpenFile("/var/log/freight/agent.log", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0644)
	if err != nil {
		log.Fatal(err)
	}
	log.SetOutput(out)
	resp, err := http.Get("http://portal.freight.local:3000/shipments")
	if err != nil {
		log.Fatal(err)
	}
	body, _ := ioutil.ReadAll(resp.Body)
	_ = ioutil.WriteFile("/srv/freight/agent/last.json", body, 0600)
}
