#!/bin/sh
# Takes the README's picture and film anew: a real browser presses the button. Needs Chromium and Python.
set -eu
cd "$(dirname "$0")/../.."
mvn -q -B verify -Pscenarios -Dtests.forks=1 -pl e2e,web-app,worker,compute-server -am \
  -Dtest='BrowserTest#a_click_ends_with_the_result_on_the_page,FilmTest' \
  -Dbehalf.pictures=true -Dbehalf.film.write=true -Dsurefire.failIfNoSpecifiedTests=false
cp e2e/target/screenshots/job-light-wide.png docs/images/job.png
