package dev.behalf.bench.peer;

import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;

/**
 * Runs jobs: the user's key, the call to the compute process with it, and the outcome. A message is
 * acknowledged after all that, so that a job whose worker dies runs again.
 */
@PeerApplication
@Import(Tasks.class)
public class PeerWorker {

  private final JdbcClient database;
  private final RestClient compute;

  PeerWorker(
      JdbcClient database,
      @Value("${peer.compute-url}") String computeUrl,
      @Value("${spring.rabbitmq.listener.simple.concurrency}") int consumers) {
    this.database = database;
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setMaxConnTotal(consumers)
            .setMaxConnPerRoute(consumers)
            .build();
    this.compute =
        RestClient.builder()
            .baseUrl(computeUrl)
            .requestFactory(
                new HttpComponentsClientHttpRequestFactory(
                    HttpClients.custom().setConnectionManager(connections).build()))
            .build();
  }

  public static void main(String[] args) {
    new SpringApplicationBuilder(PeerWorker.class).web(WebApplicationType.NONE).run(args);
  }

  record Work(String text, String secret) {}

  @RabbitListener(queues = Tasks.QUEUE)
  void run(Tasks.Task task) {
    var work =
        database
            .sql(
                "select text, secret from peer.jobs join peer.keys using (user_id) where id = ? and user_id = ?")
            .params(task.id(), task.user())
            .query(Work.class)
            .single();
    try {
      finish(task, "succeeded", call(task.id(), work).units(), null);
    } catch (HttpClientErrorException refused) {
      finish(task, "failed", null, refused.getStatusCode().value());
    }
  }

  private PeerCompute.Answer call(UUID job, Work work) {
    var answer =
        compute
            .post()
            .uri("/v1/compute")
            .header(HttpHeaders.AUTHORIZATION, Keys.SCHEME + work.secret())
            .body(new PeerCompute.Call(job, work.text()))
            .retrieve()
            .body(PeerCompute.Answer.class);
    return Objects.requireNonNull(answer);
  }

  private void finish(
      Tasks.Task task, String state, @Nullable Long units, @Nullable Integer refused) {
    database
        .sql(
            "update peer.jobs set state = ?, units = ?, refused = ?, finished_at = now() where id = ?")
        .params(Arrays.asList(state, units, refused, task.id()))
        .update();
  }
}
