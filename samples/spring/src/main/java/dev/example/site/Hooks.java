package dev.example.site;

import dev.behalf.client.ConnectionException;
import dev.behalf.client.InvalidWebhookException;
import dev.behalf.client.ProblemException;
import dev.behalf.client.WebhookEvent;
import dev.behalf.client.WebhookVerifier;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The webhook: Behalf notifies the site when a job ends, whether or not anybody is watching. */
@RestController
class Hooks {

  static final String PATH = "/hooks/behalf";

  /** More than an event of a job has; anyone can send a body here. */
  private static final int MAX_BODY = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Hooks.class);

  private final Tasks tasks;
  private final HandledEvents handled;
  private final Work work;
  private final @Nullable WebhookVerifier verifier;

  Hooks(Tasks tasks, HandledEvents handled, Work work, SiteSettings settings) {
    this.tasks = tasks;
    this.handled = handled;
    this.work = work;
    this.verifier =
        settings.webhookSecret().isEmpty() ? null : new WebhookVerifier(settings.webhookSecret());
  }

  /** Answers 204 to an event that is handled, 400 if it is not genuine, 503 to get it again. */
  @PostMapping(PATH)
  ResponseEntity<String> receive(HttpServletRequest request) throws IOException {
    if (verifier == null) {
      return answer(HttpStatus.SERVICE_UNAVAILABLE, "BEHALF_WEBHOOK_SECRET is not set.");
    }
    // The exact bytes: what is parsed and written again has another signature.
    var body = request.getInputStream().readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      return answer(HttpStatus.CONTENT_TOO_LARGE, "An event is shorter.");
    }
    try {
      return handle(verifier.verify(request::getHeader, body));
    } catch (InvalidWebhookException notGenuine) {
      return answer(HttpStatus.BAD_REQUEST, String.valueOf(notGenuine.getMessage()));
    }
  }

  private ResponseEntity<String> handle(WebhookEvent event) {
    if (!handled.contains(event.id())) {
      try {
        // Events may arrive in any order: what counts is the job as it is now.
        task(event).ifPresent(task -> work.store(task, job(event).orElseThrow()));
      } catch (ProblemException | ConnectionException failed) {
        LOG.warn("event {}: {}", event.id(), failed.getMessage());
        var isGone = failed instanceof ProblemException refusal && refusal.status() == 404;
        if (!isGone) {
          return answer(HttpStatus.SERVICE_UNAVAILABLE, "Please send this event again later.");
        }
      }
      // Last, so that a crash loses nothing. Handling an event twice would change nothing.
      handled.add(event.id());
    }
    return ResponseEntity.noContent().build();
  }

  /** Returns the task of an event, unless there is none, or it is another person's. */
  private Optional<Task> task(WebhookEvent event) {
    var task =
        uuid(event.data().path("metadata").path(Work.TASK).asString("")).flatMap(tasks::find);
    if (task.isPresent() && !event.data().path("user").asString("").equals(task.get().owner())) {
      LOG.warn("event {} names another person than task {}", event.id(), task.get().id());
      return Optional.empty();
    }
    // A retry of the job keeps the metadata, but it is another job.
    return task.filter(one -> one.jobId() == null || job(event).equals(Optional.of(one.jobId())));
  }

  private static Optional<UUID> job(WebhookEvent event) {
    return uuid(event.data().path("id").asString(""));
  }

  private static Optional<UUID> uuid(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException another) {
      return Optional.empty(); // another site's metadata, or a test event
    }
  }

  private static ResponseEntity<String> answer(HttpStatus status, String text) {
    return ResponseEntity.status(status).body(text);
  }
}
