# run.sh PROGRAM COPY [FLAG...]: compiles a copy of the program that names the port of the scripted server which started this
# script, and runs it with what it needs granted and nothing else.
set -e
program=$1 copy=$2
shift 2
export OPENAI_API_KEY=the-key-of-the-tests
endpoint=127.0.0.1:$XCS_FAULTS_PORT
sed "s/127\.0\.0\.1:8080/$endpoint/" "$program" >"$copy.xir"
xcsc "$copy.xir" -o "$copy.xplan"
exec xcs-run "$copy.xplan" "--allow-net=$endpoint" "--allow-secret=OPENAI_API_KEY@$endpoint" "$@"
