package dev.behalf.web.work.jobs;

import dev.behalf.operation.InputSchema;
import dev.behalf.server.security.Scope;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.events.EventRows;
import dev.behalf.web.work.events.RunSoFar;
import dev.behalf.web.work.operations.Operations;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** Adds to a page what it shows of one job. */
@Component
public class JobPanel {

  private final Jobs jobs;
  private final Operations operations;
  private final WaitReasons waiting;
  private final EventRows events;
  private final InstantSource clock;

  JobPanel(
      Jobs jobs,
      Operations operations,
      WaitReasons waiting,
      EventRows events,
      InstantSource clock) {
    this.jobs = jobs;
    this.operations = operations;
    this.waiting = waiting;
    this.events = events;
    this.clock = clock;
  }

  /** Returns a job of the caller's, unless an operator has revoked the scope to read jobs. */
  public Optional<Job> find(Caller caller, UUID id) {
    return caller.scopes().contains(Scope.JOBS_READ)
        ? jobs.find(caller.userId(), id)
        : Optional.empty();
  }

  /** Adds a job, and records that its owner has seen the outcome. */
  public void show(Caller caller, Job job, Locale locale, Model model) {
    if (job.state().isFinal() && !caller.isViewed()) {
      jobs.shown(caller.userId(), job.id());
    }
    addJob(job, locale, model);
    model.addAttribute(
        "run",
        job.pool().isOfOperation()
            ? events.soFar(caller.userId(), job.id(), job.environment())
            : RunSoFar.NOTHING);
    model.addAttribute("waiting", waiting.why(caller.userId(), job).orElse(null));
  }

  /** Adds a job alone: its input, its answer and its timeline. */
  public void addJob(Job job, Locale locale, Model model) {
    var output =
        operations
            .version(job.payload().operation(), job.version())
            .map(operation -> operation.definition().output())
            .map(InputSchema::json)
            .orElse(null);
    model.addAttribute(
        "job", JobView.of(job, output, jobs.maxAttempts(job), locale, clock.instant()));
  }
}
