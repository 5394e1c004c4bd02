package dev.behalf.cli;

import dev.behalf.cli.api.Refusal;
import dev.behalf.cli.api.RetryPolicy;
import dev.behalf.cli.api.Server;
import dev.behalf.cli.api.Server.Answer;
import dev.behalf.cli.api.Unreachable;
import dev.behalf.contract.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "submit",
    description = {
      "Queues a job and prints its id.",
      "Retries after a lost connection, 429 or 5xx use the same Idempotency-Key: the job is queued"
          + " once."
    })
final class Submit extends ServerCommand {

  @Parameters(
      index = "0",
      paramLabel = "OPERATION",
      description = "echo, embed, classify, keywords, summarize or similarity.")
  String operation = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "-",
      description = "A dash for a text on standard input, in UTF-8.")
  @Nullable String dash;

  @Mixin TextSource source = new TextSource();

  @Option(
      names = "--label",
      paramLabel = "LABEL",
      description = "For classify: a label; repeat it for 2 to 100 labels.")
  List<String> labels = List.of();

  @Option(
      names = "--examples",
      paramLabel = "FILE",
      description = "For classify: JSON file of examples by label.")
  @Nullable Path examples;

  @Option(names = "--other", paramLabel = "TEXT", description = "For similarity: the other text.")
  @Nullable String other;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "For keywords and summarize: number of keywords or sentences, 1 to 20.")
  @Nullable Integer limit;

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

  @Option(names = "--watch", description = "Follows the job like `behalf watch`.")
  boolean watch;

  Submit(Shell shell) {
    super(shell);
  }

  @Override
  Exit run() throws IOException {
    var body = StrictJson.write(body());
    var server = server();
    return queued(server, queue(server, body), watch);
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

  private ObjectNode body() throws IOException {
    var payload = StrictJson.MAPPER.createObjectNode();
    payload.put("operation", operation).put("text", source.read(dash, shell.in()));
    if (!labels.isEmpty()) {
      var array = payload.putArray("labels");
      labels.forEach(array::add);
    }
    if (examples != null) {
      payload.set("examples", examples(examples));
    }
    if (other != null) {
      payload.put("other", other);
    }
    if (limit != null) {
      payload.put("limit", limit);
    }
    var body = StrictJson.MAPPER.createObjectNode();
    body.set("payload", payload);
    if (priority != null) {
      body.put("priority", priority);
    }
    if (notBefore != null) {
      body.put("not_before", FutureTime.parse(notBefore, shell.clock().instant()).toString());
    }
    return body;
  }

  private static JsonNode examples(Path file) throws IOException {
    try {
      return StrictJson.MAPPER.readTree(Files.readString(file));
    } catch (JacksonException noJson) {
      throw new WrongUsage(file + " is not JSON.");
    }
  }
}
