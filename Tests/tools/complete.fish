# Prints what fish offers for lines, sorted, on one line for each: complete.fish SCRIPT LINE...
source $argv[1]
for line in $argv[2..-1]
    set -l offers (complete -C $line | string replace -r '\t.*' '' | sort)
    echo "$offers"
end
