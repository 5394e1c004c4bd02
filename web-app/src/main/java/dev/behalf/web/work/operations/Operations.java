package dev.behalf.web.work.operations;

import dev.behalf.contract.JobPayload;
import dev.behalf.contract.ProblemCode;
import dev.behalf.operation.BadDefinition;
import dev.behalf.operation.Definitions;
import dev.behalf.server.operations.Operation;
import dev.behalf.server.operations.OperationCatalogue;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.sql.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What users may run, and the versions that operators apply. */
@Component
public class Operations {

  /** Who applies the definitions that are part of the release; the database knows the word. */
  static final String SHIPPED = "behalf";

  /** Who applies the definitions of a folder; the database knows the word. */
  static final String FOLDER = "folder";

  private static final String LISTED =
      """
      select o.name, v.version, o.retired_at, v.applied_by, v.applied_at, v.source
      from jobs.operations o join jobs.operation_versions v on v.name = o.name and %s
      """;

  private final OperationCatalogue catalogue;
  private final ShippedDefinitions shipped;
  private final JdbcClient database;

  Operations(OperationCatalogue catalogue, ShippedDefinitions shipped, JdbcClient database) {
    this.catalogue = catalogue;
    this.shipped = shipped;
    this.database = database;
  }

  /** Returns the operations that a user may run, in the order of their names. */
  public List<Operation> of(UUID userId) {
    var all = catalogue.all();
    if (all.stream().allMatch(operation -> operation.definition().permission() == null)) {
      return all;
    }
    var permissions = permissions(userId);
    return all.stream().filter(operation -> isOpen(operation, permissions)).toList();
  }

  /** Returns the operations that everybody may run, for documentation that needs no session. */
  public List<Operation> ofEverybody() {
    return catalogue.all().stream().filter(one -> isOpen(one, Set.of())).toList();
  }

  /** Returns an operation that the user may run. One that is not open to the user is unknown. */
  public Optional<Operation> find(UUID userId, String name) {
    return catalogue
        .current(name)
        .filter(
            operation ->
                operation.definition().permission() == null
                    || isOpen(operation, permissions(userId)));
  }

  /**
   * Returns the operation of a new job, whose input is valid.
   *
   * @throws Problem if the user may run no such operation, or the input breaks its rules
   */
  public Operation check(UUID userId, JobPayload payload) {
    var operation =
        find(userId, payload.operation()).orElseThrow(() -> unknown(payload.operation(), userId));
    var violations = operation.definition().check(payload.input());
    if (!violations.isEmpty()) {
      throw Problem.of(violations);
    }
    return operation;
  }

  /** Returns the operation with which a job was submitted. */
  public Optional<Operation> version(String name, int version) {
    return catalogue.version(name, version);
  }

  private Problem unknown(String name, UUID userId) {
    var names = of(userId).stream().map(Operation::name).collect(Collectors.joining(", "));
    return new Problem(
            ProblemCode.OPERATION_UNKNOWN,
            (name.isEmpty() ? "The payload names no operation." : "Unknown operation.")
                + " Set \"operation\" to one of "
                + names
                + ".")
        .about(JobPayload.OPERATION);
  }

  private static boolean isOpen(Operation operation, Set<String> permissions) {
    var permission = operation.definition().permission();
    return permission == null || permissions.contains(permission);
  }

  private Set<String> permissions(UUID userId) {
    return database
        .sql("select permissions from accounts.users where id = ?")
        .param(userId)
        .query(String.class)
        .optional()
        .map(words -> Set.copyOf(List.of(words.split(" "))))
        .orElse(Set.of());
  }

  /**
   * An operation as operators see it.
   *
   * @param version the version that new jobs get
   * @param retiredAt since when no new job may ask for it; null while it is in use
   * @param appliedBy {@code behalf}, {@code folder}, an operator's id or a database login
   */
  public record Listed(
      String name,
      int version,
      @Nullable Instant retiredAt,
      String appliedBy,
      Instant appliedAt,
      String source) {}

  /** Returns all operations, also retired ones, each with its current version. */
  public List<Listed> list() {
    return database
        .sql(LISTED.formatted("v.version = o.version") + " order by o.name")
        .query(Operations::read)
        .list();
  }

  /** Returns all versions of an operation, the newest first; none if there is no such operation. */
  public List<Listed> versions(String name) {
    return database
        .sql(LISTED.formatted("true") + " where o.name = ? order by v.version desc limit 100")
        .param(name)
        .query(Operations::read)
        .list();
  }

  private static Listed read(ResultSet row, int index) throws SQLException {
    return new Listed(
        row.getString("name"),
        row.getInt("version"),
        Timestamps.instantOrNull(row, "retired_at"),
        row.getString("applied_by"),
        Timestamps.instant(row, "applied_at"),
        row.getString("source"));
  }

  /**
   * Applies a definition, inside the caller's transaction if there is one; the same content makes
   * no new version.
   *
   * @param yaml the definition as its author wrote it
   * @param by who applies it
   * @return the operation with its version
   * @throws BadDefinition with the line and what to change
   */
  public Operation apply(String yaml, String by) {
    var definition = Definitions.read(yaml);
    Definitions.requireEngine(definition, shipped.engines());
    int version =
        database
            .sql("select jobs.apply_operation(?, ?, ?, ?, ?)")
            .params(
                definition.name(),
                definition.json().toString(),
                yaml,
                Definitions.digest(definition),
                by)
            .query(Integer.class)
            .single();
    return new Operation(version, definition);
  }

  /** Ends the use of an operation by new jobs; returns whether it was in use. */
  public boolean retire(String name) {
    return database
        .sql("select jobs.retire_operation(?)")
        .param(name)
        .query(Boolean.class)
        .single();
  }
}
