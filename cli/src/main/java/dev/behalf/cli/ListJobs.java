package dev.behalf.cli;

import dev.behalf.cli.terminal.Table;
import dev.behalf.cli.terminal.Table.Column;
import dev.behalf.client.BehalfClient;
import dev.behalf.client.Job;
import dev.behalf.client.RetryPolicy;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "jobs", description = "Lists jobs, newest first; with --json, one job per line.")
final class ListJobs extends ServerCommand {

  private static final int MOST_OF_A_PAGE = 100;

  /**
   * Number of non-matching jobs after which the search stops: finding a rare state among a million
   * jobs would take an hour.
   */
  private static final int LOOK_AT = 1_000;

  private static final int TEXT_WIDTH = 40;

  /** Values of the server's {@code state:} filter, by API state; one state may match several. */
  private static final Map<String, String> WORDS =
      Map.of("queued", "queued,retrying", "failed", "failed,refused");

  @Option(
      names = "--state",
      paramLabel = "S",
      description = "State to list: queued, running, succeeded, failed or cancelled.")
  @Nullable String state;

  @Option(names = "--operation", paramLabel = "O", description = "Operation to list.")
  @Nullable String operation;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Maximum number of jobs (default: 20).")
  @Nullable Integer limit;

  @Option(names = "--all", description = "Lists all jobs, instead of --limit.")
  boolean all;

  ListJobs(Shell shell) {
    super(shell);
  }

  @Override
  Exit run() throws IOException {
    check();
    var wanted = all ? Integer.MAX_VALUE : limit == null ? 20 : limit;
    var table =
        new Table(
            Column.of("ID"),
            Column.state("STATE"),
            Column.of("OPERATION"),
            Column.of("CREATED (UTC)"),
            Column.number("UNITS"),
            Column.of("TEXT").atMost(TEXT_WIDTH));
    list(server(), wanted, table);
    if (!json && table.isEmpty()) {
      terminal().tell("No jobs found.");
    } else if (!json) {
      table.print(terminal());
    }
    return Exit.DONE;
  }

  private void check() {
    if (state != null && !Job.STATES.contains(state)) {
      throw new WrongUsage(
          "Unknown state: \"" + state + "\". Use one of " + String.join(", ", Job.STATES) + ".");
    }
    if (all && limit != null) {
      throw new WrongUsage("Use --all or --limit, not both.");
    }
    if (limit != null && limit < 1) {
      throw new WrongUsage("Set --limit to 1 or more.");
    }
  }

  /** Prints JSON page by page, so that the next program in a pipe can start early. */
  private void list(BehalfClient server, int wanted, Table table) {
    var jobs = server.retrying(repeats(wanted)).jobs();
    int shown = 0;
    int passedOver = 0;
    @Nullable String cursor = null;
    do {
      var size = filters() ? MOST_OF_A_PAGE : Math.min(MOST_OF_A_PAGE, wanted - shown);
      var page = jobs.list(query(), cursor, size);
      for (var job : page.jobs()) {
        if (!fits(job)) {
          passedOver++;
        } else if (shown < wanted) {
          shown++;
          show(job, table);
        }
      }
      cursor = page.next();
      if (cursor != null && shown < wanted && !all && passedOver >= LOOK_AT) {
        terminal().tell("Older jobs were not searched: use --all to search them.");
        return;
      }
    } while (cursor != null && shown < wanted);
  }

  /**
   * Returns the filters in the server's query language. A server without that language returns all
   * jobs, and {@link #fits} filters them here.
   */
  private String query() {
    var words = new StringJoiner(" ");
    if (state != null) {
      words.add("state:" + WORDS.getOrDefault(state, state));
    }
    if (operation != null) {
      words.add("op:" + operation);
    }
    return words.toString();
  }

  /** Returns the retry policy: one late page must not abort a list of several pages. */
  private static RetryPolicy repeats(int wanted) {
    return wanted > MOST_OF_A_PAGE ? RetryPolicy.SAFELY : RetryPolicy.NEVER;
  }

  private boolean filters() {
    return state != null || operation != null;
  }

  private boolean fits(Job job) {
    return (state == null || job.state().equals(state))
        && (operation == null || job.operation().equals(operation));
  }

  private void show(Job job, Table table) {
    if (json) {
      printJson(job.json());
      return;
    }
    table.row(
        job.id().toString(),
        job.state(),
        job.operation(),
        minute(job.createdAt()),
        job.units() == null ? "" : String.valueOf(job.units()),
        JobDescription.text(job));
  }

  static String minute(@Nullable Instant time) {
    return time == null
        ? ""
        : time.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ').replace("Z", "");
  }
}
