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

      Results of fault injection while jobs run. The test run itself writes this page:

      ```sh
      mvn verify -Pfaults                                  # all cases
      mvn verify -Pfaults -Dtest=ServicesTest -Dsurefire.failIfNoSpecifiedTests=false
      mvn verify -Pfaults -Dtest=SoakTest -Dsoak=20m -Dsurefire.failIfNoSpecifiedTests=false
      ```

      Each case runs on real processes: two replicas each of web-app, compute-server and worker, with their own RabbitMQ
      nodes and PostgreSQL servers (`fsync` and `synchronous_commit` on), all on one machine. 20 users queue jobs over HTTP
      with their own API keys (`-Dbehalf.faults.jobs`, default 5,000, at `-Dbehalf.faults.rate` a second). A client that
      gets no response, or a 5xx, repeats the request with the same `Idempotency-Key`; the responses are written to
      `e2e/target/faults`. The fault starts when a fifth of the jobs is queued. Afterwards the test compares the responses
      with the database. A case fails unless

      - each accepted job has ended, with one result of its own text and one charge, under the user who submitted it,
      - each quota equals the sum of its charges,
      - queues and dead letters are empty,
      - no log contains a key, and no key passes to or from the broker,
      - none of the invariants of `./behalf check` is violated, and no unit stays held.

      *Runs of 20 s* are jobs of a long operation, whose engine works for so long on each: the fault starts when all of them
      run, and a case also fails if two calls work on the same job at once, unless the replica of the first has stood still.
      Engines that misbehave do so for 10 s, and then their work.

      The lease of a job is shortened from two minutes to 10 s in cases where jobs recover only when it ends, and to 15 s in
      cases where brokers and networks fail. A job that waits longer than that at the broker is run again.

      *again*: calls that were answered from a saved result, that is, runs of a job after its first; for long operations,
      calls of the engine after the first.
      *first result*: the time from the end of the fault until the next new result is stored. A fault ends when the last
      killed process is up again, the network is whole or the alarm is over. If a killed process has a running replica, the
      fault ends with the kill.

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
