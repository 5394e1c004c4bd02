#!/bin/sh
# Takes the README's picture anew: a real browser presses the button and waits for the job's end. Needs Chromium.
set -eu
cd "$(dirname "$0")/../.."
mvn -q -B verify -pl e2e,web-app,worker,compute-server -am \
  -Dtest='BrowserTest#a_click_ends_with_the_result_on_the_page' -Dsurefire.failIfNoSpecifiedTests=false
cp e2e/target/screenshots/job-light-wide.png docs/images/job.png
