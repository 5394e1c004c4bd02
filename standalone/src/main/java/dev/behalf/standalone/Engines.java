package dev.behalf.standalone;

import dev.behalf.engine.EngineCheck;
import dev.behalf.engine.EngineClient;
import dev.behalf.engine.EngineSecret;
import dev.behalf.operation.Engine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "engines",
    description = "Checks engines of your own, which operations call by HTTP.",
    synopsisSubcommandLabel = "COMMAND")
final class Engines implements Runnable {

  private final PrintStream out = System.out;

  @Override
  public void run() {
    throw new UserError("Say what to do: check.");
  }

  @Command(
      description = {
        "Calls the engine of a definition with its examples, and with calls that an engine has to",
        "refuse or to survive. Needs no running Behalf. Exits with 1 if the engine breaks a rule."
      })
  int check(
      @Parameters(paramLabel = "FILE", description = "Definition of the operation.") Path file,
      @Option(
              names = "--secrets",
              paramLabel = "FOLDER",
              description = "Folder with the secret that the definition names.")
          @Nullable Path secrets)
      throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new UserError(file + " is no file.");
    }
    var definition = DefinitionFile.read(file).definition();
    if (!(definition.engine() instanceof Engine.Remote engine)) {
      throw new UserError(file + " has a built-in engine: there is nothing to check.");
    }
    if (definition.examples().isEmpty()) {
      throw new UserError(file + " has no example: add one, with which the engine can be called.");
    }
    out.println(engine.address() + ":");
    var findings =
        EngineCheck.run(
            new EngineClient(InstantSource.system()), definition, secret(engine, secrets));
    for (var finding : findings) {
      var fault = finding.fault();
      out.println((fault == null ? "ok    " : "FAIL  ") + finding.rule());
      if (fault != null) {
        out.println("      " + fault);
      }
    }
    return findings.stream().allMatch(finding -> finding.fault() == null) ? 0 : 1;
  }

  private static @Nullable EngineSecret secret(Engine.Remote engine, @Nullable Path secrets)
      throws IOException {
    var name = engine.secret();
    if (name == null) {
      return null;
    }
    if (secrets == null) {
      throw new UserError(
          "The definition names the secret \"" + name + "\": add --secrets FOLDER.");
    }
    var file =
        secrets.resolve(engine instanceof Engine.Chat ? EngineSecret.CHAT_FOLDER + name : name);
    if (!Files.isRegularFile(file)) {
      throw new UserError(file + " does not exist: write the secret into it.");
    }
    try {
      var text = Files.readString(file);
      return engine instanceof Engine.Chat
          ? EngineSecret.ofChat(name, text)
          : EngineSecret.of(name, text);
    } catch (IllegalArgumentException tooShort) {
      throw new UserError(String.valueOf(tooShort.getMessage()));
    }
  }
}
