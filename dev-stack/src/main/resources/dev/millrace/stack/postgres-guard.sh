#!/bin/sh
# Runs PostgreSQL and shuts it down when standard input ends.
# usage: postgres-guard.sh FILE_FOR_ITS_PROCESS_ID COMMAND [ARGUMENT...]
pid_file=$1
shift
exec 3<&0 </dev/null

"$@" 3<&- &
postmaster=$!
echo "$postmaster" >"$pid_file.new" && mv "$pid_file.new" "$pid_file"

running() { kill -0 "$postmaster" 2>/dev/null; }

# await TENTHS_OF_A_SECOND
await() {
    left=$1
    while [ "$left" -gt 0 ] && running; do
        sleep 0.1
        left=$((left - 1))
    done
    ! running
}

# The pipe is watched by a process of its own: this one waits for PostgreSQL, and should either be
# killed, the other still does its part.
(
    while read -r _ <&3; do :; done
    kill -INT "$postmaster" 2>/dev/null
    await 50 || kill -QUIT "$postmaster" 2>/dev/null
    await 20 || kill -KILL "$postmaster" 2>/dev/null
) &
watcher=$!

exec 3<&-
wait "$postmaster"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"
