#!/usr/bin/env bash
# An outsider prepares what a daemon started as root is going to use: a state directory with a forged job and a key in
# a sticky directory, links in place of it, a configuration, the socket's directory. None of it is used, nothing of
# root's is written through it, and a stored job that says what no request could say does not come back.
. "$(dirname "${BASH_SOURCE[0]}")/../support/test.sh"

outsider=${USER_ID[outsider]}
mkdir -m 1777 "$TEMP/sticky"
mkdir -m 700 "$TEMP/sudoers.d"
forge() { python3 "$SUPPORT/forged_job.py" "$1" 7 '\nALL ALL=(ALL) NOPASSWD: ALL\n'; }

# The daemon ends by itself, with a line that says why.
expect_refusal() { # STATUS EXTENDED_REGEX OPTIONS…
    local status=0
    (cd "$TEMP" && exec timeout 20 ip netns exec "$NS_A" "$BIN/packetsentryd" --group "$SOCKET_GROUP" "${@:3}") \
        >"$OUT/refused.out" 2>&1 </dev/null || status=$?
    expect_line "$OUT/refused.out" "$2"
    expect_equal "status of the daemon" "$1" "$status"
    [[ -z $(ls -A "$TEMP/sudoers.d") ]] || fail "root's directory was written: $(head -c 200 "$TEMP/sudoers.d"/*)"
}

# With jobs, a key of the outsider's choice, and a link that waits under the name of the jobs.
state=$TEMP/sticky/state
mkdir -p "$state/jobs"
forge "$state/jobs/7"
printf 'outsiders key, of 32 known bytes' >"$state/mask-key"
chown -R "$outsider:$outsider" "$state"
chmod 777 "$state" "$state/jobs"
expect_refusal 3 "the state directory '$state' belongs to uid $outsider, who may have put files into it" \
    --socket "$TEMP/a.sock" --state-dir "$state"
[[ ! -e $TEMP/a.sock ]] || fail "a daemon that refuses its state directory leaves a socket"
rm -r "$state/jobs"
ln -s "$TEMP/sudoers.d" "$state/jobs"
expect_refusal 3 "belongs to uid $outsider" --socket "$TEMP/a.sock" --state-dir "$state"

# A link in its place, which leads to a directory of root's; and one on the way.
ln -s "$TEMP/sudoers.d" "$TEMP/sticky/link"
chown -h "$outsider" "$TEMP/sticky/link"
expect_refusal 3 "the state directory '$TEMP/sticky/link' is a symbolic link, or not a directory" \
    --socket "$TEMP/a.sock" --state-dir "$TEMP/sticky/link"
expect_refusal 3 "'$TEMP/sticky/link' is a symbolic link of uid $outsider" \
    --socket "$TEMP/a.sock" --state-dir "$TEMP/sticky/link/state"
expect_refusal 3 "'$TEMP/sticky/link' is a symbolic link of uid $outsider" \
    --socket "$TEMP/sticky/link/a.sock" --state-dir "$TEMP/unused"

# Its directory can be written by others, or is another's.
mkdir -m 777 "$TEMP/open"
expect_refusal 3 "'$TEMP/open' can be written by users other than root" --socket "$TEMP/a.sock" --state-dir "$TEMP/open/state"
expect_refusal 3 "'$TEMP/open' can be written by users other than root" --socket "$TEMP/open/a.sock" --state-dir "$TEMP/unused"
mkdir -m 755 "$TEMP/sticky/theirs"
chown "$outsider" "$TEMP/sticky/theirs"
expect_refusal 3 "'$TEMP/sticky/theirs' can be written by users other than root" \
    --socket "$TEMP/sticky/theirs/a.sock" --state-dir "$TEMP/unused"
echo 'group = "users"' >"$TEMP/sticky/theirs/daemon.toml"
chown "$outsider" "$TEMP/sticky/theirs/daemon.toml"
expect_refusal 3 "the configuration: '$TEMP/sticky/theirs' can be written by users other than root" \
    --socket "$TEMP/a.sock" --state-dir "$TEMP/unused" --config "$TEMP/sticky/theirs/daemon.toml"
echo 'group = "users"' >"$TEMP/daemon.toml"
chmod 666 "$TEMP/daemon.toml"
expect_refusal 3 "the configuration: '$TEMP/daemon.toml' can be written by users other than root" \
    --socket "$TEMP/a.sock" --state-dir "$TEMP/unused" --config "$TEMP/daemon.toml"

# In a directory of the daemon's own, what nobody could have ordered, what is a link, and what is another's.
mkdir -m 700 "$TEMP/state" "$TEMP/state/jobs"
forge "$TEMP/state/jobs/7"
cp "$TEMP/state/jobs/7" "$TEMP/sudoers.d/linked"
ln -s "$TEMP/sudoers.d/linked" "$TEMP/state/jobs/8"
python3 "$SUPPORT/forged_job.py" "$TEMP/state/jobs/9" 9 another
chown "$outsider" "$TEMP/state/jobs/9"
python3 "$SUPPORT/forged_job.py" "$TEMP/state/jobs/10" 10 honest
start_daemon
wait_until 10 "the honest job" job_state_is 10 running
expect_line "$TEMP/daemon.log" "a job from before the restart is not resumed: $TEMP/state/jobs/7: a job cannot be called '"
expect_line "$TEMP/daemon.log" "a job from before the restart is not resumed: cannot read $TEMP/state/jobs/8: Too many levels of symbolic links"
expect_line "$TEMP/daemon.log" "a job from before the restart is not resumed: $TEMP/state/jobs/9 could have been written by others"
as_user root
expect_equal "jobs" 10 "$("${AS[@]}" packetsentryctl --json list | jq -r .id)"

# Once it runs: another directory in place of its own, and a link under the name that it writes beside.
mv "$TEMP/state" "$TEMP/moved"
mkdir -m 700 "$TEMP/state"
ln -s "$TEMP/sudoers.d" "$TEMP/state/jobs"
ln -s "$TEMP/sudoers.d/beside" "$TEMP/moved/jobs/11.new"
CTL_AS=root ctl start -d -i lo --name late
expect_status 0
[[ -s $TEMP/moved/jobs/11 && ! -L $TEMP/moved/jobs/11 ]] || fail "the job is not kept in the daemon's own directory"
expect_equal "root's directory" linked "$(ls -A "$TEMP/sudoers.d")"
