package dev.behalf.bench;

import com.rabbitmq.client.AMQP;
import dev.behalf.bench.peer.PeerWeb;
import dev.behalf.contract.StrictJson;
import dev.behalf.database.BehalfDatabase;
import dev.behalf.standalone.UserError;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The peer in Django and Celery.
 *
 * @param python the interpreter that has them
 * @param folder where peer.py is
 */
record DjangoPrograms(String python, Path folder, BehalfDatabase database, URI broker)
    implements PeerPrograms {

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  /**
   * Two for each processor: with two processors, 8 drained a fifth, 16 a quarter fewer jobs a
   * second.
   */
  private static final String WORKER =
      "celery --app peer worker --concurrency %d --loglevel error --without-gossip --without-mingle --without-heartbeat"
          .formatted(2 * PROCESSORS);

  private static final String SERVER =
      "gunicorn peer:%%s --bind 127.0.0.1:%%d --workers %d --worker-class gthread --threads 8 --keep-alive 60 --log-level error"
          .formatted(PROCESSORS);

  static DjangoPrograms with(String python, BehalfDatabase database, URI broker)
      throws IOException, InterruptedException {
    if (!isUsable(python)) {
      throw new UserError(
          "%s lacks what the peer needs. Install django, celery 5.5 or newer, gunicorn, urllib3 and psycopg[binary], or set --python."
              .formatted(python));
    }
    var folder = Files.createTempDirectory("behalf-peer");
    var source = folder.resolve("peer.py");
    // They are deleted in the reverse order.
    folder.toFile().deleteOnExit();
    source.toFile().deleteOnExit();
    try (var peer = Objects.requireNonNull(PeerWeb.class.getResourceAsStream("peer.py"))) {
      Files.write(source, peer.readAllBytes());
    }
    return new DjangoPrograms(python, folder, database, broker);
  }

  /**
   * Returns whether an interpreter has Django, a Celery that knows quorum queues, and a fast
   * driver.
   */
  static boolean isUsable(String python) throws InterruptedException {
    var check =
        "import django, gunicorn, urllib3, celery, psycopg;"
            + " assert tuple(map(int, celery.__version__.split('.')[:2])) >= (5, 5);"
            + " assert psycopg.pq.__impl__ != 'python'";
    var command =
        new ProcessBuilder(python, "-c", check)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      return command.start().waitFor() == 0;
    } catch (IOException noSuchProgram) {
      return false;
    }
  }

  @Override
  public Program startWeb(int port) throws IOException {
    return start(SERVER.formatted("web", port), Map.of());
  }

  @Override
  public Program startWorker(URI compute) throws IOException {
    return start(WORKER, Map.of("PEER_COMPUTE", compute.toString()));
  }

  @Override
  public Program startCompute(int port) throws IOException {
    return start(SERVER.formatted("compute", port), Map.of());
  }

  private Program start(String module, Map<String, String> addresses) throws IOException {
    var owner = database.roles().owner();
    var server = URI.create(database.url().substring("jdbc:".length()));
    var environment = new HashMap<>(addresses);
    environment.put("PYTHONPATH", folder.toString());
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    environment.put("PGHOST", server.getHost());
    environment.put("PGPORT", String.valueOf(server.getPort()));
    environment.put("PGDATABASE", server.getPath().substring(1));
    environment.put("PGUSER", owner.name());
    environment.put("PGPASSWORD", owner.password());
    environment.put("PEER_BROKER", broker.toString());
    var command = Stream.concat(Stream.of(python, "-m"), Stream.of(module.split(" ", -1)));
    return Program.start(command.toList(), environment);
  }

  @Override
  public String queue() {
    return "peer-celery";
  }

  /**
   * Version 2 of Celery's protocol, with the headers that a worker needs: the task in the headers,
   * its arguments in the body.
   */
  @Override
  public Message message(String job, String user) {
    var properties =
        new AMQP.BasicProperties.Builder()
            .contentType("application/json")
            .contentEncoding("utf-8")
            .correlationId(job)
            .headers(Map.of("lang", "py", "task", "run", "id", job, "root_id", job))
            .deliveryMode(2)
            .build();
    return new Message(
        properties, StrictJson.write(List.of(List.of(job, user), Map.of(), Map.of())));
  }
}
