# Runs `@dice` of each plan BASE.NAME.xplan with the same seed; all must give the results and draws of the first.
set -eu
base=$1
shift
for name in "$@"; do
  xcs-run "$base.$name.xplan" --entry=dice --seed 7 --arg n=1000 --trace="$base.$name.json" > "$base.$name.out"
  grep -o '"draw":"[0-9a-f]*"' "$base.$name.json" | sort > "$base.$name.draws"
  cmp "$base.$1.out" "$base.$name.out"
  cmp "$base.$1.draws" "$base.$name.draws"
done
wc -l < "$base.$1.draws"
