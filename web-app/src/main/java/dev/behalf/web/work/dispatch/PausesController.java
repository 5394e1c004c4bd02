package dev.behalf.web.work.dispatch;

import dev.behalf.contract.Environment;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.StrictBody;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.dispatch.Pauses.By;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The API to pause and resume a user's own jobs in an environment. */
@RestController
@RequestMapping("/api/v1/pauses")
class PausesController {

  private final Pauses pauses;

  PausesController(Pauses pauses) {
    this.pauses = pauses;
  }

  /**
   * The body of a new pause.
   *
   * @param environment live if absent; with an API key only the key's own, also if absent
   */
  record NewPause(@Nullable Environment environment) {}

  record PauseView(Environment environment, Instant pausedAt) {}

  record PauseList(List<PauseView> pauses) {}

  @GetMapping
  PauseList list(Caller caller) {
    return new PauseList(
        pauses.list(By.USER, caller.userId()).stream()
            .filter(pause -> caller.maySee(pause.environment()))
            .map(pause -> new PauseView(pause.environment(), pause.pausedAt()))
            .toList());
  }

  /** Pauses the user's jobs; a repeated request changes nothing. */
  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  PauseView pause(Caller caller, @StrictBody NewPause body) {
    var environment = caller.environment(body.environment());
    pauses.pause(environment, caller.userId(), By.USER);
    return list(caller).pauses().stream()
        .filter(pause -> pause.environment() == environment)
        .findFirst()
        .orElseThrow(Problem::notFound);
  }

  /** Ends a pause; its id is the name of its environment. */
  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void resume(Caller caller, @PathVariable String id) {
    var resumed =
        Arrays.stream(Environment.values())
            .filter(each -> each.wire().equals(id) && caller.maySee(each))
            .anyMatch(each -> pauses.resume(each, caller.userId(), By.USER));
    if (!resumed) {
      throw Problem.notFound();
    }
  }
}
