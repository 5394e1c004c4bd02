package dev.behalf.cli;

import dev.behalf.client.BatchRequest;
import dev.behalf.client.ConnectionException;
import dev.behalf.client.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "send",
    description = {
      "Sends a file of jobs and prints the id of the batch: JSON lines, or CSV if its name ends"
          + " with .csv.",
      "The first jobs run while the rest is being sent. After a break it goes on behind the last"
          + " line that was stored."
    })
final class SendBatch extends BatchCommand {

  @Parameters(paramLabel = "FILE", description = "At most 100 MiB and 100,000 lines.")
  Path file = Path.of("");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name, at most 120 characters (default: that of the file).")
  @Nullable String name;

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      description = "Word to find its jobs by; repeat it for more, at most 10.")
  List<String> tags = List.of();

  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description = "Idempotency key: the same file is queued once (default: a new key).")
  @Nullable String idempotencyKey;

  @Option(names = "--watch", description = "Waits until all its jobs have ended.")
  boolean watch;

  SendBatch(Shell shell) {
    super(shell);
  }

  @Override
  Exit run() throws IOException {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new WrongUsage(file + " cannot be read.");
    }
    var request = BatchRequest.of(file);
    if (name != null) {
      request.name(name);
    }
    if (idempotencyKey != null) {
      request.idempotencyKey(idempotencyKey);
    }
    tags.forEach(request::tag);
    try {
      return sent(request);
    } catch (ConnectionException cut) {
      tellHowToGoOn(request);
      throw cut;
    } catch (ProblemException refusal) {
      if (refusal.isTemporary()) {
        tellHowToGoOn(request);
      }
      throw refusal;
    }
  }

  private void tellHowToGoOn(BatchRequest request) {
    terminal()
        .tell(
            "Part of the file may be queued. To go on, repeat the command with --idempotency-key "
                + request.idempotencyKey()
                + ".");
  }

  private Exit sent(BatchRequest request) throws IOException {
    var sent = server().batches().send(request);
    var batch = sent.batch();
    if (sent.isReplayed()) {
      terminal().tell("The file was sent before with the same idempotency key.");
    }
    for (var invalid : batch.invalidLines()) {
      terminal().tell("line " + invalid.line() + ": " + invalid.fault());
    }
    if (watch) {
      return followed(batch.id());
    }
    if (json) {
      printJson(batch.json());
    } else {
      terminal().print(batch.id().toString());
    }
    return Exit.DONE;
  }
}
