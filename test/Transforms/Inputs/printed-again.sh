# Prints each program of a folder after the passes, reads that, and prints it again; says how many came out the same.
cd "$1" || exit 1
same=0
for program in *.xir; do
  xcsc "$program" -O2 --emit=xir -Wno-all >1.txt && xcsc 1.txt --emit=xir -Wno-all >2.txt || exit 1
  if cmp -s 1.txt 2.txt; then same=$((same + 1)); else echo "$program differs"; fi
done
echo "$same programs are the same"
