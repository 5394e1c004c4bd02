package dev.behalf.web.work.operations;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.Pool;
import dev.behalf.operation.Definition;
import dev.behalf.server.operations.Operation;
import dev.behalf.web.identity.apikeys.Snippets;
import java.util.Comparator;
import org.springframework.stereotype.Component;

/** The job of the first call in the documentation: the cheapest operation that has an example. */
@Component
class FirstJob implements Snippets.ExampleJob {

  private final Operations operations;

  FirstJob(Operations operations) {
    this.operations = operations;
  }

  @Override
  public JobPayload payload() {
    return operations.ofEverybody().stream()
        .filter(operation -> !operation.definition().examples().isEmpty())
        .min(
            Comparator.comparing(
                    (Operation operation) -> !operation.definition().pool().equals(Pool.QUICK))
                .thenComparing(Operation::name))
        .map(operation -> example(operation.definition()))
        .orElseGet(() -> JobPayload.of("OPERATION", "Hello"));
  }

  static JobPayload example(Definition definition) {
    return JobPayload.of(definition.name(), definition.examples().getFirst().input());
  }
}
