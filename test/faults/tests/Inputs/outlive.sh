# usage: outlive.sh DIR LOG PYTHON CLIENT
# Starts a server and a client that waits for it, and ends the server once it has the client's request; both have ended afterwards. DIR is empty.
cat > "$1/script.json" <<'EOF'
[{"match": {"path": "/slow"}, "reply": {"stall": true}},
 {"match": {"path": "/seen", "in_flight_above": 1}, "reply": {"body": "yes"}},
 {"match": {"path": "/seen"}, "reply": {"body": "no"}}]
EOF
xcs-faults --script "$1/script.json" --log "$2" --ready-file "$1/port" &
server=$!
while [ ! -e "$1/port" ]; do sleep 0.02; done
port=$(cat "$1/port")
"$3" "$4" "$port" "GET /slow" &
until [ "$("$3" "$4" "$port" "GET /seen")" = "200 yes" ]; do sleep 0.02; done
kill "$server"
wait
