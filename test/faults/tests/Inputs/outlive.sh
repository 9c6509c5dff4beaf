# usage: outlive.sh PORTFILE LOG PYTHON CLIENT
# Starts a server that ends before its answer is due and a client that waits for it; both have ended afterwards.
xcs-faults --max-seconds 1 --log "$2" --ready-file "$1" &
while [ ! -e "$1" ]; do sleep 0.05; done
"$3" "$4" "$(cat "$1")" "GET /slow?latency_ms=20000"
wait
