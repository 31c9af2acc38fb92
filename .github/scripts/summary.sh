# Sourced: text into the job summary, as text, whatever is in it.

# summary_text <title> <file> [<open>]: a file in a block of its own, folded unless "open".
# GitHub takes 1 MiB a step; of a longer file the end is shown, where a run says what became of it.
summary_text() {
  local title=$1 file=$2 open=${3:-}
  {
    printf '<details%s><summary>%s</summary>\n\n<pre>\n' "${open:+ open}" "$title"
    tail -c 300000 "$file" | sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g'
    printf '\n</pre>\n</details>\n\n'
  } >>"$GITHUB_STEP_SUMMARY"
}
