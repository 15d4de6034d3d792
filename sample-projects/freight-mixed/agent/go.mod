module freight/agent

go 1.13
