# usage: status.sh COMMAND...
# Runs it and prints its exit status.
"$@"
echo "status $?"
