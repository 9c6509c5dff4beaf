# entries.sh PLAN PORT ENTRY...: runs each entry, and says its name before what it prints, errors too.
plan=$1 port=$2
shift 2
for entry; do
  echo "$entry: $(xcs-run "$plan" --entry="$entry" --allow-net=127.0.0.1:"$port" --allow-secret=KEY@127.0.0.1:"$port" 2>&1)"
done
