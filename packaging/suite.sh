#!/bin/sh
# Runs the tests of `make test` (suite.sh "not soak" …) or `make soak` (suite.sh soak …): the half behind the egress wall, then the
# half on loopback alone (tests/conftest.py). All other arguments go to pytest. On several cores a file of tests stays with one of them.
set -eu
cd "$(dirname "$0")/.."
marks=$1
shift
workers=$(nproc)
[ "$marks" = soak ] && workers=0  # long runs want the machine to themselves, and show what they do

half() {
    code=0
    QT_QPA_PLATFORM=offscreen .venv/bin/python -m pytest -m "$marks" -n "$workers" --dist loadfile --no-loadscope-reorder "$@" || code=$?
    [ "$code" = 5 ] && code=0 && printf 'nothing of this half was asked for\n'  # no tests: ARGS named files of the other half
    return "$code"
}

failed=0
half "$@" || failed=$?
half --loopback "$@" || failed=$?
exit "$failed"
