package dev.behalf.bench;

import com.rabbitmq.client.AMQP;
import dev.behalf.bench.peer.PeerCompute;
import dev.behalf.bench.peer.PeerWeb;
import dev.behalf.bench.peer.PeerWorker;
import dev.behalf.bench.peer.Tasks;
import dev.behalf.contract.StrictJson;
import dev.behalf.database.BehalfDatabase;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** The peer in plain Spring Boot. */
record SpringPrograms(BehalfDatabase database, URI broker) implements PeerPrograms {

  private static final String SETTINGS = "/dev/behalf/bench/peer/application.yaml";

  @Override
  public Program startWeb(int port) throws IOException {
    return start(PeerWeb.class, "--server.port=" + port);
  }

  @Override
  public Program startWorker(URI compute) throws IOException {
    return start(PeerWorker.class, "--peer.compute-url=" + compute);
  }

  @Override
  public Program startCompute(int port) throws IOException {
    return start(PeerCompute.class, "--server.port=" + port);
  }

  private Program start(Class<?> main, String argument) throws IOException {
    var owner = database.roles().owner();
    var environment =
        Map.of(
            "SPRING_CONFIG_LOCATION", "classpath:" + SETTINGS,
            "SPRING_DATASOURCE_URL", database.url(),
            "SPRING_DATASOURCE_USERNAME", owner.name(),
            "SPRING_DATASOURCE_PASSWORD", owner.password(),
            "SPRING_RABBITMQ_ADDRESSES", broker.toString());
    return Program.start(main, environment, List.of(argument));
  }

  @Override
  public String queue() {
    return Tasks.QUEUE;
  }

  @Override
  public Message message(String job, String user) {
    return new Message(
        new AMQP.BasicProperties.Builder().contentType("application/json").deliveryMode(2).build(),
        StrictJson.write(Map.of("id", job, "user", user)));
  }
}
