package dev.behalf.web.identity.keylookup;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.behalf.contract.Environment;
import dev.behalf.contract.KeyRing;
import dev.behalf.contract.ProblemCode;
import dev.behalf.contract.RequestSignature;
import dev.behalf.contract.StrictJson;
import dev.behalf.contract.StrictJson.Unreadable;
import dev.behalf.server.problem.JsonBody;
import dev.behalf.server.problem.Problem;
import dev.behalf.start.WarmUp;
import dev.behalf.web.identity.apikeys.ManagedKeys;
import dev.behalf.web.site.ServiceSecrets;
import dev.behalf.web.site.pages.Site;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The API where workers look up a user's key. It answers only for a job that is in flight and
 * belongs to the named user: a stolen worker secret opens no idle account. Each request is signed
 * (RFC 9421), and each nonce is accepted once.
 */
@RestController
class KeyLookupController implements WarmUp {

  private static final String PATH = "/internal/v1/key-lookups";

  private final JobsInFlight jobs;
  private final ManagedKeys keys;
  private final JobTokens tokens;
  private final Site site;
  private final Nonces nonces;
  private final KeyRing secrets;
  private final ApplicationEventPublisher events;
  private final InstantSource clock;

  KeyLookupController(
      JobsInFlight jobs,
      ManagedKeys keys,
      JobTokens tokens,
      Site site,
      Nonces nonces,
      ServiceSecrets secrets,
      ApplicationEventPublisher events,
      InstantSource clock) {
    this.jobs = jobs;
    this.keys = keys;
    this.tokens = tokens;
    this.site = site;
    this.nonces = nonces;
    this.secrets = KeyRing.parse(secrets.lookups());
    this.events = events;
    this.clock = clock;
  }

  record Question(@Nullable UUID jobId, @Nullable UUID userId, @Nullable Environment environment) {}

  /**
   * A working key in clear text.
   *
   * @param jobToken the token for the audience of the job's engine; absent without an audience
   */
  record Answer(
      String key,
      String keyId,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String jobToken) {
    @Override
    public String toString() {
      return keyId;
    }
  }

  @PostMapping(PATH)
  ResponseEntity<Answer> find(HttpServletRequest request) throws IOException {
    var body = JsonBody.bytes(request);
    checkSignature(request, body);
    var question = question(body);
    try (var job = MDC.putCloseable("job_id", String.valueOf(question.jobId()));
        var user = MDC.putCloseable("user_id", String.valueOf(question.userId()))) {
      var key = answer(question, site.address(request));
      events.publishEvent(new KeyLookup(question.environment(), "found"));
      return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(key);
    } catch (Problem none) {
      events.publishEvent(new KeyLookup(question.environment(), none.code().wire()));
      throw none;
    }
  }

  private void checkSignature(HttpServletRequest request, byte[] body) {
    var check =
        RequestSignature.verify(
            secrets,
            request.getMethod(),
            request.getRequestURI(),
            body,
            request.getHeader(RequestSignature.CONTENT_DIGEST),
            request.getHeader(RequestSignature.SIGNATURE_INPUT),
            request.getHeader(RequestSignature.SIGNATURE),
            clock.instant());
    var reason =
        switch (check) {
          case RequestSignature.Invalid invalid -> invalid.reason();
          case RequestSignature.Valid valid ->
              nonces.take(valid.nonce()) ? null : "The nonce was used before.";
        };
    if (reason != null) {
      events.publishEvent(new KeyLookup(null, "refused"));
      throw new Problem(ProblemCode.SIGNATURE_INVALID, reason);
    }
  }

  /** Checks a signature, and looks for a job and a key that do not exist. */
  @Override
  public void warmUp() {
    var job = UUID.randomUUID();
    var user = UUID.randomUUID();
    var body = StrictJson.write(new Question(job, user, Environment.TEST));
    var now = clock.instant();
    var signed = RequestSignature.sign(secrets, "POST", PATH, body, now);
    RequestSignature.verify(
        secrets,
        "POST",
        PATH,
        body,
        signed.contentDigest(),
        signed.signatureInput(),
        signed.signature(),
        now);
    question(body);
    jobs.find(user, job, Environment.TEST);
    keys.reveal(user, Environment.TEST);
    StrictJson.write(new Answer("", "", null));
  }

  private static Question question(byte[] body) {
    try {
      return StrictJson.read(body, Question.class);
    } catch (Unreadable unreadable) {
      throw Problem.of(unreadable);
    }
  }

  private Answer answer(Question question, String issuer) {
    if (question.jobId() == null || question.userId() == null || question.environment() == null) {
      throw new Problem(ProblemCode.JSON_MALFORMED, "Set job_id, user_id and environment.");
    }
    var job =
        jobs.find(question.userId(), question.jobId(), question.environment())
            .orElseThrow(Problem::notFound);
    var key =
        keys.reveal(question.userId(), question.environment())
            .orElseThrow(
                () -> new Problem(ProblemCode.NO_KEY, "Issue a managed key for this environment."));
    var token =
        job.audience() == null
            ? null
            : tokens.issue(
                issuer,
                question.userId(),
                question.jobId(),
                question.environment(),
                job.operation(),
                job.audience());
    return new Answer(key.key(), key.keyId(), token);
  }
}
