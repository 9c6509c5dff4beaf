# entries.sh PLAN PORT ENTRY...: runs each entry, and says its name before what it prints, errors too. `ENTRY/counts` prints the requests and
# tokens of the model behind it.
plan=$1 port=$2
shift 2
for entry; do
  said=$(xcs-run "$plan" --entry="${entry%/*}" --stats --allow-net=127.0.0.1:"$port" --allow-secret=KEY@127.0.0.1:"$port" 2>&1)
  echo "$entry: $(echo "$said" | head -n 1)"
  case $entry in */counts) echo "$said" | grep 'model @' | sed 's/, [0-9.]* USD.*//' ;; esac
done
