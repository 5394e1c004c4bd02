package dev.behalf.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import client.ApiClient;
import client.ApiException;
import client.api.JobsApi;
import client.api.KeysApi;
import client.model.ClassifyPayload;
import client.model.ClassifyResult;
import client.model.EchoPayload;
import client.model.EchoResult;
import client.model.JobAnswer;
import client.model.JobPayload;
import client.model.KeyRequest;
import client.model.NewJob;
import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.BehalfSystem;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A client that nobody has written calls the API: openapi-generator made it of the document. */
@Tag("scenarios")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GeneratedClientTest {

  private BehalfSystem behalf;
  private ApiClient client;

  @BeforeAll
  void start() throws Exception {
    behalf = BehalfSystem.shared();
    var issued =
        behalf
            .signUp()
            .post(
                "/api/v1/keys",
                """
                {"name":"k","environment":"live","scopes":["jobs:read","jobs:write","keys:read","keys:write"]}
                """
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    client = new ApiClient();
    client.setBasePath(behalf.web().toString());
    client.setApiKeyPrefix("Api-Key");
    client.setApiKey(StrictJson.MAPPER.readTree(issued.body()).required("secret").asString());
  }

  @Test
  void queues_a_job_and_reads_its_result_as_what_it_is() throws Exception {
    var jobs = new JobsApi(client);
    var echo =
        new JobPayload(new EchoPayload().operation(EchoPayload.OperationEnum.ECHO).text("hello"));
    var classify =
        new JobPayload(
            new ClassifyPayload()
                .operation(ClassifyPayload.OperationEnum.CLASSIFY)
                .text("Where on earth is my parcel?")
                .labels(new java.util.LinkedHashSet<>(List.of("delivery", "praise"))));

    var first = done(jobs, echo);
    var second = done(jobs, classify);

    assertThat(result(first))
        .isInstanceOfSatisfying(
            EchoResult.class, result -> assertThat(result.getText()).isEqualTo("hello"));
    assertThat(result(second))
        .isInstanceOfSatisfying(
            ClassifyResult.class, result -> assertThat(result.getScores()).hasSize(2));
    assertThat(jobs.jobsList(null, null, 20).getJobs()).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void issues_a_key_and_revokes_it() throws Exception {
    var keys = new KeysApi(client);

    var issued =
        keys.keysCreate(
            new KeyRequest().name("generated").scopes(List.of(KeyRequest.ScopesEnum.JOBS_READ)));
    var id = issued.getKey().getId();

    assertThat(keys.keysFind(id).getName()).isEqualTo("generated");
    assertThat(keys.keysRevoke(id).getRevokedAt()).isNotNull();
  }

  @Test
  void hears_of_a_refusal_with_its_problem() {
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> new JobsApi(client).jobsFind(UUID.randomUUID(), null))
        .satisfies(refusal -> assertThat(refusal.getCode()).isEqualTo(404))
        .satisfies(refusal -> assertThat(refusal.getResponseBody()).contains("not_found"));
  }

  private static Object result(JobAnswer job) {
    return Objects.requireNonNull(job.getResult()).getActualInstance();
  }

  private static JobAnswer done(JobsApi jobs, JobPayload payload) throws ApiException {
    var job = jobs.jobsSubmit(new NewJob().payload(payload), UUID.randomUUID().toString(), null);
    return await()
        .atMost(java.time.Duration.ofMinutes(1))
        .until(
            () -> jobs.jobsFind(job.getId(), null),
            found -> found.getState() == JobAnswer.StateEnum.SUCCEEDED);
  }
}
