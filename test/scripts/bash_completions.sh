#!/usr/bin/env bash
# bash_completions.sh FOLDER WORD...: what bash offers for the last word of a command line, one a line, when it has read all files of a
# folder. `=` is a word of its own, as bash reads a command line.
for file in "$1"/*; do source "$file"; done
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
compopt() { :; } # only while a person completes
$(complete -p "$1" | sed 's/.*-F \([^ ]*\).*/\1/') "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort
