#!/bin/sh
# Takes the README's pictures anew: a real browser presses the button. Needs Chromium and Python.
set -eu
cd "$(dirname "$0")/../.."
mvn -q -B verify -pl e2e,web-app,worker,compute-server -am \
  -Dtest='BrowserTest#a_click_ends_with_the_result_on_the_page+long_work_comes_to_its_page_word_by_word' \
  -Dbehalf.pictures=true -Dsurefire.failIfNoSpecifiedTests=false
cp e2e/target/screenshots/job-light-wide.png docs/images/job.png
cp e2e/target/screenshots/run-light-wide.png docs/images/run.png
