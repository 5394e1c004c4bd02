package dev.behalf.spring.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.client.BehalfClient;
import dev.behalf.client.JobRequest;
import dev.behalf.client.test.FakeBehalf;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class BehalfClientAutoConfigurationTest {

  private final FakeBehalf behalf = FakeBehalf.start().operation("greet", run -> run.input());
  private final ApplicationContextRunner empty =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  BehalfClientAutoConfiguration.class,
                  BehalfHealthAutoConfiguration.class,
                  BehalfObservationAutoConfiguration.class,
                  TransactionalJobsAutoConfiguration.class));
  private final ApplicationContextRunner application =
      empty.withPropertyValues(
          "behalf.server=" + behalf.address(), "behalf.api-key=" + behalf.apiKey());

  @AfterEach
  void stop() {
    behalf.close();
  }

  @Test
  void a_client_with_a_key_is_a_bean() {
    application.run(
        context -> {
          var submitted =
              context.getBean(BehalfClient.class).jobs().submit("greet", Map.of("name", "Ada"));

          assertThat(behalf.submitted()).hasSize(1);
          assertThat(submitted.job().operation()).isEqualTo("greet");
        });
  }

  @Test
  void without_a_server_there_is_nothing() {
    empty.run(
        context ->
            assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean(BehalfClient.class)
                .doesNotHaveBean(TransactionalJobs.class)
                .doesNotHaveBean(BehalfHealthIndicator.class));
  }

  @Test
  void an_application_can_bring_a_client_of_its_own() {
    application
        .withBean("own", BehalfClient.class, behalf::client)
        .run(context -> assertThat(context).hasSingleBean(BehalfClient.class).hasBean("own"));
  }

  @Test
  void a_customizer_has_the_last_word() {
    application
        .withBean(
            BehalfClientCustomizer.class,
            () -> builder -> builder.apiKey("bh_test_of_somebody_else"))
        .run(
            context ->
                assertThat(health(context.getBean(HealthIndicator.class)).getDetails())
                    .containsEntry("status", 401));
  }

  @Test
  void wrong_settings_are_named_and_no_secret_is_printed() {
    empty
        .withPropertyValues("behalf.server=" + behalf.address())
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("behalf.api-key")
                    .hasMessageContaining("behalf.platform.secret"));
    application
        .withPropertyValues("behalf.platform.id=shop", "behalf.platform.secret=hunter2")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("either")
                    .message()
                    .doesNotContain("hunter2"));
    for (var wrong : List.of("attempts=0", "outbox.pause=0s", "outbox.pause=2h")) {
      application
          .withPropertyValues("behalf." + wrong)
          .run(context -> assertThat(context).as(wrong).hasFailed());
    }
    empty
        .withPropertyValues("behalf.server=" + behalf.address(), "behalf.platform.id=shop")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("behalf.platform.secret"));
    empty
        .withPropertyValues("behalf.server=http://example.com", "behalf.api-key=k")
        .run(
            context ->
                assertThat(context).getFailure().rootCause().hasMessageContaining("Use https"));
  }

  @Test
  void the_health_says_whether_the_server_accepts_the_credential() {
    application.run(
        context -> {
          var indicator = context.getBean(HealthIndicator.class);
          assertThat(health(indicator).getStatus()).isEqualTo(Status.UP);

          behalf.unavailable(1);
          assertThat(health(indicator).getStatus()).isEqualTo(Status.DOWN);
          assertThat(health(indicator).getStatus()).isEqualTo(Status.UP);

          behalf.close();
          assertThat(health(indicator).getStatus()).isEqualTo(Status.DOWN);
          assertThat(health(indicator).getDetails().toString())
              .contains("could not be reached")
              .doesNotContain(behalf.apiKey());
        });
    application
        .withPropertyValues("management.health.behalf.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(BehalfHealthIndicator.class));
  }

  @Test
  void requests_are_measured_without_ids() {
    application
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .run(
            context -> {
              var jobs = context.getBean(BehalfClient.class).jobs();
              var job = jobs.submit(JobRequest.of("greet", Map.of("name", "Ada"))).job();
              jobs.get(job.id());

              var meters = context.getBean(MeterRegistry.class);
              assertThat(
                      meters
                          .get("http.client.requests")
                          .tags("uri", "/api/v1/jobs/{id}", "method", "GET", "status", "200")
                          .timer()
                          .count())
                  .isEqualTo(1);
            });
  }

  @Test
  void an_application_without_transactions_and_metrics_has_the_client_alone() {
    application
        .withClassLoader(
            new FilteredClassLoader(
                "org.springframework.transaction", "org.springframework.jdbc", "io.micrometer"))
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(BehalfClient.class)
                    .doesNotHaveBean(TransactionalJobs.class));
  }

  private static Health health(HealthIndicator indicator) {
    return Objects.requireNonNull(indicator.health(true));
  }
}
