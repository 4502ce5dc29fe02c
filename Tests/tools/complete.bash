# Prints what bash offers for lines, sorted, on one line for each: complete.bash SCRIPT LINE...
#
# A line is split into words as Readline splits it: '=' is a word of its own.
source "$1"
shift
for line; do
  read -ra COMP_WORDS <<< "${line//=/ = }"
  [[ $line == *[\ =] ]] && COMP_WORDS+=("")
  [[ $line == *= ]] && unset 'COMP_WORDS[-1]'
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  COMP_LINE=$line
  COMP_POINT=${#line}
  read -ra registered <<< "$(complete -p rfpgen)"
  "${registered[2]}" rfpgen "${COMP_WORDS[COMP_CWORD]}"
  printf '%s\n' "${COMPREPLY[@]}" | sort | paste -sd ' '
done
