package dev.behalf.worker.compute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.CallLimits;
import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.RawJson;
import dev.behalf.worker.compute.ComputeAnswer.Done;
import dev.behalf.worker.compute.ComputeAnswer.KeyRefused;
import dev.behalf.worker.compute.ComputeAnswer.Refused;
import dev.behalf.worker.compute.ComputeAnswer.Times;
import dev.behalf.worker.compute.ComputeAnswer.Unavailable;
import dev.behalf.worker.secrets.ManagedKey;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComputeClientTest {

  private static final ManagedKey KEY = new ManagedKey("abc", "bh_live_abc");

  private final List<Request> requests = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 409, 413, 415, 422})
  void a_request_that_is_wrong_is_refused_with_the_servers_reason(int status) {
    assertThat(answer(status, "{\"code\":\"text_empty\",\"detail\":\"Write.\"}"))
        .isEqualTo(new Refused("text_empty", "Write."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"quota_exceeded", "key_cap_reached"})
  void a_limit_that_is_used_up_is_refused(String code) {
    assertThat(answer(429, "{\"code\":\"" + code + "\",\"detail\":\"Used up.\"}"))
        .isEqualTo(new Refused(code, "Used up."));
  }

  @Test
  void too_many_requests_are_tried_again_after_the_pause_that_the_server_asks_for() {
    assertThat(answer(429, "{\"code\":\"rate_limited\"}", "Retry-After", "7"))
        .isEqualTo(new Unavailable("unavailable", "The compute server answered 429.", 7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"code\":\"key_invalid\"}", "[]", ""})
  void an_unauthorized_call_means_that_the_key_is_refused_whatever_the_body(String body) {
    assertThat(answer(401, body)).isEqualTo(new KeyRefused());
  }

  @Test
  void busy_keeps_its_code_so_that_it_is_no_attempt() {
    assertThat(answer(503, "{\"code\":\"busy\",\"detail\":\"Wait.\"}", "Retry-After", "3"))
        .isEqualTo(new Unavailable("busy", "Wait.", 3));
  }

  @Test
  void a_failure_of_the_engine_keeps_its_code_so_that_it_is_retried_less() {
    assertThat(answer(500, "{\"code\":\"engine_failed\",\"detail\":\"It fails.\"}"))
        .isEqualTo(new Unavailable("engine_failed", "It fails.", null));
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 302, 404, 405, 429, 500, 502, 503, 504})
  void any_other_answer_is_tried_again_and_named(int status) {
    assertThat(answer(status, "{\"code\":\"internal\",\"detail\":\"secret\"}"))
        .isEqualTo(
            new Unavailable("unavailable", "The compute server answered " + status + ".", null));
  }

  @ParameterizedTest
  @CsvSource({"0,0", "7,7", "99999,99999", "100000,", "-1,", "1.5,", "soon,", "'',"})
  void a_pause_is_a_number_of_seconds_and_anything_else_is_none(
      String header, @Nullable Integer seconds) {
    assertThat(answer(503, "{}", "Retry-After", header))
        .isEqualTo(new Unavailable("unavailable", "The compute server answered 503.", seconds));
  }

  @Test
  void a_result_is_done_and_new_unless_the_server_says_that_it_is_replayed() {
    assertThat(answer(200, "{\"units\":3}")).isEqualTo(new Done(3, false, null));
    assertThat(answer(200, "{\"units\":3,\"replayed\":true,\"result\":{}}"))
        .isEqualTo(new Done(3, true, null));
  }

  /** A retry then replays the result, whose charge was made once. */
  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[]", "{\"units\":\"x\"}", "<html>", "{"})
  void a_success_that_cannot_be_read_is_tried_again(String body) {
    assertThat(answer(200, body)).isInstanceOf(Unavailable.class);
  }

  @Test
  void the_largest_answer_is_read_and_one_byte_more_is_refused_for_good() {
    var frame = "{\"units\":1,\"result\":\"\"}".length();
    var largest = "x".repeat(CallLimits.MAX_ANSWER_BYTES - frame);

    assertThat(answer(200, "{\"units\":1,\"result\":\"" + largest + "\"}"))
        .isEqualTo(new Done(1, false, null));
    assertThat(answer(200, "{\"units\":1,\"result\":\"" + largest + "x\"}"))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.code()).isEqualTo("result_too_large"));
  }

  @Test
  void a_call_that_fails_names_the_kind_of_failure_and_no_address() {
    var client =
        client(
            chain -> {
              throw new SocketTimeoutException("10.1.2.3 does not answer");
            });

    assertThat(client.call(KEY, job(Environment.LIVE, null), null))
        .isEqualTo(
            new Unavailable(
                "unavailable",
                "The compute server could not be reached: SocketTimeoutException.",
                null));
  }

  @Test
  void the_times_of_the_server_are_read() {
    assertThat(times("wait;dur=1.5, engine;dur=20, charge;dur=0.25"))
        .isEqualTo(
            new Times(
                Duration.ofNanos(1_500_000), Duration.ofMillis(20), Duration.ofNanos(250_000)));
  }

  /** The previous version of compute-server, during an update. */
  @Test
  void times_without_a_wait_waited_not() {
    assertThat(times("engine;dur=20, charge;dur=2"))
        .isEqualTo(new Times(Duration.ZERO, Duration.ofMillis(20), Duration.ofMillis(2)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "engine;dur=20",
        "charge;dur=2, engine;dur=20",
        "engine;dur=-1, charge;dur=2",
        "engine;dur=1e3, charge;dur=2",
        "engine;dur=20, charge;dur=2, cache;dur=1"
      })
  void times_in_another_form_are_none_and_the_job_is_done(String header) {
    assertThat(times(header)).isNull();
  }

  @Test
  void a_call_carries_the_key_and_the_payload_as_it_was_sent() throws Exception {
    answerTo(job(Environment.LIVE, null));
    var request = requests.getFirst();
    var body = new Buffer();
    Objects.requireNonNull(request.body()).writeTo(body);

    assertThat(request.method() + " " + request.url())
        .isEqualTo("POST http://localhost:1/v1/ai/jobs");
    assertThat(request.header("Authorization")).isEqualTo("Api-Key bh_live_abc");
    assertThat(body.readUtf8())
        .isEqualTo(
            "{\"job_id\":\"00000000-0000-0001-0000-000000000002\","
                + "\"payload\":{\"operation\":\"echo\",\"text\":\"hi\"}}");
  }

  @Test
  void each_call_tells_its_attempt() {
    answerTo(job(Environment.LIVE, null));
    answerTo(job(Environment.TEST, null));

    assertThat(requests)
        .extracting(request -> request.header("Behalf-Attempt"))
        .containsExactly("2", "2");
  }

  @Test
  void only_a_job_of_a_personal_key_tells_that_key() {
    answerTo(job(Environment.LIVE, null));
    answerTo(job(Environment.LIVE, "origin"));

    assertThat(requests)
        .extracting(request -> request.header("Behalf-Origin-Key"))
        .containsExactly(null, "origin");
  }

  private @Nullable Times times(String header) {
    return answer(200, "{\"units\":1}", "Server-Timing", header) instanceof Done done
        ? done.times()
        : new Times(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(-1));
  }

  private void answerTo(JobMessage job) {
    client(chain -> response(chain.request(), 200, "{\"units\":1}")).call(KEY, job, null);
  }

  private ComputeAnswer answer(int status, String body, String... header) {
    return client(chain -> response(chain.request(), status, body, header))
        .call(KEY, job(Environment.LIVE, null), null);
  }

  private Response response(Request request, int status, String body, String... header) {
    requests.add(request);
    var response =
        new Response.Builder()
            .request(request)
            .protocol(Protocol.HTTP_1_1)
            .code(status)
            .message("")
            .body(ResponseBody.create(body, MediaType.get("application/json")));
    if (header.length > 0) {
      response.addHeader(header[0], header[1]);
    }
    return response.build();
  }

  /** Returns a client whose calls end in the interceptor instead of on the network. */
  private static ComputeClient client(Interceptor server) {
    return new ComputeClient(
        new OkHttpClient.Builder().addInterceptor(server).build(),
        FakeCompute.settings(),
        InstantSource.fixed(Instant.EPOCH));
  }

  private static JobMessage job(Environment environment, @Nullable String originKeyId) {
    return new JobMessage(
        JobMessage.VERSION,
        new UUID(1, 2),
        new UUID(3, 4),
        environment,
        RawJson.of(JobPayload.of("echo", "hi")),
        2,
        Instant.EPOCH,
        originKeyId,
        null);
  }
}
