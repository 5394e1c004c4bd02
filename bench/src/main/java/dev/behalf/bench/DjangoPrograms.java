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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The peer in Django and Celery.
 *
 * @param python the interpreter that has them
 * @param folder where peer.py is
 */
record DjangoPrograms(String python, Path folder, BehalfDatabase database, URI broker)
    implements PeerPrograms {

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  /** With two processors, 4 drained 25 to 30 % more jobs a second than 8 or 16. */
  private static final String WORKER_PROCESSES = String.valueOf(2 * PROCESSORS);

  static DjangoPrograms with(String python, BehalfDatabase database, URI broker)
      throws IOException, InterruptedException {
    if (!isUsable(python)) {
      throw new UserError(
          "%s lacks what the peer needs. Install django, celery 5.5 or newer, gunicorn, urllib3 and psycopg, or set --python."
              .formatted(python));
    }
    var folder = Files.createTempDirectory("behalf-peer");
    var source = Files.createFile(folder.resolve("peer.py"));
    source.toFile().deleteOnExit();
    folder.toFile().deleteOnExit();
    try (var peer = Objects.requireNonNull(PeerWeb.class.getResourceAsStream("peer.py"))) {
      Files.write(source, peer.readAllBytes());
    }
    return new DjangoPrograms(python, folder, database, broker);
  }

  /** Returns whether an interpreter has Django, a Celery that knows quorum queues, and the rest. */
  static boolean isUsable(String python) throws IOException, InterruptedException {
    var check =
        "import django, gunicorn, urllib3, celery, django.db.backends.postgresql.psycopg_any;"
            + " assert tuple(map(int, celery.__version__.split('.')[:2])) >= (5, 5)";
    return new ProcessBuilder(python, "-c", check)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  @Override
  public Program startWeb(int port) throws IOException {
    return start(gunicorn("web", port), null);
  }

  @Override
  public Program startWorker(URI compute) throws IOException {
    return start(
        List.of(
            "celery",
            "--app",
            "peer",
            "worker",
            "--concurrency",
            WORKER_PROCESSES,
            "--loglevel",
            "error",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat"),
        compute);
  }

  @Override
  public Program startCompute(int port) throws IOException {
    return start(gunicorn("compute", port), null);
  }

  private static List<String> gunicorn(String application, int port) {
    return List.of(
        "gunicorn",
        "peer:" + application,
        "--bind",
        "127.0.0.1:" + port,
        "--worker-class",
        "gthread",
        "--workers",
        String.valueOf(PROCESSORS),
        "--threads",
        "8",
        "--keep-alive",
        "60",
        "--log-level",
        "error");
  }

  private Program start(List<String> module, @Nullable URI compute) throws IOException {
    var owner = database.roles().owner();
    var server = URI.create(database.url().substring("jdbc:".length()));
    var environment = new HashMap<String, String>();
    environment.put("PYTHONPATH", folder.toString());
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    environment.put(
        "PEER_DATABASE",
        "postgresql://%s:%s@%s%s"
            .formatted(
                owner.name(), owner.password(), server.getRawAuthority(), server.getRawPath()));
    environment.put("PEER_BROKER", broker.toString());
    if (compute != null) {
      environment.put("PEER_COMPUTE", compute.toString());
    }
    var command = new ArrayList<>(List.of(python, "-m"));
    command.addAll(module);
    return Program.start(command, environment);
  }

  @Override
  public String queue() {
    return "peer-celery";
  }

  /** Version 2 of Celery's protocol: the task in the headers, its arguments in the body. */
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
