package dev.behalf.worker.secrets;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.contract.JobMessage;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.RequestSignature;
import dev.behalf.contract.StrictJson;
import dev.behalf.start.WarmUp;
import dev.behalf.worker.WorkerSettings;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.InstantSource;
import java.util.UUID;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;

/** Asks web-app for the key of a job's owner, with a signed request. */
@Component
class HttpSecretLookup implements WarmUp {

  private static final String PATH = "/internal/v1/key-lookups";
  private static final MediaType JSON = MediaType.get("application/json");

  private final OkHttpClient http;
  private final HttpUrl url;
  private final KeyRing secrets;
  private final InstantSource clock;

  HttpSecretLookup(OkHttpClient http, WorkerSettings settings, InstantSource clock) {
    this.http = http;
    this.url = HttpUrl.get(settings.lookupUrl().resolve(PATH).toString());
    this.secrets = KeyRing.parse(settings.lookupSecrets());
    this.clock = clock;
  }

  private record Question(UUID jobId, UUID userId, Environment environment) {}

  private record Reply(String key, String keyId, @Nullable String jobToken) {
    @Override
    public String toString() {
      return keyId;
    }
  }

  /** Asks once more if the connection breaks: web-app may have restarted since the last look-up. */
  SecretLookup.Answer find(JobMessage job) {
    return find(job, true);
  }

  private SecretLookup.Answer find(JobMessage job, boolean mayAskAgain) {
    var body = StrictJson.write(new Question(job.jobId(), job.userId(), job.environment()));
    try (var response = http.newCall(signed(body)).execute()) {
      return switch (response.code()) {
        case 200 -> found(job.environment(), StrictJson.read(response.body().bytes(), Reply.class));
        case 404 -> none(response.body().bytes());
        default ->
            new SecretLookup.Unreachable("The key look-up answered " + response.code() + ".");
      };
    } catch (IOException broken) {
      if (!mayAskAgain || broken instanceof InterruptedIOException) {
        return failed(broken);
      }
      http.connectionPool().evictAll();
      return find(job, false);
    } catch (StrictJson.Unreadable | JacksonException unreadable) {
      return failed(unreadable);
    }
  }

  /** Signs a question and reads a key, without a call. */
  @Override
  public void warmUp() {
    signed(StrictJson.write(new Question(UUID.randomUUID(), UUID.randomUUID(), Environment.TEST)));
    var key = ApiKeyFormat.generate(Environment.TEST);
    var reply = StrictJson.write(new Reply(key.reveal(), key.keyId(), null));
    found(Environment.TEST, StrictJson.read(reply, Reply.class));
  }

  private static SecretLookup.Answer failed(Exception cause) {
    return new SecretLookup.Unreachable(
        "The key look-up failed: " + cause.getClass().getSimpleName() + ".");
  }

  private static SecretLookup.Answer none(byte[] problem) {
    return StrictJson.MAPPER
            .readTree(problem)
            .path("code")
            .asString("")
            .equals(ProblemCode.NO_KEY.wire())
        ? new SecretLookup.NoKey()
        : new SecretLookup.NotInFlight();
  }

  private Request signed(byte[] body) {
    var signature = RequestSignature.sign(secrets, "POST", PATH, body, clock.instant());
    return new Request.Builder()
        .url(url)
        .header(RequestSignature.CONTENT_DIGEST, signature.contentDigest())
        .header(RequestSignature.SIGNATURE_INPUT, signature.signatureInput())
        .header(RequestSignature.SIGNATURE, signature.signature())
        .post(RequestBody.create(body, JSON))
        .build();
  }

  /**
   * Rejects a key that does not fit the job, whatever the look-up answered: a live job never runs
   * with a test key, nor a test job with a live one.
   */
  private static SecretLookup.Answer found(Environment environment, Reply reply) {
    return ApiKeyFormat.parse(reply.key())
        .filter(key -> key.environment() == environment && key.keyId().equals(reply.keyId()))
        .<SecretLookup.Answer>map(
            key ->
                new SecretLookup.Found(
                    new ManagedKey(reply.keyId(), reply.key()), reply.jobToken()))
        .orElseGet(
            () ->
                new SecretLookup.Unreachable(
                    "The key look-up answered a key that does not fit the job."));
  }
}
