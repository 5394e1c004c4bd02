package dev.behalf.web.identity.keylookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.contract.JobPayload;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.RequestSignature;
import dev.behalf.contract.StrictJson;
import dev.behalf.testkit.TestDefinitions;
import dev.behalf.web.WebAppTest;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KeyLookupTest extends WebAppTest {

  private static final String PATH = "/internal/v1/key-lookups";

  @Test
  void a_worker_gets_the_users_key_for_a_job_in_flight() throws Exception {
    var ada = signUp();
    var job = ada.submit(Environment.TEST, JobPayload.of("echo", "hi"));

    var answer = ask(RING, question(job, userId(ada), "test"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    var key =
        ApiKeyFormat.parse(StrictJson.MAPPER.readTree(answer.body()).required("key").asString())
            .orElseThrow();
    assertThat(key.environment()).isEqualTo(Environment.TEST);
    assertThat(
            text(
                "select user_id::text from accounts.api_keys where key_id = '" + key.keyId() + "'"))
        .isEqualTo(userId(ada).toString());
  }

  @Test
  void the_look_up_of_a_job_whose_engine_has_an_audience_brings_a_token_for_it() throws Exception {
    var ada = signUp();
    apply(
        """
        name: for-our-own-api
        title: Anything
        input: {type: object, properties: {text: {type: string}}}
        units: {name: job, fixed: 1}
        run: quick
        engine: {http: 'https://gpu.example/run'}
        audience: https://api.example
        """);
    await().until(() -> ada.page("/api/v1/operations/for-our-own-api").statusCode() == 200);
    var job = ada.submit(Environment.LIVE, JobPayload.of("for-our-own-api", "hi"));

    var answer = StrictJson.MAPPER.readTree(ask(RING, question(job, userId(ada), "live")).body());

    var token = SignedJWT.parse(answer.required("job_token").asString());
    assertThat(token.getHeader().getType().getType()).isEqualTo("behalf-job+jwt");
    var claims = token.getJWTClaimsSet();
    assertThat(claims.getSubject()).isEqualTo(userId(ada).toString());
    assertThat(claims.getAudience()).containsExactly("https://api.example");
    assertThat(claims.getJWTID()).isEqualTo(job.toString());
    assertThat(claims.getIssuer()).isEqualTo(site().toString());
    assertThat(claims.getClaim("act")).isEqualTo(Map.of("sub", "engine:for-our-own-api@1"));
    assertThat(claims.getClaim("environment")).isEqualTo("live");
    assertThat(claims.getExpirationTime().toInstant())
        .isEqualTo(claims.getIssueTime().toInstant().plusSeconds(15 * 60));
    var published =
        JWKSet.parse(ada.page("/oauth2/jwks").body()).getKeyByKeyId(token.getHeader().getKeyID());
    assertThat(token.verify(new ECDSAVerifier(published.toECKey()))).isTrue();

    assertThat(bearer(token.serialize(), "/api/v1/jobs")).as("at a door of Behalf").isEqualTo(401);
    assertThat(
            StrictJson.MAPPER
                .readTree(
                    ask(
                            RING,
                            question(
                                ada.submit(Environment.LIVE, JobPayload.of("echo", "hi")),
                                userId(ada),
                                "live"))
                        .body())
                .has("job_token"))
        .as("without an audience")
        .isFalse();
  }

  private int bearer(String token, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(site().resolve(path))
                .header("Authorization", "Bearer " + token)
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private static void apply(String yaml) throws Exception {
    try (var connection = DATABASE.connect(DATABASE.roles().web())) {
      TestDefinitions.apply(connection, yaml, "test");
    }
  }

  @Test
  void no_key_is_told_for_an_idle_account_an_ended_job_another_user_or_the_other_environment()
      throws Exception {
    var ada = signUp();
    var eve = signUp();
    var job = ada.submit(Environment.LIVE, JobPayload.of("echo", "hi"));

    assertThat(ask(RING, question(UUID.randomUUID(), userId(ada), "live")).statusCode())
        .isEqualTo(404);
    assertThat(ask(RING, question(job, userId(eve), "live")).statusCode()).isEqualTo(404);
    assertThat(ask(RING, question(job, userId(ada), "test")).statusCode()).isEqualTo(404);
    sql("update jobs.jobs set state = 'succeeded' where id = '" + job + "'");
    assertThat(ask(RING, question(job, userId(ada), "live")).statusCode()).isEqualTo(404);
  }

  @Test
  void a_user_without_a_managed_key_is_told_apart() throws Exception {
    var ada = signUp();
    var job = ada.submit(Environment.LIVE, JobPayload.of("echo", "hi"));
    sql("update accounts.api_keys set revoked_at = now() where user_id = '" + userId(ada) + "'");

    var answer = ask(RING, question(job, userId(ada), "live"));

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("no_key");
  }

  @Test
  void an_unsigned_wrongly_signed_or_replayed_question_is_refused() throws Exception {
    var ada = signUp();
    var job = ada.submit(Environment.LIVE, JobPayload.of("echo", "hi"));
    var body = question(job, userId(ada), "live");
    var stranger =
        KeyRing.parse(
            "1:"
                + Base64.getEncoder()
                    .encodeToString(
                        "another secret of 32 bytes length".getBytes(StandardCharsets.UTF_8)));
    var signature = RequestSignature.sign(RING, "POST", PATH, body, Instant.now());

    assertThat(send(request(), body).statusCode()).isEqualTo(401);
    assertThat(ask(stranger, body).statusCode()).isEqualTo(401);
    assertThat(send(signed(signature), body).statusCode()).isEqualTo(200);
    var replayed = send(signed(signature), body);
    assertThat(replayed.statusCode()).isEqualTo(401);
    assertThat(replayed.body()).contains("nonce").doesNotContain("bh_live_");
  }

  @Test
  void an_old_question_is_refused_with_the_difference_of_the_clocks() throws Exception {
    var body = question(UUID.randomUUID(), UUID.randomUUID(), "live");
    var old = RequestSignature.sign(RING, "POST", PATH, body, Instant.now().minusSeconds(300));

    var answer = send(signed(old), body);

    assertThat(answer.statusCode()).isEqualTo(401);
    // A second may pass between signing and reading.
    assertThat(answer.body()).containsPattern("30[0-9] s old");
  }

  private HttpResponse<String> ask(KeyRing keys, byte[] body) throws Exception {
    return send(signed(RequestSignature.sign(keys, "POST", PATH, body, Instant.now())), body);
  }

  private HttpRequest.Builder signed(RequestSignature signature) {
    return request()
        .header(RequestSignature.CONTENT_DIGEST, signature.contentDigest())
        .header(RequestSignature.SIGNATURE_INPUT, signature.signatureInput())
        .header(RequestSignature.SIGNATURE, signature.signature());
  }

  private HttpRequest.Builder request() {
    return HttpRequest.newBuilder(site().resolve(PATH));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request, byte[] body)
      throws Exception {
    return HttpClient.newHttpClient()
        .send(
            request.POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static byte[] question(UUID job, UUID user, String environment) {
    return "{\"job_id\":\"%s\",\"user_id\":\"%s\",\"environment\":\"%s\"}"
        .formatted(job, user, environment)
        .getBytes(StandardCharsets.UTF_8);
  }
}
