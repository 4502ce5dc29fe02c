# Completes lines as a person at a terminal would, and prints what zsh offers for each.
#
#     zsh -f complete.zsh FOLDER LINE...
#
# FOLDER holds the completion function `_rfpgen`. Prints, for each line, the words offered, sorted, on
# one line. Each line is typed into a second zsh at a terminal of its own, whose `compadd` tells.
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1= PS2= RPS1= ; stty -echo; setopt no_beep; fpath=(${(q)1} \$fpath)"
zpty -w shell 'autoload -Uz compinit; compinit -u -D; zstyle ":completion:*" menu no'
zpty -w shell 'compadd() {
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
  local -a offered
  builtin compadd -A offered "$@"
  (($#offered)) && print -rl -- "offer:"${^offered} >> $offers
  builtin compadd "$@"
}'
offers=$(mktemp)
zpty -w shell "offers=${(q)offers}"
zpty -w shell 'ended() { print -r -- end >> $offers; BUFFER=; zle reset-prompt }
  complete-and-end() { zle complete-word; ended }
  zle -N complete-and-end; bindkey "^X" complete-and-end; zle_ready() { print -r -- end >> $offers }; zle_ready'
wait_for_end() {
  local count=0
  until grep -q '^end$' $offers; do
    sleep 0.02
    zpty -rt shell ignored
    ((++count > 1000)) && { print "zsh does not answer"; exit 1 }
  done
}
wait_for_end
for line in "${@[2,-1]}"; do
  : > $offers
  zpty -wn shell "$line"$'\x18'
  wait_for_end
  print -r -- ${(ou)$(sed -n 's/^offer://p' $offers)}
done
zpty -d shell
rm -f $offers
