# usage: gone.sh FILE
# The process whose id is in FILE has ended. A killed one stays in the table until its parent looks: up to 5 s.
for i in $(seq 100); do
  case $(cat "/proc/$(cat "$1")/stat" 2>/dev/null) in
  "" | *") Z "*) exit 0 ;;
  esac
  sleep 0.05
done
exit 1
