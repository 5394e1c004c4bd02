package dev.behalf.worker.consume;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.impl.LongStringHelper;
import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.JobOutcome;
import dev.behalf.contract.JobOutcome.Deferred;
import dev.behalf.contract.JobOutcome.Failed;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.RawJson;
import dev.behalf.contract.StrictJson;
import dev.behalf.worker.MessageSecrets;
import dev.behalf.worker.consume.MessageReader.Job;
import dev.behalf.worker.consume.MessageReader.Reason;
import dev.behalf.worker.consume.MessageReader.Rejected;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class MessageReaderTest {

  private static final JobMessage JOB = Deliveries.JOB;
  private static final byte[] BODY = StrictJson.write(JOB);
  private static final KeyRing OTHER =
      KeyRing.parse("2:" + Base64.getEncoder().encodeToString(new byte[33]));

  private final MessageReader reader = new MessageReader(new MessageSecrets(Deliveries.RING));

  @Test
  void a_signed_message_is_the_job_that_was_sent() {
    assertThat(reader.read(Deliveries.signed(BODY))).isEqualTo(new Job(JOB));
  }

  /** The AMQP client delivers a header of text as a LongString. */
  @Test
  void a_signature_is_read_as_the_client_delivers_it() {
    var seal = LongStringHelper.asLongString(Deliveries.RING.seal(BODY));

    assertThat(reader.read(Deliveries.with(Map.of(JobMessage.SIGNATURE, seal), BODY)))
        .isEqualTo(new Job(JOB));
  }

  @Test
  void a_message_without_a_signature_ends_no_job() {
    assertThat(reader.read(Deliveries.with(null, BODY)))
        .as("no headers at all")
        .isEqualTo(new Rejected(Reason.UNSIGNED, null));
    assertThat(reader.read(Deliveries.with(Map.of("traceparent", "00-"), BODY)))
        .as("other headers")
        .isEqualTo(new Rejected(Reason.UNSIGNED, null));
  }

  @Test
  void a_message_with_a_wrong_signature_ends_no_job() {
    var changed = BODY.clone();
    changed[BODY.length - 2] ^= 1;

    for (var seal :
        new String[] {"", "junk", Deliveries.RING.seal(changed), OTHER.seal(BODY), "1:AAAA"}) {
      assertThat(reader.read(Deliveries.with(Map.of(JobMessage.SIGNATURE, seal), BODY)))
          .as("sealed with \"%s\"", seal)
          .isEqualTo(new Rejected(Reason.SIGNATURE_INVALID, null));
    }
  }

  @Test
  void the_largest_message_is_a_job_and_one_byte_more_fails_the_job() {
    var largest = ofSize(JobMessage.MAX_BYTES);
    var larger = ofSize(JobMessage.MAX_BYTES + 1);

    assertThat(reader.read(Deliveries.signed(largest))).isInstanceOf(Job.class);
    var rejected = rejected(larger);
    assertThat(rejected.reason()).isEqualTo(Reason.TOO_LARGE);
    assertNames(outcome(rejected));
    assertThat(outcome(rejected).verdict())
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.code()).isEqualTo("payload_too_large"));
  }

  @Test
  void too_large_and_unsigned_is_unsigned() {
    assertThat(reader.read(Deliveries.with(null, ofSize(JobMessage.MAX_BYTES + 1))))
        .isEqualTo(new Rejected(Reason.UNSIGNED, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "2", "-1", "2147483647"})
  void another_version_is_retried_because_another_worker_may_know_it(String version) {
    var rejected = rejected(text().replace("\"v\":1", "\"v\":" + version));

    assertThat(rejected.reason()).isEqualTo(Reason.VERSION_UNKNOWN);
    assertNames(outcome(rejected));
    assertThat(outcome(rejected).verdict())
        .isInstanceOfSatisfying(
            Deferred.class, deferred -> assertThat(deferred.code()).isEqualTo("unavailable"));
  }

  @Test
  void another_version_may_have_properties_that_this_one_does_not_know() {
    assertThat(rejected(text().replace("\"v\":1", "\"v\":2,\"colour\":\"blue\"")).reason())
        .isEqualTo(Reason.VERSION_UNKNOWN);
  }

  @Test
  void an_unknown_property_in_this_version_fails_the_job() {
    var rejected = rejected(text().replace("\"v\":1", "\"v\":1,\"colour\":\"blue\""));

    assertThat(rejected.reason()).isEqualTo(Reason.UNREADABLE);
    assertNames(outcome(rejected));
    assertThat(outcome(rejected).verdict())
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.code()).isEqualTo("internal"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"payload", "attempt", "v"})
  void a_message_without_a_property_fails_the_job_that_it_names(String property) {
    var rejected = rejected(without(property));

    assertThat(rejected.reason()).isEqualTo(Reason.UNREADABLE);
    assertThat(outcome(rejected).verdict()).isInstanceOf(Failed.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"job_id", "user_id", "environment"})
  void a_message_that_does_not_say_whose_job_it_is_ends_none(String property) {
    assertThat(rejected(without(property))).isEqualTo(new Rejected(Reason.UNREADABLE, null));
  }

  @ParameterizedTest
  @CsvSource({
    "job_id, '\"no-uuid\"'",
    "user_id, 7",
    "user_id, null",
    "environment, '\"LIVE\"'",
    "environment, '\"production\"'"
  })
  void a_message_that_names_its_job_wrongly_ends_none(String property, String value) {
    assertThat(
            rejected(
                without(property).replace("{\"v\"", "{\"" + property + "\":" + value + ",\"v\"")))
        .isEqualTo(new Rejected(Reason.UNREADABLE, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "null", "[]", "7", "\"v\"", "{", "{}", "{\"v\":1}", "{} {}"})
  void what_is_no_message_ends_no_job(String body) {
    assertThat(rejected(body)).isEqualTo(new Rejected(Reason.UNREADABLE, null));
  }

  /** With two ids, neither is certain. */
  @Test
  void a_message_that_names_two_jobs_ends_none() {
    var twice =
        text().replace("{\"v\"", "{\"job_id\":\"00000000-0000-0000-0000-000000000009\",\"v\"");

    assertThat(rejected(twice)).isEqualTo(new Rejected(Reason.UNREADABLE, null));
  }

  @Test
  void bytes_that_are_not_utf_8_end_no_job() {
    var latin = text().replace("hi", "\u00e9").getBytes(ISO_8859_1);

    assertThat(rejected(latin).reason()).isEqualTo(Reason.UNREADABLE);
  }

  @Test
  void a_payload_of_null_is_no_payload() {
    var rejected = rejected(text().replaceFirst("\"payload\":\\{[^}]*}", "\"payload\":null"));

    assertThat(rejected.reason()).isEqualTo(Reason.UNREADABLE);
    assertNames(outcome(rejected));
  }

  private Rejected rejected(String body) {
    return rejected(body.getBytes(UTF_8));
  }

  private Rejected rejected(byte[] body) {
    var reading = reader.read(Deliveries.signed(body));
    assertThat(reading).isInstanceOf(Rejected.class);
    return (Rejected) reading;
  }

  private static JobOutcome outcome(Rejected rejected) {
    return Objects.requireNonNull(rejected.outcome(), "no outcome of the job");
  }

  private static void assertNames(JobOutcome outcome) {
    assertThat(outcome.jobId()).isEqualTo(JOB.jobId());
    assertThat(outcome.userId()).isEqualTo(JOB.userId());
    assertThat(outcome.environment()).isEqualTo(Environment.LIVE);
    assertThat(outcome.attempt()).isEqualTo(JOB.attempt());
  }

  private static String text() {
    return new String(BODY, UTF_8);
  }

  private static String without(String property) {
    var left = StrictJson.MAPPER.readTree(BODY).deepCopy();
    ((ObjectNode) left).remove(property);
    return left.toString();
  }

  private static byte[] ofSize(int bytes) {
    var empty = StrictJson.write(with(new RawJson("{\"text\":\"\"}")));
    var fill = new char[bytes - empty.length];
    Arrays.fill(fill, 'x');
    return StrictJson.write(with(new RawJson("{\"text\":\"" + new String(fill) + "\"}")));
  }

  private static JobMessage with(RawJson payload) {
    return new JobMessage(
        JOB.v(),
        JOB.jobId(),
        JOB.userId(),
        JOB.environment(),
        payload,
        JOB.attempt(),
        JOB.enqueuedAt(),
        null,
        null);
  }
}
