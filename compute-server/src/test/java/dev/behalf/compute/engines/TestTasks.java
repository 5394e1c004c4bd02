package dev.behalf.compute.engines;

import dev.behalf.contract.Environment;
import dev.behalf.contract.StrictJson;
import dev.behalf.engine.EngineClient;
import dev.behalf.operation.Definitions;
import dev.behalf.server.operations.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.node.ObjectNode;

/** Tasks of the shipped operations. */
public final class TestTasks {

  private TestTasks() {}

  /** Returns the definition of a shipped operation, as its file has it. */
  public static String yaml(String operation) {
    try (var file = TestTasks.class.getResourceAsStream("/operations/" + operation + ".yaml")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Operation operation(String name) {
    return new Operation(1, Definitions.read(yaml(name)));
  }

  /** Returns the task of a shipped operation. */
  public static Task task(String operation, ObjectNode input) {
    return new Task(operation(operation), true, input);
  }

  public static Task task(String operation, String text) {
    return task(operation, text(text));
  }

  /** Returns the work of a user, who asks for it by a job or directly. */
  public static Work work(ComputeSlots.Origin origin) {
    return new Work(
        UUID.randomUUID(),
        UUID.randomUUID(),
        Environment.LIVE,
        1,
        1,
        origin == ComputeSlots.Origin.WORKER,
        null,
        null);
  }

  /** Returns built-in engines alone. */
  static Engines engines(
      List<Engine> engines, SentenceModel model, ComputeSlots slots, ComputeRates rates) {
    var none = JdbcClient.create(new DriverManagerDataSource("jdbc:none"));
    return new Engines(
        engines,
        model,
        slots,
        rates,
        new HttpEngines(
            new EngineClient(InstantSource.system()),
            new EngineSecrets(new EngineSettings(null)),
            new EngineHealth(none, event -> {}),
            name -> Optional.empty()));
  }

  /** Returns an input with a text. */
  public static ObjectNode text(String text) {
    return StrictJson.MAPPER.createObjectNode().put("text", text);
  }
}
