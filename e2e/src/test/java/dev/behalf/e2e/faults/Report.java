package dev.behalf.e2e.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The table in docs/reliability.md. A case that is run again replaces its line; the lines of cases
 * that were not run stay, and so does what is said below the table.
 */
final class Report {

  private static final String HEAD =
      """
      # Reliability

      What was broken while jobs ran, and what came of it. This page is written by the run itself:

      ```sh
      mvn verify -Pfaults                                  # all cases
      mvn verify -Pfaults -Dtest=ServicesTest -Dsurefire.failIfNoSpecifiedTests=false
      mvn verify -Pfaults -Dtest=SoakTest -Dsoak=20m -Dsurefire.failIfNoSpecifiedTests=false
      ```

      Each case runs on real processes: web-app, compute-server and worker in two replicas each, RabbitMQ nodes and
      PostgreSQL servers of its own (`fsync` and `synchronous_commit` on), all on one machine. 20 users queue jobs over
      HTTP with their own API keys (`-Dbehalf.faults.jobs`, default 5,000, at `-Dbehalf.faults.rate` a second). A client
      that is not told anything, or a 5xx, asks again with the same `Idempotency-Key`; what it is told is written to
      `e2e/target/faults`. The fault strikes when a fifth of the jobs is queued. Then the list is compared with the
      database: each accepted job must have ended, with one result of its own text and one charge, under the user who
      asked; quotas must equal the sums of charges; queues and dead letters must be empty; no log may hold a key and none may pass to or from
      the broker; and
      none of the sentences of `./behalf check` may be broken. A case that does not come to that fails.

      The lease of a job is shortened from its two minutes to 10 s where only its end puts things right, and to 15 s
      where brokers and networks fail; a job that waits longer than that in the broker is run again.

      *again*: calls that were answered from a saved result, that is, runs of a job beyond its first.
      *first result*: from the end of the fault (the killed process, or the last of them, is up again; the network is
      whole; the alarm is over) until the next new result was stored. Of a process that has a living replica, the end of
      the fault is the kill.

      | case | jobs | lost | charged twice | stuck | failed | again | first result |
      """;

  private static final String RULE = "|---|---|---|---|---|---|---|---|";

  private final Path file;

  Report(Path file) {
    this.file = file;
  }

  synchronized void add(Row row) throws IOException {
    var before = Files.exists(file) ? Files.readAllLines(file) : List.<String>of();
    var table = before.stream().dropWhile(line -> !line.equals(RULE)).skip(1).toList();
    var rows = new LinkedHashMap<String, String>();
    table.stream()
        .takeWhile(Report::isRow)
        .forEach(line -> rows.put(line.split(" \\| ", -1)[0].substring(2), line));
    rows.put(row.name(), row.line());
    var below = table.stream().dropWhile(Report::isRow);
    var all = Stream.concat(rows.values().stream(), below).collect(Collectors.joining("\n"));
    Files.writeString(file, HEAD + RULE + "\n" + all + "\n");
  }

  private static boolean isRow(String line) {
    return line.startsWith("| ");
  }
}
