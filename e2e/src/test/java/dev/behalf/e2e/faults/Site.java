package dev.behalf.e2e.faults;

import dev.behalf.testkit.Required;
import dev.behalf.testkit.faults.FailPoint;
import dev.behalf.testkit.faults.FaultySystem;
import dev.behalf.testkit.faults.PrivatePostgres;
import dev.behalf.testkit.faults.PrivateRabbit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A system, what it stands on, and its users: started once for a group of cases. */
record Site(FaultySystem system, PrivateRabbit rabbit, PrivatePostgres postgres, List<Client> users)
    implements AutoCloseable {

  private static final int USERS = 20;

  /** One broker and one database, every connection through a proxy. */
  static Site proxied(List<FailPoint> points, Map<String, String> settings) throws Exception {
    var rabbit = Required.orSkip("rabbitmq", PrivateRabbit.start(1));
    var postgres = Required.orSkip("postgresql", PrivatePostgres.alone());
    return start(rabbit, "", postgres, "", points, settings);
  }

  /** On a database that is there. */
  static Site on(PrivatePostgres postgres, Map<String, String> settings) throws Exception {
    var rabbit = Required.orSkip("rabbitmq", PrivateRabbit.start(1));
    return start(rabbit, "", postgres, "", List.of(), settings);
  }

  /** Three brokers with quorum queues. */
  static Site clustered() throws Exception {
    var rabbit = Required.orSkip("rabbitmq", PrivateRabbit.start(3));
    var postgres = Required.orSkip("postgresql", PrivatePostgres.alone());
    return start(rabbit, rabbit.addresses(), postgres, "", List.of(), Map.of());
  }

  /** A database with a synchronous standby. */
  static Site replicated() throws Exception {
    var rabbit = Required.orSkip("rabbitmq", PrivateRabbit.start(1));
    var postgres = Required.orSkip("postgresql", PrivatePostgres.withStandby());
    return start(rabbit, "", postgres, postgres.urlOfBoth(), List.of(), Map.of());
  }

  private static Site start(
      PrivateRabbit rabbit,
      String brokers,
      PrivatePostgres postgres,
      String databaseUrl,
      List<FailPoint> points,
      Map<String, String> settings)
      throws Exception {
    var system =
        FaultySystem.start(
            new FaultySystem.Parts(
                rabbit.node().port(),
                brokers,
                postgres.database(),
                postgres.primary().port(),
                databaseUrl,
                points,
                settings));
    return new Site(system, rabbit, postgres, signUp(system, USERS));
  }

  /** Others than its users. */
  List<Client> people(int count) throws Exception {
    return signUp(system, count);
  }

  private static List<Client> signUp(FaultySystem system, int count) throws Exception {
    var people = new ArrayList<Client>();
    for (int i = 0; i < count; i++) {
      people.add(Client.signUp(system.web()));
    }
    return List.copyOf(people);
  }

  @Override
  public void close() throws Exception {
    system.close();
    rabbit.close();
    postgres.close();
  }
}
