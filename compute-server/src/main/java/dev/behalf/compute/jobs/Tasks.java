package dev.behalf.compute.jobs;

import dev.behalf.compute.engines.Task;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.operations.Operation;
import dev.behalf.server.operations.OperationCatalogue;
import dev.behalf.server.problem.Problem;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Turns payloads into tasks: finds the operation, and checks the user and the input again. */
@Component
class Tasks {

  private final OperationCatalogue operations;
  private final JdbcClient database;

  Tasks(OperationCatalogue operations, JdbcClient database) {
    this.operations = operations;
    this.database = database;
  }

  /**
   * Returns the task of a payload.
   *
   * @param version the version of the operation that the job was submitted with; null for the
   *     current one
   * @throws Problem if the operation is unknown or not for this user, or the input is invalid
   */
  Task of(UUID userId, JobPayload payload, @Nullable Integer version) {
    if (operations.all().isEmpty()) {
      // In an upgrade, this server can be here before the web-app that applies the definitions.
      throw Problem.unavailable();
    }
    var name = payload.operation();
    var operation =
        (version == null ? operations.current(name) : operations.version(name, version))
            .filter(found -> isOpenTo(userId, found))
            .orElseThrow(Tasks::unknown);
    var input = payload.input();
    var violations = operation.definition().check(input);
    if (!violations.isEmpty()) {
      throw Problem.of(violations);
    }
    return new Task(operation, version != null, input);
  }

  private boolean isOpenTo(UUID userId, Operation operation) {
    var permission = operation.definition().permission();
    return permission == null
        || database
            .sql("select permissions from accounts.users where id = ?")
            .param(userId)
            .query(String.class)
            .optional()
            .filter(given -> List.of(given.split(" ")).contains(permission))
            .isPresent();
  }

  private static Problem unknown() {
    return new Problem(
            ProblemCode.OPERATION_UNKNOWN,
            "Set \"operation\" to the name of an operation that you may use: GET /api/v1/operations"
                + " of web-app lists them.")
        .about("operation");
  }
}
