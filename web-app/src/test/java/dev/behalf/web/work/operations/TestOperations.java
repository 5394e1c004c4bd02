package dev.behalf.web.work.operations;

import dev.behalf.operation.Definitions;
import dev.behalf.server.operations.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The shipped operations, without a database. */
public final class TestOperations {

  private static final Map<String, Operation> SHIPPED = shipped();

  private TestOperations() {}

  public static Optional<Operation> find(String name) {
    return Optional.ofNullable(SHIPPED.get(name));
  }

  private static Map<String, Operation> shipped() {
    try {
      return new ShippedDefinitions(new ChatSettings(null, null, null))
          .files().stream()
              .map(file -> new Operation(1, Definitions.read(file)))
              .collect(Collectors.toMap(Operation::name, Function.identity()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
