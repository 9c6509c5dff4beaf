# all.sh EXAMPLES TESTS TEMP: checks that hold for every example.
set -eu
for program in "$1"/*.xir; do
  name=$(basename "$program" .xir)
  [ -e "$2/$name.test" ] || [ -e "$2/timing/$name.test" ] || { echo "$name has no test" && exit 1; }
  # A comment of one paragraph says what the program shows.
  head -n 1 "$program" | grep -q '^// ' || { echo "$name says not what it shows" && exit 1; }
  for level in 0 1 2 3; do
    xcsc "$program" -O$level -o "$3.$level.xplan"
  done
  xcsc "$program" --emit=xir >"$3.once"
  xcsc "$3.once" --emit=xir | cmp "$3.once" -
done
