package dev.behalf.web.work.jobs;

import dev.behalf.contract.Pool;
import dev.behalf.operation.Definition;
import dev.behalf.operation.Engine;
import dev.behalf.server.operations.Operation;
import dev.behalf.server.operations.OperationCatalogue;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How many jobs of an operation its engine may have at once, by its definition and its health. */
@Component
public class EnginePlaces {

  /** For an operation that no definition describes any more: its jobs find that out one by one. */
  private static final Places UNKNOWN = new Places(1, 1, Health.SOUND, 0);

  private final Function<String, Optional<Operation>> operations;
  private final JdbcClient database;

  @Autowired
  EnginePlaces(OperationCatalogue operations, JdbcClient database) {
    this(operations::newest, database);
  }

  EnginePlaces(Function<String, Optional<Operation>> operations, JdbcClient database) {
    this.operations = operations;
    this.database = database;
  }

  /** What the calls of an engine have shown. */
  public enum Health {
    SOUND,
    /** The circuit is open: no job is dispatched. */
    AWAY,
    /** The circuit was open: the next job shows whether the engine answers again. */
    ON_TRIAL
  }

  /**
   * The most jobs at once by the definition, live and test together.
   *
   * @param perUser the most of them of one user
   * @param onTrial how many runs have begun since the circuit was open
   */
  public record Places(int atOnce, int perUser, Health health, int onTrial) {

    /**
     * Returns how many more jobs may be dispatched now.
     *
     * @param dispatched how many are on their way to the engine, or wait for its answer
     * @param running how many have an open run, which tells nothing of new calls
     */
    public int room(int dispatched, int running) {
      int free = atOnce - dispatched - running;
      return switch (health) {
        case SOUND -> free;
        case AWAY -> 0;
        case ON_TRIAL -> Math.min(free, 1 - dispatched - onTrial);
      };
    }
  }

  /** Returns the places of a pool that belongs to one operation. */
  public Places of(Pool pool) {
    return operations
        .apply(pool.operation())
        .map(Operation::definition)
        .map(
            definition -> {
              var health = health(definition.engine());
              return new Places(
                  definition.limits().atOnce(),
                  definition.limits().atOncePerUser(),
                  health,
                  health == Health.ON_TRIAL ? onTrial(definition) : 0);
            })
        .orElse(UNKNOWN);
  }

  /** Counts open runs that began after the circuit: none of them has shown yet that it answers. */
  private int onTrial(Definition definition) {
    return definition.engine() instanceof Engine.Remote remote && definition.isLong()
        ? database
            .sql(
                """
                select count(*) from compute.runs r join compute.engines e on e.server = ?
                where r.state = 'open' and r.operation = ? and r.started_at > e.open_until
                """)
            .params(remote.server(), definition.name())
            .query(Integer.class)
            .single()
        : 0;
  }

  private Health health(Engine engine) {
    return switch (engine) {
      case Engine.Builtin builtin -> Health.SOUND;
      case Engine.Remote remote ->
          database
              .sql(
                  "select open_until > now() as is_open from compute.engines"
                      + " where server = ? and open_until is not null")
              .param(remote.server())
              .query((row, index) -> row.getBoolean("is_open") ? Health.AWAY : Health.ON_TRIAL)
              .optional()
              .orElse(Health.SOUND);
    };
  }
}
