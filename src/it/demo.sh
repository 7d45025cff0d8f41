#!/bin/bash
# Runs the demo as a user would: starts it, runs every command that it prints, ends it with Ctrl-C and looks whether
# anything is left behind. DEMO is the command that starts it. Needs bash, curl, openssl and swaks.
set -u -m   # -m: the demo gets a process group of its own, and Ctrl-C (SIGINT) is not ignored in it
cd "$(dirname "$0")/../.."
DEMO=${DEMO:-mvn -B -q -Pdemo}
PATIENCE=${PATIENCE:-180}   # seconds until the demo must have printed its commands
out=$(mktemp)
passed=0
failed=0
pid=

clean() {
    [ -n "$pid" ] && kill -KILL -- "-$pid" 2>/dev/null
    rm -f "$out"
}
trap clean EXIT
trap 'exit 1' INT TERM

verdict() {   # verdict STATUS WHAT [DETAIL]
    if [ "$1" -eq 0 ]; then
        passed=$((passed + 1))
        echo "ok      $2"
    else
        failed=$((failed + 1))
        echo "FAILED  $2"
        [ -n "${3:-}" ] && printf '%s\n' "$3" | sed 's/^/        | /'
    fi
}

end() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
}

within() {   # within SECONDS COMMAND...: whether it succeeds in that time, asked five times a second
    local tries=$(($1 * 5))
    shift
    while ! "$@"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.2
    done
}

printed() { [ "$(grep -c '^  \$ ' "$out")" -ge 5 ] || ! running; }
running() { kill -0 -- "-$pid" 2>/dev/null; }
stopped() { ! running; }
ready() { curl -sf -m 5 -o /dev/null "http://127.0.0.1:$admin/ready"; }
answers() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

# shellcheck disable=SC2086
$DEMO </dev/null >"$out" 2>&1 &
pid=$!

within "$PATIENCE" printed
mapfile -t commands < <(sed -n 's/^  \$ //p' "$out")
[ "${#commands[@]}" -eq 5 ]
verdict $? "the demo prints five commands" "$(tail -n 30 "$out")"
admin=$(sed -n 's,.*http://127\.0\.0\.1:\([0-9]*\)/$,\1,p' "$out" | head -n 1)
folder=$(dirname "$(sed -n 's/^  authority  *//p' "$out" | head -n 1)")
[ "$failed" -eq 0 ] && [ -n "$admin" ] && [ -d "$folder" ] || { verdict 1 "the demo says where it runs"; end; }

within 30 ready
verdict $? "/ready answers 200"
[ "$(stat -c %a "$folder")" = 700 ]
verdict $? "the folder is private"

expected=('^5 [0-9]' '^Subject: Welcome' '^\+OK 5 [0-9]' '250 2\.0\.0 Ok: delivered' 'dualpost_logins_total\{.*family="ipv4".*result="ok".*} [1-9]')
for i in "${!commands[@]}"; do
    text=$(timeout 60 sh -c "${commands[$i]}" 2>&1 </dev/null)
    code=$?
    printf '%s\n' "$text" | tr -d '\r' | grep -Eq -- "${expected[$i]}" && [ "$code" -eq 0 ]
    verdict $? "command $((i + 1)): ${commands[$i]}" "exit code $code, expected ${expected[$i]} in: $text"
done

kill -INT -- "-$pid"
within 20 stopped
verdict $? "Ctrl-C ends it within 20 s"
running && kill -KILL -- "-$pid"
wait "$pid"
code=$?
[ "$code" -eq 0 ] || [ "$code" -eq 130 ]
verdict $? "its exit code is 0, or 130 for an interrupt" "exit code $code: $(tail -n 30 "$out")"
pid=
! grep -Eq '^(Exception in thread|\s+at [a-z.]+\()|LEAK:' "$out"
verdict $? "it printed no stack trace" "$(grep -E -B2 -A5 'Exception|LEAK:' "$out" | head -n 30)"
[ ! -e "$folder" ]
verdict $? "the folder is gone" "$folder"
open=
for port in 110 143 465 587 995; do
    for address in 127.0.0.1 ::1; do
        answers "$address" $((admin - 143 + port)) && open="$open $address:$((admin - 143 + port))"
    done
done
[ -z "$open" ]
verdict $? "the ports are free" "still open:$open"
end
