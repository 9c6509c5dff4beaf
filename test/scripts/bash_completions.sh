#!/usr/bin/env bash
# bash_completions.sh FILE WORD...: what bash offers for the last word of a command line, one a line, as FILE says. `=` is a word of its
# own, as bash reads a command line.
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
compopt() { :; } # only while a person completes
$(complete -p "$1" | sed 's/.*-F \([^ ]*\).*/\1/') "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}" | sort
