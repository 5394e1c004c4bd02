package dev.behalf.cli;

import dev.behalf.cli.profile.Credentials;
import dev.behalf.cli.profile.NotSignedIn;
import dev.behalf.cli.profile.SignIn;
import dev.behalf.cli.terminal.Terminal;
import dev.behalf.client.BehalfClient;
import dev.behalf.client.ConnectionException;
import dev.behalf.client.ProblemException;
import dev.behalf.client.ServerAddress;
import dev.behalf.client.Submitted;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Base of the commands that call a server: their common options, the connection, and the exit
 * codes.
 */
abstract class ServerCommand implements Callable<Integer> {

  final Shell shell;

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "Saved sign-in to use (default: BEHALF_PROFILE, or \"default\").")
  @Nullable String profile;

  @Option(names = "--json", description = "Prints the server's JSON, for programs.")
  boolean json;

  private @Nullable BehalfClient server;

  ServerCommand(Shell shell) {
    this.shell = shell;
  }

  abstract Exit run() throws IOException;

  @Override
  public final Integer call() {
    try {
      return run().code();
    } catch (WrongUsage | IllegalArgumentException wrong) {
      return ended(Exit.USAGE, wrong);
    } catch (NotSignedIn notSignedIn) {
      return ended(Exit.REFUSED, notSignedIn);
    } catch (ConnectionException unreachable) {
      return ended(Exit.UNWELL, unreachable);
    } catch (ProblemException refusal) {
      tell(refusal);
      return Exit.ofStatus(refusal.status()).code();
    } catch (JacksonException | DateTimeException otherShape) {
      terminal().tell("behalf: This version cannot read the server's response.");
      return Exit.UNWELL.code();
    } catch (IOException file) {
      terminal().tell("behalf: " + file.getClass().getSimpleName() + ": " + file.getMessage());
      return Exit.USAGE.code();
    } finally {
      if (server != null) {
        server.close();
      }
    }
  }

  private int ended(Exit exit, RuntimeException thrown) {
    terminal().tell("behalf: " + thrown.getMessage());
    return exit.code();
  }

  private void tell(ProblemException refusal) {
    var code = refusal.code().isEmpty() ? "" : " (" + refusal.code() + ")";
    terminal().tell("behalf: " + refusal.title() + code);
    if (!refusal.detail().isEmpty()) {
      var field = refusal.field().isEmpty() ? "" : refusal.field() + ": ";
      terminal().tell("  " + field + refusal.detail());
    }
    if (!refusal.requestId().isEmpty()) {
      terminal().tell("  request id " + refusal.requestId());
    }
  }

  Terminal terminal() {
    return shell.terminal();
  }

  Credentials credentials() {
    var data = spec.root().findOption("--data");
    return new Credentials(
        shell.variables(), data == null ? Path.of(".behalf") : (Path) data.getValue());
  }

  /** Returns the server to call, with the key for it. */
  BehalfClient server() throws IOException {
    var credentials = credentials();
    credentials.serverOfEnvironment().ifPresent(this::warnWhereExposed);
    return server(credentials.find(profile));
  }

  /** Prints the queued job's id (or its JSON), or follows the job to its end. */
  Exit queued(BehalfClient server, Submitted submitted, boolean watch) {
    var job = submitted.job();
    if (watch) {
      return new JobFollower(shell, server, json).toTheEnd(job);
    }
    if (json) {
      printJson(job.json());
    } else {
      terminal().print(job.id().toString());
    }
    return Exit.DONE;
  }

  BehalfClient server(SignIn signIn) {
    // Whoever connects without encryption has been warned: see warnWhereExposed.
    server =
        BehalfClient.builder(signIn.server())
            .apiKey(signIn.key())
            .allowExposure()
            .userAgent("behalf-cli")
            .clock(shell.clock())
            .pause(shell.pause())
            .onRetry(why -> terminal().tell("behalf: " + why))
            .build();
    return server;
  }

  void warnWhereExposed(ServerAddress address) {
    if (address.isExposed()) {
      terminal()
          .tell(
              "behalf: warning: "
                  + address
                  + " is not encrypted: others on the network can read the key. Use https.");
    }
  }

  void printJson(JsonNode answer) {
    terminal().print(answer.toString());
  }
}
