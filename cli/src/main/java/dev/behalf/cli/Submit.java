package dev.behalf.cli;

import dev.behalf.cli.api.Refusal;
import dev.behalf.cli.api.RetryPolicy;
import dev.behalf.cli.api.Server;
import dev.behalf.cli.api.Server.Answer;
import dev.behalf.cli.api.Unreachable;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

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
    var body = StrictJson.write(body(server));
    var queued = queue(server, body);
    return follow
        ? new OutputFollower(shell, server, json).toTheEnd(queued.json().required("id").asString())
        : queued(server, queued, watch);
  }

  private Answer queue(Server server, byte[] body) {
    var once = idempotencyKey == null ? UUID.randomUUID().toString() : idempotencyKey;
    try {
      var answer =
          server.post("/api/v1/jobs", body, Map.of("Idempotency-Key", once), RetryPolicy.SAFELY);
      if (answer.replayed() && idempotencyKey != null) {
        terminal().tell("The job was queued before with the same idempotency key.");
      }
      return answer;
    } catch (Unreachable unsure) {
      tellHowToBeSure(once);
      throw unsure;
    } catch (Refusal refusal) {
      if (refusal.status() >= 500) {
        tellHowToBeSure(once);
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

  private ObjectNode body(Server server) throws IOException {
    var body = StrictJson.MAPPER.createObjectNode();
    if (notBefore != null) {
      body.put("not_before", FutureTime.parse(notBefore, shell.clock().instant()).toString());
    }
    if (priority != null) {
      body.put("priority", priority);
    }
    body.set(
        "payload",
        JobPayload.of(operation, input.read(schema(server), properties, shell.in())).json());
    return body;
  }

  /** Returns the schema of the operation's input, which says what the options mean. */
  private JsonNode schema(Server server) {
    if (!NAME.matcher(operation).matches()) {
      throw unknown(server);
    }
    try {
      return server.get("/api/v1/operations/" + operation, RetryPolicy.SAFELY).required("input");
    } catch (Refusal refusal) {
      throw refusal.status() == 404 ? unknown(server) : refusal;
    }
  }

  private WrongUsage unknown(Server server) {
    var names =
        server
            .get("/api/v1/operations", RetryPolicy.SAFELY)
            .required("operations")
            .valueStream()
            .map(one -> one.required("name").asString())
            .collect(Collectors.joining(", "));
    return new WrongUsage("Unknown operation: \"" + operation + "\". Use one of " + names + ".");
  }
}
