package dev.behalf.spring.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.behalf.client.BehalfClient;
import dev.behalf.client.JobRequest;
import dev.behalf.client.ProblemException;
import dev.behalf.client.Submitted;
import dev.behalf.client.test.FakeBehalf;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.transaction.support.TransactionTemplate;

/** An application with a database of its own that submits jobs from its transactions. */
class TransactionalJobsTest {

  private static final JobRequest ORDER =
      JobRequest.of("greet", Map.of("name", "Ada")).idempotencyKey("order-17").tag("shop");

  private FakeBehalf behalf;
  private ApplicationContextRunner application;

  @BeforeEach
  void start() {
    behalf = FakeBehalf.start().operation("greet", run -> run.input());
    application =
        new ApplicationContextRunner()
            .withConfiguration(
                AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    JdbcTemplateAutoConfiguration.class,
                    JdbcClientAutoConfiguration.class,
                    DataSourceTransactionManagerAutoConfiguration.class,
                    TransactionAutoConfiguration.class,
                    BehalfClientAutoConfiguration.class,
                    TransactionalJobsAutoConfiguration.class))
            .withPropertyValues(
                "spring.datasource.generate-unique-name=true",
                "behalf.server=" + behalf.address(),
                "behalf.api-key=" + behalf.apiKey(),
                "behalf.attempts=1",
                "behalf.outbox.pause=50ms");
  }

  @AfterEach
  void stop() {
    behalf.close();
  }

  @Test
  void a_job_is_submitted_after_the_commit_and_not_before() {
    application.run(
        context -> {
          var answer =
              inTransaction(
                  context,
                  jobs -> {
                    var submitted = jobs.submit(ORDER);
                    assertThat(submitted).isNotDone();
                    assertThat(behalf.submitted()).isEmpty();
                    return submitted;
                  });

          assertThat(answer.get(20, TimeUnit.SECONDS).job().operation()).isEqualTo("greet");
          assertThat(behalf.submitted()).hasSize(1);
        });
  }

  @Test
  void a_rollback_submits_nothing() {
    application.run(
        context -> {
          var answer = new AtomicReference<CompletableFuture<Submitted>>();
          assertThatThrownBy(
                  () ->
                      inTransaction(
                          context,
                          jobs -> {
                            answer.set(jobs.submit(ORDER));
                            throw new IllegalStateException("no stock");
                          }))
              .hasMessage("no stock");

          assertThat(answer.get()).isCancelled();
          assertThat(behalf.submitted()).isEmpty();
        });
  }

  @Test
  void without_a_transaction_a_job_is_submitted_at_once() {
    application.run(
        context -> {
          context.getBean(TransactionalJobs.class).submit(ORDER).get(20, TimeUnit.SECONDS);

          assertThat(behalf.submitted()).hasSize(1);
        });
  }

  @Test
  void a_refusal_is_what_the_future_throws() {
    application.run(
        context -> {
          var unknown = JobRequest.of("unknown", Map.of());
          var answer = context.getBean(TransactionalJobs.class).submit(unknown);

          assertThat(answer)
              .failsWithin(Duration.ofSeconds(20))
              .withThrowableThat()
              .withCauseInstanceOf(ProblemException.class);
        });
  }

  @Test
  void with_the_outbox_a_job_is_submitted_though_the_server_was_away() {
    withOutbox(
        context -> {
          behalf.unavailable(3);
          var answer = inTransaction(context, jobs -> jobs.submit(ORDER));

          assertThat(answer).failsWithin(Duration.ofSeconds(20));
          await().until(() -> behalf.submitted().size() == 1);
          await().until(() -> rows(context, "true") == 0);
        });
  }

  @Test
  void with_the_outbox_a_rollback_leaves_no_row() {
    withOutbox(
        context -> {
          assertThatThrownBy(
                  () ->
                      inTransaction(
                          context,
                          jobs -> {
                            var unused = jobs.submit(ORDER);
                            throw new IllegalStateException("no stock");
                          }))
              .hasMessage("no stock");

          assertThat(rows(context, "true")).isZero();
          assertThat(behalf.submitted()).isEmpty();
        });
  }

  @Test
  void what_a_dead_process_has_left_in_the_outbox_is_sent_as_it_was() {
    withOutbox(
        context -> {
          leave(context, "one", ORDER.toJson());
          await().until(() -> rows(context, "true") == 0);

          assertThat(behalf.submitted().getFirst().required("tags").toString())
              .isEqualTo("[\"shop\"]");
          // The process had sent it, and died before it could remove the row.
          leave(context, "two", ORDER.toJson());
          await().until(() -> rows(context, "true") == 0);
          assertThat(behalf.submitted()).hasSize(1);
        });
  }

  @Test
  void what_nobody_can_send_stays_in_the_outbox_with_the_reason_and_stops_nothing() {
    withOutbox(
        context -> {
          leave(context, "unreadable", "{}");
          leave(context, "unknown", JobRequest.of("unknown", Map.of()).toJson());
          leave(context, "good", ORDER.toJson());

          await().until(() -> behalf.submitted().size() == 1);
          await().until(() -> rows(context, "refusal is not null") == 2);
          assertThat(rows(context, "refusal like 'operation_unknown: %'")).isEqualTo(1);
        });
  }

  @Test
  void a_request_is_submitted_as_it_was_when_it_was_passed() {
    withOutbox(
        context -> {
          var request = JobRequest.of("greet", Map.of("name", "Ada"));
          var answers = new ArrayList<CompletableFuture<Submitted>>();
          context
              .getBean(TransactionTemplate.class)
              .executeWithoutResult(
                  status -> {
                    for (int i = 0; i < 3; i++) {
                      answers.add(
                          context
                              .getBean(TransactionalJobs.class)
                              .submit(request.idempotencyKey("order-" + i)));
                    }
                  });

          for (var answer : answers) {
            assertThat(answer).succeedsWithin(Duration.ofSeconds(20));
          }
          assertThat(behalf.submitted()).hasSize(3);
        });
  }

  /** A wrong key is mended by somebody; the order must not be lost meanwhile. */
  @Test
  void a_refusal_of_the_credential_leaves_the_request_in_the_outbox() {
    application
        .withPropertyValues("behalf.api-key=bh_test_of_somebody_else")
        .withPropertyValues("behalf.outbox.enabled=true")
        .withInitializer(TransactionalJobsTest::createOutbox)
        .run(
            context -> {
              var answer = inTransaction(context, jobs -> jobs.submit(ORDER));

              assertThat(answer)
                  .failsWithin(Duration.ofSeconds(20))
                  .withThrowableThat()
                  .withCauseInstanceOf(ProblemException.class);
              await().until(() -> rows(context, "attempts > 1 and refusal is null") == 1);
            });
  }

  @Test
  void what_the_client_cannot_send_is_refused_at_once() {
    withOutbox(
        context -> {
          var unsendable = JobRequest.of("greet", Map.of()).idempotencyKey("two\nlines");
          assertThat(context.getBean(TransactionalJobs.class).submit(unsendable))
              .failsWithin(Duration.ofSeconds(20));

          await().until(() -> rows(context, "refusal is not null") == 1);
        });
  }

  @Test
  void a_transaction_of_another_database_is_refused() {
    withOutbox(
        context -> {
          var other =
              new TransactionTemplate(
                  new DataSourceTransactionManager(
                      new DriverManagerDataSource("jdbc:h2:mem:other;DB_CLOSE_DELAY=-1")));
          var jobs = context.getBean(TransactionalJobs.class);

          assertThatThrownBy(
                  () ->
                      other.executeWithoutResult(
                          status -> {
                            var unused = jobs.submit(ORDER);
                          }))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("not one of the database");
          assertThat(rows(context, "true")).isZero();
        });
  }

  @Test
  void an_application_that_stops_says_so() {
    application.run(
        context -> {
          var jobs = context.getBean(TransactionalJobs.class);
          jobs.close();

          assertThat(jobs.submit(ORDER)).failsWithin(Duration.ofSeconds(5));
        });
  }

  @Test
  void an_outbox_needs_a_client_of_whatever_kind() {
    application
        .withPropertyValues("behalf.outbox.enabled=true", "behalf.server=")
        .withBean("own", BehalfClient.class, behalf::client)
        .withInitializer(TransactionalJobsTest::createOutbox)
        .run(context -> assertThat(context).hasNotFailed().hasSingleBean(OutboxSender.class));
  }

  @Test
  void requests_survive_being_written_as_text() {
    var request =
        JobRequest.of("greet", Map.of("amount", new BigDecimal("1.10"), "n", 12345678901L))
            .environment("test")
            .priority("low")
            .notBefore(Instant.parse("2026-12-24T10:00:00Z"))
            .metadata("order", "17");

    var json = request.toJson();

    assertThat(JobRequest.fromJson(json).toJson()).isEqualTo(json).contains("1.10");
    assertThatThrownBy(() -> JobRequest.fromJson("[]"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void withOutbox(ContextConsumer<AssertableApplicationContext> test) {
    application
        .withPropertyValues("behalf.outbox.enabled=true")
        .withInitializer(TransactionalJobsTest::createOutbox)
        .run(test);
  }

  /** The table is there before anybody reads the outbox. */
  private static void createOutbox(ConfigurableApplicationContext context) {
    context
        .getBeanFactory()
        .addBeanPostProcessor(
            new BeanPostProcessor() {
              @Override
              public Object postProcessAfterInitialization(Object bean, String name) {
                if (bean instanceof DataSource database) {
                  new ResourceDatabasePopulator(
                          new ClassPathResource("dev/behalf/spring/outbox.sql"))
                      .execute(database);
                }
                return bean;
              }
            });
  }

  private interface Work {
    CompletableFuture<Submitted> with(TransactionalJobs jobs);
  }

  private static CompletableFuture<Submitted> inTransaction(
      AssertableApplicationContext context, Work work) {
    var jobs = context.getBean(TransactionalJobs.class);
    return Objects.requireNonNull(
        context.getBean(TransactionTemplate.class).execute(status -> work.with(jobs)));
  }

  private static void leave(AssertableApplicationContext context, String id, String request) {
    context
        .getBean(JdbcClient.class)
        .sql(
            "insert into behalf_outbox (id, request, attempts, created_at, next_at) values (?, ?, 1, 0, 0)")
        .params(id, request)
        .update();
  }

  private static long rows(AssertableApplicationContext context, String where) {
    return context
        .getBean(JdbcClient.class)
        .sql("select count(*) from behalf_outbox where " + where)
        .query(Long.class)
        .single();
  }

  @Test
  void the_client_of_the_application_can_be_used_beside_it() {
    application.run(
        context -> assertThat(context.getBean(BehalfClient.class).operations()).hasSize(1));
  }
}
