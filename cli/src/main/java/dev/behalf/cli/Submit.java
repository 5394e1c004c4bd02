package dev.behalf.cli;

import dev.behalf.client.BehalfClient;
import dev.behalf.client.ConnectionException;
import dev.behalf.client.JobRequest;
import dev.behalf.client.Operation;
import dev.behalf.client.ProblemException;
import dev.behalf.client.Submitted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;
import tools.jackson.databind.JsonNode;

@Command(
    name = "submit",
    description = {
      "Queues a job and prints its id.",
      "Each property of the operation's input is an option, such as --text; repeat the option of a"
          + " list. Objects are JSON, or @FILE. A dash reads the first text from standard input.",
      "Retries after a lost connection, 429 or 5xx use the same Idempotency-Key: the job is queued"
          + " once."
    })
final class Submit extends ServerCommand {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

  @Parameters(
      index = "0",
      paramLabel = "OPERATION",
      description = "Name of an operation that you may run.")
  String operation = "";

  @Mixin InputSource input = new InputSource();

  /**
   * What the command does not know: options for the properties of the input, and a dash for
   * standard input.
   */
  @Unmatched List<String> properties = new ArrayList<>();

  @Option(
      names = "--priority",
      paramLabel = "P",
      description = "Priority among your own jobs: high, normal or low.")
  @Nullable String priority;

  @Option(
      names = "--not-before",
      paramLabel = "TIME",
      description = "Earliest start: " + FutureTime.FORMS + ".")
  @Nullable String notBefore;

  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description = "Idempotency key: the same key and job are queued once (default: a new key).")
  @Nullable String idempotencyKey;

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      description = "Word to find the job by; repeat it for more, at most 10.")
  List<String> tags = List.of();

  @Option(
      names = "--meta",
      paramLabel = "NAME=TEXT",
      description = "Fact to find the job by, such as --meta order=4711; repeat it for more.")
  Map<String, String> metadata = Map.of();

  @Option(
      names = "--follow",
      description =
          "Streams the output of the engine to standard output, its progress and log to standard"
              + " error, up to the end of the job.")
  boolean follow;

  @Option(names = "--watch", description = "Follows the job like `behalf watch`.")
  boolean watch;

  Submit(Shell shell) {
    super(shell);
  }

  @Override
  Exit run() throws IOException {
    var server = server();
    var submitted = submit(server, request(server));
    return follow
        ? new OutputFollower(shell, server, json).toTheEnd(submitted.job().id())
        : queued(server, submitted, watch);
  }

  private Submitted submit(BehalfClient server, JobRequest request) {
    try {
      var submitted = server.jobs().submit(request);
      if (submitted.isReplayed() && idempotencyKey != null) {
        terminal().tell("The job was queued before with the same idempotency key.");
      }
      return submitted;
    } catch (ConnectionException unsure) {
      tellHowToBeSure(request.idempotencyKey());
      throw unsure;
    } catch (ProblemException refusal) {
      if (refusal.status() >= 500) {
        tellHowToBeSure(request.idempotencyKey());
      }
      throw refusal;
    }
  }

  private void tellHowToBeSure(String once) {
    terminal()
        .tell(
            "The job may or may not be queued. To queue it only once, repeat the command with"
                + " --idempotency-key "
                + once
                + ".");
  }

  private JobRequest request(BehalfClient server) throws IOException {
    // First what is wrong in any case, before anything is asked of the server.
    var start = notBefore == null ? null : FutureTime.parse(notBefore, shell.clock().instant());
    var request = JobRequest.of(operation, input.read(schema(server), properties, shell.in()));
    if (idempotencyKey != null) {
      request.idempotencyKey(idempotencyKey);
    }
    if (start != null) {
      request.notBefore(start);
    }
    if (priority != null) {
      request.priority(priority);
    }
    tags.forEach(request::tag);
    metadata.forEach(request::metadata);
    return request;
  }

  /** Returns the schema of the operation's input, which says what the options mean. */
  private JsonNode schema(BehalfClient server) {
    if (!NAME.matcher(operation).matches()) {
      throw unknown(server);
    }
    try {
      return server.operation(operation).input();
    } catch (ProblemException refusal) {
      throw refusal.status() == 404 ? unknown(server) : refusal;
    }
  }

  private WrongUsage unknown(BehalfClient server) {
    var names = server.operations().stream().map(Operation::name).collect(Collectors.joining(", "));
    return new WrongUsage("Unknown operation: \"" + operation + "\". Use one of " + names + ".");
  }
}
