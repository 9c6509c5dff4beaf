# no_key.sh PROGRAM FOLDER PROFILE...: what each server says to a request without a key.
program=$1 folder=$2
shift 2
for profile; do
  xcs-faults --latency 0 --profile="$profile" --substitute "$program=$folder/out.xir" -- \
    sh -c "xcsc $folder/out.xir -o $folder/p.xplan && xcs-run $folder/p.xplan --allow-net=127.0.0.1:{port}" 2>&1 | sed "s/^/$profile: /"
done
