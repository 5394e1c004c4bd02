package dev.behalf.web.work.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.behalf.testkit.Person;
import dev.behalf.web.WebAppTest;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages come and go; what happens meanwhile is told to them all the same. */
class LiveFeedTest extends WebAppTest {

  private Person ada;
  private Person bob;

  @BeforeEach
  void sign_up() throws Exception {
    ada = signUp();
    bob = signUp();
  }

  @Test
  void a_page_that_comes_back_is_told_what_it_has_missed_once_and_in_order() throws Exception {
    String heard;
    try (var page = open(ada, "")) {
      assertThat(page.next().name()).isEqualTo("hello");
      change(ada, "dispatched");
      heard = page.next().id();
    }
    var missed = new ArrayList<UUID>();
    for (int i = 0; i < 100; i++) {
      missed.add(change(ada, "succeeded"));
    }
    change(bob, "succeeded");

    try (var page = open(ada, heard)) {
      assertThat(page.next().name()).isEqualTo("goes-on");
      for (var job : missed) {
        assertThat(page.next().data()).contains(job.toString(), "succeeded");
      }
      var later = change(ada, "failed");
      assertThat(page.next().data()).contains(later.toString(), "failed");
    }
  }

  @Test
  void a_page_that_has_closed_its_stream_says_in_the_address_where_it_stopped() throws Exception {
    String heard;
    try (var page = open(ada, "")) {
      heard = page.next().id();
    }
    var job = change(ada, "succeeded");

    try (var page = open(ada, "/live?after=" + heard, "")) {
      assertThat(page.next().name()).isEqualTo("goes-on");
      assertThat(page.next().data()).contains(job.toString());
    }
  }

  @Test
  void a_page_that_was_away_for_too_long_or_tells_nonsense_reads_all_anew() throws Exception {
    try (var page = open(ada, "/live?after=%0Adata:%20forged", "nonsense")) {
      var first = page.next();
      assertThat(first.name()).isEqualTo("hello");
      assertThat(first.data()).isEqualTo("{}");
    }
  }

  @Test
  void a_proxy_is_told_to_pass_on_at_once_what_is_told() throws Exception {
    var answer =
        ada.http()
            .send(
                HttpRequest.newBuilder(site().resolve("/live")).build(),
                HttpResponse.BodyHandlers.ofInputStream());

    assertThat(answer.headers().firstValue("X-Accel-Buffering")).hasValue("no");
    answer.body().close();
  }

  @Test
  void a_stream_ends_with_its_session() throws Exception {
    try (var page = open(ada, "")) {
      page.next();

      ada.form("/signout", java.util.Map.of());

      await().atMost(Duration.ofSeconds(5)).until(page::isEnded);
    }
  }

  @Test
  void a_stream_ends_with_its_account() throws Exception {
    try (var page = open(ada, "")) {
      page.next();

      sql("delete from accounts.spring_session where principal_name = '" + userId(ada) + "'");

      await().atMost(Duration.ofSeconds(5)).until(page::isEnded);
    }
  }

  @Test
  void a_user_has_so_many_streams_and_no_more() throws Exception {
    var pages = new ArrayList<Page>();
    try {
      for (int i = 0; i < 20; i++) {
        pages.add(open(ada, ""));
      }

      var refused = ada.page("/live");

      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValueAsLong("Retry-After")).isPresent();
      open(bob, "").close();
    } finally {
      pages.forEach(Page::close);
    }
  }

  private static UUID change(Person person, String state) {
    var job = UUID.randomUUID();
    sql(
        "select pg_notify('behalf_jobs_changed', '%s:%s %s %s')"
            .formatted(UUID.randomUUID(), userId(person), job, state));
    return job;
  }

  private Page open(Person person, String lastEventId) throws Exception {
    return open(person, "/live", lastEventId);
  }

  private Page open(Person person, String address, String lastEventId) throws Exception {
    var request = HttpRequest.newBuilder(site().resolve(address));
    if (!lastEventId.isEmpty()) {
      request.header("Last-Event-ID", lastEventId);
    }
    var answer = person.http().send(request.build(), HttpResponse.BodyHandlers.ofLines());
    assertThat(answer.statusCode()).isEqualTo(200);
    return new Page(answer.body());
  }

  private record Event(String id, String name, String data) {}

  /** Reads a stream on a thread of its own. */
  private static final class Page implements AutoCloseable {

    private final Stream<String> body;
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private int read;
    private volatile boolean ended;

    Page(Stream<String> body) {
      this.body = body;
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  body.forEach(lines::add);
                  ended = true;
                } catch (RuntimeException closed) {
                  // The test has seen enough.
                }
              });
    }

    boolean isEnded() {
      return ended;
    }

    /** Comments, which keep the stream alive, are none. */
    Event next() {
      var fields = new String[] {"", "", ""};
      while (true) {
        await().pollInterval(Duration.ofMillis(1)).until(() -> lines.size() > read);
        var line = lines.get(read++);
        if (line.startsWith("id:")) {
          fields[0] = line.substring(3);
        } else if (line.startsWith("event:")) {
          fields[1] = line.substring(6);
        } else if (line.startsWith("data:")) {
          fields[2] = line.substring(5);
        } else if (line.isEmpty() && !fields[1].isEmpty()) {
          return new Event(fields[0], fields[1], fields[2]);
        }
      }
    }

    @Override
    public void close() {
      body.close();
    }
  }
}
