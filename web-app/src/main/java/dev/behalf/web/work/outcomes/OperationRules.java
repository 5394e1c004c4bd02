package dev.behalf.web.work.outcomes;

import dev.behalf.operation.Definition;
import dev.behalf.operation.Engine;
import dev.behalf.server.operations.Operation;
import dev.behalf.server.operations.OperationCatalogue;
import dev.behalf.web.work.jobs.JobsSettings;
import dev.behalf.web.work.outcomes.JobRows.Row;
import dev.behalf.web.work.outcomes.Settlement.Rules;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/** Says what the operation of a job allows. */
@Component
class OperationRules {

  private final OperationCatalogue operations;
  private final int maxAttempts;
  private final InstantSource clock;

  OperationRules(OperationCatalogue operations, JobsSettings settings, InstantSource clock) {
    this.operations = operations;
    this.maxAttempts = settings.maxAttempts();
    this.clock = clock;
  }

  Rules of(Row row) {
    return operations
        .version(row.operation(), row.version())
        .map(Operation::definition)
        .map(definition -> of(row, definition))
        .orElseGet(() -> new Rules(maxAttempts, true, null));
  }

  private Rules of(Row row, Definition definition) {
    var limits = definition.limits();
    var attempts = Math.min(maxAttempts, limits.attempts());
    return definition.engine() instanceof Engine.Builtin
        ? new Rules(attempts, true, null)
        : new Rules(
            attempts,
            false,
            row.waitingSince() == null
                ? limits.startWithin()
                : limits
                    .startWithin()
                    .minus(Duration.between(row.waitingSince(), clock.instant())));
  }
}
